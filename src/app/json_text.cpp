// SPDX-License-Identifier: Apache-2.0
#include "app/json_text.hpp"

#include <boost/json/serialize.hpp>
#include <iostream>

namespace latchkey::app {

std::string text_at(const boost::json::value& value, std::string_view path) {
  const auto dot = path.find('.');
  const auto* object = value.if_object();
  const auto* member = object ? object->if_contains(path.substr(0, dot)) : nullptr;
  if (!member || member->is_null()) return {};
  if (dot != std::string_view::npos) return text_at(*member, path.substr(dot + 1));
  return member->is_string() ? std::string(member->as_string()) : boost::json::serialize(*member);
}

boost::json::array list_at(const boost::json::value& value, std::string_view member) {
  const auto* object = value.if_object();
  const auto* found = object ? object->if_contains(member) : nullptr;
  const auto* list = found ? found->if_array() : nullptr;
  return list ? *list : boost::json::array();
}

void print_json(const boost::json::value& value) { std::cout << boost::json::serialize(value) << '\n'; }

}  // namespace latchkey::app
