// Pages of people: how they are asked for, and how they are told. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/array.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "api/envelope.hpp"
#include "api/route.hpp"
#include "base/role.hpp"
#include "store/directory.hpp"

namespace latchkey::api {

// The parameters q, after and top.
[[nodiscard]] store::PeoplePage people_page(const Call& call);
// With one more than was asked for, so that it shows whether there are more.
[[nodiscard]] store::PeoplePage one_more(store::PeoplePage page);
[[nodiscard]] std::optional<Role> role_field(const boost::json::object& body);

// {count, value, next}: `next` where there are more.
template <class Record, class Email, class Shape>
http::Response people_answer(std::vector<Record>& records, const store::PeoplePage& asked, Email email_of,
                             Shape shape_of) {
  const bool more = std::cmp_greater(records.size(), asked.top);
  if (more) records.pop_back();
  boost::json::array shapes;
  for (const Record& record : records) shapes.push_back(shape_of(record));
  boost::json::object answer{{"count", shapes.size()}, {"value", std::move(shapes)}};
  if (more) answer["next"] = email_of(records.back());
  return json_answer(std::move(answer));
}

}  // namespace latchkey::api
