// SPDX-License-Identifier: Apache-2.0
#include "store/ends.hpp"

#include <algorithm>
#include <utility>

#include "store/insertion.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

void read_due(const Row& row, DueEnd& end) {
  read_row(row, end.due_at, end.end.owner, end.end.token, end.end.valid_to, end.holds);
}

}  // namespace

End end_of(const Token& token) { return {token.owner, token.id, token.valid_to}; }

void plan_ends(Transaction& transaction, std::span<const End> ends, Time now) {
  std::vector<DueEnd> planned;
  for (const End& end : ends) {
    const auto next =
        std::ranges::find_if(end_steps, [&](auto step) { return due_at(end.valid_to, step) > now; });
    if (next != end_steps.end()) planned.push_back({.due_at = due_at(end.valid_to, *next), .end = end});
  }
  insert_rows(
      transaction, "insert into ends_to_tell (due_at, owner, token, valid_to) values ",
      std::span(std::as_const(planned)),
      [](Sql& sql, const DueEnd& due) {
        sql.add_row(due.due_at, due.end.owner, due.end.token, due.end.valid_to);
      },
      " on conflict (due_at, owner, token) do update set valid_to = excluded.valid_to");
}

std::vector<DueEnd> due_ends(Transaction& transaction, Time now, std::int64_t top) {
  // The token by its owner's index alone: by its id, two pages from anywhere would be read. Between two
  // equal ids, or the engine would look it up by them.
  return transaction.all(
      "select e.due_at, e.owner, e.token, e.valid_to, exists (select 1 from tokens t where t.owner = e.owner "
      "and t.state = 'live' and t.valid_to = e.valid_to and t.id >= e.token and t.id <= e.token) "
      "from ends_to_tell e where e.due_at <= $1 order by e.due_at, e.owner, e.token limit $2",
      read_due, now, top);
}

void forget_ends_until(Transaction& transaction, const DueEnd& last) {
  transaction.execute("delete from ends_to_tell where (due_at, owner, token) <= ($1, $2, $3)", last.due_at,
                      last.end.owner, last.end.token);
}

}  // namespace latchkey::store
