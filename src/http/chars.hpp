// The character classes of RFC 9110 and 9112, as tables, and the comparisons that go with them.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
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

// Whether `text` is `lower` (in lower case) but for the case of ASCII letters. Inline: the scanner asks it
// for each field.
[[nodiscard]] constexpr bool is_lower(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

[[nodiscard]] constexpr std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace latchkey::http
