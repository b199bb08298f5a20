// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>
#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "authority/names.hpp"
#include "authority/projects.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t branch_longest = 255;

// REQUIRES: a name that repository_name() made. `but`: the repository that may bear it already.
void require_free(store::Transaction& transaction, const ProjectId& project, const std::string& name,
                  const RepositoryId& but) {
  const auto found = store::find_repository_by_name(transaction, project, name);
  if (found && found->id != but)
    throw Refusal(RefusalCode::name_taken, "A repository of this name is there already. Choose another name.",
                  "name");
}

boost::json::object told(const store::Repository& repository) {
  return {{"RepoId", repository.id.text()},
          {"RepoName", repository.name},
          {"DefaultBranch", repository.default_branch.value_or("")},
          {"ProjectId", repository.project.text()}};
}

// The one event of an edit is named for the most telling of what changed.
std::string_view action_of(const store::Repository& before, const store::Repository& after) {
  if (before.name != after.name) return "Git.RepositoryRenamed";
  if (before.disabled != after.disabled)
    return after.disabled ? "Git.RepositoryDisabled" : "Git.RepositoryEnabled";
  return "Git.RepositoryDefaultBranchChanged";
}

}  // namespace

RepositoryShown create_repository(Authority& authority, const Actor& actor,
                                  const OrganizationId& organization, std::string_view project,
                                  std::string_view name) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::Project in = project_for(transaction, now, actor, Act::administer_projects, organization, project);
    store::Repository repository{.id = RepositoryId::random(),
                                 .project = in.id,
                                 .name = repository_name(name),
                                 .default_branch = {},
                                 .created_at = now};
    require_free(transaction, in.id, repository.name, repository.id);
    store::insert_repository(transaction, repository);
    record(transaction, now, actor, organization, "Git.RepositoryCreated", repository.id.text(),
           told(repository));
    return RepositoryShown{.repository = std::move(repository), .project = std::move(in)};
  });
}

RepositoryShown edit_repository(Authority& authority, const Actor& actor, const OrganizationId& organization,
                                std::optional<std::string_view> project, std::string_view which,
                                const RepositoryEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    RepositoryShown shown =
        repository_for(transaction, now, actor, Act::administer_projects, organization, project, which);
    const store::Repository before = shown.repository;
    store::Repository& after = shown.repository;
    if (edit.name) after.name = repository_name(*edit.name);
    if (edit.default_branch)
      after.default_branch =
          checked_text(*edit.default_branch, {"The default branch", "defaultBranch", branch_longest});
    if (edit.disabled) after.disabled = *edit.disabled;
    require_free(transaction, after.project, after.name, after.id);
    store::update_repository(transaction, after);

    auto data = told(after);
    data["PreviousRepoName"] = before.name;
    data["PreviousDefaultBranch"] = before.default_branch.value_or("");
    data["Disabled"] = after.disabled;
    record(transaction, now, actor, organization, action_of(before, after), after.id.text(), std::move(data));
    return shown;
  });
}

void delete_repository(Authority& authority, const Actor& actor, const OrganizationId& organization,
                       std::optional<std::string_view> project, std::string_view which) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::Repository repository =
        repository_for(transaction, now, actor, Act::administer_projects, organization, project, which)
            .repository;
    store::delete_repository(transaction, repository.id);
    record(transaction, now, actor, organization, "Git.RepositoryDeleted", repository.id.text(),
           told(repository));
    return std::monostate{};
  });
}

RepositoryShown show_repository(Authority& authority, const Actor& actor, const OrganizationId& organization,
                                std::optional<std::string_view> project, std::string_view which) {
  return authority.store.read([&](store::Transaction& transaction) {
    return repository_for(transaction, authority.clock.now(), actor, Act::read_projects, organization,
                          project, which);
  });
}

std::vector<RepositoryShown> list_repositories(Authority& authority, const Actor& actor,
                                               const OrganizationId& organization,
                                               std::optional<std::string_view> project) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::read_projects, organization);
    std::vector<RepositoryShown> shown;
    if (project) {
      const store::Project in = project_in(transaction, organization, *project);
      for (auto& repository : store::repositories_of_project(transaction, in.id, list_longest))
        shown.push_back({.repository = std::move(repository), .project = in});
      return shown;
    }
    std::unordered_map<ProjectId, store::Project> projects;
    for (auto& in : store::projects_of(transaction, organization, 0, list_longest))
      projects.emplace(in.id, in);
    for (auto& repository : store::repositories_of_organization(transaction, organization, list_longest))
      if (const auto in = projects.find(repository.project); in != projects.end())
        shown.push_back({.repository = std::move(repository), .project = in->second});
    return shown;
  });
}

store::Repository open_repository(Authority& authority, const Actor& actor,
                                  const OrganizationId& organization, std::string_view project,
                                  std::string_view which, bool push) {
  return authority.store.read([&](store::Transaction& transaction) {
    store::Repository repository =
        repository_for(transaction, authority.clock.now(), actor, push ? Act::contribute : Act::read_projects,
                       organization, project, which)
            .repository;
    if (repository.disabled)
      throw Refusal(RefusalCode::forbidden,
                    "The repository is disabled. An administrator can enable it again.");
    return repository;
  });
}

void record_push(Authority& authority, const Actor& actor, const RepositoryId& id,
                 std::optional<std::string> default_branch, std::int64_t size) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    // Nobody is asked: the refs have moved, under a right that was good when they did.
    auto repository = store::find_repository(transaction, id);
    if (!repository) throw Refusal(RefusalCode::not_found, "The repository was deleted.");
    const auto project = store::find_project(transaction, repository->project);
    repository->default_branch = default_branch;
    repository->size = size;
    store::update_repository(transaction, *repository);
    record(transaction, now, actor, project->organization, "Git.Push", id.text(), told(*repository));
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
