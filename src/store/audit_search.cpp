// SPDX-License-Identifier: Apache-2.0
#include "store/audit_search.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr char told[] =
    "select e.position, e.time, e.actor, e.organization, e.action, e.subject, e.data, e.address, e.agent, "
    "e.activity, e.correlation, e.previous, e.digest, u.display_name, u.email, o.name from audit_events e "
    "left join users u on u.id = e.actor left join organizations o on o.id = e.organization where ";

void read_told(const Row& row, AuditEventTold& one) {
  AuditEvent& event = one.event;
  std::optional<std::string> name, email, organization;
  read_row(row, event.position, event.time, event.actor, event.organization, event.action, event.subject,
           event.data, event.address, event.agent, event.activity, event.correlation, event.previous,
           event.digest, name, email, organization);
  one.actor_name = std::move(name).value_or("");
  one.actor_email = std::move(email).value_or("");
  one.organization_name = std::move(organization).value_or("");
}

void read_count(const Row& row, PartCount& count) { read_row(row, count.first, count.second); }
std::vector<PartCount> counts(Transaction& transaction, const AuditRange& range, std::int64_t part,
                              std::string_view which) {
  Sql sql("select (time - ", range.from);
  sql.add(") / ", part).add(", count(*) from audit_events where time >= ", range.from);
  sql.add(" and time < ", range.until)
      .add(" and organization = ", range.organization)
      .add(std::string(which) + " group by 1 order by 1");
  return transaction.all(sql, read_count);
}

void read_head(const Row& row, AuditHead& head) { read_row(row, head.position, head.digest); }

}  // namespace

std::vector<AuditEventTold> audit_page(Transaction& transaction, const AuditRange& range, bool latest_first,
                                       const std::optional<AuditPlace>& after, std::int64_t top) {
  Sql sql(std::string(told) + "e.time >= ", range.from);
  sql.add(" and e.time < ", range.until)
      .add(" and e.organization = ", range.organization)
      .add(" and e.subject = ", range.subject);
  if (after)
    sql.add(latest_first ? " and (e.time, e.position) < (" : " and (e.time, e.position) > (", after->time)
        .add(", ", after->position)
        .add(")");
  sql.add(
      latest_first ? " order by e.time desc, e.position desc limit " : " order by e.time, e.position limit ",
      top);
  return transaction.all(sql, read_told);
}

std::vector<PartCount> audit_counts(Transaction& transaction, const AuditRange& range, std::int64_t part) {
  return counts(transaction, range, part, "");
}

std::vector<PartCount> audit_refusal_counts(Transaction& transaction, const AuditRange& range,
                                            std::int64_t part) {
  // In the words of the index.
  return counts(transaction, range, part, " and action in ('Session.SignInFailed', 'Session.SignInsFailed')");
}

bool tells_refusal(std::string_view action) noexcept {
  return action == "Session.SignInFailed" || action == "Session.SignInsFailed";
}

std::vector<AuditEventTold> audit_after(Transaction& transaction, std::int64_t after, std::int64_t top) {
  Sql sql(std::string(told) + "e.position > ", after);
  return transaction.all(sql.add(" order by e.position limit ", top), read_told);
}

std::int64_t audit_position_before(Transaction& transaction, Time time) {
  const auto first = transaction.scalar<std::int64_t>(
      "select position from audit_events where time >= $1 order by time, position limit 1", time);
  return first ? *first - 1 : audit_head(transaction).position;
}

AuditHead audit_head(Transaction& transaction) {
  return transaction
      .one("select position, digest from audit_events order by position desc limit 1", read_head)
      .value_or(AuditHead{});
}

AuditHead audit_boundary(Transaction& transaction) {
  return transaction.one("select position, digest from audit_boundary where id = 1", read_head)
      .value_or(AuditHead{});
}

std::int64_t shorten_audit(Transaction& transaction, Time before, std::int64_t top) {
  // The chain is cut at one place: whatever stands behind an event that is kept is kept too.
  std::optional<AuditHead> cut;
  const std::int64_t from = audit_boundary(transaction).position, last = audit_head(transaction).position;
  bool kept = false;
  each_audit_event(transaction, from, top, [&](const AuditEvent& event) {
    kept = kept || event.time >= before || event.position == last;
    if (!kept) cut = {event.position, event.digest};
  });
  if (!cut) return 0;
  transaction.execute(
      "insert into audit_boundary (id, position, digest) values (1, $1, $2) on conflict (id) do update set "
      "position = excluded.position, digest = excluded.digest",
      cut->position, cut->digest);
  transaction.execute("delete from notices where event <= $1", cut->position);
  return transaction.execute("delete from audit_events where position <= $1", cut->position);
}

}  // namespace latchkey::store
