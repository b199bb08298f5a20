// SPDX-License-Identifier: Apache-2.0
#include "authority/policy_checks.hpp"

#include <algorithm>
#include <utility>

#include "base/refusal.hpp"
#include "store/errors.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t asked_people = 3;
constexpr std::int64_t counted_most = 10'000;  // of one's tokens: as many as a policy can allow

bool binds(store::Transaction& transaction, Time now, const UserId& user, const store::Policy& policy) {
  return refuses(policy, now) && !store::is_excepted(transaction, policy, user);
}

// Those in force at the place and for the server, of which the user is not excepted. The others' values are
// not read: each creation of a token comes by here.
std::vector<ReadPolicy> binding_policies(store::Transaction& transaction, Time now, const UserId& user,
                                         const std::optional<OrganizationId>& organization,
                                         bool (*wanted)(const PolicyRule&)) {
  std::vector<ReadPolicy> binding;
  for (store::Policy& policy : store::policies_for(transaction, organization)) {
    const PolicyRule* const rule = find_policy_rule(policy.name, !policy.organization);
    if ((rule == nullptr || wanted(*rule)) && binds(transaction, now, user, policy))
      binding.push_back(read_policy(std::move(policy)));
  }
  return binding;
}

// A token that is about to be renewed is being used: no rule about idle ones is.
bool judges_what_is_made(const PolicyRule& rule) {
  return rule.breach != nullptr && rule.name != "idle-days";
}

// "Ask Marta Oduya or Jon Dahl to add you to its exceptions."
std::string whom_to_ask(store::Transaction& transaction, const store::Policy& policy) {
  if (!policy.organization) return " Ask a server administrator to add you to the exceptions.";
  std::string names;
  for (const store::User& one :
       store::organization_administrators(transaction, *policy.organization, asked_people))
    names.append(names.empty() ? "" : " or ").append(one.display_name);
  return " Ask " + (names.empty() ? "an administrator" : names) + " to add you to the exceptions.";
}

JudgedToken judged(const store::Token& token) {
  return {.owner = token.owner,
          .organization = token.organization,
          .scopes = token::kept_scopes(token.scopes),
          .valid_from = token.valid_from,
          .valid_to = token.valid_to,
          .used_at = token.used_at,
          .signed_in_at = {}};
}

}  // namespace

ReadPolicy read_policy(store::Policy policy) {
  const PolicyRule* const rule = find_policy_rule(policy.name, !policy.organization);
  auto value = rule == nullptr ? std::unexpected("") : read_policy_value(*rule, policy.value);
  if (!value)
    throw store::Error(store::ErrorKind::broken,
                       "the policy " + policy.name +
                           " holds a value that this version can't read: set it anew, "
                           "or use a newer version");
  return {.policy = std::move(policy), .rule = rule, .value = *std::move(value)};
}

bool refuses(const store::Policy& policy, Time now) noexcept {
  return policy.refuse_from && *policy.refuse_from <= now && policy.value != "false";
}

bool packages_suffice(store::Transaction& transaction, const OrganizationId& organization, Time now) {
  const auto policy = store::find_policy(transaction, organization, "allow-packaging-only");
  return policy && refuses(*policy, now);
}

void require_policies(store::Transaction& transaction, Time now, const store::Token& token,
                      const std::optional<OrganizationId>& organization, bool makes) {
  const auto place = token.organization ? token.organization : organization;
  JudgedToken about = judged(token);
  for (const ReadPolicy& one : binding_policies(transaction, now, token.owner, place, judges_what_is_made)) {
    if (one.rule->name == "restrict-creation")
      about.packages_suffice = packages_suffice(transaction, *place, now);
    // Counted only where there may be too many: to look at so many rows of an index is what this costs.
    if (one.rule->name == "tokens-per-user" && makes &&
        store::has_live_tokens(transaction, token.owner, now, one.value.number))
      about.number = store::count_live_tokens(transaction, token.owner, *place, now, one.value.number) + 1;
    const auto why = one.rule->breach(one.value, about, now);
    if (!why.empty())
      throw Refusal(one.rule->code, why + whom_to_ask(transaction, one.policy), std::string(one.rule->field));
  }
}

std::optional<std::chrono::days> longest_life(store::Transaction& transaction, Time now,
                                              const UserId& owner) {
  auto policy = store::find_policy(transaction, {}, "maximum-lifespan-days");
  if (!policy || !binds(transaction, now, owner, *policy)) return std::nullopt;
  return std::chrono::days(read_policy(*std::move(policy)).value.number);
}

PolicyHints policy_hints(Authority& authority, const UserId& user, const OrganizationId& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    PolicyHints hints{
        .live_tokens = store::count_live_tokens(transaction, user, organization, now, counted_most),
        .ask = store::organization_administrators(transaction, organization, asked_people)};
    for (const ReadPolicy& one :
         binding_policies(transaction, now, user, organization, [](const PolicyRule&) { return true; })) {
      const auto said = [&](const JudgedToken& token) { return one.rule->breach(one.value, token, now); };
      const auto name = one.rule->name;
      if (name == "restrict-global-tokens") hints.no_global_tokens = said({.owner = user});
      if (name == "restrict-full-scope")
        hints.no_full_access = said({.owner = user, .scopes = token::ScopeSet::full()});
      if (name == "maximum-lifespan-days") hints.longest_days = one.value.number;
      if (name == "tokens-per-user") hints.most_tokens = one.value.number;
      if (name == "restrict-creation") {
        hints.packages_only = packages_suffice(transaction, organization, now);
        hints.no_creation = said({.owner = user,
                                  .organization = organization,
                                  .scopes = token::ScopeSet::full(),
                                  .packages_suffice = hints.packages_only});
      }
      if (name == "forbidden-scopes") {
        hints.forbidden_scopes = one.value.texts;
        hints.no_full_access = said({.owner = user, .scopes = token::ScopeSet::full()});
      }
    }
    return hints;
  });
}

}  // namespace latchkey::authority
