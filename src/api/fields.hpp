// Reading what callers send: fields of a JSON body and parameters of a query. Names match without case, as
// .NET reads them; enums come as numbers and as names. A value of the wrong kind is Refusal{invalid_value, …,
// name}. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

namespace latchkey::api {

// The body as a JSON object. Throws Refusal{malformed_request}: not JSON, not an object, deeper than 32.
[[nodiscard]] boost::json::object parse_object(std::string_view body,
                                               const boost::json::storage_ptr& storage = {});

// The same for an array.
[[nodiscard]] boost::json::array parse_array(std::string_view body);

// Null counts as left out.
[[nodiscard]] const boost::json::value* find_field(const boost::json::object& object,
                                                   std::string_view name) noexcept;
[[nodiscard]] std::optional<std::string> text_field(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<bool> bool_field(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> number_field(const boost::json::object& object,
                                                       std::string_view name);

// A list of texts; empty where it is left out.
[[nodiscard]] std::vector<std::string> texts_field(const boost::json::object& object, std::string_view name);

// The values of an enum as its clients know it.
struct EnumValue {
  std::int64_t number = 0;
  std::string_view name;
};
using EnumValues = std::span<const EnumValue>;
[[nodiscard]] std::optional<std::string> enum_field(const boost::json::object& object, std::string_view name,
                                                    EnumValues values);
[[nodiscard]] std::optional<std::string> enum_parameter(const Call& call, std::string_view name,
                                                        EnumValues values);
// Several: names separated by commas, or numbers, each a sum of bits. Empty when left out, or when it says
// "all".
[[nodiscard]] std::vector<std::string> flags_parameter(const Call& call, std::string_view name,
                                                       EnumValues values);

[[nodiscard]] std::optional<std::int64_t> number_parameter(const Call& call, std::string_view name,
                                                           std::int64_t least, std::int64_t most);
[[nodiscard]] std::optional<Time> time_parameter(const Call& call, std::string_view name);
[[nodiscard]] std::optional<bool> bool_parameter(const Call& call, std::string_view name);
[[nodiscard]] std::vector<std::string> list_parameter(const Call& call, std::string_view name);  // by commas
[[nodiscard]] std::int64_t parse_number(std::string_view text, std::string_view name);

// The captured id. not_found for a text that is none: nothing has it.
template <class Id>
[[nodiscard]] Id id_capture(const Call& call, std::string_view name) {
  if (const auto id = Id::parse(call.capture(name))) return *id;
  throw Refusal(RefusalCode::not_found, "There is nothing with this id.", std::string(name));
}

[[noreturn]] void refuse_value(std::string_view name, std::string_view must);

}  // namespace latchkey::api
