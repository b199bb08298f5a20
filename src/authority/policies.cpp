// SPDX-License-Identifier: Apache-2.0
#include "authority/policies.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "store/groups.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

const PolicyRule& rule_named(std::string_view name, bool of_server) {
  const PolicyRule* const rule = find_policy_rule(name, of_server);
  if (rule == nullptr)
    throw Refusal(RefusalCode::not_found, "There is no policy \"" + masked(name) + "\" " +
                                              (of_server ? "of the server." : "of an organization."));
  return *rule;
}

ShownPolicy shown(store::Transaction& transaction, Time now, const PolicyRule& rule,
                  std::optional<store::Policy> policy) {
  ShownPolicy one{.rule = &rule, .policy = std::move(policy)};
  if (!one.policy) {
    one.stage = rule.default_on ? PolicyStage::refuse : PolicyStage::off;
    return one;
  }
  one.stage = stage_of(*one.policy, now);
  for (const store::Grantee& grantee : one.policy->exceptions)
    one.exceptions.push_back(subject_of(transaction, grantee));
  one.changed_by = store::find_user(transaction, one.policy->changed_by);
  return one;
}

void check_dates(const PolicyRule& rule, const store::Policy& policy) {
  const std::array<std::pair<std::string_view, std::optional<Time>>, 4> dates{
      {{"reportFrom", policy.report_from},
       {"warnFrom", policy.warn_from},
       {"refuseFrom", policy.refuse_from},
       {"revokeFrom", policy.revoke_from}}};
  if (policy.revoke_from && !rule.revokes)
    throw Refusal(RefusalCode::invalid_value, "This policy revokes nothing: leave revokeFrom out.",
                  "revokeFrom");
  if (policy.revoke_from && !policy.refuse_from)
    throw Refusal(RefusalCode::invalid_value, "What is to be revoked must be refused first: give refuseFrom.",
                  "refuseFrom");
  std::optional<Time> before;
  for (const auto& [field, date] : dates) {
    if (before && date && *date < *before)
      throw Refusal(RefusalCode::invalid_value, std::string(field) + " lies before the stage before it.",
                    std::string(field));
    if (date) before = date;
  }
}

void check_exceptions(store::Transaction& transaction, const PolicyRule& rule, const store::Policy& policy) {
  if (!policy.exceptions.empty() && !rule.staged)
    throw Refusal(RefusalCode::invalid_value, "This policy has no exceptions.", "exceptions");
  const auto before = store::find_policy(transaction, policy.organization, policy.name);
  for (const store::Grantee& grantee : policy.exceptions) {
    // What is gone since may stay, and is shown as broken.
    const bool kept = before && std::ranges::find(before->exceptions, grantee) != before->exceptions.end();
    if (!kept) require_grantee(transaction, policy.organization, grantee, "exceptions");
  }
}

boost::json::object told(const store::Policy& policy) {
  boost::json::array exceptions;
  for (const store::Grantee& grantee : policy.exceptions)
    exceptions.emplace_back(std::string(store::kind_of(grantee)) + ":" + store::id_of(grantee).text());
  boost::json::object data{
      {"PolicyName", policy.name}, {"PolicyValue", policy.value}, {"Exceptions", std::move(exceptions)}};
  const std::pair<std::string_view, std::optional<Time>> dates[] = {{"ReportFrom", policy.report_from},
                                                                    {"WarnFrom", policy.warn_from},
                                                                    {"RefuseFrom", policy.refuse_from},
                                                                    {"RevokeFrom", policy.revoke_from}};
  for (const auto& [name, date] : dates)
    if (date) data[name] = iso8601(*date);
  return data;
}

}  // namespace

PolicyStage stage_of(const store::Policy& policy, Time now) noexcept {
  if (policy.value == "false") return PolicyStage::off;
  const std::pair<PolicyStage, std::optional<Time>> stages[] = {{PolicyStage::revoke, policy.revoke_from},
                                                                {PolicyStage::refuse, policy.refuse_from},
                                                                {PolicyStage::warn, policy.warn_from},
                                                                {PolicyStage::report, policy.report_from}};
  for (const auto& [stage, from] : stages)
    if (from && *from <= now) return stage;
  return PolicyStage::off;
}

store::Policy proposed_policy(store::Transaction& transaction, Time now, const Actor& actor,
                              const Place& organization, const PolicyChange& change) {
  const PolicyRule& rule = rule_named(change.name, !organization);
  const auto value = read_policy_value(rule, change.value);
  if (!value) throw Refusal(RefusalCode::invalid_value, value.error(), "value");
  store::Policy policy{.name = change.name,
                       .organization = organization,
                       .value = policy_value_text(rule, *value),
                       .report_from = change.report_from,
                       .warn_from = change.warn_from,
                       .refuse_from = change.refuse_from,
                       .revoke_from = change.revoke_from,
                       .exceptions = change.exceptions,
                       .changed_at = now,
                       .changed_by = actor.user};
  if (!rule.staged && (policy.report_from || policy.warn_from || policy.refuse_from || policy.revoke_from))
    throw Refusal(RefusalCode::invalid_value, "This policy is on or off: leave the dates out.", "refuseFrom");
  if (!policy.report_from && !policy.warn_from && !policy.refuse_from && !policy.revoke_from)
    policy.refuse_from = now;
  check_dates(rule, policy);
  check_exceptions(transaction, rule, policy);
  return policy;
}

std::vector<ShownPolicy> list_policies(Authority& authority, const Actor& actor, const Place& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, organization);
    std::vector<ShownPolicy> policies;
    for (const PolicyRule& rule : policy_rules())
      if (rule.of_server == !organization)
        policies.push_back(
            shown(transaction, now, rule, store::find_policy(transaction, organization, rule.name)));
    return policies;
  });
}

ShownPolicy set_policy(Authority& authority, const Actor& actor, const Place& organization,
                       const PolicyChange& change) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, organization);
    store::Policy policy = proposed_policy(transaction, now, actor, organization, change);
    policy.event = record(transaction, now, actor, organization, "OrganizationPolicy.PolicyValueUpdated",
                          policy.name, told(policy));
    store::put_policy(transaction, policy);
    return shown(transaction, now, rule_named(policy.name, !organization), std::move(policy));
  });
}

ShownPolicy clear_policy(Authority& authority, const Actor& actor, const Place& organization,
                         std::string_view name) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, organization);
    const PolicyRule& rule = rule_named(name, !organization);
    const auto policy = store::find_policy(transaction, organization, name);
    if (policy && store::delete_policy(transaction, organization, name))
      record(transaction, now, actor, organization, "OrganizationPolicy.EnforcePolicyRemoved",
             std::string(name), told(*policy));
    return shown(transaction, now, rule, std::nullopt);
  });
}

}  // namespace latchkey::authority
