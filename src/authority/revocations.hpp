// Revoking many tokens in the background: a job names them, or says what they are like; a thread of the
// server's own does it in bounded transactions, so that other decisions hardly wait, and goes on where it was
// after a restart. Each token is a decision of its own, with its audit event; a job is done when the index
// has all of them.
//
// What a job wants is asked anew for each transaction: what was revoked does not match any more, so nothing
// has to remember how far it came. Tokens made after the job was started are none of its business.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "authority/inventory.hpp"
#include "store/directory.hpp"
#include "store/revocations.hpp"

namespace latchkey::authority {

struct RevocationShown {
  store::Revocation job{};
  store::User created_by{};
};

inline constexpr std::size_t named_most = 10'000;
// What matches of live tokens. An organization's administrator ends those that are bound to it; a server
// administrator any. invalid_value for an owner that isn't there; `reason`: up to 400 characters.
[[nodiscard]] RevocationShown start_revocation(Authority&, const Actor&, const Place&, InventoryAsked,
                                               std::string_view reason);
// Named ones, at most `named_most`. token_not_found, forbidden before any is revoked.
[[nodiscard]] RevocationShown start_revocation(Authority&, const Actor&, const Place&,
                                               std::span<const TokenId>, std::string_view reason);
// Live tokens of the organization that were given one of these scopes and were made before `created_before`,
// if it says so: under a token too. invalid_scope
[[nodiscard]] RevocationShown start_revocation_rule(Authority&, const Actor&, const OrganizationId&,
                                                    std::string_view scopes,
                                                    std::optional<Time> created_before);

[[nodiscard]] RevocationShown show_revocation(Authority&, const Actor&, const Place&, const RevocationId&);
struct RevocationsShown {
  std::vector<RevocationShown> jobs;  // the latest first
  bool more = false;
};
[[nodiscard]] RevocationsShown list_revocations(Authority&, const Actor&, const Place&,
                                                const std::optional<RevocationId>& after, std::int64_t top);

// In a decision's transaction: all live tokens of a user are to be revoked; ring `background` afterwards.
void revoke_all_of(store::Transaction&, Time now, const Actor&, const UserId&, std::string_view ended_reason);

// Does the next bounded part of what is to be done. False: there is nothing (more) to do.
bool revoke_some(Authority&);

}  // namespace latchkey::authority
