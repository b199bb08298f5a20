// How long a token lives (token.md, Life): 30 days unless given, at most one year or what a policy allows,
// cut to whole seconds. Pure, any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>

#include "base/time.hpp"

namespace latchkey::token {

inline constexpr std::chrono::days lifetime_default{30};
inline constexpr std::chrono::days lifetime_longest{365};
inline constexpr std::chrono::hours grace_longest{24};

enum class LifetimeError : std::uint8_t { in_the_past = 1, too_long = 2 };
// The end of a token made or edited now. REQUIRES: longest > 0.
[[nodiscard]] std::expected<Time, LifetimeError> valid_to(
    Time now, std::optional<Time> asked, std::chrono::days longest = lifetime_longest) noexcept;

}  // namespace latchkey::token
