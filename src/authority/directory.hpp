// Organizations, users and memberships.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/role.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// How long a password that was generated for somebody waits for the one sign-in that replaces it.
constexpr std::chrono::minutes first_password_lasts{30};

struct FirstRun {
  std::string organization, email;
  Secret password;
  bool generated = false;  // a first password; else the administrator's own choice
};
// The first organization and its administrator, who is a server administrator too. invalid_value when there
// is one.
void initialize(Authority&, const FirstRun&, const Origin&);
[[nodiscard]] bool is_initialized(Authority&);

struct NewUser {
  std::string email, display_name;
  Secret password;
  bool server_administrator = false;
};
[[nodiscard]] store::User create_user(Authority&, const Actor&, const NewUser&);
// Ends all their sessions; their tokens are refused from then on, and good again when they are enabled again.
void set_user_enabled(Authority&, const Actor&, const UserId&, bool enabled);
// Gives the user a first password, and ends all their sessions. For who has the server itself in hand.
void reset_password(Authority&, std::string_view email, const Secret& first, const Origin&);

[[nodiscard]] store::Organization create_organization(Authority&, const Actor&, std::string_view name);
void set_member(Authority&, const Actor&, const OrganizationId&, const UserId&, Role);
void remove_member(Authority&, const Actor&, const OrganizationId&, const UserId&);

// An organization by its name in any case; not_found for one that isn't there or of which the actor is no
// member.
[[nodiscard]] store::Organization find_organization(Authority&, const Actor&, std::string_view name);
// Those that the actor is a member of, by name.
[[nodiscard]] std::vector<store::Organization> organizations_of(Authority&, const Actor&);
[[nodiscard]] store::User find_user(Authority&, const UserId&);

}  // namespace latchkey::authority
