// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>
#include <utility>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "authority/names.hpp"
#include "authority/projects.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t branch_longest = 255, commit_longest = 64;

// As Azure DevOps spells them.
constexpr std::array<std::string_view, 5> statuses{"notStarted", "inProgress", "completed", "cancelling",
                                                   "postponed"};
constexpr std::array<std::string_view, 4> results{"succeeded", "partiallySucceeded", "failed", "canceled"};
constexpr std::array<std::string_view, 11> reasons{
    "manual",          "individualCI",    "batchedCI",         "schedule",
    "scheduleForced",  "userCreated",     "validateShelveset", "pullRequest",
    "buildCompletion", "resourceTrigger", "triggered"};

std::string one_of(const std::string& value, std::span<const std::string_view> values,
                   std::string_view field) {
  if (std::ranges::find(values, value) != values.end()) return value;
  std::string sentence = "The " + std::string(field) + " must be one of";
  for (const std::string_view one : values) sentence.append(" ").append(one);
  throw Refusal(RefusalCode::invalid_value, sentence + ".", std::string(field));
}

// Once completed it stays so; it has a result exactly then; its times follow its status.
void apply(store::Build& build, const BuildEdit& edit, Time now) {
  if (edit.status) {
    const std::string status = one_of(*edit.status, statuses, "status");
    if (build.status == "completed" && status != "completed")
      throw Refusal(RefusalCode::invalid_value, "A completed build can't go on. Queue another.", "status");
    build.status = status;
  }
  if (edit.result) build.result = one_of(*edit.result, results, "result");
  const bool completed = build.status == "completed";
  if (build.result.has_value() != completed)
    throw Refusal(RefusalCode::invalid_value, "A build has a result when it is completed, and not before.",
                  "result");
  if ((build.status == "inProgress" || completed) && !build.started_at) build.started_at = now;
  if (completed && !build.finished_at) build.finished_at = now;
}

store::Project project_of(store::Transaction& transaction, const ProjectId& id) {
  auto project = store::find_project(transaction, id);
  if (!project) throw Refusal(RefusalCode::not_found, "The build's project does not exist any more.");
  return *std::move(project);
}

store::User requester_of(store::Transaction& transaction, const UserId& id) {
  auto user = store::find_user(transaction, id);
  if (!user) throw Refusal(RefusalCode::not_found, "The build's requester does not exist any more.");
  return *std::move(user);
}

BuildShown shown(store::Transaction& transaction, store::Build build) {
  auto project = project_of(transaction, build.project);
  auto user = requester_of(transaction, build.requested_by);
  return {.build = std::move(build), .project = std::move(project), .requested_by = std::move(user)};
}

store::Build build_for(store::Transaction& transaction, Time now, const Actor& actor, Act act,
                       const OrganizationId& organization, std::optional<std::string_view> project,
                       std::int64_t number) {
  auto build = store::find_build(transaction, organization, number);
  authorize(transaction, now, actor, act, organization, build ? std::optional(build->project) : std::nullopt);
  std::optional<ProjectId> in;
  if (project) in = project_in(transaction, organization, *project).id;
  if (!build || (in && build->project != *in))
    throw Refusal(RefusalCode::not_found, "The build does not exist, or you have no permission to see it.");
  return *std::move(build);
}

boost::json::object told(const store::Build& build) {
  return {
      {"BuildId", build.number}, {"BuildNumber", build.build_number},   {"PipelineName", build.definition},
      {"Status", build.status},  {"Result", build.result.value_or("")}, {"ProjectId", build.project.text()}};
}

}  // namespace

BuildShown create_build(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        std::string_view project, const NewBuild& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::Project in = project_for(transaction, now, actor, Act::contribute, organization, project);
    store::Build build = store::insert_build(
        transaction,
        {.id = BuildId::random(),
         .organization = organization,
         .project = in.id,
         .build_number = {},
         .definition = checked_text(request.definition, {"The definition", "definition"}),
         .status = "notStarted",
         .reason = request.reason.empty() ? "manual" : one_of(request.reason, reasons, "reason"),
         .branch = checked_text(request.branch, {"The branch", "sourceBranch", branch_longest, 0}),
         .commit = checked_text(request.commit, {"The commit", "sourceVersion", commit_longest, 0}),
         .result = {},
         .requested_by = actor.user,
         .queued_at = now,
         .started_at = {},
         .finished_at = {}});
    record(transaction, now, actor, organization, "Pipelines.RunQueued", build.id.text(), told(build));
    return shown(transaction, std::move(build));
  });
}

BuildShown edit_build(Authority& authority, const Actor& actor, const OrganizationId& organization,
                      std::optional<std::string_view> project, std::int64_t number, const BuildEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::Build build = build_for(transaction, now, actor, Act::contribute, organization, project, number);
    apply(build, edit, now);
    store::update_build(transaction, build);
    record(transaction, now, actor, organization, "Pipelines.RunUpdated", build.id.text(), told(build));
    return shown(transaction, std::move(build));
  });
}

BuildShown show_build(Authority& authority, const Actor& actor, const OrganizationId& organization,
                      std::optional<std::string_view> project, std::int64_t number) {
  return authority.store.read([&](store::Transaction& transaction) {
    return shown(transaction, build_for(transaction, authority.clock.now(), actor, Act::read_projects,
                                        organization, project, number));
  });
}

std::vector<BuildShown> list_builds(Authority& authority, const Actor& actor,
                                    const OrganizationId& organization,
                                    std::optional<std::string_view> project, store::BuildFilter filter) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::read_projects, organization);
    if (project) filter.project = project_in(transaction, organization, *project).id;
    std::unordered_map<ProjectId, store::Project> projects;
    std::unordered_map<UserId, store::User> users;
    std::vector<BuildShown> list;
    for (auto& build : store::builds_of(transaction, organization, filter)) {
      auto in = projects.find(build.project);
      if (in == projects.end())
        in = projects.emplace(build.project, project_of(transaction, build.project)).first;
      auto by = users.find(build.requested_by);
      if (by == users.end())
        by = users.emplace(build.requested_by, requester_of(transaction, build.requested_by)).first;
      list.push_back({.build = std::move(build), .project = in->second, .requested_by = by->second});
    }
    return list;
  });
}

}  // namespace latchkey::authority
