// SPDX-License-Identifier: Apache-2.0
#include "store/streams.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<Consumer>{Code{Consumer::webhook, "WebHook"},
                                            Code{Consumer::splunk, "Splunk"},
                                            Code{Consumer::syslog, "Syslog"}, Code{Consumer::file, "File"}};
template <>
inline constexpr std::array codes<StreamState>{Code{StreamState::enabled, "enabled"},
                                               Code{StreamState::disabled_by_user, "disabledByUser"},
                                               Code{StreamState::disabled_by_system, "disabledBySystem"}};

namespace {

const std::string columns =
    "id, organization, consumer, name, inputs, secret, state, reason, position, resume, backfill_until, "
    "delivered_at, failures, last_error, next_attempt_at, created_at, updated_at";
const std::string select = "select " + columns + " from audit_streams where ";

void read_stream(const Row& row, AuditStream& stream) {
  auto& progress = stream.progress;
  read_row(row, stream.id, stream.organization, stream.consumer, stream.name, stream.inputs, stream.secret,
           stream.state, stream.reason, progress.position, progress.resume, progress.backfill_until,
           progress.delivered_at, progress.failures, progress.last_error, progress.next_attempt_at,
           stream.created_at, stream.updated_at);
}

}  // namespace

void insert_stream(Transaction& transaction, const AuditStream& stream) {
  const auto& progress = stream.progress;
  transaction.execute(
      "insert into audit_streams (" + columns +
          ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
      stream.id, stream.organization, stream.consumer, stream.name, stream.inputs, stream.secret,
      stream.state, stream.reason, progress.position, progress.resume, progress.backfill_until,
      progress.delivered_at, progress.failures, progress.last_error, progress.next_attempt_at,
      stream.created_at, stream.updated_at);
}

void update_stream(Transaction& transaction, const AuditStream& stream) {
  const auto& progress = stream.progress;
  transaction.execute(
      "update audit_streams set name = $1, inputs = $2, secret = $3, state = $4, reason = $5, position = $6, "
      "resume = $7, backfill_until = $8, failures = $9, last_error = $10, next_attempt_at = $11, "
      "updated_at = $12 where id = $13",
      stream.name, stream.inputs, stream.secret, stream.state, stream.reason, progress.position,
      progress.resume, progress.backfill_until, progress.failures, progress.last_error,
      progress.next_attempt_at, stream.updated_at, stream.id);
}

void delete_stream(Transaction& transaction, const StreamId& id) {
  transaction.execute("delete from audit_streams where id = $1", id);
}

void set_progress(Transaction& transaction, const StreamId& id, Time updated_at,
                  const StreamProgress& progress) {
  transaction.execute(
      "update audit_streams set position = $1, resume = $2, delivered_at = $3, failures = $4, last_error = "
      "$5, "
      "next_attempt_at = $6 where id = $7 and updated_at = $8",
      progress.position, progress.resume, progress.delivered_at, progress.failures, progress.last_error,
      progress.next_attempt_at, id, updated_at);
}

std::optional<AuditStream> find_stream(Transaction& transaction, const StreamId& id) {
  return transaction.one(select + "id = $1", read_stream, id);
}

std::vector<AuditStream> streams_of(Transaction& transaction,
                                    const std::optional<OrganizationId>& organization) {
  if (!organization)
    return transaction.all(select + "organization is null order by created_at, id", read_stream);
  return transaction.all(select + "organization = $1 order by created_at, id", read_stream, *organization);
}

std::vector<AuditStream> due_streams(Transaction& transaction, Time now, std::int64_t last) {
  return transaction.all(
      select + "state = 'enabled' and next_attempt_at <= $1 and position < $2 order by next_attempt_at",
      read_stream, now, last);
}

}  // namespace latchkey::store
