// SPDX-License-Identifier: Apache-2.0
#include "app/expiry.hpp"

#include <charconv>

namespace latchkey::app {

std::optional<Time> parse_expiry(std::string_view text, Time now) noexcept {
  unsigned number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end + 1 == text.data() + text.size() && (*end == 'd' || *end == 'h')) {
    if (number == 0 || number > 9999) return std::nullopt;
    return *end == 'd' ? now + std::chrono::days(number) : now + std::chrono::hours(number);
  }
  return parse_time(text);
}

}  // namespace latchkey::app
