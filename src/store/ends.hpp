// The ends of tokens that are still to be told of: of each live token one row, due at the next of the steps
// before its end. A row outlives what it was written for: whether its token still ends then, or lives at all,
// is looked at when it is due, so that to revoke or to move an end costs nothing here. Functions of one
// transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

// How long before its end a token may be told of; 0: that it has ended.
inline constexpr std::array end_steps{std::chrono::days(30), std::chrono::days(7), std::chrono::days(3),
                                      std::chrono::days(1), std::chrono::days(0)};

// Plans the first step after `now`; none is left: nothing. What was planned before stays, and comes to
// nothing where `valid_to` is another.
void plan_end(Transaction&, const UserId& owner, const TokenId&, Time valid_to, Time now);

struct DueEnd {
  Time due_at;
  UserId owner;
  TokenId token;
  Time valid_to;
  bool holds = false;  // the token is live, and ends then
};
// The longest due first.
[[nodiscard]] std::vector<DueEnd> due_ends(Transaction&, Time now, std::int64_t top);
// Forgets all rows up to this one.
void forget_ends_until(Transaction&, const DueEnd& last);

}  // namespace latchkey::store
