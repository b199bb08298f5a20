// SPDX-License-Identifier: Apache-2.0
#include "store/directory.hpp"

#include "store/names.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::string organizations(std::string_view rest) {
  return std::string("select o.id, o.name, o.state = 'open', o.created_at from organizations o ") += rest;
}
void read_organization(const Row& row, Organization& organization) {
  read_row(row, organization.id, organization.name, organization.open, organization.created_at);
}

constexpr std::string_view user_columns =
    "u.id, u.email, u.display_name, u.password, u.password_ends_at, u.state, u.server_administrator, "
    "u.signed_in_at, "
    "u.created_at";

template <class... More>
void read_user_and(const Row& row, User& user, More&... more) {
  read_row(row, user.id, user.email, user.display_name, user.password, user.password_ends_at, user.state,
           user.server_administrator, user.signed_in_at, user.created_at, more...);
}
void read_user(const Row& row, User& user) { read_user_and(row, user); }
void read_member(const Row& row, Member& member) { read_user_and(row, member.user, member.role); }

std::string users(std::string_view rest) {
  return ((std::string("select ") += user_columns) += " from users u ") += rest;
}

}  // namespace

void insert_organization(Transaction& transaction, const Organization& organization) {
  transaction.execute(
      "insert into organizations (id, name, name_key, state, created_at) values ($1, $2, $3, $4, $5)",
      organization.id, organization.name, folded(organization.name),
      std::string_view(organization.open ? "open" : "closed"), organization.created_at);
  transaction.touch(organization.id);
}

std::optional<Organization> find_organization(Transaction& transaction, const OrganizationId& id) {
  return transaction.one(organizations("where o.id = $1"), read_organization, id);
}

std::optional<Organization> find_organization_by_name(Transaction& transaction, std::string_view name) {
  return transaction.one(organizations("where o.name_key = $1"), read_organization, name_key(name));
}

std::vector<Organization> organizations_of(Transaction& transaction, const UserId& user) {
  return transaction.all(
      organizations("join memberships m on m.organization = o.id where m.user_id = $1 order by o.name_key"),
      read_organization, user);
}

bool any_organization(Transaction& transaction) {
  return transaction.scalar<std::int64_t>("select 1 from organizations limit 1").has_value();
}

void insert_user(Transaction& transaction, const User& user) {
  transaction.execute(
      "insert into users (id, email, email_key, display_name, password, password_ends_at, state, "
      "server_administrator, signed_in_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      user.id, user.email, folded(user.email), user.display_name, user.password, user.password_ends_at,
      user.state, user.server_administrator, user.signed_in_at, user.created_at);
  transaction.touch(user.id);
}

void update_user(Transaction& transaction, const User& user) {
  transaction.execute(
      "update users set email = $1, email_key = $2, display_name = $3, password = $4, "
      "password_ends_at = $5, state = $6, server_administrator = $7, signed_in_at = $8 where id = $9",
      user.email, folded(user.email), user.display_name, user.password, user.password_ends_at, user.state,
      user.server_administrator, user.signed_in_at, user.id);
  transaction.touch(user.id);
}

std::optional<User> find_user(Transaction& transaction, const UserId& id) {
  return transaction.one(users("where u.id = $1"), read_user, id);
}

std::optional<User> find_user_by_email(Transaction& transaction, std::string_view email) {
  return transaction.one(users("where u.email_key = $1"), read_user, name_key(email));
}

std::int64_t count_server_administrators(Transaction& transaction) {
  return transaction
      .scalar<std::int64_t>("select count(*) from users where server_administrator = 1 and state = $1",
                            UserState::enabled)
      .value();
}

void set_signed_in(Transaction& transaction, const UserId& id, Time time) {
  transaction.execute("update users set signed_in_at = $1 where id = $2", time, id);
}

void put_membership(Transaction& transaction, const OrganizationId& organization, const UserId& user,
                    Role role) {
  transaction.execute(
      "insert into memberships (organization, user_id, role) values ($1, $2, $3) "
      "on conflict (organization, user_id) do update set role = excluded.role",
      organization, user, role);
  transaction.touch(user);
}

void delete_membership(Transaction& transaction, const OrganizationId& organization, const UserId& user) {
  transaction.execute("delete from memberships where organization = $1 and user_id = $2", organization, user);
  transaction.touch(user);
}

std::optional<Role> find_membership(Transaction& transaction, const OrganizationId& organization,
                                    const UserId& user) {
  return transaction.scalar<Role>("select role from memberships where organization = $1 and user_id = $2",
                                  organization, user);
}

std::int64_t count_organization_administrators(Transaction& transaction, const OrganizationId& organization) {
  return transaction
      .scalar<std::int64_t>(
          "select count(*) from memberships m join users u on u.id = m.user_id "
          "where m.organization = $1 and m.role = $2 and u.state = $3",
          organization, Role::administrator, UserState::enabled)
      .value();
}

std::vector<Member> members_of(Transaction& transaction, const OrganizationId& organization,
                               std::int64_t skip, std::int64_t top) {
  return transaction.all(
      (std::string("select ") += user_columns) +=
      ", m.role from memberships m join users u on u.id = m.user_id where m.organization = $1 "
      "order by m.user_id limit $2 offset $3",
      read_member, organization, top, skip);
}

}  // namespace latchkey::store
