// The keys by which names are looked up without case. What is written was normalized before it got here; what
// is looked up may be anything. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace latchkey::store {

// Nothing, which no row has, for a text that can't be a name.
[[nodiscard]] inline std::optional<std::string> name_key(std::string_view text) {
  const auto name = normalized(text);
  return name ? std::optional(folded(*name)) : std::nullopt;
}

// The pattern of `like … escape '!'` for texts that hold this one.
[[nodiscard]] inline std::string holding(std::string_view text) {
  std::string pattern = "%";
  for (const char c : folded(text)) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern += '%';
}

}  // namespace latchkey::store
