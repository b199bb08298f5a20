// The base64 alphabet (RFC 4648 section 4), whose first 62 characters are base62. Tables at compile time; any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace latchkey::token {

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::uint8_t base62_size = 62;
inline constexpr std::uint8_t no_base64 = 0xff;

// The value of each byte as a base64 character, or no_base64.
inline constexpr auto base64_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_base64);
  for (std::size_t i = 0; i < base64_alphabet.size(); ++i)
    values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

[[nodiscard]] constexpr std::uint8_t base64_value(char c) noexcept {
  return base64_values[static_cast<unsigned char>(c)];
}
[[nodiscard]] constexpr bool is_base62(char c) noexcept { return base64_value(c) < base62_size; }
[[nodiscard]] constexpr bool is_base62(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return is_base62(c); });
}

}  // namespace latchkey::token
