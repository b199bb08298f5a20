// Text from people: UTF-8, NFC, without control characters; names that are unique without case. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey {

// The text in NFC; nothing if it is not UTF-8 or holds a control character (Cc, NUL among them) or a bidirectional
// override, which could make one name look like another.
[[nodiscard]] std::optional<std::string> normalized(std::string_view text);

// The key by which a name is looked up and unique: NFC and case folded. REQUIRES: a normalized text.
[[nodiscard]] std::string folded(std::string_view text);

// How many code points a UTF-8 text has. REQUIRES: a normalized text.
[[nodiscard]] std::size_t characters(std::string_view text) noexcept;

}  // namespace latchkey
