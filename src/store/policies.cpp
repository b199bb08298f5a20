// SPDX-License-Identifier: Apache-2.0
#include "store/policies.hpp"

#include <algorithm>

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view columns =
    "select name, organization, value, report_from, warn_from, refuse_from, revoke_from, exceptions, "
    "changed_at, changed_by, event";

// A place as the key has it: the organization's id, or "server".
std::string place_of(const std::optional<OrganizationId>& organization) {
  return organization ? organization->text() : "server";
}

// "user:… group:…"
std::string text_of(const std::vector<Grantee>& grantees) {
  std::string text;
  for (const Grantee& grantee : grantees)
    text.append(text.empty() ? "" : " ").append(kind_of(grantee)).append(":").append(id_of(grantee).text());
  return text;
}

std::vector<Grantee> grantees_in(std::string_view text) {
  std::vector<Grantee> grantees;
  while (!text.empty()) {
    const auto one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto colon = one.find(':');
    const auto id = Uuid::parse(one.substr(std::min(one.size(), colon + 1)));
    const auto grantee = id ? grantee_of(one.substr(0, colon), *id) : std::nullopt;
    if (!grantee) throw Error(ErrorKind::broken, "a policy's exception can't be read: restore a backup");
    grantees.push_back(*grantee);
  }
  return grantees;
}

void read_policy(const Row& row, Policy& policy) {
  std::string exceptions;
  read_row(row, policy.name, policy.organization, policy.value, policy.report_from, policy.warn_from,
           policy.refuse_from, policy.revoke_from, exceptions, policy.changed_at, policy.changed_by,
           policy.event);
  policy.exceptions = grantees_in(exceptions);
}

void read_judged(const Row& row, Policy& policy) {
  std::string exceptions;
  read_row(row, policy.name, policy.organization, policy.value, policy.refuse_from, exceptions);
  policy.exceptions = grantees_in(exceptions);
}

void set_changed(Transaction& transaction, const std::optional<OrganizationId>& organization) {
  transaction.execute(
      "insert into settings (name, value) values ('policies', $1) on conflict (name) do update set value = "
      "excluded.value",
      Uuid::random().text());
  if (organization) transaction.touch(*organization);
}

std::string done_column(CarriedStage stage) {
  return stage == CarriedStage::warn ? "warn_done" : "revoke_done";
}

std::optional<DuePolicy> next_due(Transaction& transaction, CarriedStage stage, Time now) {
  const std::string from = stage == CarriedStage::warn ? "warn_from" : "revoke_from";
  auto policy = transaction.one(std::string(columns) + " from policies where " + from + " <= $1 and " +
                                    done_column(stage) + " = 0 order by " + from + " limit 1",
                                read_policy, now);
  if (!policy) return std::nullopt;
  return DuePolicy{*std::move(policy), stage};
}

}  // namespace

void put_policy(Transaction& transaction, const Policy& policy) {
  transaction.execute(
      "insert into policies (name, place, organization, value, report_from, warn_from, refuse_from, "
      "revoke_from, exceptions, changed_at, changed_by, event) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (place, name) do update set "
      "value = excluded.value, report_from = excluded.report_from, warn_from = excluded.warn_from, "
      "refuse_from = excluded.refuse_from, revoke_from = excluded.revoke_from, "
      "exceptions = excluded.exceptions, changed_at = excluded.changed_at, "
      "changed_by = excluded.changed_by, event = excluded.event, warn_done = 0, revoke_done = 0",
      policy.name, place_of(policy.organization), policy.organization, policy.value, policy.report_from,
      policy.warn_from, policy.refuse_from, policy.revoke_from, text_of(policy.exceptions), policy.changed_at,
      policy.changed_by, policy.event);
  set_changed(transaction, policy.organization);
}

bool delete_policy(Transaction& transaction, const std::optional<OrganizationId>& organization,
                   std::string_view name) {
  const bool was = transaction.execute("delete from policies where name = $1 and place = $2", name,
                                       place_of(organization)) > 0;
  if (was) set_changed(transaction, organization);
  return was;
}

std::optional<Policy> find_policy(Transaction& transaction, const std::optional<OrganizationId>& organization,
                                  std::string_view name) {
  return transaction.one(std::string(columns) + " from policies where name = $1 and place = $2", read_policy,
                         name, place_of(organization));
}

std::vector<Policy> policies_of(Transaction& transaction, const std::optional<OrganizationId>& organization) {
  return transaction.all(std::string(columns) + " from policies where place = $1 order by name", read_policy,
                         place_of(organization));
}

std::vector<Policy> policies_for(Transaction& transaction,
                                 const std::optional<OrganizationId>& organization) {
  // In two parts: an `in`, an `or`, or an order would sort for each creation of a token.
  constexpr std::string_view judged =
      "select name, organization, value, refuse_from, exceptions from policies where place = ";
  std::string sql = std::string(judged) += "'server'";
  if (!organization) return transaction.all(sql, read_judged);
  sql.append(" union all ").append(judged).append("$1");
  return transaction.all(sql, read_judged, place_of(organization));
}

std::string policies_version(Transaction& transaction) {
  return transaction.scalar<std::string>("select value from settings where name = 'policies'").value_or("");
}

std::vector<OrganizationId> organizations_with_policy(Transaction& transaction, std::string_view name) {
  std::vector<OrganizationId> organizations;
  transaction.each(
      "select organization from policies where name = $1 and organization is not null",
      [&](const Row& row) { read_row(row, organizations.emplace_back()); }, name);
  return organizations;
}

bool is_excepted(Transaction& transaction, const Policy& policy, const UserId& user) {
  return std::ranges::any_of(policy.exceptions, [&](const Grantee& grantee) {
    const auto* group = std::get_if<GroupId>(&grantee);
    return group != nullptr ? is_group_member(transaction, *group, user) : grantee == Grantee(user);
  });
}

std::optional<DuePolicy> next_due_policy(Transaction& transaction, Time now) {
  auto due = next_due(transaction, CarriedStage::warn, now);
  return due ? due : next_due(transaction, CarriedStage::revoke, now);
}

void set_carried_out(Transaction& transaction, const DuePolicy& due) {
  transaction.execute(
      "update policies set " + done_column(due.stage) + " = 1 where name = $1 and place = $2 and event = $3",
      due.policy.name, place_of(due.policy.organization), due.policy.event);
}

}  // namespace latchkey::store
