// SPDX-License-Identifier: Apache-2.0
#include "api/people.hpp"

#include "api/fields.hpp"
#include "base/text.hpp"

namespace latchkey::api {
namespace {

constexpr std::int64_t page_usual = 50, page_max = 200;
constexpr std::size_t search_longest = 254;

std::string text_parameter(const Call& call, std::string_view name) {
  const auto text = normalized(call.parameter(name).value_or(""));
  if (!text || text->size() > search_longest)
    refuse_value(name, "must be a text of at most " + std::to_string(search_longest) + " bytes");
  return *text;
}

}  // namespace

store::PeoplePage people_page(const Call& call) {
  return {.search = text_parameter(call, "q"),
          .after = text_parameter(call, "after"),
          .top = number_parameter(call, "top", 1, page_max).value_or(page_usual)};
}

store::PeoplePage one_more(store::PeoplePage page) {
  ++page.top;
  return page;
}

std::optional<Role> role_field(const boost::json::object& body) {
  constexpr EnumValue roles[] = {{1, "reader"}, {2, "contributor"}, {3, "administrator"}};
  const auto name = enum_field(body, "role", roles);
  if (!name) return {};
  if (*name == "administrator") return Role::administrator;
  return *name == "contributor" ? Role::contributor : Role::reader;
}

}  // namespace latchkey::api
