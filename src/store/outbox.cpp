// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

#include <algorithm>

#include "store/transaction.hpp"

namespace latchkey::store {

[[nodiscard]] static Value value_of(Channel channel) { return static_cast<std::int64_t>(channel); }

namespace {

const std::string columns = "o.notice, o.channel, o.attempts, o.last_error, o.next_at, o.created_at";

void read_outbox_row(const Row& row, OutboxRow& one) {
  std::int64_t channel = 0;
  read_row(row, one.notice, channel, one.attempts, one.last_error, one.next_at, one.created_at);
  one.channel = static_cast<Channel>(channel);
}

void read_undeliverable(const Row& row, Undeliverable& one) {
  std::int64_t channel = 0;
  std::optional<std::string> token_name;
  read_row(row, one.row.notice, channel, one.row.attempts, one.row.last_error, one.row.next_at,
           one.row.created_at, one.kind, one.email, one.display_name, token_name);
  one.row.channel = static_cast<Channel>(channel);
  one.token_name = std::move(token_name).value_or("");
}

std::optional<OutboxRow> first_queued(Transaction& transaction, Channel channel) {
  return transaction.one("select " + columns +
                             " from outbox o where o.channel = $1 and o.state = 'queued' "
                             "order by o.next_at, o.notice limit 1",
                         read_outbox_row, channel);
}

std::string waiting(Channel channel) {
  return "outbox waits: channel " + std::to_string(static_cast<int>(channel));
}

std::optional<Time> waiting_until(Transaction& transaction, Channel channel) {
  const auto text =
      transaction.scalar<std::string>("select value from settings where name = $1", waiting(channel));
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

void put_into_outbox(Transaction& transaction, const NoticeId& notice, Time due) {
  transaction.execute(
      "insert into outbox (notice, channel, state, attempts, next_at, last_error, created_at) "
      "select n.id, 1, 'queued', 0, $1, '', $1 from notices n, settings s where s.name = 'mail' and n.id = "
      "$2",
      due, notice);
}

std::optional<OutboxRow> next_to_send(Transaction& transaction, Channel channel, Time now) {
  auto row = first_queued(transaction, channel);
  if (!row || row->next_at > now || is_waiting(transaction, channel, now)) return {};
  return row;
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

void set_waiting(Transaction& transaction, Channel channel, Time until) {
  transaction.execute(
      "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = "
      "excluded.value",
      waiting(channel), iso8601(until));
}

bool is_waiting(Transaction& transaction, Channel channel, Time now) {
  return waiting_until(transaction, channel).value_or(now) > now;
}

QueueState queue_state(Transaction& transaction, Channel channel, Time now) {
  QueueState state{
      .queued =
          transaction
              .scalar<std::int64_t>("select count(*) from (select 1 from outbox where channel = $1 and state "
                                    "= 'queued' limit 10000) some",
                                    channel)
              .value(),
      .first = first_queued(transaction, channel),
      .waiting_until = waiting_until(transaction, channel)};
  static_assert(counted_most == 10'000);
  if (state.waiting_until && *state.waiting_until <= now) state.waiting_until.reset();
  return state;
}

std::vector<Undeliverable> undeliverable(Transaction& transaction, Channel channel,
                                         const std::optional<UndeliverableCursor>& after, std::int64_t top) {
  Sql sql("select " + columns +
              ", n.kind, u.email, u.display_name, t.name from outbox o join notices n on n.id = o.notice "
              "join users u on u.id = n.user_id left join tokens t on t.id = n.token where o.state = "
              "'undeliverable' and o.channel = ",
          channel);
  if (after)
    sql.add(" and (o.created_at, o.notice) < (", after->created_at).add(", ", after->notice).add(")");
  sql.add(" order by o.created_at desc, o.notice desc limit ", top);
  return transaction.all(sql, read_undeliverable);
}

bool send_again(Transaction& transaction, Channel channel, const NoticeId& notice, Time now) {
  return transaction.execute(
             "update outbox set state = 'queued', attempts = 0, next_at = $1, created_at = $1 where state = "
             "'undeliverable' and notice = $2 and channel = $3",
             now, notice, channel) > 0;
}

std::int64_t send_some_again(Transaction& transaction, Channel channel, Time now) {
  constexpr std::int64_t together = 1000;
  return transaction.execute(
      "update outbox set state = 'queued', attempts = 0, next_at = $1, created_at = $1 where (notice, "
      "channel) in (select notice, channel from outbox where state = 'undeliverable' and channel = $2 limit "
      "$3)",
      now, channel, together);
}

void end_waiting(Transaction& transaction, Channel channel, Time now) {
  transaction.execute("delete from settings where name = $1", waiting(channel));
  transaction.execute(
      "update outbox set next_at = $1 where state = 'queued' and channel = $2 and next_at > $1", now,
      channel);
}

}  // namespace latchkey::store
