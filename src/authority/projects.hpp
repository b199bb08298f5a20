// Projects, repositories and builds. What a caller may not see is not_found, as if it were not there.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "store/directory.hpp"
#include "store/projects.hpp"

namespace latchkey::authority {

struct NewProject {
  std::string name, description;
  store::Visibility visibility = store::Visibility::private_;
};
struct ProjectEdit {
  std::optional<std::string> name, description;
  std::optional<store::Visibility> visibility;
};
struct ProjectActed {
  store::Project project;
  store::Operation operation;
};
// Names: 1 to 64 characters, none of / : \ ~ & % ; @ ' " ? < > | # $ * } { , + = [ ], not beginning or ending
// with a dot or an underscore, not reserved (App_Data, bin, web.config, _apis, ... as Azure DevOps has them);
// name_taken. A new project comes with a repository of its name, as there.
[[nodiscard]] ProjectActed create_project(Authority&, const Actor&, const OrganizationId&, const NewProject&);
[[nodiscard]] ProjectActed edit_project(Authority&, const Actor&, const OrganizationId&,
                                        std::string_view project, const ProjectEdit&);
[[nodiscard]] store::Operation delete_project(Authority&, const Actor&, const OrganizationId&,
                                              std::string_view project);
// `project` is a name in any case, or an id.
[[nodiscard]] store::Project show_project(Authority&, const Actor&, const OrganizationId&,
                                          std::string_view project);
[[nodiscard]] std::vector<store::Project> list_projects(Authority&, const Actor&, const OrganizationId&,
                                                        std::int64_t skip, std::int64_t top);
[[nodiscard]] store::Operation show_operation(Authority&, const Actor&,
                                              const Uuid& id);  // its creator's only

struct RepositoryShown {
  store::Repository repository;
  store::Project project;
};
struct RepositoryEdit {
  std::optional<std::string> name, default_branch;
  std::optional<bool> disabled;
};
[[nodiscard]] RepositoryShown create_repository(Authority&, const Actor&, const OrganizationId&,
                                                std::string_view project, std::string_view name);
// `project`: none when the repository is given by its id alone.
[[nodiscard]] RepositoryShown edit_repository(Authority&, const Actor&, const OrganizationId&,
                                              std::optional<std::string_view> project,
                                              std::string_view repository, const RepositoryEdit&);
void delete_repository(Authority&, const Actor&, const OrganizationId&,
                       std::optional<std::string_view> project, std::string_view repository);
[[nodiscard]] RepositoryShown show_repository(Authority&, const Actor&, const OrganizationId&,
                                              std::optional<std::string_view> project,
                                              std::string_view repository);
[[nodiscard]] std::vector<RepositoryShown> list_repositories(Authority&, const Actor&, const OrganizationId&,
                                                             std::optional<std::string_view> project);

// What Git needs to know before it begins: the repository, if the actor may fetch from (or push to) it.
// not_found: no such thing, or no permission to see it; forbidden: may see, not push; or the repository is
// disabled.
[[nodiscard]] store::Repository open_repository(Authority&, const Actor&, const OrganizationId&,
                                                std::string_view project, std::string_view repository,
                                                bool push);
// After a push: the branch that HEAD names now, and the bytes on disk.
void record_push(Authority&, const Actor&, const RepositoryId&, std::optional<std::string> default_branch,
                 std::int64_t size);

struct NewBuild {
  std::string definition, branch, commit, reason;
};
struct BuildEdit {
  std::optional<std::string> status, result;
};
struct BuildShown {
  store::Build build;
  store::Project project;
  store::User requested_by;
};
[[nodiscard]] BuildShown create_build(Authority&, const Actor&, const OrganizationId&,
                                      std::string_view project, const NewBuild&);
[[nodiscard]] BuildShown edit_build(Authority&, const Actor&, const OrganizationId&,
                                    std::optional<std::string_view> project, std::int64_t number,
                                    const BuildEdit&);
[[nodiscard]] BuildShown show_build(Authority&, const Actor&, const OrganizationId&,
                                    std::optional<std::string_view> project, std::int64_t number);
// `filter.project` is filled from `project`.
[[nodiscard]] std::vector<BuildShown> list_builds(Authority&, const Actor&, const OrganizationId&,
                                                  std::optional<std::string_view> project,
                                                  store::BuildFilter filter);

}  // namespace latchkey::authority
