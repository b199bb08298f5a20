// The uses of tokens: how often, for what, from where, with what outcome, folded from memory by the day.
// Functions of one transaction.
//
// Bounded: a token gets at most `detailed_rows_max` rows a day that tell address, agent and repository; what
// is beyond goes to rows that say `other`. Details are kept for as long as ended tokens are; counts stay.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

inline constexpr std::int64_t detailed_rows_max = 200;
// Stands for all that there was no room to tell apart.
inline constexpr std::string_view other = "other";
inline constexpr std::string_view accepted = "accepted";  // the outcome that is no refusal's name

struct Use {
  TokenId token;
  std::string fingerprint{};  // of the text that was presented
  std::string operation{};    // the scope that was asked for: "vso.code", "app_token"; empty: any was good
  std::string repository{};   // "Project/Repository", or empty
  std::string address{}, agent{};
  std::string outcome;  // `accepted`, or the refusal's name
  std::int64_t count = 0;
  Time first_at, last_at;
};

// False: the fold of that name is in the database already, so its uses must not be added again. Call first.
[[nodiscard]] bool begin_fold(Transaction&, std::string_view name);
void add_use(Transaction&, Use);
// From where a token was used. True: from elsewhere before, and never from there. The first few are kept;
// of a token that is used from more, nothing is new.
[[nodiscard]] bool learn_network(Transaction&, const TokenId&, std::string_view network, Time now);
[[nodiscard]] std::optional<TokenId> find_token_of_fingerprint(Transaction&, std::string_view fingerprint);

// All uses that have one thing in common, such as the address.
struct UseGroup {
  std::string name;
  std::int64_t accepted = 0, refused = 0;
  Time first_at, last_at;
};
struct TokenUses {
  std::vector<UseGroup> outcomes, addresses, agents, operations,
      repositories;  // the latest first, 100 at most
};
[[nodiscard]] TokenUses uses_of(Transaction&, const TokenId&);

// Folds what happened before `time` into rows without address, agent and repository, for some tokens. False:
// there are no more.
[[nodiscard]] bool shorten_uses(Transaction&, Time time);

}  // namespace latchkey::store
