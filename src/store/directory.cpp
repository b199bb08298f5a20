// SPDX-License-Identifier: Apache-2.0
#include "store/directory.hpp"

#include "store/groups.hpp"
#include "store/names.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view organization_columns = "o.id, o.name, o.state = 'open', o.created_at";

template <class... More>
void read_organization_and(const Row& row, Organization& organization, More&... more) {
  read_row(row, organization.id, organization.name, organization.open, organization.created_at, more...);
}
void read_organization(const Row& row, Organization& organization) {
  read_organization_and(row, organization);
}
void read_membership(const Row& row, Membership& membership) {
  read_organization_and(row, membership.organization, membership.role);
}

std::string select_organizations(std::string_view rest) {
  return ((std::string("select ") += organization_columns) += " from organizations o ") += rest;
}
std::string_view state_of(bool open) { return open ? "open" : "closed"; }

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

std::string select_users(std::string_view rest) {
  return ((std::string("select ") += user_columns) += " from users u ") += rest;
}

}  // namespace

void insert_organization(Transaction& transaction, const Organization& organization) {
  transaction.execute(
      "insert into organizations (id, name, name_key, state, created_at) values ($1, $2, $3, $4, $5)",
      organization.id, organization.name, folded(organization.name), state_of(organization.open),
      organization.created_at);
  transaction.touch(organization.id);
}

std::optional<Organization> find_organization(Transaction& transaction, const OrganizationId& id) {
  return transaction.one(select_organizations("where o.id = $1"), read_organization, id);
}

std::optional<Organization> find_organization_by_name(Transaction& transaction, std::string_view name) {
  return transaction.one(select_organizations("where o.name_key = $1"), read_organization, name_key(name));
}

void set_organization_open(Transaction& transaction, const OrganizationId& id, bool open) {
  transaction.execute("update organizations set state = $1 where id = $2", state_of(open), id);
  transaction.touch(id);
}

std::vector<Organization> organizations(Transaction& transaction, std::int64_t top) {
  return transaction.all(select_organizations("where o.name_key > '' order by o.name_key limit $1"),
                         read_organization, top);
}

std::vector<Membership> memberships_of(Transaction& transaction, const UserId& user) {
  return transaction.all((std::string("select ") += organization_columns) +=
                         ", m.role from organizations o join memberships m on m.organization = o.id "
                         "where m.user_id = $1 order by o.name_key",
                         read_membership, user);
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

// No email address is like an id.
void remove_user(Transaction& transaction, const UserId& id) {
  transaction.execute(
      "update users set state = $1, server_administrator = 0, password = null, password_ends_at = null, "
      "email_key = $2 where id = $3",
      UserState::removed, id.text(), id);
  transaction.touch(id);
}

std::optional<User> find_user(Transaction& transaction, const UserId& id) {
  return transaction.one(select_users("where u.id = $1"), read_user, id);
}

std::optional<User> find_user_by_email(Transaction& transaction, std::string_view email) {
  return transaction.one(select_users("where u.email_key = $1"), read_user, name_key(email));
}

std::vector<User> server_administrators(Transaction& transaction, std::int64_t top) {
  return transaction.all(select_users("where u.server_administrator = 1 and u.state = $1 limit $2"),
                         read_user, UserState::enabled, top);
}

std::int64_t count_server_administrators(Transaction& transaction) {
  return transaction
      .scalar<std::int64_t>("select count(*) from users where server_administrator = 1 and state = $1",
                            UserState::enabled)
      .value();
}

std::vector<User> users(Transaction& transaction, const PeoplePage& page) {
  return transaction.all(
      select_users("where u.email_key > $1 and u.state <> $2 and (u.email_key like $3 escape '!' or "
                   "lower(u.display_name) like $3 escape '!') order by u.email_key limit $4"),
      read_user, folded(page.after), UserState::removed, holding(page.search), page.top);
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
  leave_groups(transaction, user, organization);
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

std::vector<User> organization_administrators(Transaction& transaction, const OrganizationId& organization,
                                              std::int64_t top) {
  return transaction.all(
      (std::string("select ") += user_columns) +=
      " from memberships m join users u on u.id = m.user_id where m.organization = $1 and m.role = $2 and "
      "u.state = $3 limit $4",
      read_user, organization, Role::administrator, UserState::enabled, top);
}

// A cross join, so that SQLite goes along the users in their order, and sorts nothing.
std::vector<Member> members_of(Transaction& transaction, const OrganizationId& organization,
                               const PeoplePage& page) {
  return transaction.all(
      (std::string("select ") += user_columns) +=
      ", m.role from users u cross join memberships m where u.email_key > $1 and m.organization = $2 and "
      "m.user_id = u.id and (u.email_key like $3 escape '!' or lower(u.display_name) like $3 escape '!') "
      "order by u.email_key limit $4",
      read_member, folded(page.after), organization, holding(page.search), page.top);
}

std::vector<User> members_of_group(Transaction& transaction, const GroupId& group, const PeoplePage& page) {
  return transaction.all(
      (std::string("select ") += user_columns) +=
      " from users u cross join group_members m where u.email_key > $1 and m.group_id = $2 and "
      "m.user_id = u.id and (u.email_key like $3 escape '!' or lower(u.display_name) like $3 escape '!') "
      "order by u.email_key limit $4",
      read_user, folded(page.after), group, holding(page.search), page.top);
}

}  // namespace latchkey::store
