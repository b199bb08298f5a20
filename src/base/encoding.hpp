// Bytes to text and back: hexadecimal, base64 (RFC 4648 section 4 and 5), percent encoding (RFC 3986). Any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey {

[[nodiscard]] std::string hex(std::span<const std::byte> bytes);
[[nodiscard]] std::string base64(std::string_view bytes);     // with padding
[[nodiscard]] std::string base64url(std::string_view bytes);  // without padding
[[nodiscard]] std::optional<std::string> base64url_decoded(
    std::string_view text);  // nothing for other letters

// Everything but unreserved characters (ALPHA DIGIT - . _ ~) as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);
// Decodes once. Nothing for a broken escape. '+' stays '+'.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
// Whether two texts are the same but for the case of ASCII letters.
[[nodiscard]] bool same_ascii(std::string_view a, std::string_view b) noexcept;

}  // namespace latchkey
