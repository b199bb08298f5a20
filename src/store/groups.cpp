// SPDX-License-Identifier: Apache-2.0
#include "store/groups.hpp"

#include <algorithm>
#include <iterator>

#include "store/names.hpp"
#include "store/sql.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view group_columns = "g.id, g.organization, g.name, g.description, g.created_at";

void read_group(const Row& row, Group& group) {
  read_row(row, group.id, group.organization, group.name, group.description, group.created_at);
}
void read_counted(const Row& row, CountedGroup& counted) {
  Group& group = counted.group;
  read_row(row, group.id, group.organization, group.name, group.description, group.created_at,
           counted.members);
}

std::string select_groups(std::string_view rest) {
  return ((std::string("select ") += group_columns) += " from groups g where ") += rest;
}

Sql& add_place(Sql& sql, const std::optional<OrganizationId>& organization) {
  return organization ? sql.add(" and g.organization = ", *organization)
                      : sql.add(" and g.organization is null");
}

// Who is in a group decides for whom an allow list opens a route, and whom a policy spares.
void touch_place(Transaction& transaction, const GroupId& id) {
  const auto organization =
      transaction.scalar<std::optional<OrganizationId>>("select organization from groups where id = $1", id);
  if (organization && *organization) transaction.touch(**organization);
}

}  // namespace

std::string_view kind_of(const Grantee& grantee) noexcept {
  return std::holds_alternative<UserId>(grantee) ? "user" : "group";
}

const Uuid& id_of(const Grantee& grantee) noexcept {
  const auto* const user = std::get_if<UserId>(&grantee);
  return user != nullptr ? user->value() : std::get_if<GroupId>(&grantee)->value();
}

std::optional<Grantee> grantee_of(std::string_view kind, const Uuid& id) noexcept {
  if (kind == "user") return UserId(id);
  if (kind == "group") return GroupId(id);
  return {};
}

void insert_group(Transaction& transaction, const Group& group) {
  transaction.execute(
      "insert into groups (id, organization, name, name_key, description, created_at) "
      "values ($1, $2, $3, $4, $5, $6)",
      group.id, group.organization, group.name, folded(group.name), group.description, group.created_at);
}

void update_group(Transaction& transaction, const Group& group) {
  transaction.execute("update groups set name = $1, name_key = $2, description = $3 where id = $4",
                      group.name, folded(group.name), group.description, group.id);
}

void delete_group(Transaction& transaction, const GroupId& id) {
  touch_place(transaction, id);
  transaction.execute("delete from project_roles where grantee = $1", id);
  transaction.execute("delete from group_members where group_id = $1", id);
  transaction.execute("delete from groups where id = $1", id);
}

std::optional<Group> find_group(Transaction& transaction, const GroupId& id) {
  return transaction.one(select_groups("g.id = $1"), read_group, id);
}

std::optional<Group> find_group_by_name(Transaction& transaction,
                                        const std::optional<OrganizationId>& organization,
                                        std::string_view name) {
  const auto key = name_key(name);
  if (!key) return {};
  Sql sql(select_groups("g.name_key = "), *key);
  auto found = transaction.all(add_place(sql, organization), read_group);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<CountedGroup> groups_in(Transaction& transaction,
                                    const std::optional<OrganizationId>& organization, std::string_view after,
                                    std::int64_t top) {
  const std::string key = folded(after);
  Sql sql(((std::string("select ") += group_columns) +=
           ", (select count(*) from group_members m where m.group_id = g.id) from groups g "
           "where g.name_key > "),
          key);
  add_place(sql, organization).add(" order by g.name_key limit ", top);
  return transaction.all(sql, read_counted);
}

std::int64_t count_group_members(Transaction& transaction, const GroupId& id) {
  return transaction.scalar<std::int64_t>("select count(*) from group_members where group_id = $1", id)
      .value();
}

void insert_group_member(Transaction& transaction, const GroupId& id, const UserId& user) {
  transaction.execute("insert into group_members (group_id, user_id) values ($1, $2)", id, user);
  touch_place(transaction, id);
}

void delete_group_member(Transaction& transaction, const GroupId& id, const UserId& user) {
  transaction.execute("delete from group_members where group_id = $1 and user_id = $2", id, user);
  touch_place(transaction, id);
}

bool is_group_member(Transaction& transaction, const GroupId& id, const UserId& user) {
  return transaction
      .scalar<std::int64_t>("select 1 from group_members where group_id = $1 and user_id = $2", id, user)
      .has_value();
}

std::vector<UserId> member_ids_of(Transaction& transaction, const GroupId& id) {
  std::vector<UserId> ids;
  transaction.each(
      "select user_id from group_members where group_id = $1 order by user_id",
      [&](const Row& row) { read_row(row, ids.emplace_back()); }, id);
  return ids;
}

std::vector<GroupId> groups_of(Transaction& transaction, const UserId& user) {
  std::vector<GroupId> ids;
  transaction.each(
      "select group_id from group_members where user_id = $1 order by group_id",
      [&](const Row& row) { read_row(row, ids.emplace_back()); }, user);
  return ids;
}

std::vector<UserId> users_of(Transaction& transaction, const std::vector<Grantee>& grantees) {
  std::vector<UserId> users;
  for (const Grantee& grantee : grantees) {
    if (const auto* const user = std::get_if<UserId>(&grantee))
      users.push_back(*user);
    else
      std::ranges::copy(member_ids_of(transaction, std::get<GroupId>(grantee)), std::back_inserter(users));
  }
  std::ranges::sort(users);
  const auto twice = std::ranges::unique(users);
  users.erase(twice.begin(), twice.end());
  return users;
}

void leave_groups(Transaction& transaction, const UserId& user,
                  const std::optional<OrganizationId>& organization) {
  for (const GroupId& id : groups_of(transaction, user)) {
    const auto group = find_group(transaction, id);
    if (!organization || group->organization == organization) delete_group_member(transaction, id, user);
  }
  if (organization)
    transaction.execute(
        "delete from project_roles where grantee = $1 and project in "
        "(select id from projects where organization = $2)",
        user, *organization);
  else
    transaction.execute("delete from project_roles where grantee = $1", user);
}

}  // namespace latchkey::store
