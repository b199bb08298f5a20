// SPDX-License-Identifier: Apache-2.0
#include "api/proxied_path.hpp"

#include "base/encoding.hpp"
#include "http/path.hpp"

namespace latchkey::api {
namespace {

// The byte of the two hexadecimal digits that `text` begins with, or -1.
int escaped(std::string_view text) noexcept {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  if (text.size() < 2) return -1;
  const int high = digit(text[0]), low = digit(text[1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr bool is_visible(char c) noexcept { return c > ' ' && c < 127; }

// What may stand in a path as it is.
constexpr bool is_plain(char c) noexcept { return is_visible(c) && c != ';' && c != '\\' && c != '#'; }

// What an escape may stand for: nothing that could begin, end or hide a part of the path once more.
constexpr bool may_be_escaped(char c) noexcept {
  return static_cast<unsigned char>(c) >= ' ' && c != 127 &&
         std::string_view("/\\.;%?#").find(c) == std::string_view::npos;
}

bool are_segments_clear(std::string_view path) noexcept {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto segment = path.substr(0, path.find('/'));
    // Dot segments end in a dot, too.
    if (segment.empty() || segment.ends_with('.') || segment.ends_with(' ')) return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

}  // namespace

std::optional<std::string_view> read_proxied_path(std::string_view target, PathBuffer& buffer) noexcept {
  target = target.substr(0, target.find('?'));
  if (!target.starts_with('/')) return std::nullopt;
  std::size_t size = 0;
  unsigned char bits = 0;  // of all characters
  for (std::size_t at = 0; at < target.size(); ++at) {
    char c = target[at];
    if (c == '%') {
      const int byte = escaped(target.substr(at + 1));
      c = static_cast<char>(byte);
      if (byte < 0 || !may_be_escaped(c)) return std::nullopt;
      at += 2;
    } else if (!is_plain(c)) {
      return std::nullopt;
    }
    if (size == buffer.size()) return std::nullopt;
    buffer[size++] = ascii_lower(c);
    bits |= static_cast<unsigned char>(c);
  }
  std::string_view path(buffer.data(), size);
  if (path == "/") return path;
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!are_segments_clear(path)) return std::nullopt;
  if (bits > 127 && !http::is_utf8(path)) return std::nullopt;  // ASCII is
  return path;
}

}  // namespace latchkey::api
