// When a token is to end, as people write it on a command line. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace latchkey::app {

// "30d", "12h" (from now), or a date or instant as parse_time() reads it. Nothing for anything else, zero, or
// more than 9999 days; whether the server allows it is the server's to say.
[[nodiscard]] std::optional<Time> parse_expiry(std::string_view text, Time now) noexcept;

}  // namespace latchkey::app
