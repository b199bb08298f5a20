// SPDX-License-Identifier: Apache-2.0
#include "store/projects.hpp"

#include "store/names.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::string projects(std::string_view rest) {
  return std::string(
             "select id, organization, name, description, visibility, revision, created_at, updated_at "
             "from projects where ") += rest;
}
void read_project(const Row& row, Project& project) {
  read_row(row, project.id, project.organization, project.name, project.description, project.visibility,
           project.revision, project.created_at, project.updated_at);
}

void read_operation(const Row& row, Operation& operation) {
  read_row(row, operation.id, operation.creator, operation.kind, operation.created_at);
}

}  // namespace

void insert_project(Transaction& transaction, const Project& project) {
  transaction.execute(
      "insert into projects (id, organization, name, name_key, description, visibility, revision, "
      "created_at, "
      "updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      project.id, project.organization, project.name, folded(project.name), project.description,
      project.visibility, project.revision, project.created_at, project.updated_at);
}

void update_project(Transaction& transaction, const Project& project) {
  transaction.execute(
      "update projects set name = $1, name_key = $2, description = $3, visibility = $4, revision = $5, "
      "updated_at = $6 where id = $7",
      project.name, folded(project.name), project.description, project.visibility, project.revision,
      project.updated_at, project.id);
}

void delete_project(Transaction& transaction, const ProjectId& id) {
  transaction.execute("delete from builds where project = $1", id);
  transaction.execute("delete from repositories where project = $1", id);
  transaction.execute("delete from project_roles where project = $1", id);
  transaction.execute("delete from agent_queues where project = $1", id);
  transaction.execute("delete from projects where id = $1", id);
}

std::optional<Project> find_project(Transaction& transaction, const ProjectId& id) {
  return transaction.one(projects("id = $1"), read_project, id);
}

std::optional<Project> find_project_by_name(Transaction& transaction, const OrganizationId& organization,
                                            std::string_view name) {
  return transaction.one(projects("organization = $1 and name_key = $2"), read_project, organization,
                         name_key(name));
}

std::vector<Project> projects_of(Transaction& transaction, const OrganizationId& organization,
                                 std::int64_t skip, std::int64_t top) {
  return transaction.all(projects("organization = $1 order by name_key limit $2 offset $3"), read_project,
                         organization, top, skip);
}

void insert_operation(Transaction& transaction, const Operation& operation) {
  transaction.execute("insert into operations (id, creator, kind, created_at) values ($1, $2, $3, $4)",
                      operation.id, operation.creator, operation.kind, operation.created_at);
}

std::optional<Operation> find_operation(Transaction& transaction, const Uuid& id) {
  return transaction.one("select id, creator, kind, created_at from operations where id = $1", read_operation,
                         id);
}

}  // namespace latchkey::store
