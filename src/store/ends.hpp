// The ends of tokens that are still to be told of: of each live token one row, due at the next of the steps
// before its end. A row outlives what it was written for: whether its token still ends then, or lives at all,
// is looked at when it is due, so that to revoke or to move an end costs nothing here. Functions of one
// transaction.
//
// Due on the hour: what one person is told of within it then lies together, wherever it is written.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/tokens.hpp"

namespace latchkey::store {

// How long before its end a token may be told of; 0: that it has ended.
inline constexpr std::array end_steps{std::chrono::days(30), std::chrono::days(7), std::chrono::days(3),
                                      std::chrono::days(1), std::chrono::days(0)};
// The first full hour that is not before the step.
[[nodiscard]] constexpr Time due_at(Time valid_to, std::chrono::days step) noexcept {
  return std::chrono::ceil<std::chrono::hours>(valid_to - step);
}

struct End {
  UserId owner;
  TokenId token;
  Time valid_to;
};
[[nodiscard]] End end_of(const Token&);
// Plans the first step of each that is due after `now`; none is left: nothing. What was planned before stays,
// and comes to nothing where `valid_to` is another. REQUIRES: no token twice.
void plan_ends(Transaction&, std::span<const End>, Time now);

struct DueEnd {
  Time due_at;
  End end;
  bool holds = false;  // the token is live, and ends then
};
// The longest due first, an owner's of one hour together.
[[nodiscard]] std::vector<DueEnd> due_ends(Transaction&, Time now, std::int64_t top);
// Forgets all rows up to this one.
void forget_ends_until(Transaction&, const DueEnd& last);

}  // namespace latchkey::store
