// Transaction: what the functions of this room read and write with. A write of what verification believes
// touches its subject; at the end of the decision each touched subject is read back in full, by the SQL that
// the load uses too. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "store/change.hpp"
#include "store/connection.hpp"
#include "store/sql.hpp"
#include "store/values.hpp"

namespace latchkey::store {

// What ended stays known for so long, so that its holder is told what became of it.
inline constexpr std::chrono::days ended_are_kept{90};

// What a change is about; of a token, all its secrets.
using Subject = std::variant<OrganizationId, UserId, TokenId>;

class Transaction {
 public:
  explicit Transaction(Connection& connection) noexcept : connection_(connection) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs a statement that writes; returns how many rows it did.
  template <class... T>
  std::int64_t execute(std::string_view sql, const T&... values) {
    return connection_.run(sql, std::array<Value, sizeof...(T)>{value_of(values)...}, {});
  }

  std::int64_t execute(const Sql& sql) { return connection_.run(sql.text(), sql.values(), {}); }

  // Hands each row to `on_row`.
  template <class OnRow, class... T>
  void each(std::string_view sql, OnRow on_row, const T&... values) {
    connection_.run(sql, std::array<Value, sizeof...(T)>{value_of(values)...}, on_row);
  }

  template <class OnRow>
  void each(const Sql& sql, OnRow on_row) {
    connection_.run(sql.text(), sql.values(), on_row);
  }

  // All rows, each read by `read(row, record)`.
  template <class Record, class... T>
  [[nodiscard]] std::vector<Record> all(std::string_view sql, void (*read)(const Row&, Record&),
                                        const T&... values) {
    std::vector<Record> records;
    each(sql, [&](const Row& row) { read(row, records.emplace_back()); }, values...);
    return records;
  }

  template <class Record>
  [[nodiscard]] std::vector<Record> all(const Sql& sql, void (*read)(const Row&, Record&)) {
    std::vector<Record> records;
    connection_.run(sql.text(), sql.values(), [&](const Row& row) { read(row, records.emplace_back()); });
    return records;
  }

  // The row, if there is one. REQUIRES: there is no second.
  template <class Record, class... T>
  [[nodiscard]] std::optional<Record> one(std::string_view sql, void (*read)(const Row&, Record&),
                                          const T&... values) {
    std::optional<Record> record;
    each(sql, [&](const Row& row) { read(row, record.emplace()); }, values...);
    return record;
  }

  // The one column of the row, if there is one.
  template <class Scalar, class... T>
  [[nodiscard]] std::optional<Scalar> scalar(std::string_view sql, const T&... values) {
    std::optional<Scalar> scalar;
    each(sql, [&](const Row& row) { read_row(row, scalar.emplace()); }, values...);
    return scalar;
  }

  void touch(const Subject& subject);

  // At the end of a decision, on the writer: gives every change of it a position after `last`, appends them
  // in that order, and returns the last position. Secrets that a regeneration ended before `since` are
  // nobody's business any more.
  [[nodiscard]] Position finish(Time since, Position last, std::vector<Change>& changes);

 private:
  Connection& connection_;
  std::vector<Subject> touched_;  // each once
};

// Hands everything that verification must know to `visit`, without what ended before `since`; returns the
// position.
Position load(const std::filesystem::path& file, Transaction&, Time since,
              const std::function<void(const Change&)>& visit);

}  // namespace latchkey::store
