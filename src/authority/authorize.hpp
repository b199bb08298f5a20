// authorize(): the one place that says who may do what (security.md's table). Called first in every decision
// and look, inside its transaction, so that nothing commits under a token or a right that has ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "authority/authority.hpp"
#include "base/ids.hpp"

namespace latchkey::store {
class Transaction;
}

namespace latchkey::authority {

enum class Act : std::uint8_t {
  see_own_tokens = 1,       // list, show: a session only
  change_own_tokens,        // create, edit, regenerate: a session not older than an hour (a token never: 3.1)
  narrow_own_tokens,        // shrink, revoke many: a session only
  end_own_token,            // revoke: a session, or the very token (tokens.cpp sees to that)
  oversee_tokens,           // see others' tokens: a session of an administrator
  manage_own_account,       // one's password and sign-ins: a session
  see_own_operations,       // any credential
  see_organization,         // its name: any member
  administer_organization,  // members, policies
  administer_server,        // users, organizations
  grant_verification,       // give a token the scope latchkey.verify
  read_projects,            // projects, repositories, builds: reader
  contribute,               // push, queue and update builds: contributor
  administer_projects,      // create, rename, delete projects and repositories: administrator
};

// Throws Refusal: not_signed_in when the actor's token or user has ended; forbidden; not_found where the
// caller may not know that something is there (security.md: no permission on a project is 404).
// `organization`: what the act is in; none for acts on oneself and on the server.
void authorize(store::Transaction& transaction, Time now, const Actor& actor, Act act,
               const std::optional<OrganizationId>& organization = {});

}  // namespace latchkey::authority
