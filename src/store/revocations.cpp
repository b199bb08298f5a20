// SPDX-License-Identifier: Apache-2.0
#include "store/revocations.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<RevocationState>{Code{RevocationState::running, "running"},
                                                   Code{RevocationState::done, "done"},
                                                   Code{RevocationState::failed, "failed"}};

namespace {

constexpr std::string_view select_revocations =
    "select id, organization, created_by, address, agent, activity, wanted, reason, ended_reason, state, "
    "total, "
    "done, created_at, finished_at, event from revocation_jobs where ";

void read_revocation(const Row& row, Revocation& job) {
  read_row(row, job.id, job.organization, job.created_by, job.address, job.agent, job.activity, job.wanted,
           job.reason, job.ended_reason, job.state, job.total, job.done, job.created_at, job.finished_at,
           job.event);
}

}  // namespace

void insert_revocation(Transaction& transaction, const Revocation& job) {
  transaction.execute(
      "insert into revocation_jobs (id, organization, created_by, address, agent, activity, wanted, reason, "
      "ended_reason, state, total, done, created_at, event) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
      "$11, $12, $13, $14)",
      job.id, job.organization, job.created_by, job.address, job.agent, job.activity, job.wanted, job.reason,
      job.ended_reason, job.state, job.total, job.done, job.created_at, job.event);
}

void name_tokens(Transaction& transaction, const RevocationId& id, std::span<const TokenId> tokens) {
  for (const TokenId& token : tokens)
    transaction.execute(
        "insert into revocation_job_tokens (job, token) values ($1, $2) on conflict (job, token) do nothing",
        id, token);
}

std::vector<TokenId> named_tokens(Transaction& transaction, const RevocationId& id, std::int64_t top) {
  constexpr auto read_id = [](const Row& row, TokenId& token) { read_row(row, token); };
  return transaction.all<TokenId>("select token from revocation_job_tokens where job = $1 limit $2", read_id,
                                  id, top);
}

void forget_named_token(Transaction& transaction, const RevocationId& id, const TokenId& token) {
  transaction.execute("delete from revocation_job_tokens where job = $1 and token = $2", id, token);
}

void add_revoked(Transaction& transaction, const RevocationId& id, std::int64_t count) {
  transaction.execute("update revocation_jobs set done = done + $1 where id = $2", count, id);
}

void finish_revocation(Transaction& transaction, const RevocationId& id, RevocationState state, Time now) {
  transaction.execute(
      "update revocation_jobs set state = $1, finished_at = $2 where id = $3 and state = 'running'", state,
      now, id);
  transaction.execute("delete from revocation_job_tokens where job = $1", id);
}

std::optional<Revocation> find_revocation(Transaction& transaction, const RevocationId& id) {
  return transaction.one(std::string(select_revocations) += "id = $1", read_revocation, id);
}

std::optional<Revocation> oldest_running_revocation(Transaction& transaction) {
  return transaction.one(std::string(select_revocations) += "state = 'running' order by created_at limit 1",
                         read_revocation);
}

std::vector<Revocation> revocations(Transaction& transaction,
                                    const std::optional<OrganizationId>& organization,
                                    const std::optional<RevocationId>& after, std::int64_t top) {
  Sql sql = organization
                ? Sql(std::string(select_revocations) += "organization = ", *organization)
                : Sql(std::string(select_revocations) += "organization is null and 1 = ", std::int64_t{1});
  sql.add(after ? " and (created_at, id) < (select created_at, id from revocation_jobs where id = " : "",
          after)
      .add(after ? ")" : "")
      .add(" order by created_at desc, id desc limit ", top);
  return transaction.all(sql, read_revocation);
}

}  // namespace latchkey::store
