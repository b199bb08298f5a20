// SPDX-License-Identifier: Apache-2.0
#include "authority/lookup.hpp"

#include <utility>

#include "base/refusal.hpp"
#include "base/text.hpp"

namespace latchkey::authority {
namespace {

std::optional<store::Project> find_project(store::Transaction& transaction, std::string_view project,
                                           const OrganizationId& organization) {
  if (const auto id = ProjectId::parse(project)) {
    auto found = store::find_project(transaction, *id);
    return found && found->organization == organization ? std::move(found) : std::nullopt;
  }
  const auto name = normalized(project);
  return name ? store::find_project_by_name(transaction, organization, *name) : std::nullopt;
}

// In the project alone, if there is one; else by its id alone.
std::optional<store::Repository> find_repository(store::Transaction& transaction, std::string_view repository,
                                                 const std::optional<store::Project>& project) {
  if (const auto id = RepositoryId::parse(repository)) {
    auto found = store::find_repository(transaction, *id);
    return found && (!project || found->project == project->id) ? std::move(found) : std::nullopt;
  }
  const auto name = normalized(repository);
  return name && project ? store::find_repository_by_name(transaction, project->id, *name) : std::nullopt;
}

}  // namespace

store::Project project_in(store::Transaction& transaction, const OrganizationId& organization,
                          std::string_view project) {
  if (auto found = find_project(transaction, project, organization)) return *std::move(found);
  throw Refusal(RefusalCode::not_found, "The project does not exist, or you have no permission to see it.");
}

std::optional<RepositoryShown> find_repository_in(store::Transaction& transaction,
                                                  const OrganizationId& organization,
                                                  std::optional<std::string_view> project,
                                                  std::string_view repository) {
  std::optional<store::Project> in;
  if (project) in = find_project(transaction, *project, organization);
  if (project && !in) return {};
  auto found = find_repository(transaction, repository, in);
  if (found && !in) in = store::find_project(transaction, found->project);
  if (!found || in->organization != organization) return {};
  return RepositoryShown{.repository = *std::move(found), .project = *std::move(in)};
}

store::Project project_for(store::Transaction& transaction, Time now, const Actor& actor, Act act,
                           const OrganizationId& organization, std::string_view project) {
  auto found = find_project(transaction, project, organization);
  authorize(transaction, now, actor, act, organization, found ? std::optional(found->id) : std::nullopt);
  return found ? *std::move(found) : project_in(transaction, organization, project);
}

RepositoryShown repository_for(store::Transaction& transaction, Time now, const Actor& actor, Act act,
                               const OrganizationId& organization, std::optional<std::string_view> project,
                               std::string_view repository) {
  auto found = find_repository_in(transaction, organization, project, repository);
  std::optional<store::Project> in;
  if (found)
    in = found->project;
  else if (project)
    in = find_project(transaction, *project, organization);
  authorize(transaction, now, actor, act, organization, in ? std::optional(in->id) : std::nullopt);
  return found ? *std::move(found) : repository_in(transaction, organization, project, repository);
}

RepositoryShown repository_in(store::Transaction& transaction, const OrganizationId& organization,
                              std::optional<std::string_view> project, std::string_view repository) {
  if (project) static_cast<void>(project_in(transaction, organization, *project));  // its refusal says more
  if (auto found = find_repository_in(transaction, organization, project, repository))
    return *std::move(found);
  throw Refusal(RefusalCode::not_found,
                "The repository does not exist, or you have no permission to see it.");
}

}  // namespace latchkey::authority
