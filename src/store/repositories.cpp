// SPDX-License-Identifier: Apache-2.0
#include "store/names.hpp"
#include "store/projects.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::string repositories(std::string_view rest) {
  return std::string(
             "select r.id, r.project, r.name, r.default_branch, r.disabled, r.size, r.created_at from "
             "repositories r ") += rest;
}
void read_repository(const Row& row, Repository& repository) {
  read_row(row, repository.id, repository.project, repository.name, repository.default_branch,
           repository.disabled, repository.size, repository.created_at);
}

}  // namespace

void insert_repository(Transaction& transaction, const Repository& repository) {
  transaction.execute(
      "insert into repositories (id, project, name, name_key, default_branch, disabled, size, created_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8)",
      repository.id, repository.project, repository.name, folded(repository.name), repository.default_branch,
      repository.disabled, repository.size, repository.created_at);
}

void update_repository(Transaction& transaction, const Repository& repository) {
  transaction.execute(
      "update repositories set name = $1, name_key = $2, default_branch = $3, disabled = $4, size = $5 where "
      "id = $6",
      repository.name, folded(repository.name), repository.default_branch, repository.disabled,
      repository.size, repository.id);
}

void delete_repository(Transaction& transaction, const RepositoryId& id) {
  transaction.execute("delete from repositories where id = $1", id);
}

std::optional<Repository> find_repository(Transaction& transaction, const RepositoryId& id) {
  return transaction.one(repositories("where r.id = $1"), read_repository, id);
}

std::optional<Repository> find_repository_by_name(Transaction& transaction, const ProjectId& project,
                                                  std::string_view name) {
  return transaction.one(repositories("where r.project = $1 and r.name_key = $2"), read_repository, project,
                         name_key(name));
}

std::vector<Repository> repositories_of_project(Transaction& transaction, const ProjectId& project,
                                                std::int64_t top) {
  return transaction.all(repositories("where r.project = $1 order by r.name_key limit $2"), read_repository,
                         project, top);
}

std::vector<Repository> repositories_of_organization(Transaction& transaction,
                                                     const OrganizationId& organization, std::int64_t top) {
  return transaction.all(repositories("join projects p on p.id = r.project where p.organization = $1 "
                                      "order by p.name_key, r.name_key limit $2"),
                         read_repository, organization, top);
}

}  // namespace latchkey::store
