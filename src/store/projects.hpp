// Projects, repositories, builds. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

enum class Visibility : std::uint8_t { private_ = 1, public_ };

struct Project {
  ProjectId id;
  OrganizationId organization;
  std::string name, description;
  Visibility visibility = Visibility::private_;
  std::int64_t revision = 1;
  Time created_at, updated_at;
};
void insert_project(Transaction&, const Project&);
void update_project(Transaction&, const Project&);    // name, description, visibility, revision, updated_at
void delete_project(Transaction&, const ProjectId&);  // with all that is in it
[[nodiscard]] std::optional<Project> find_project(Transaction&, const ProjectId&);
[[nodiscard]] std::optional<Project> find_project_by_name(Transaction&, const OrganizationId&,
                                                          std::string_view name);
[[nodiscard]] std::vector<Project> projects_of(Transaction&, const OrganizationId&, std::int64_t skip,
                                               std::int64_t top);

// An act on a project that clients poll (core/projects with operations): already succeeded when they learn of
// it.
struct Operation {
  Uuid id;
  UserId creator;
  std::string kind;
  Time created_at;
};
void insert_operation(Transaction&, const Operation&);
[[nodiscard]] std::optional<Operation> find_operation(Transaction&, const Uuid& id);

struct Repository {
  RepositoryId id;
  ProjectId project;
  std::string name;
  std::optional<std::string> default_branch;  // "refs/heads/main"; none before the first push
  bool disabled = false;
  std::int64_t size = 0;  // bytes on disk, as last counted
  Time created_at;
};
void insert_repository(Transaction&, const Repository&);
void update_repository(Transaction&, const Repository&);  // name, default_branch, disabled, size
void delete_repository(Transaction&, const RepositoryId&);
[[nodiscard]] std::optional<Repository> find_repository(Transaction&, const RepositoryId&);
[[nodiscard]] std::optional<Repository> find_repository_by_name(Transaction&, const ProjectId&,
                                                                std::string_view name);
[[nodiscard]] std::vector<Repository> repositories_of_project(Transaction&, const ProjectId&,
                                                              std::int64_t top);
[[nodiscard]] std::vector<Repository> repositories_of_organization(Transaction&, const OrganizationId&,
                                                                   std::int64_t top);

// Values as Azure DevOps spells them: status notStarted, inProgress, completed, ...; result succeeded,
// failed, ...
struct Build {
  BuildId id;
  OrganizationId organization;
  ProjectId project;
  std::int64_t number = 0;   // unique in the organization: the wire's id; given by insert_build
  std::string build_number;  // "20261124.1"
  std::string definition, status, reason, branch, commit;
  std::optional<std::string> result;
  UserId requested_by;
  Time queued_at;
  std::optional<Time> started_at, finished_at;
};
// Gives the next number of the organization, and a build number that counts within the day of the project.
[[nodiscard]] Build insert_build(Transaction&, Build);
void update_build(Transaction&, const Build&);  // status, result, started_at, finished_at
[[nodiscard]] std::optional<Build> find_build(Transaction&, const OrganizationId&, std::int64_t number);
struct BuildFilter {
  std::optional<ProjectId> project{};
  std::vector<std::int64_t> numbers{};  // empty: any
  std::optional<std::string> definition{}, build_number{}, branch{}, reason{};
  std::vector<std::string> statuses{}, results{};  // empty: any
  std::optional<UserId> requested_for{};
  std::optional<Time> queued_from{}, queued_to{};
  std::optional<std::int64_t> before_number{};  // the cursor: newest first
  std::int64_t top = 1000;
};
[[nodiscard]] std::vector<Build> builds_of(Transaction&, const OrganizationId&, const BuildFilter&);

}  // namespace latchkey::store
