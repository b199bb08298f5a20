// SPDX-License-Identifier: Apache-2.0
#include "token/groups.hpp"

#include <algorithm>
#include <array>

#include "token/declared.hpp"

namespace latchkey::token {
namespace {

struct GroupRow {
  std::string_view title, description;
  bool common = false;
};

// In the order in which they are shown: categories of the catalogue, and what an operator declares.
constexpr auto group_rows = std::to_array<GroupRow>({
    {"Code", "Repositories, commits, branches, Git over HTTPS", true},
    {"Build", "Definitions, queues, results", true},
    {"Packaging", "Feeds and packages", true},
    {"Work Items", "Work items, queries, boards, plans", true},
    {"Project and Team", "Projects, teams, their settings", true},
    {"Release", "Release definitions, environments, approvals", true},
    {"Test Management", "Test plans, cases, results", true},
    {"Declared", "Services behind this server, as its operator declared them", true},
    {"Advanced Security", "Security alerts and analyses"},
    {"Agent Pools", "Pools, queues, agents, jobs"},
    {"Analytics", "Analytics queries"},
    {"Audit Log", "The audit log and its streams"},
    {"Connected server", "Endpoints of a connected on-premises server"},
    {"Deployment Groups", "Deployment groups and their agents"},
    {"Entitlements", "Licences of the account"},
    {"Environment", "Environments and their resources"},
    {"Extension data", "Settings and documents of extensions"},
    {"Extensions", "Installed extensions"},
    {"GitHub Connections", "Connections to GitHub repositories"},
    {"Graph", "Users, groups, memberships"},
    {"Identity", "Identities and groups"},
    {"Latchkey", "What services ask about the credentials of others"},
    {"Marketplace", "Marketplace items and publishers"},
    {"Member Entitlement Management", "Users, their licences and extensions"},
    {"Notifications", "Subscriptions and event metadata"},
    {"Pipeline Resources", "Protected resources of pipelines"},
    {"Pull Request Threads", "Comments on pull requests"},
    {"Secure Files", "Secure files of pipelines"},
    {"Security", "Permissions"},
    {"Service Connections", "Service endpoints"},
    {"Settings", "Settings"},
    {"Symbols", "Symbol files"},
    {"Task Groups", "Task groups of pipelines"},
    {"Team Dashboard", "Dashboards of teams"},
    {"Token Administration", "Tokens of the organization's people"},
    {"Tokens", "Delegated authorization tokens"},
    {"User Profile", "Your own profile"},
    {"Variable Groups", "Variable groups of pipelines"},
    {"Wiki", "Wikis, their pages and attachments"},
});

bool can_be_chosen(Scope scope) {
  const auto& row = describe(scope);
  return row.offered && row.id != full_access;
}

std::vector<Scope> all_to_choose() {
  std::vector<Scope> scopes;
  for (std::size_t i = 0; i < catalogue().size() + declared_scopes(); ++i)
    if (can_be_chosen(Scope(i))) scopes.emplace_back(i);
  return scopes;
}

// The longest chain that ends with the scope and stays in its group, from least to most.
std::vector<Scope> chain_to(Scope scope) {
  std::vector<Scope> longest;
  for (std::string_view rest = describe(scope).includes; !rest.empty();) {
    const auto below = find_scope(next_id(rest));
    if (!below || describe(*below).category != describe(scope).category || !can_be_chosen(*below)) continue;
    if (auto chain = chain_to(*below); chain.size() > longest.size()) longest = std::move(chain);
  }
  longest.push_back(scope);
  return longest;
}

std::vector<GroupedScope> levels(const std::vector<Scope>& scopes) {
  std::vector<Scope> ladder;
  for (const Scope scope : scopes)
    if (auto chain = chain_to(scope); chain.size() > ladder.size()) ladder = std::move(chain);
  if (ladder.size() < 2) ladder.clear();  // one step is no ladder
  std::vector<GroupedScope> grouped;
  grouped.reserve(scopes.size());
  for (const Scope scope : ladder) grouped.push_back({.scope = scope, .ladder = true});
  for (const Scope scope : scopes)
    if (std::ranges::find(ladder, scope) == ladder.end()) grouped.push_back({.scope = scope});
  return grouped;
}

ScopeSet closure_of(Scope scope) {
  ScopeSet set;
  set.add(scope);
  return closure(set);
}

std::size_t size_of(const ScopeSet& set) {
  std::size_t size = 0;
  set.each([&](Scope) { ++size; });
  return size;
}

// What can be chosen, is held, and holds `needed`: itself, or the least that does.
std::optional<Scope> stand_in(Scope needed, const ScopeSet& held) {
  if (can_be_chosen(needed)) return needed;
  std::optional<Scope> least;
  for (const Scope scope : all_to_choose())
    if (held.contains(scope) && closure_of(scope).contains(needed) &&
        (!least || size_of(closure_of(scope)) < size_of(closure_of(*least))))
      least = scope;
  return least;
}

}  // namespace

std::vector<ScopeGroup> scope_groups() {
  const auto scopes = all_to_choose();
  std::vector<ScopeGroup> groups;
  for (const GroupRow& row : group_rows) {
    std::vector<Scope> of_group;
    std::ranges::copy_if(scopes, std::back_inserter(of_group),
                         [&](Scope scope) { return describe(scope).category == row.title; });
    if (of_group.empty()) continue;
    groups.push_back({.title = row.title,
                      .description = row.description,
                      .common = row.common,
                      .scopes = levels(of_group)});
  }
  return groups;
}

std::optional<std::string> least_scopes(std::string_view held_text, const ScopeSet& needed) {
  const ScopeSet held = kept_scopes(held_text);
  if (needed.empty() || needed.contains(*find_scope(full_access))) return std::nullopt;
  ScopeSet enough;
  bool found = true;
  needed.each([&](Scope scope) {
    if (!held.contains(scope)) return;
    const auto chosen = stand_in(scope, held);
    found = found && chosen.has_value();
    if (chosen) enough.add(*chosen);
  });
  ScopeSet least;
  enough.each([&](Scope scope) {
    bool included = false;
    enough.each([&](Scope other) { included |= other != scope && closure_of(other).contains(scope); });
    if (!included) least.add(scope);
  });
  const ScopeSet closed = closure(least);
  if (!found || least.empty() || closed == held || !held.includes(closed)) return std::nullopt;
  return scope_ids(least);
}

}  // namespace latchkey::token
