// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>

#include "api/route.hpp"
#include "base/encoding.hpp"
#include "base/refusal.hpp"

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

boost::json::object Call::body() const {
  constexpr std::size_t depth_max = 32;
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = depth_max;
  auto value = boost::json::parse(request.body, error, {}, options);
  if (error)
    throw Refusal(RefusalCode::malformed_request, "The body is not JSON, or nested deeper than " +
                                                      std::to_string(depth_max) +
                                                      " levels. Send one object.");
  if (!value.is_object())
    throw Refusal(RefusalCode::malformed_request, "The body must be one JSON object: {\"name\": value, …}.");
  return std::move(value.as_object());
}

}  // namespace latchkey::api
