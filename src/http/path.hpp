// Paths and queries: split once, decoded once (security.md, Requests). Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey::http {

// UTF-8 as RFC 3629 has it: the shortest form, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// The decoded segments of an undecoded path ("/a/b%20c" → "a", "b c"). One trailing slash counts for nothing.
// Nothing (→ 400) for a path that does not begin with '/', an empty inner segment, a dot segment in either
// form, a broken escape, or a segment that decodes to text with NUL, a slash, a backslash or a control
// character, or isn't UTF-8.
[[nodiscard]] std::optional<std::vector<std::string>> split_path(std::string_view path);

// The decoded parameters of a query, in order; '+' is a blank. Nothing for a broken escape or text that isn't
// UTF-8.
using Parameters = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::optional<Parameters> split_query(std::string_view query);

}  // namespace latchkey::http
