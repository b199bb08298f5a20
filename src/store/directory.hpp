// Organizations, users, memberships. Functions of one transaction; each write of what verification believes
// adds the subject's change by itself (transaction.hpp), so that no decision can forget it.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "store/change.hpp"

namespace latchkey::store {

class Transaction;

struct Organization {
  OrganizationId id;
  std::string name;
  bool open = true;
  Time created_at;
};
void insert_organization(Transaction&, const Organization&);
[[nodiscard]] std::optional<Organization> find_organization(Transaction&, const OrganizationId&);
[[nodiscard]] std::optional<Organization> find_organization_by_name(Transaction&, std::string_view name);
void set_organization_open(Transaction&, const OrganizationId&, bool open);
[[nodiscard]] std::vector<Organization> organizations(Transaction&, std::int64_t top);  // by name
[[nodiscard]] bool any_organization(Transaction&);

struct User {
  UserId id;
  std::string email, display_name;
  std::optional<std::string> password;   // argon2id text
  std::optional<Time> password_ends_at;  // of a first password, which its user must replace before
  UserState state = UserState::enabled;
  bool server_administrator = false;
  std::optional<Time> signed_in_at;
  Time created_at;
};
void insert_user(Transaction&, const User&);
void update_user(Transaction&, const User&);  // all but id and created_at
// Keeps the row, whose email address others may have from then on.
void remove_user(Transaction&, const UserId&);
[[nodiscard]] std::optional<User> find_user(Transaction&, const UserId&);
[[nodiscard]] std::optional<User> find_user_by_email(Transaction&, std::string_view email);
// Enabled ones.
[[nodiscard]] std::int64_t count_server_administrators(Transaction&);
[[nodiscard]] std::vector<User> server_administrators(Transaction&, std::int64_t top);
// A page of people, by email address.
struct PeoplePage {
  std::string search{};  // part of the email address or the display name, without case; empty: all
  std::string after{};   // the email address at the end of the page before
  std::int64_t top = 50;
};
[[nodiscard]] std::vector<User> users(Transaction&, const PeoplePage&);  // but removed ones
void set_signed_in(Transaction&, const UserId&, Time);

void put_membership(Transaction&, const OrganizationId&, const UserId&, Role);  // insert or change
// With what it carried: the organization's groups, the roles on its projects.
void delete_membership(Transaction&, const OrganizationId&, const UserId&);
[[nodiscard]] std::optional<Role> find_membership(Transaction&, const OrganizationId&, const UserId&);
// Of enabled users.
[[nodiscard]] std::int64_t count_organization_administrators(Transaction&, const OrganizationId&);
// Enabled ones: whom to ask.
[[nodiscard]] std::vector<User> organization_administrators(Transaction&, const OrganizationId&,
                                                            std::int64_t top);
struct Member {
  User user;
  Role role{};
};
[[nodiscard]] std::vector<Member> members_of(Transaction&, const OrganizationId&, const PeoplePage&);
[[nodiscard]] std::vector<User> members_of_group(Transaction&, const GroupId&, const PeoplePage&);
struct Membership {
  Organization organization;
  Role role{};
};
[[nodiscard]] std::vector<Membership> memberships_of(Transaction&, const UserId&);  // by name

}  // namespace latchkey::store
