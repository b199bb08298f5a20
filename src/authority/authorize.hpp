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
  administer_tokens,        // see and revoke them under a token too, whose route asks for the scope
  manage_own_account,       // one's password and sign-ins: a session
  see_own_operations,       // any credential
  see_organization,         // its name: any member
  administer_organization,  // members, groups, policies
  administer_server,        // users, organizations, the server's groups
  grant_verification,       // give a token the scope latchkey.verify
  read_projects,            // projects, repositories, builds, agent pools and queues: reader
  contribute,               // push, queue and update builds: contributor
  administer_projects,      // create, change, delete all of those but builds: administrator
  oversee_audit,            // the events of an organization, and where they are sent to: its administrator
  oversee_all_audit,        // those of the server: a session of a server administrator
};

// Throws Refusal: not_signed_in when the actor's token or user has ended; forbidden; not_found where the
// caller may not know that something is there (security.md: no permission on a project is 404).
// `organization`: what the act is in; none for acts on oneself and on the server. `project`: what it is in
// there, if it is in one: a member's role is the highest of the membership's and those on the project.
void authorize(store::Transaction& transaction, Time now, const Actor& actor, Act act,
               const std::optional<OrganizationId>& organization = {},
               const std::optional<ProjectId>& project = {});

// The administrator of a place: administer_organization, or administer_server.
void authorize_administrator(store::Transaction& transaction, Time now, const Actor& actor,
                             const Place& place);

}  // namespace latchkey::authority
