// Rows by few statements, each of which costs as much as a row. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "store/sql.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

// In one statement: the time to read one grows faster than its values.
inline constexpr std::size_t inserted_together = 50;

// `before` the rows, up to "values "; `add(sql, record)` adds one by Sql::add_row(), of what lives in the
// record; `after` them: what a conflict comes to.
template <class Record, class Add>
void insert_rows(Transaction& transaction, std::string_view before, std::span<const Record> records, Add add,
                 std::string_view after) {
  while (!records.empty()) {
    const auto some = records.first(std::min(records.size(), inserted_together));
    records = records.subspan(some.size());
    Sql sql(before);
    for (std::string_view between; const Record& record : some)
      add(sql.add(std::exchange(between, ", ")), record);
    transaction.execute(sql.add(after));
  }
}

}  // namespace latchkey::store
