// Organizations, users and memberships.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "authority/invitations.hpp"
#include "base/role.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// How long a password that was generated for somebody waits for the one sign-in that replaces it.
constexpr std::chrono::minutes first_password_lasts{30};

struct FirstRun {
  std::string organization, email;
  Secret password;
  bool generated = false;      // a first password; else the administrator's own choice
  std::string display_name{};  // empty: what stands before the @
};
// The first organization and its administrator, who is a server administrator too. invalid_value when there
// is one.
void initialize(Authority&, const FirstRun&, const Origin&);
[[nodiscard]] bool is_initialized(Authority&);
// As initialize(), by whoever holds the set-up's code; not_found for one that isn't good, too_many_attempts.
void check_set_up_code(Authority&, std::string_view code, const Origin&);
void set_up(Authority&, std::string_view code, const FirstRun&, const Origin&);

struct NewUser {
  std::string email, display_name;  // no display name: what stands before the @
  std::optional<Secret> password;   // none: an invitation
  bool server_administrator = false;
  std::string organization{};  // of which they become a member, by id or name; empty: of none
  Role role = Role::contributor;
};
struct CreatedUser {
  store::User user;
  std::optional<Invitation> invitation;
};
[[nodiscard]] CreatedUser create_user(Authority&, const Actor&, const NewUser&);
struct UserEdit {
  std::optional<bool> enabled{}, server_administrator{};
  std::optional<std::string> display_name{};
};
// Disabling ends all their sessions; their tokens are refused from then on, and good again when they are
// enabled again. last_administrator.
store::User edit_user(Authority&, const Actor&, const UserId&, const UserEdit&);
void set_user_enabled(Authority&, const Actor&, const UserId&, bool enabled);
// For good: every token is refused when this returns, and revoked soon after; sign-ins, memberships and
// groups are gone; the email address is free. last_administrator.
void remove_user(Authority&, const Actor&, const UserId&);
// Gives the user a first password, and ends all their sessions. For who has the server itself in hand.
void reset_password(Authority&, std::string_view email, const Secret& first, const Origin&);

[[nodiscard]] store::Organization create_organization(Authority&, const Actor&, std::string_view name);
// Nothing works in a closed organization.
store::Organization set_organization_open(Authority&, const Actor&, const OrganizationId&, bool open);
void set_member(Authority&, const Actor&, const OrganizationId&, const UserId&, Role);
void remove_member(Authority&, const Actor&, const OrganizationId&, const UserId&);

// An organization by its name in any case; not_found for one that isn't there or of which the actor is no
// member.
[[nodiscard]] store::Organization find_organization(Authority&, const Actor&, std::string_view name);
[[nodiscard]] store::User find_user(Authority&, const UserId&);

}  // namespace latchkey::authority
