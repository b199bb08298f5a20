// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

#include <algorithm>
#include <span>

#include "store/insertion.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

[[nodiscard]] static Value value_of(Channel channel) { return static_cast<std::int64_t>(channel); }
// Bytes, though there are none of mail: a pointer to nothing would be null.
[[nodiscard]] static Value value_of(const Queue& queue) {
  static constexpr std::byte none{};
  return queue.organization ? value_of(*queue.organization) : Value(std::span(&none, 0));
}

namespace {

const std::string columns =
    "o.notice, o.channel, case when o.channel = 1 then null else o.organization end, o.attempts, "
    "o.last_error, o.next_at, o.created_at";
constexpr std::int64_t together = 1000;  // rows that one statement writes at most

void read_outbox_row(const Row& row, OutboxRow& one) {
  std::int64_t channel = 0;
  read_row(row, one.notice, channel, one.organization, one.attempts, one.last_error, one.next_at,
           one.created_at);
  one.channel = static_cast<Channel>(channel);
}

void read_undeliverable(const Row& row, Undeliverable& one) {
  std::int64_t channel = 0;
  std::optional<std::string> token_name;
  read_row(row, one.row.notice, channel, one.row.organization, one.row.attempts, one.row.last_error,
           one.row.next_at, one.row.created_at, one.kind, one.email, one.display_name, token_name);
  one.row.channel = static_cast<Channel>(channel);
  one.token_name = std::move(token_name).value_or("");
}

std::optional<OutboxRow> first_queued(Transaction& transaction, const Queue& queue) {
  return transaction.one("select " + columns +
                             " from outbox o where o.channel = $1 and o.organization = $2 and o.state = "
                             "'queued' order by o.next_at, o.notice limit 1",
                         read_outbox_row, queue.channel, queue);
}

std::string waiting(const Queue& queue) {
  return "outbox waits: channel " + std::to_string(static_cast<int>(queue.channel)) +
         (queue.organization ? " of " + queue.organization->text() : "");
}

std::optional<Time> waiting_until(Transaction& transaction, const Queue& queue) {
  const auto text =
      transaction.scalar<std::string>("select value from settings where name = $1", waiting(queue));
  return text ? parse_time(*text) : std::nullopt;
}

}  // namespace

void set_mailing(Transaction& transaction, bool on) {
  if (on)
    transaction.execute(
        "insert into settings (name, value) values ('mail', 'on') on conflict (name) do nothing");
  else
    transaction.execute("delete from settings where name = 'mail'");
}

bool is_mailing(Transaction& transaction) {
  return transaction.scalar<std::string>("select value from settings where name = 'mail'").has_value();
}

// Each half begins with what may not be there, and ends with it: where there is no webhook, no token is
// looked at.
void put_into_outbox(Transaction& transaction, std::span<const NoticeId> notices, Time due) {
  while (!notices.empty()) {
    const auto some = notices.first(std::min(notices.size(), inserted_together));
    notices = notices.subspan(some.size());
    Sql sql(
        "insert into outbox (notice, channel, organization, state, attempts, next_at, last_error, "
        "created_at) "
        "select n.id, 1, substr(n.id, 1, 0), 'queued', 0, ",
        due);
    sql.add(", '', ", due).add(" from settings s cross join notices n where s.name = 'mail'");
    sql.add_any("n.id", some).add(" union all select n.id, 2, w.organization, 'queued', 0, ", due);
    sql.add(", '', ", due);
    sql.add(
        " from (select 1 from organization_webhooks limit 1) some cross join notices n join tokens t on t.id "
        "= n.token "
        "join organization_webhooks w on w.organization = t.organization where true");
    transaction.execute(sql.add_any("n.id", some));
  }
}

Queue queue_of(const OutboxRow& row) {
  return row.organization ? Queue(*row.organization) : Queue(row.channel);
}

std::optional<OutboxRow> next_to_send(Transaction& transaction, const Queue& queue, Time now) {
  auto row = first_queued(transaction, queue);
  if (!row || row->next_at > now || is_waiting(transaction, queue, now)) return {};
  return row;
}

std::vector<OrganizationId> queues_of_webhooks(Transaction& transaction) {
  std::vector<OrganizationId> all;
  for (Queue last(Channel::organization_webhook);; last = Queue(all.back())) {
    const auto next = transaction.scalar<OrganizationId>(
        "select organization from outbox where channel = $1 and organization > $2 and state = 'queued' order "
        "by "
        "organization limit 1",
        Channel::organization_webhook, last);
    if (!next) return all;
    all.push_back(*next);
  }
}

void delete_from_outbox(Transaction& transaction, const OutboxRow& row) {
  transaction.execute("delete from outbox where notice = $1 and channel = $2", row.notice, row.channel);
}

void set_failed(Transaction& transaction, const OutboxRow& row) {
  transaction.execute(
      "update outbox set attempts = $1, next_at = $2, last_error = $3 where notice = $4 and channel = $5",
      row.attempts, row.next_at, row.last_error, row.notice, row.channel);
}

void set_undeliverable(Transaction& transaction, const OutboxRow& row) {
  transaction.execute(
      "update outbox set state = 'undeliverable', attempts = $1, last_error = $2 where notice = $3 and "
      "channel = $4",
      row.attempts, row.last_error, row.notice, row.channel);
}

void set_undeliverable_before(Transaction& transaction, const OutboxRow& row, Time time) {
  const Queue queue = queue_of(row);
  transaction.execute(
      "update outbox set state = 'undeliverable', last_error = $1 where (notice, channel) in (select notice, "
      "channel from outbox where channel = $2 and organization = $3 and state = 'queued' and next_at < $4 "
      "and "
      "created_at < $4 order by next_at, notice limit $5)",
      row.last_error, queue.channel, queue, time, together);
}

void set_waiting(Transaction& transaction, const Queue& queue, Time until) {
  transaction.execute(
      "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = "
      "excluded.value",
      waiting(queue), iso8601(until));
}

bool is_waiting(Transaction& transaction, const Queue& queue, Time now) {
  return waiting_until(transaction, queue).value_or(now) > now;
}

QueueState queue_state(Transaction& transaction, const Queue& queue, Time now) {
  QueueState state{
      .queued = transaction
                    .scalar<std::int64_t>("select count(*) from (select 1 from outbox where channel = $1 and "
                                          "organization = $2 and state = 'queued' limit 10000) some",
                                          queue.channel, queue)
                    .value(),
      .first = first_queued(transaction, queue),
      .waiting_until = waiting_until(transaction, queue)};
  static_assert(counted_most == 10'000);
  if (state.waiting_until && *state.waiting_until <= now) state.waiting_until.reset();
  return state;
}

std::vector<Undeliverable> undeliverable(Transaction& transaction, const Queue& queue,
                                         const std::optional<UndeliverableCursor>& after, std::int64_t top) {
  Sql sql("select " + columns +
              ", n.kind, u.email, u.display_name, t.name from outbox o join notices n on n.id = o.notice "
              "join users u on u.id = n.user_id left join tokens t on t.id = n.token where o.state = "
              "'undeliverable' and o.channel = ",
          queue.channel);
  sql.add(" and o.organization = ", queue);
  if (after)
    sql.add(" and (o.created_at, o.notice) < (", after->created_at).add(", ", after->notice).add(")");
  sql.add(" order by o.created_at desc, o.notice desc limit ", top);
  return transaction.all(sql, read_undeliverable);
}

bool send_again(Transaction& transaction, const Queue& queue, const NoticeId& notice, Time now) {
  return transaction.execute(
             "update outbox set state = 'queued', attempts = 0, next_at = $1, created_at = $1 where state = "
             "'undeliverable' and notice = $2 and channel = $3 and organization = $4",
             now, notice, queue.channel, queue) > 0;
}

std::int64_t send_some_again(Transaction& transaction, const Queue& queue, Time now) {
  return transaction.execute(
      "update outbox set state = 'queued', attempts = 0, next_at = $1, created_at = $1 where (notice, "
      "channel) in (select notice, channel from outbox where state = 'undeliverable' and channel = $2 and "
      "organization = $3 limit $4)",
      now, queue.channel, queue, together);
}

void end_waiting(Transaction& transaction, const Queue& queue, Time now) {
  transaction.execute("delete from settings where name = $1", waiting(queue));
  transaction.execute(
      "update outbox set next_at = $1 where state = 'queued' and channel = $2 and organization = $3 and "
      "next_at > $1",
      now, queue.channel, queue);
}

bool empty_some(Transaction& transaction, const Queue& queue) {
  transaction.execute("delete from settings where name = $1", waiting(queue));
  std::int64_t rows = 0;
  for (const std::string state : {"queued", "undeliverable"})
    rows += transaction.execute(
        "delete from outbox where (notice, channel) in (select notice, channel from outbox where state = '" +
            state + "' and channel = $1 and organization = $2 limit $3)",
        queue.channel, queue, together);
  return rows > 0;
}

}  // namespace latchkey::store
