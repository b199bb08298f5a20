// SPDX-License-Identifier: Apache-2.0
#include "store/uses.hpp"

#include "store/live_tokens.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::int64_t day_of(Time time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

// False: there is no such row yet.
bool add_to_row(Transaction& transaction, std::int64_t day, const Use& use) {
  return transaction.execute(
             "update uses set count = count + $1, first_at = case when first_at < $2 then first_at else $2 "
             "end, "
             "last_at = case when last_at > $3 then last_at else $3 end where token = $4 and day = $5 and "
             "fingerprint = $6 and operation = $7 and repository = $8 and address = $9 and agent = $10 and "
             "outcome = $11",
             use.count, use.first_at, use.last_at, use.token, day, use.fingerprint, use.operation,
             use.repository, use.address, use.agent, use.outcome) > 0;
}

bool has_room(Transaction& transaction, std::int64_t day, const TokenId& token) {
  return transaction
             .scalar<std::int64_t>("select count(*) from uses where token = $1 and day = $2", token, day)
             .value() < detailed_rows_max;
}

void insert_row(Transaction& transaction, std::int64_t day, const Use& use) {
  transaction.execute(
      "insert into uses (token, day, fingerprint, operation, repository, address, agent, outcome, count, "
      "first_at, last_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      use.token, day, use.fingerprint, use.operation, use.repository, use.address, use.agent, use.outcome,
      use.count, use.first_at, use.last_at);
}

void read_group(const Row& row, UseGroup& group) {
  read_row(row, group.name, group.accepted, group.refused, group.first_at, group.last_at);
}

std::vector<UseGroup> groups(Transaction& transaction, const TokenId& token, std::string_view column) {
  const std::string by(column);
  return transaction.all("select " + by +
                             ", cast(sum(case when outcome = 'accepted' then count else 0 end) as bigint), "
                             "cast(sum(case when outcome = 'accepted' then 0 else count end) as bigint), "
                             "min(first_at), max(last_at) from uses where token = $1 and " +
                             by + " <> '' group by " + by + " order by 5 desc, 1 limit 100",
                         read_group, token);
}

void shorten(Transaction& transaction, const TokenId& token, std::int64_t before) {
  transaction.execute(
      "insert into uses (token, day, fingerprint, operation, repository, address, agent, outcome, count, "
      "first_at, last_at) "
      "select token, 0, '', operation, '', '', '', outcome, cast(sum(count) as bigint), min(first_at), "
      "max(last_at) "
      "from uses where token = $1 and day > 0 and day < $2 group by token, operation, outcome "
      "on conflict (token, day, fingerprint, operation, repository, address, agent, outcome) do update set "
      "count = uses.count + excluded.count, "
      "first_at = case when uses.first_at < excluded.first_at then uses.first_at else excluded.first_at end, "
      "last_at = case when uses.last_at > excluded.last_at then uses.last_at else excluded.last_at end",
      token, before);
  transaction.execute("delete from uses where token = $1 and day > 0 and day < $2", token, before);
  transaction.execute(
      "update tokens set used_address = null, used_agent = null where id = $1 and used_at < $2", token,
      Time(std::chrono::days(before)));
}

}  // namespace

bool begin_fold(Transaction& transaction, std::string_view name) {
  return transaction.execute(
             "insert into settings (name, value) values ('uses folded', $1) on conflict (name) do update set "
             "value = excluded.value where settings.value <> excluded.value",
             name) > 0;
}

void add_use(Transaction& transaction, Use use) {
  const auto day = day_of(use.first_at);
  if (use.outcome == accepted) {
    transaction.execute(
        "update tokens set used_at = $1, used_address = $2, used_agent = $3 "
        "where id = $4 and (used_at is null or used_at < $1)",
        use.last_at, use.address, use.agent, use.token);
    transaction.execute("update tokens set ever_used = 1 where id = $1 and ever_used = 0", use.token);
    keep_awake(transaction, use.token, use.last_at);
  }
  if (add_to_row(transaction, day, use)) return;
  if (!has_room(transaction, day, use.token)) {
    use.repository = use.repository.empty() ? "" : other;
    use.address = use.agent = other;
    if (add_to_row(transaction, day, use)) return;
  }
  insert_row(transaction, day, use);
}

bool learn_network(Transaction& transaction, const TokenId& token, std::string_view network, Time now) {
  constexpr std::int64_t kept = 16;
  const auto count = [&] {
    return transaction.scalar<std::int64_t>("select count(*) from token_networks where token = $1", token)
        .value();
  };
  const bool is_new = transaction.execute(
                          "insert into token_networks (token, network, first_at) select $1, $2, $3 where "
                          "(select count(*) from token_networks where token = $1) < $4 "
                          "on conflict (token, network) do nothing",
                          token, network, now, kept) > 0;
  return is_new && count() > 1;
}

std::optional<TokenId> find_token_of_fingerprint(Transaction& transaction, std::string_view fingerprint) {
  return transaction.scalar<TokenId>("select token from secrets where fingerprint = $1", fingerprint);
}

TokenUses uses_of(Transaction& transaction, const TokenId& token) {
  return {.outcomes = groups(transaction, token, "outcome"),
          .addresses = groups(transaction, token, "address"),
          .agents = groups(transaction, token, "agent"),
          .operations = groups(transaction, token, "operation"),
          .repositories = groups(transaction, token, "repository")};
}

bool shorten_uses(Transaction& transaction, Time time) {
  std::vector<TokenId> tokens;
  transaction.each(
      "select distinct token from uses where day > 0 and day < $1 limit 100",
      [&](const Row& row) { read_row(row, tokens.emplace_back()); }, day_of(time));
  for (const TokenId& token : tokens) shorten(transaction, token, day_of(time));
  return !tokens.empty();
}

}  // namespace latchkey::store
