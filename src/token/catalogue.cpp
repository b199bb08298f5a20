// The catalogue of scopes, to be read and extended by hand, and what follows from it at compile time. A new
// scope is a row; a misspelled or circular inclusion does not compile.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "token/declared.hpp"

namespace latchkey::token {
namespace {

constexpr bool high = true, usual = false;  // privilege
constexpr bool hidden = false;              // known, not to be chosen

// id, category, access, description, directly included scopes [, privilege [, hidden]]
constexpr auto table = std::to_array<ScopeDescription>({
    {"latchkey.verify", "Latchkey", "Verify",
     "Ask whether the credential of another is good, and for what. Only a server administrator may choose "
     "it, "
     "and full access does not include it.",
     "", high},
    {"vso.advsec", "Advanced Security", "Read",
     "Read security alerts, their result instances and analysis result instances.", "", high},
    {"vso.advsec_write", "Advanced Security", "Read & write", "Upload SARIF analyses, plus read.",
     "vso.advsec", high},
    {"vso.advsec_manage", "Advanced Security", "Read, write, & manage",
     "Upload SARIF analyses and manage Advanced Security.", "vso.advsec_write", high},
    {"vso.agentpools", "Agent Pools", "Read",
     "View tasks, pools, queues, agents and the jobs agents run now or ran recently.", ""},
    {"vso.agentpools_manage", "Agent Pools", "Read & manage", "Manage pools, queues and agents.",
     "vso.agentpools", high},
    {"vso.environment_manage", "Environment", "Read & manage",
     "Manage pools, queues, agents and environments.", "vso.agentpools_manage", high},
    {"vso.analytics", "Analytics", "Read", "Query the analytics data.", ""},
    {"vso.auditlog", "Audit Log", "Read Audit Log", "Read the audit log.", ""},
    {"vso.auditstreams_manage", "Audit Log", "Manage Audit Streams", "Manage audit streams.", "vso.auditlog",
     high},
    {"vso.build", "Build", "Read",
     "Read builds, definitions and build requests; receive build events through service hooks.",
     "vso.hooks_write"},
    {"vso.build_execute", "Build", "Read & execute",
     "Everything in build read, plus queue builds and change build properties.", "vso.build", high},
    {"vso.code", "Code", "Read",
     "Read source and metadata of commits, changesets, branches; search code; receive version-control events "
     "through service hooks.",
     "vso.hooks_write"},
    {"vso.code_write", "Code", "Read & write",
     "Read, change and delete source; create and manage pull requests and code reviews; receive "
     "version-control events.",
     "vso.code", high},
    {"vso.code_manage", "Code", "Read, write, & manage",
     "As code write, plus create and manage repositories.", "vso.code_write", high},
    {"vso.code_full", "Code", "Full",
     "Full access to source and version-control metadata, repository management, and a limited part of the "
     "client object model APIs.",
     "vso.code_manage", high},
    {"vso.code_status", "Code", "Status", "Read and write commit and pull-request status.", ""},
    {"vso.connected_server", "Connected server", "Access endpoints",
     "Reach the endpoints an on-premises connected server needs.", ""},
    {"vso.entitlements", "Entitlements", "Read", "Read account entitlements from the licensing endpoint.",
     ""},
    {"vso.memberentitlementmanagement", "Member Entitlement Management", "Read",
     "Read users, their licences and the projects and extensions they may use.", ""},
    {"vso.memberentitlementmanagement_write", "Member Entitlement Management", "Read & write",
     "Manage users, their licences and the projects and extensions they may use.",
     "vso.memberentitlementmanagement", high},
    {"vso.extension", "Extensions", "Read", "Read the installed extensions.", "vso.profile"},
    {"vso.extension_manage", "Extensions", "Read & manage", "Install, remove and administer extensions.",
     "vso.extension", high},
    {"vso.extension.data", "Extension data", "Read",
     "Read settings and documents stored by installed extensions.", "vso.profile"},
    {"vso.extension.data_write", "Extension data", "Read & write",
     "Read and write settings and documents stored by installed extensions.", "vso.extension.data"},
    {"vso.githubconnections", "GitHub Connections", "Read",
     "Read GitHub connections and the data of GitHub repositories.", ""},
    {"vso.githubconnections_manage", "GitHub Connections", "Read & manage",
     "Read and manage GitHub connections and the data of GitHub repositories.", "vso.githubconnections",
     high},
    {"vso.graph", "Graph", "Read", "Read users, groups, scopes and group memberships.", ""},
    {"vso.graph_manage", "Graph", "Read & manage",
     "As graph read, plus add users and groups and manage memberships.", "vso.graph", high},
    {"vso.identity", "Identity", "Read", "Read identities and groups.", ""},
    {"vso.identity_manage", "Identity", "Read & manage", "Read, write and manage identities and groups.",
     "vso.identity", high},
    {"vso.machinegroup_manage", "Deployment Groups", "Read & manage",
     "Manage deployment groups and agent pools.", "vso.agentpools_manage", high},
    {"vso.gallery", "Marketplace", "Read", "Read public and private marketplace items and publishers.",
     "vso.profile"},
    {"vso.gallery_acquire", "Marketplace", "Acquire", "Marketplace read, plus acquire items.", "vso.gallery"},
    {"vso.gallery_publish", "Marketplace", "Publish",
     "Marketplace read, plus upload, update and share items.", "vso.gallery", high},
    {"vso.gallery_manage", "Marketplace", "Manage",
     "Marketplace read, plus publish and manage items and publishers.", "vso.gallery_publish", high},
    {"vso.notification", "Notifications", "Read",
     "Read subscriptions and event metadata, filterable field values included.", "vso.profile"},
    {"vso.notification_write", "Notifications", "Read & write",
     "Read and write subscriptions; read event metadata.", "vso.notification"},
    {"vso.notification_manage", "Notifications", "Read, write, & manage",
     "Read, write and manage subscriptions; read event metadata.", "vso.notification_write"},
    {"vso.notification_diagnostics", "Notifications", "Diagnostics",
     "Read notification diagnostic logs and switch diagnostics on for single subscriptions.",
     "vso.notification"},
    {"vso.packaging", "Packaging", "Read", "Read feeds and packages.", "vso.profile"},
    {"vso.packaging_write", "Packaging", "Read & write", "Create and read feeds and packages.",
     "vso.packaging", high},
    {"vso.packaging_manage", "Packaging", "Read, write, & manage",
     "Create, read, update and delete feeds and packages.", "vso.packaging_write", high},
    {"vso.pipelineresources_use", "Pipeline Resources", "Use",
     "Approve a pipeline's request to use a protected resource (agent pool, environment, queue, repository, "
     "secure file, service connection, variable group).",
     "", high},
    {"vso.pipelineresources_manage", "Pipeline Resources", "Use and manage",
     "Manage a protected resource or a pipeline's request to use one.", "vso.pipelineresources_use", high},
    {"vso.project", "Project and Team", "Read", "Read projects and teams.", ""},
    {"vso.project_write", "Project and Team", "Read & write", "Read and update projects and teams.",
     "vso.project"},
    {"vso.project_manage", "Project and Team", "Read, write, & manage",
     "Create, read, update and delete projects and teams.", "vso.project_write", high},
    {"vso.release", "Release", "Read", "Read releases, release definitions and release environments.",
     "vso.profile"},
    {"vso.release_execute", "Release", "Read, write, & execute",
     "Read and update release artifacts and queue new releases.", "vso.release", high},
    {"vso.release_manage", "Release", "Read, write, execute, & manage",
     "Read, update and delete release artifacts; queue and approve releases.", "vso.release_execute", high},
    {"vso.securefiles_read", "Secure Files", "Read", "Read secure files.", "", high},
    {"vso.securefiles_write", "Secure Files", "Read & create", "Read and create secure files.",
     "vso.securefiles_read", high},
    {"vso.securefiles_manage", "Secure Files", "Read, create, & manage",
     "Read, create and manage secure files.", "vso.securefiles_write", high},
    {"vso.security_manage", "Security", "Manage", "Read, write and manage security permissions.", "", high},
    {"vso.serviceendpoint", "Service Connections", "Read", "Read service endpoints.", "vso.profile"},
    {"vso.serviceendpoint_query", "Service Connections", "Read & query", "Read and query service endpoints.",
     "vso.serviceendpoint"},
    {"vso.serviceendpoint_manage", "Service Connections", "Read, query, & manage",
     "Read, query and manage service endpoints.", "vso.serviceendpoint_query", high},
    {"vso.hooks", "Service Hooks", "",
     "Read service-hook subscriptions and their metadata (events, consumers, actions).", "vso.profile", usual,
     hidden},
    {"vso.hooks_write", "Service Hooks", "",
     "Create and update service-hook subscriptions; read their metadata.", "vso.hooks", usual, hidden},
    {"vso.hooks_interact", "Service Hooks", "",
     "Interact with and act on events received through service hooks.", "vso.profile", usual, hidden},
    {"vso.settings", "Settings", "Read", "Read settings.", ""},
    {"vso.settings_write", "Settings", "Read & write", "Read and write settings.", "vso.settings"},
    {"vso.symbols", "Symbols", "Read", "Read symbols.", "vso.profile"},
    {"vso.symbols_write", "Symbols", "Read & write", "Read and write symbols.", "vso.symbols"},
    {"vso.symbols_manage", "Symbols", "Read, write, & manage", "Read, write and manage symbols.",
     "vso.symbols_write"},
    {"vso.taskgroups_read", "Task Groups", "Read", "Read task groups.", ""},
    {"vso.taskgroups_write", "Task Groups", "Read & create", "Read and create task groups.",
     "vso.taskgroups_read"},
    {"vso.taskgroups_manage", "Task Groups", "Read, create, & manage", "Read, create and manage task groups.",
     "vso.taskgroups_write", high},
    {"vso.dashboards", "Team Dashboard", "Read", "Read team dashboards.", ""},
    {"vso.dashboards_manage", "Team Dashboard", "Read & manage", "Manage team dashboards.", "vso.dashboards"},
    {"vso.test", "Test Management", "Read", "Read test plans, cases, results and related artifacts.",
     "vso.profile"},
    {"vso.test_write", "Test Management", "Read & write",
     "Read, create and update test plans, cases, results and related artifacts.", "vso.test"},
    {"vso.threads_full", "Pull Request Threads", "Read & write",
     "Read and write pull-request comment threads.", ""},
    {"vso.tokens", "Tokens", "Read & manage", "Let users manage delegated authorization tokens.", "", high},
    {"vso.tokenadministration", "Token Administration", "Read & manage",
     "Let organization administrators view and revoke existing tokens.", "", high},
    {"vso.profile", "User Profile", "Read",
     "Read the own profile, accounts, collections, projects, teams and other top-level artifacts.", ""},
    {"vso.profile_write", "User Profile", "Read & write", "Write the own profile.", "vso.profile"},
    {"vso.variablegroups_read", "Variable Groups", "Read", "Read variable groups.", ""},
    {"vso.variablegroups_write", "Variable Groups", "Read & create", "Read and create variable groups.",
     "vso.variablegroups_read"},
    {"vso.variablegroups_manage", "Variable Groups", "Read, create, & manage",
     "Read, create and manage variable groups.", "vso.variablegroups_write", high},
    {"vso.wiki", "Wiki", "Read", "Read wikis, their pages and attachments; search wiki pages.", ""},
    {"vso.wiki_write", "Wiki", "Read & write", "Read, create and update wikis, pages and attachments.",
     "vso.wiki"},
    {"vso.work", "Work Items", "Read",
     "Read work items, queries, boards, area and iteration paths and tracking metadata; run queries, search; "
     "receive work-item events through service hooks.",
     "vso.hooks_write"},
    {"vso.work_write", "Work Items", "Read & write",
     "Read, create and update work items and queries, update board metadata; run queries; receive work-item "
     "events.",
     "vso.work"},
    {"vso.work_full", "Work Items", "Read, write, & manage",
     "Full access to work items, queries, backlogs, plans and tracking metadata; receive work-item events.",
     "vso.work_write"},
    {"user_impersonation", "User Impersonation", "",
     "Full access to the REST APIs as the user; an OAuth delegated permission.", "", high, hidden},
    {"app_token", "Full access", "Full access", "Everything that its owner may do.", "", high},
    {"vso.pats", "Personal access tokens", "",
     "Read the personal access tokens of a user; an OAuth delegated permission.", "", usual, hidden},
    {"vso.pats_manage", "Personal access tokens", "",
     "Read and manage the personal access tokens of a user; an OAuth delegated permission.", "", high,
     hidden},
    {"vso.governance", "Component Governance", "", "Component Governance.", "", usual, hidden},
    {"vso.graph_write", "Graph", "", "As older specifications name it.", "", high, hidden},
    {"vso.chat_write", "Chat", "", "Chat in team rooms; legacy.", "", usual, hidden},
    {"vso.chat_manage", "Chat", "", "Manage chat in team rooms; legacy.", "vso.chat_write", usual, hidden},
});
static_assert(table.size() + declared_scopes_max <= ScopeSet::capacity);
static_assert(table[verify_scope.index()].id == "latchkey.verify");

constexpr std::optional<Scope> find(std::string_view id) noexcept {
  const auto row = std::ranges::find(table, id, &ScopeDescription::id);
  return row == table.end() ? std::nullopt
                            : std::optional(Scope(static_cast<std::size_t>(row - table.begin())));
}

consteval ScopeSet reach(Scope scope) {
  const ScopeDescription& row = table[scope.index()];
  if (row.id == full_access) return ScopeSet::full();
  ScopeSet set;
  set.add(scope);
  for (std::string_view rest = row.includes; !rest.empty();) set |= reach(find(next_id(rest)).value());
  return set;
}

constexpr auto closures = [] consteval {
  std::array<ScopeSet, table.size()> sets;
  for (std::size_t i = 0; i < table.size(); ++i) sets[i] = reach(Scope(i));
  return sets;
}();

}  // namespace

std::span<const ScopeDescription> catalogue() noexcept { return table; }

const ScopeDescription& describe(Scope scope) noexcept {
  return scope.index() < table.size() ? table[scope.index()] : describe_declared(scope);
}

std::optional<Scope> find_scope(std::string_view id) noexcept {
  const auto known = find(id);
  return known ? known : find_declared(id);
}

ScopeSet closure(const ScopeSet& chosen) noexcept {
  ScopeSet closed = chosen;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (chosen.contains(Scope(i))) closed |= closures[i];
  return closed |= declared_closure(chosen);
}

}  // namespace latchkey::token
