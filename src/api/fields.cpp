// SPDX-License-Identifier: Apache-2.0
#include "api/fields.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "base/encoding.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

std::string must_be_one_of(EnumValues values) {
  std::string text = "must be one of";
  for (const auto& value : values) text.append(&value == values.data() ? " " : ", ").append(value.name);
  return text;
}

std::optional<std::int64_t> as_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

std::string_view enum_name(std::string_view text, std::string_view name, EnumValues values) {
  const auto number = as_number(text);
  for (const auto& value : values)
    if (number ? *number == value.number : same_ascii(text, value.name)) return value.name;
  refuse_value(name, must_be_one_of(values));
}

boost::json::value parse_body(std::string_view body, const boost::json::storage_ptr& storage) {
  constexpr std::size_t depth_max = 32;
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = depth_max;
  auto value = boost::json::parse(body, error, storage, options);
  if (error)
    throw Refusal(RefusalCode::malformed_request, "The body is not JSON, or nested deeper than " +
                                                      std::to_string(depth_max) + " levels. Send it whole.");
  return value;
}

}  // namespace

void refuse_value(std::string_view name, std::string_view must) {
  throw Refusal(RefusalCode::invalid_value, std::string(name) + " " + std::string(must) + ".",
                std::string(name));
}

boost::json::object parse_object(std::string_view body, const boost::json::storage_ptr& storage) {
  auto value = parse_body(body, storage);
  if (!value.is_object())
    throw Refusal(RefusalCode::malformed_request, "The body must be one JSON object: {\"name\": value, …}.");
  return std::move(value.as_object());
}

boost::json::array parse_array(std::string_view body) {
  auto value = parse_body(body, {});
  if (!value.is_array())
    throw Refusal(RefusalCode::malformed_request, "The body must be one JSON array: [value, …].");
  return std::move(value.as_array());
}

const boost::json::value* find_field(const boost::json::object& object, std::string_view name) noexcept {
  for (const auto& member : object)
    if (same_ascii(member.key(), name)) return member.value().is_null() ? nullptr : &member.value();
  return nullptr;
}

std::optional<std::string> text_field(const boost::json::object& object, std::string_view name) {
  const auto* value = find_field(object, name);
  if (value == nullptr) return {};
  if (!value->is_string()) refuse_value(name, "must be a text");
  return std::string(std::string_view(value->get_string()));
}

std::optional<bool> bool_field(const boost::json::object& object, std::string_view name) {
  const auto* value = find_field(object, name);
  if (value == nullptr) return {};
  if (!value->is_bool()) refuse_value(name, "must be true or false");
  return value->get_bool();
}

std::optional<std::int64_t> number_field(const boost::json::object& object, std::string_view name) {
  const auto* value = find_field(object, name);
  if (value == nullptr) return {};
  if (!value->is_int64()) refuse_value(name, "must be a whole number");
  return value->get_int64();
}

std::vector<std::string> texts_field(const boost::json::object& object, std::string_view name) {
  const auto* value = find_field(object, name);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (!value->is_array()) refuse_value(name, "must be a list of texts");
  for (const auto& one : value->get_array()) {
    if (!one.is_string()) refuse_value(name, "must be a list of texts");
    texts.emplace_back(std::string_view(one.get_string()));
  }
  return texts;
}

std::optional<std::string> enum_field(const boost::json::object& object, std::string_view name,
                                      EnumValues values) {
  const auto* value = find_field(object, name);
  if (value == nullptr) return {};
  if (value->is_int64()) return std::string(enum_name(std::to_string(value->get_int64()), name, values));
  if (!value->is_string()) refuse_value(name, must_be_one_of(values));
  return std::string(enum_name(std::string_view(value->get_string()), name, values));
}

std::optional<std::string> enum_parameter(const Call& call, std::string_view name, EnumValues values) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  return std::string(enum_name(*text, name, values));
}

std::vector<std::string> flags_parameter(const Call& call, std::string_view name, EnumValues values) {
  std::vector<std::string> names;
  for (const auto& text : list_parameter(call, name)) {
    if (same_ascii(text, "all")) return {};
    const auto number = as_number(text);
    if (!number) {
      names.emplace_back(enum_name(text, name, values));
      continue;
    }
    for (const auto& value : values)
      if ((*number & value.number) != 0) names.emplace_back(value.name);
  }
  return names;
}

std::int64_t parse_number(std::string_view text, std::string_view name) {
  const auto number = as_number(text);
  if (!number) refuse_value(name, "must be a whole number");
  return *number;
}

std::optional<std::int64_t> number_parameter(const Call& call, std::string_view name, std::int64_t least,
                                             std::int64_t most) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  const auto number = parse_number(*text, name);
  if (number < least) refuse_value(name, "must be at least " + std::to_string(least));
  return std::min(number, most);
}

std::optional<Time> time_parameter(const Call& call, std::string_view name) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  const auto time = parse_time(*text);
  if (!time) refuse_value(name, "must be a date, such as 2026-11-24T07:55:23Z");
  return time;
}

std::optional<bool> bool_parameter(const Call& call, std::string_view name) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  if (same_ascii(*text, "true")) return true;
  if (same_ascii(*text, "false")) return false;
  refuse_value(name, "must be true or false");
}

std::vector<std::string> list_parameter(const Call& call, std::string_view name) {
  std::vector<std::string> items;
  std::string_view text = call.parameter(name).value_or("");
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

}  // namespace latchkey::api
