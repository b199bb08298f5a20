// Connection: the seam to the database engine, and the one statement runner: every SQL goes through run(),
// BEGIN and COMMIT too, so that a test can fail any of them. Prepared statements are kept by their text.
//
// Errors leave as store::Error without the engine's own message, which may hold values.
// Threads: one at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "store/errors.hpp"
#include "store/faults.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace latchkey::store {

// What is bound to a placeholder: null, an integer, text, bytes. Views: the caller keeps what they look at.
using Value = std::variant<std::monostate, std::int64_t, std::string_view, std::span<const std::byte>>;

// One row of an answer; views into it end with the next row. A column of another type than asked for is
// `broken`.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  [[nodiscard]] bool is_null(int column) const noexcept;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::byte> bytes(int column) const;

 private:
  void expect(int column, int type) const;
  sqlite3_stmt* statement_;
};

enum class Access : std::uint8_t { write = 1, read };

class Connection {
 public:
  using OnRow = std::function<void(const Row&)>;
  using OnLog = std::function<void(int pages)>;
  // What the engine calls the types that the migrations leave open.
  static constexpr std::string_view bytes_type = "blob";

  // REQUIRES: the file exists. Throws Error{broken} when it is no database, can't be written, or would not be
  // durable.
  Connection(const std::filesystem::path& file, Access access, Faults& faults);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement to its end and hands its rows to `on_row`. Placeholders are $1, $2 … in order of first
  // appearance. Returns how many rows it inserted, changed or removed.
  std::int64_t run(std::string_view sql, std::span<const Value> values = {}, const OnRow& on_row = {});

  // After each commit `on_log` learns what the log holds; from `most` pages on, the commit copies it into the
  // database first.
  void watch_log(OnLog on_log, int most);

  void begin();  // for writing: waits for the lock now, so that no later statement has to
  [[nodiscard]] bool in_transaction() const noexcept;
  // How many rows were inserted, changed or removed since it was opened, whether that was rolled back or not.
  [[nodiscard]] std::int64_t changes() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  void configure(Access access);
  [[nodiscard]] sqlite3_stmt* prepare(std::string_view sql);
  [[nodiscard]] Error error(int code, std::string_view sql) const;

  struct LogWatch {
    OnLog on_log;
    int most = 0;
  };
  static int log_grown(void* watch, sqlite3* database, const char* name, int pages) noexcept;

  Faults& faults_;
  LogWatch log_watch_;
  std::unique_ptr<sqlite3, Close> database_;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, TextHash, std::equal_to<>>
      statements_;
};

}  // namespace latchkey::store
