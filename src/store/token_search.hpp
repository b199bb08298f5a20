// An owner's tokens as a person looks for them: by status, scope, name, fingerprint, in five orders, by
// pages, with how many there are of each status. Functions of one transaction.
//
// The counts need each of the owner's rows once; that one pass, by index and over few columns, finds the page
// too: no order is sorted but its page's, and nothing is kept but its page's keys. What has a status or holds
// a scope is so said in one place, in C++, not once more in SQL.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/tokens.hpp"
#include "token/scopes.hpp"

namespace latchkey::store {

class Transaction;

// Exactly one of each token.
enum class TokenStatus : std::uint8_t { active = 1, expires_soon, inactive, expired, revoked };
inline constexpr std::size_t token_statuses = 5;
inline constexpr std::chrono::days soon{7}, inactive_after{30};

[[nodiscard]] TokenStatus status_of(const Token&, Time now) noexcept;

struct TokenMatch {
  std::optional<TokenStatus> status{};
  std::optional<token::Scope> scope{};  // those that hold it
  std::string text{};                   // part of the name, or the beginning of a fingerprint
};
enum class TokenOrder : std::uint8_t { expires = 1, name, created, last_used, status };
struct TokenSearch {
  TokenMatch match{};
  TokenOrder order = TokenOrder::expires;
  bool descending = false;
  std::int64_t top = 50;
  std::string after{};  // the cursor that the page before gave; empty: the first
};
struct TokenCounts {
  std::array<std::int64_t, token_statuses> of{};  // by status - 1
  std::int64_t all = 0;
};
struct TokensFound {
  std::vector<Token> tokens;
  std::string next;    // empty: no further page
  TokenCounts counts;  // of scope and text, whatever the status
};
// By `expires` the soonest come first and what has ended last, the latest of it first; descending, the latest
// end comes first. Ended ones are left out after 90 days. Throws Refusal{invalid_value} for a cursor that is
// not ours.
[[nodiscard]] TokensFound search_tokens(Transaction&, const UserId& owner, const TokenSearch&, Time now);
// The live ones among them, at most `most`.
[[nodiscard]] std::vector<TokenId> live_tokens(Transaction&, const UserId& owner, const TokenMatch&, Time now,
                                               std::size_t most);

struct EndingToken {
  TokenId id;
  std::string name;
  Time valid_to;
};
// An owner's live tokens that end after `now`, but not after `until`: the soonest first.
[[nodiscard]] std::vector<EndingToken> ending_tokens(Transaction&, const UserId& owner, Time now, Time until,
                                                     std::int64_t top);
[[nodiscard]] std::int64_t count_ending_tokens(Transaction&, const UserId& owner, Time now, Time until);

}  // namespace latchkey::store
