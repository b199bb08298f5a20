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

bool refuses(const store::Policy& policy, Time now) noexcept {
  return policy.refuse_from && *policy.refuse_from <= now && policy.value != "false";
}

bool packages_suffice(store::Transaction& transaction, const OrganizationId& organization, Time now) {
  const auto policy = store::find_policy(transaction, organization, "allow-packaging-only");
  return policy && refuses(*policy, now);
}

void require_policies(Authority& authority, store::Transaction& transaction, Time now,
                      const store::Token& token, const std::optional<OrganizationId>& organization,
                      bool makes) {
  const auto place = token.organization ? token.organization : organization;
  const auto policies = authority.policies.policies_for(transaction, place);
  JudgedToken about = judged(token);
  for (const ReadPolicy& one : *policies) {
    if (!judges_what_is_made(*one.rule) || !binds(transaction, now, token.owner, one.policy)) continue;
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

std::optional<std::chrono::days> longest_life(Authority& authority, store::Transaction& transaction, Time now,
                                              const UserId& owner) {
  const auto policies = authority.policies.policies_for(transaction, {});
  const auto found = std::ranges::find(*policies, "maximum-lifespan-days",
                                       [](const ReadPolicy& one) { return one.rule->name; });
  if (found == policies->end() || !binds(transaction, now, owner, found->policy)) return std::nullopt;
  return std::chrono::days(found->value.number);
}

PolicyHints policy_hints(Authority& authority, const UserId& user, const OrganizationId& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    PolicyHints hints{
        .live_tokens = store::count_live_tokens(transaction, user, organization, now, counted_most),
        .ask = store::organization_administrators(transaction, organization, asked_people)};
    const auto policies = authority.policies.policies_for(transaction, organization);
    for (const ReadPolicy& one : *policies) {
      if (!binds(transaction, now, user, one.policy)) continue;
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
