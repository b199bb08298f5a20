// Live tokens as policies judge them, whoever owns them: in the order in which they were made; those that
// nobody uses; those that rest, which are live but refused until their owner wakes them. Functions of one
// transaction. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct LiveToken {
  TokenId id;
  UserId owner;
  std::optional<OrganizationId> organization;
  std::string scopes;
  Time valid_from, valid_to;
  std::optional<Time> used_at;  // as far as uses were folded
};
// Those that work in the organization (bound to it, or for all of their owner's); none: all.
void each_live_token(Transaction&, const std::optional<OrganizationId>&, Time now,
                     const std::function<void(const LiveToken&)>&);
[[nodiscard]] std::optional<LiveToken> find_live_token(Transaction&, const TokenId&, Time now);
// Of users who ever signed in.
void each_sign_in_time(Transaction&, const std::function<void(const UserId&, Time)>&);
// Their accepted uses since a day, by token: from all addresses, or from each by itself.
void each_use_since(Transaction&, Time day, const std::function<void(const TokenId&, std::int64_t)>&);
void each_use_by_address_since(
    Transaction&, Time day,
    const std::function<void(const TokenId&, std::string_view address, std::int64_t)>&);

// Bound to the organization, not at rest, not used since `before`, whose owner has not signed in since
// either.
[[nodiscard]] std::vector<LiveToken> idle_tokens(Transaction&, const OrganizationId&, Time now, Time before,
                                                 std::int64_t top);
// Those of them whose owner was not told, since it was used or they signed in, that it will rest.
[[nodiscard]] std::vector<LiveToken> untold_idle_tokens(Transaction&, const OrganizationId&, Time now,
                                                        Time before, std::int64_t top);
void set_rest_told(Transaction&, const TokenId&, Time now);
// Idle since `now` at the earliest; kept to a day, so that uses cost no more than that.
void keep_awake(Transaction&, const TokenId&, Time now);
void rest_token(Transaction&, const TokenId&, Time now);
void wake_token(Transaction&, const TokenId&, Time now);
// Those at rest since `time` or before, at most `top`.
[[nodiscard]] std::vector<TokenId> resting_tokens(Transaction&, const OrganizationId&, Time time,
                                                  std::int64_t top);
[[nodiscard]] std::vector<TokenId> resting_tokens_of(Transaction&, const UserId& owner, std::int64_t top);
// In which a token rests.
[[nodiscard]] std::vector<OrganizationId> resting_organizations(Transaction&);

}  // namespace latchkey::store
