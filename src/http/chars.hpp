// The character classes of RFC 9110 and 9112, as tables, and the comparisons that go with them.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace latchkey::http {

using CharClass = std::array<bool, 256>;

// token (RFC 9110 5.6.2): methods and field names.
inline constexpr CharClass token_chars = [] {
  CharClass table{};
  for (unsigned c = 33; c < 127; ++c) {
    table[c] = std::string_view("\"(),/:;<=>?@[\\]{}").find(static_cast<char>(c)) == std::string_view::npos;
  }
  return table;
}();
// A request target: visible ASCII; '#' begins a fragment, which is never sent.
inline constexpr CharClass target_chars = [] {
  CharClass table{};
  for (unsigned c = 33; c < 127; ++c) table[c] = c != '#';
  return table;
}();
// A field's value: everything but control characters; the tab is none.
inline constexpr CharClass value_chars = [] {
  CharClass table{};
  for (unsigned c = 32; c < 256; ++c) table[c] = c != 127;
  table['\t'] = true;
  return table;
}();
// A host with its port: reg-name without sub-delims, IP literals, and the colon.
inline constexpr CharClass host_chars = [] {
  CharClass table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
  for (const char c : std::string_view("-._~:[]%")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

[[nodiscard]] constexpr bool is(const CharClass& table, char c) noexcept {
  return table[static_cast<unsigned char>(c)];
}

// How many bytes of `text`, from its beginning, are no control characters: eight at a time, since most of a
// head is values.
[[nodiscard]] inline std::size_t printable_size(std::string_view text) noexcept {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, tops = 0x80 * each;
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t deleted = word ^ (0x7f * each);
    // A top bit for each byte below a blank, and for each DEL; those above the first may be wrong.
    const std::uint64_t controls = (((word - 0x20 * each) & ~word) | ((deleted - each) & ~deleted)) & tops;
    if (controls != 0) [[unlikely]]
      return at + static_cast<std::size_t>(std::countr_zero(controls)) / 8;
  }
  while (at < text.size() && is(value_chars, text[at]) && text[at] != '\t') ++at;
  return at;
}

// How many bytes of `text`, from its beginning, may stand in a value.
[[nodiscard]] inline std::size_t value_size(std::string_view text) noexcept {
  std::size_t size = printable_size(text);
  while (size < text.size() && text[size] == '\t') size += 1 + printable_size(text.substr(size + 1));
  return size;
}

// Eight characters with their ASCII capitals in lower case; every other byte stays.
[[nodiscard]] constexpr std::uint64_t lowered(std::uint64_t word) noexcept {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, tops = 0x80 * each;
  const std::uint64_t low = word & ~tops;  // so that no addition carries into the next byte
  const std::uint64_t from_a = low + (0x80 - 'A') * each, beyond_z = low + (0x7f - 'Z') * each;
  return word | ((from_a & ~beyond_z & ~word & tops) >> 2);
}

// Whether `text` is `lower` (in lower case) but for the case of ASCII letters. Inline: the scanner asks it
// for each field.
[[nodiscard]] inline bool is_lower(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  const auto word_at = [](std::string_view of, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, of.data() + at, sizeof word);
    return word;
  };
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8)
    if (lowered(word_at(text, at)) != word_at(lower, at)) return false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[at]) return false;
  }
  return true;
}

[[nodiscard]] constexpr std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace latchkey::http
