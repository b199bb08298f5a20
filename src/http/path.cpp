// SPDX-License-Identifier: Apache-2.0
#include "http/path.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace latchkey::http {
namespace {

bool continues(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (text.size() - at <= count) return false;
  return std::ranges::all_of(text.substr(at + 1, count), [](char c) { return (c & 0xC0) == 0x80; });
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (more > 0 && (lead < 0xC2 || lead > 0xF4 || !continues(text, at, more))) return false;
    if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F)) return false;
    if ((lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) return false;
    at += 1 + more;
  }
  return true;
}

namespace {

// One segment, decoded; nothing where a file system or another parser could take it for something else.
std::optional<std::string> decode_segment(std::string_view segment) {
  auto text = percent_decoded(segment);
  if (!text || text->empty() || *text == "." || *text == ".." || !is_utf8(*text)) return std::nullopt;
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) < 32 || c == 127 || c == '/' || c == '\\';
  };
  if (std::ranges::any_of(*text, is_bad)) return std::nullopt;
  return text;
}

std::optional<std::string> decode_parameter(std::string_view text) {
  std::string blanks(text);
  std::ranges::replace(blanks, '+', ' ');
  auto decoded = percent_decoded(blanks);
  if (!decoded || !is_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  if (path.ends_with('/'))
    path.remove_suffix(1);
  else if (path.empty())
    return std::vector<std::string>{};
  std::vector<std::string> segments;
  for (;;) {
    const auto slash = path.find('/');
    auto segment = decode_segment(path.substr(0, slash));
    if (!segment) return std::nullopt;
    segments.push_back(std::move(*segment));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

std::optional<Parameters> split_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto name = decode_parameter(part.substr(0, equals));
    auto value =
        decode_parameter(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace latchkey::http
