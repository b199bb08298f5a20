// Jobs that revoke many tokens, and what of them is left to do. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

enum class RevocationState : std::uint8_t { running = 1, done, failed };
struct Revocation {
  RevocationId id;
  std::optional<OrganizationId> organization{};  // none: the server
  UserId created_by;
  std::string address{}, agent{};       // from where
  ActivityId activity{};                // of the request that started it
  std::optional<std::string> wanted{};  // which tokens, as authority/ writes it; none: those that are named
  std::string reason{};                 // as it was given
  std::string ended_reason{};           // of the tokens
  RevocationState state = RevocationState::running;
  std::int64_t total = 0;  // when it was started
  std::int64_t done = 0;   // how many it revoked
  Time created_at;
  std::optional<Time> finished_at{};
  std::optional<std::int64_t> event{};  // that of its start; none: all of a removed user, who is told nothing
};
void insert_revocation(Transaction&, const Revocation&);
void name_tokens(Transaction&, const RevocationId&, std::span<const TokenId>);
// Some of those that were named and are not done with.
[[nodiscard]] std::vector<TokenId> named_tokens(Transaction&, const RevocationId&, std::int64_t top);
void forget_named_token(Transaction&, const RevocationId&, const TokenId&);
void add_revoked(Transaction&, const RevocationId&, std::int64_t count);
// Of one that runs; no token is named for it any more.
void finish_revocation(Transaction&, const RevocationId&, RevocationState, Time);

[[nodiscard]] std::optional<Revocation> find_revocation(Transaction&, const RevocationId&);
[[nodiscard]] std::optional<Revocation> oldest_running_revocation(Transaction&);
// Of an organization or of the server, the latest first; `after`: the job at the end of the page before.
[[nodiscard]] std::vector<Revocation> revocations(Transaction&,
                                                  const std::optional<OrganizationId>& organization,
                                                  const std::optional<RevocationId>& after, std::int64_t top);

}  // namespace latchkey::store
