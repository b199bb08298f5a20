// SPDX-License-Identifier: Apache-2.0
#include "store/use_report.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::int64_t number_of(Day day) { return day.time_since_epoch().count(); }

Day day_from(std::int64_t number) { return Day(std::chrono::days(number)); }

void read_day(const Row& row, DayOfUse& day) {
  std::int64_t number = 0;
  read_row(row, number, day.accepted, day.refused);
  day.day = day_from(number);
}

void read_client(const Row& row, Client& client) {
  read_row(row, client.agent, client.address, client.repository, client.accepted, client.refused,
           client.last_at);
}

void read_refused(const Row& row, RefusedUses& refused) {
  std::int64_t first = 0, last = 0;
  read_row(row, refused.reason, refused.count, first, last);
  refused.first_day = day_from(first);
  refused.last_day = day_from(last);
}

void read_needed(const Row& row, NeededScope& needed) {
  read_row(row, needed.scope, needed.accepted, needed.last_at);
}

constexpr std::string_view accepted_and_refused =
    "cast(sum(case when outcome = 'accepted' then count else 0 end) as bigint), "
    "cast(sum(case when outcome = 'accepted' then 0 else count end) as bigint)";

template <class... T>
std::vector<Client> clients(Transaction& transaction, std::string_view condition, const T&... values) {
  std::string sql("select agent, address, repository, ");
  sql.append(accepted_and_refused).append(", max(last_at) from uses where token = $1 and ").append(condition);
  sql += " group by agent, address, repository order by sum(count) desc, agent, address, repository limit 50";
  static_assert(clients_max == 50);
  return transaction.all(sql, read_client, values...);
}

}  // namespace

std::vector<DayOfUse> days_of_use(Transaction& transaction, const TokenId& token, Day since) {
  std::string sql("select day, ");
  sql.append(accepted_and_refused)
      .append(" from uses where token = $1 and day >= $2 group by day order by day");
  return transaction.all(sql, read_day, token, number_of(since));
}

std::vector<Client> clients_of(Transaction& transaction, const TokenId& token, Day since) {
  return clients(transaction, "day >= $2", token, number_of(since));
}

std::vector<Client> clients_of_text(Transaction& transaction, const TokenId& token,
                                    std::string_view fingerprint, Time since) {
  return clients(transaction, "day >= $2 and fingerprint = $3 and last_at >= $4", token,
                 number_of(std::chrono::floor<std::chrono::days>(since)) - 1, fingerprint, since);
}

std::vector<RefusedUses> refused_uses(Transaction& transaction, const TokenId& token, Day since) {
  return transaction.all(
      "select outcome, cast(sum(count) as bigint), min(day), max(day) from uses where token = $1 and "
      "day >= $2 and outcome <> 'accepted' group by outcome order by 2 desc, 1",
      read_refused, token, number_of(since));
}

std::vector<NeededScope> needed_scopes(Transaction& transaction, const TokenId& token) {
  return transaction.all(
      "select operation, cast(sum(count) as bigint), max(last_at) from uses where token = $1 and "
      "outcome = 'accepted' and operation <> '' group by operation order by 2 desc, 1",
      read_needed, token);
}

}  // namespace latchkey::store
