// SPDX-License-Identifier: Apache-2.0
#include "authority/authorize.hpp"

#include <algorithm>

#include "authority/passwords.hpp"
#include "base/check.hpp"
#include "base/refusal.hpp"
#include "store/directory.hpp"
#include "store/grants.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {
namespace {

struct Rule {
  bool by_token = false;              // may be done under a token
  bool strong = false;                // needs a sign-in not older than an hour
  std::optional<Role> role{};         // the least one in the organization
  bool server_administrator = false;  // being one is enough; where no role is named, needed
};

Rule rule_of(Act act) {
  switch (act) {
    case Act::see_own_tokens:
    case Act::manage_own_account:
    case Act::narrow_own_tokens:
      return {};
    case Act::change_own_tokens:
      return {.strong = true};
    case Act::end_own_token:
      return {.by_token = true};
    case Act::oversee_tokens:
      return {.role = Role::administrator, .server_administrator = true};
    case Act::see_own_operations:
      return {.by_token = true};
    case Act::see_organization:
      return {.by_token = true, .role = Role::reader, .server_administrator = true};
    case Act::administer_organization:
    case Act::administer_tokens:
    case Act::oversee_audit:
      return {.by_token = true, .role = Role::administrator, .server_administrator = true};
    case Act::administer_server:
    case Act::oversee_all_audit:
    case Act::grant_verification:
      return {.server_administrator = true};
    case Act::read_projects:
      return {.by_token = true, .role = Role::reader};
    case Act::contribute:
      return {.by_token = true, .role = Role::contributor};
    case Act::administer_projects:
      return {.by_token = true, .role = Role::administrator};
  }
  LATCHKEY_ASSERT(false && "an act without a rule");
}

// Of who acts by a password: that it is still the one, and still taken in its organization.
void require_password(store::Transaction& transaction, Time now, const Actor& actor, const store::User& user,
                      const std::optional<OrganizationId>& organization) {
  const ByPassword& by = *actor.password;
  if (!takes_password(transaction, now, by.organization, user, actor.origin.address) ||
      Digest::of(*user.password) != by.kept)
    throw Refusal(RefusalCode::not_signed_in, "The password is not taken any more. Sign in, or use a token.");
  if (organization && *organization != by.organization)
    throw Refusal(RefusalCode::not_found, "The password is not taken in this organization.");
}

// The user behind the actor, if all that the actor stands on is still good.
store::User live_user(store::Transaction& transaction, Time now, const Actor& actor,
                      const std::optional<OrganizationId>& organization) {
  auto user = store::find_user(transaction, actor.user);
  if (!user || user->state != store::UserState::enabled)
    throw Refusal(RefusalCode::not_signed_in, "Your account is disabled. Ask an administrator to enable it.");
  if (actor.password) require_password(transaction, now, actor, *user, organization);
  if (!actor.token) return *std::move(user);

  const auto token = store::find_live_token(transaction, actor.token->text(), now);
  if (!token || token->owner != actor.user)
    throw Refusal(RefusalCode::not_signed_in, "The token has ended. Use another one.");
  if (token->organization && organization && *token->organization != *organization)
    throw Refusal(RefusalCode::not_found, "The token does not work in this organization.");
  return *std::move(user);
}

void require_role(store::Transaction& transaction, const Actor& actor, const OrganizationId& organization,
                  const std::optional<ProjectId>& project, Role least) {
  auto role = store::find_membership(transaction, organization, actor.user);
  if (!role)
    throw Refusal(RefusalCode::not_found, "The organization does not exist, or you are not a member of it.");
  if (*role < least && project)
    role = std::max(role, store::highest_project_role(transaction, *project, actor.user));
  if (*role < least)
    throw Refusal(RefusalCode::forbidden, least == Role::administrator
                                              ? "This needs the role of an administrator in the organization."
                                              : "This needs the role of a contributor in the organization.");
}

}  // namespace

void authorize(store::Transaction& transaction, Time now, const Actor& actor, Act act,
               const std::optional<OrganizationId>& organization, const std::optional<ProjectId>& project) {
  const Rule rule = rule_of(act);
  const store::User user = live_user(transaction, now, actor, organization);
  if (actor.token && !rule.by_token)
    throw Refusal(RefusalCode::forbidden, "A token can't do this. Sign in, then repeat it.");
  if (actor.password && !rule.by_token)
    throw Refusal(RefusalCode::forbidden,
                  "A password that comes with the request can't do this. Sign in, then repeat it.");
  if (rule.strong && !actor.strong)
    throw Refusal(RefusalCode::strong_sign_in_required,
                  "Your sign-in is older than an hour. Sign in again, then repeat it.");
  if (rule.server_administrator && user.server_administrator) return;
  if (rule.server_administrator && !rule.role)
    throw Refusal(RefusalCode::forbidden, "This needs the rights of a server administrator.");

  LATCHKEY_ASSERT(organization || !rule.role);
  if (organization)
    require_role(transaction, actor, *organization, project, rule.role.value_or(Role::reader));
}

void authorize_administrator(store::Transaction& transaction, Time now, const Actor& actor,
                             const Place& place) {
  authorize(transaction, now, actor, place ? Act::administer_organization : Act::administer_server, place);
}

}  // namespace latchkey::authority
