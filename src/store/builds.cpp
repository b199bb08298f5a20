// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "store/projects.hpp"
#include "store/sql.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::string builds(std::string_view rest) {
  return std::string(
             "select id, organization, project, number, build_number, definition, status, reason, branch, "
             "commit_id, "
             "result, requested_by, queued_at, started_at, finished_at from builds where ") += rest;
}
void read_build(const Row& row, Build& build) {
  read_row(row, build.id, build.organization, build.project, build.number, build.build_number,
           build.definition, build.status, build.reason, build.branch, build.commit, build.result,
           build.requested_by, build.queued_at, build.started_at, build.finished_at);
}

// "20261124.": counted within the day of the project, from the newest build on, so that no day is read as a
// whole.
std::string next_build_number(Transaction& transaction, const Build& build) {
  std::string day = iso_date(build.queued_at);
  std::erase(day, '-');
  day += '.';
  const auto newest = transaction.scalar<std::string>(
      "select build_number from builds where project = $1 and organization = $2 order by number desc limit 1",
      build.project, build.organization);
  int last = 0;
  if (newest && newest->starts_with(day))
    std::from_chars(newest->data() + day.size(), newest->data() + newest->size(), last);
  return day + std::to_string(last + 1);
}

}  // namespace

Build insert_build(Transaction& transaction, Build build) {
  build.number = transaction
                     .scalar<std::int64_t>(
                         "update organizations set last_build = last_build + 1 where id = $1 "
                         "returning last_build",
                         build.organization)
                     .value_or(0);  // no such organization: the foreign key says so below
  build.build_number = next_build_number(transaction, build);
  transaction.execute(
      "insert into builds (id, organization, project, number, build_number, definition, status, reason, "
      "branch, "
      "commit_id, result, requested_by, queued_at, started_at, finished_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      build.id, build.organization, build.project, build.number, build.build_number, build.definition,
      build.status, build.reason, build.branch, build.commit, build.result, build.requested_by,
      build.queued_at, build.started_at, build.finished_at);
  return build;
}

void update_build(Transaction& transaction, const Build& build) {
  transaction.execute(
      "update builds set status = $1, result = $2, started_at = $3, finished_at = $4 where id = $5",
      build.status, build.result, build.started_at, build.finished_at, build.id);
}

std::optional<Build> find_build(Transaction& transaction, const OrganizationId& organization,
                                std::int64_t number) {
  return transaction.one(builds("organization = $1 and number = $2"), read_build, organization, number);
}

std::vector<Build> builds_of(Transaction& transaction, const OrganizationId& organization,
                             const BuildFilter& filter) {
  Sql sql(builds("organization = "), organization);
  sql.add(" and project = ", filter.project).add_any("number", filter.numbers);
  sql.add(" and definition = ", filter.definition).add(" and build_number = ", filter.build_number);
  sql.add(" and branch = ", filter.branch).add(" and reason = ", filter.reason);
  sql.add_any("status", filter.statuses).add_any("result", filter.results);
  sql.add(" and requested_by = ", filter.requested_for);
  sql.add(" and queued_at >= ", filter.queued_from).add(" and queued_at <= ", filter.queued_to);
  sql.add(" and number < ", filter.before_number).add(" order by number desc limit ", filter.top);
  return transaction.all(sql, read_build);
}

}  // namespace latchkey::store
