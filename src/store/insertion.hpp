// Insertion: rows by few statements, each of which costs as much as a row. What is added must live until it
// is written. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string_view>

#include "store/sql.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

class Insertion {
 public:
  static constexpr std::size_t together = 50;  // the time to read a statement grows faster than its values

  // `before` the rows, up to "values "; `after` them: what a conflict comes to. Both live as long as this.
  Insertion(Transaction& transaction, std::string_view before, std::string_view after = {})
      : transaction_(transaction), before_(before), after_(after), sql_(before) {}

  template <class... T>
  void add(const T&... row) {
    if (rows_ > 0) sql_.add(", ");
    sql_.add_row(row...);
    if (++rows_ == together) write();
  }
  // Those that were added last: without it they are lost.
  void write() {
    if (rows_ == 0) return;
    transaction_.execute(sql_.add(after_));
    sql_ = Sql(before_);
    rows_ = 0;
  }

 private:
  Transaction& transaction_;
  std::string_view before_, after_;
  Sql sql_;
  std::size_t rows_ = 0;
};

}  // namespace latchkey::store
