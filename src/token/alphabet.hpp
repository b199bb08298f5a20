// The base64 alphabet (RFC 4648 section 4), whose first 62 characters are base62. Tables at compile time; any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace latchkey::token {

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::uint8_t base62_size = 62;

// What a group of four characters decodes to: three bytes in the lower 24 bits, the first one lowest. Above
// them, whether one of the characters is not of the alphabet.
inline constexpr std::uint32_t not_base62 = 1U << 24, not_base64 = 1U << 25;

// For each of the four places, what a character there adds to its group.
inline constexpr auto base64_places = [] {
  std::array<std::array<std::uint32_t, 256>, 4> places{};
  for (std::size_t place = 0; place < places.size(); ++place) {
    places[place].fill(not_base62 | not_base64);
    for (std::uint32_t value = 0; value < base64_alphabet.size(); ++value) {
      const std::uint32_t group = std::byteswap(value << (18 - 6 * place)) >> 8;
      places[place][static_cast<unsigned char>(base64_alphabet[value])] =
          group | (value < base62_size ? 0 : not_base62);
    }
  }
  return places;
}();

// REQUIRES: four characters.
[[nodiscard]] constexpr std::uint32_t base64_group(const char* characters) noexcept {
  std::uint32_t group = 0;
  for (std::size_t place = 0; place < base64_places.size(); ++place)
    group |= base64_places[place][static_cast<unsigned char>(characters[place])];
  return group;
}

[[nodiscard]] constexpr bool is_base62(char c) noexcept {
  return (base64_places[0][static_cast<unsigned char>(c)] & not_base62) == 0;
}
[[nodiscard]] constexpr bool is_base62(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return is_base62(c); });
}

}  // namespace latchkey::token
