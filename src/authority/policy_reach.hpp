// What a policy touches: the dry run, and the two stages that are carried out once, when their dates come:
// warning owners and revoking. All three ask one function, touched_by(), so that what a dry run names is what
// the stages act on. A policy about idle tokens is carried out again and again: tokens come to rest as they
// become idle, and wake when it is taken back or their owner signs in.
//
// Cost: touched_by() goes through all live tokens once, and through the uses of 30 days where those count.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authority/policies.hpp"
#include "store/directory.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {

struct TouchedToken {
  store::Token token;
  store::User owner;
  std::int64_t refused_uses = 0;  // of the past 30 days
  std::string why;
};
struct DryRun {
  std::int64_t tokens = 0, owners = 0, refused_uses = 0;
  Existing existing = Existing::keep_working;
  std::vector<TouchedToken> touched{};  // those with the most refused uses first
  std::string next{};                   // empty: no further page
};
// What the policy would touch if it refused now, and revoked, where it says when; nothing is changed.
// Refusals as set_policy(); invalid_value for a cursor that is not ours.
[[nodiscard]] DryRun dry_run_policy(Authority&, const Actor&, const Place&, const PolicyChange&,
                                    std::size_t top, std::string_view after);

// Tells owners of tokens that nobody uses, a week before they rest: once, until they are used. Some of them
// in a transaction; false: there are no more.
bool tell_rests(Authority&);

// Carries out what is due: one stage of one policy, in transactions that others don't wait for. False: there
// is nothing more for now.
bool carry_out_policies(Authority&);
// Lets idle tokens rest and wakes those that may be used again, a bounded number of each. False: as above.
bool rest_idle_tokens(Authority&);
// Of an owner who signs in.
void wake_tokens(store::Transaction&, Time now, const UserId& owner);

}  // namespace latchkey::authority
