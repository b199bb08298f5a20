// What a token was used for, as its page tells it: by day, client, refusal, scope. Functions of one
// transaction; `since`: the first day that counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

using Day = std::chrono::sys_days;
inline constexpr std::int64_t clients_max = 50;

struct DayOfUse {
  Day day;
  std::int64_t accepted = 0, refused = 0;
};
// Days without use are left out.
[[nodiscard]] std::vector<DayOfUse> days_of_use(Transaction&, const TokenId&, Day since);

struct Client {
  std::string agent, address;
  std::string repository;  // "Project/Repository", or empty
  std::int64_t accepted = 0, refused = 0;
  Time last_at;
};
// The most used first, at most `clients_max`.
[[nodiscard]] std::vector<Client> clients_of(Transaction&, const TokenId&, Day since);
// Those that presented this text of it since then. Counts are of whole days.
[[nodiscard]] std::vector<Client> clients_of_text(Transaction&, const TokenId&, std::string_view fingerprint,
                                                  Time since);

struct RefusedUses {
  std::string reason;
  std::int64_t count = 0;
  Day first_day, last_day;
};
[[nodiscard]] std::vector<RefusedUses> refused_uses(Transaction&, const TokenId&, Day since);  // most first

struct NeededScope {
  std::string scope;  // "app_token": full access
  std::int64_t accepted = 0;
  Time last_at;
};
// Of everything accepted since the token was made, the most used first; what any scope was good for is left
// out.
[[nodiscard]] std::vector<NeededScope> needed_scopes(Transaction&, const TokenId&);

}  // namespace latchkey::store
