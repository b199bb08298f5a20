// The path of a request that stands behind a proxy, as forward-auth's rules see it: decoded once, ASCII
// letters in lower case, without the query and without one trailing slash. What two programs could read
// differently is refused, never normalized (security.md, Paths): `//`, dot segments, `;`, `\`, %2f, %5c, %2e,
// %00, double encoding, an encoded `?` or `#`, control characters, what is not UTF-8, and segments that end
// in a dot or a blank, which some file systems drop. Pure; no allocation; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace latchkey::api {

inline constexpr std::size_t proxied_path_longest = 8192;  // bytes, decoded; a longer one is refused
using PathBuffer = std::array<char, proxied_path_longest>;

// Of a request target as its client sent it ("/a/B%20c/?q" → "/a/b c"); "/" is the root. The view is of
// `buffer`.
[[nodiscard]] std::optional<std::string_view> read_proxied_path(std::string_view target,
                                                                PathBuffer& buffer) noexcept;

}  // namespace latchkey::api
