// SPDX-License-Identifier: Apache-2.0
#include "api/fields.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {

std::string_view Call::capture(std::string_view name) const noexcept {
  for (const auto& [known, value] : captures)
    if (known == name) return value;
  return {};
}

std::optional<std::string_view> Call::parameter(std::string_view name) const noexcept {
  for (const auto& [known, value] : query)
    if (same_ascii(known, name)) return value;
  return {};
}

boost::json::object Call::body() const { return parse_object(request.body); }

}  // namespace latchkey::api
