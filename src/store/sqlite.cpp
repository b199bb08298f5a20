// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <string>
#include <utility>

#include "base/check.hpp"
#include "store/connection.hpp"

namespace latchkey::store {
namespace {

constexpr int busy_milliseconds = 5000;      // a backup or a sqlite3 shell may hold the lock for a moment
constexpr std::size_t statements_max = 512;  // filters make texts of their own; beyond, all are prepared anew

ErrorKind kind_of(int code) noexcept {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorKind::taken;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorKind::missing;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::busy;
    case SQLITE_FULL:
      return ErrorKind::full;
    case SQLITE_CANTOPEN:
      return ErrorKind::unavailable;
    case SQLITE_IOERR:
      return ErrorKind::disk;
    default:
      return ErrorKind::broken;
  }
}

std::string describe(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::taken:
      return "a unique value is there already";
    case ErrorKind::missing:
      return "a foreign key leads nowhere";
    case ErrorKind::busy:
      return "the database is locked by another program: repeat";
    case ErrorKind::full:
      return "the disk is full";
    case ErrorKind::unavailable:
      return "the database can't be opened: look at the disk, then repeat";
    case ErrorKind::disk:
      return "the disk failed: look at it, then start the server again";
    case ErrorKind::broken:
      return "the database refused a statement";
  }
  return {};
}

// "UNIQUE constraint failed: users.email_key" → "users.email_key". Names of the schema, never values.
std::string constraint_of(int code, std::string_view message) {
  constexpr std::string_view before = " constraint failed: ";
  const auto at = message.find(before);
  if ((code & 0xff) != SQLITE_CONSTRAINT || at == std::string_view::npos) return {};
  return std::string(message.substr(at + before.size()));
}

void bind(sqlite3_stmt* statement, std::span<const Value> values) {
  LATCHKEY_ASSERT(sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
  for (int i = 1; const Value& value : values) {
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, i, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      // A view without data would be bound as null.
      code = sqlite3_bind_text64(statement, i, text->data() != nullptr ? text->data() : "", text->size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
      code = sqlite3_bind_blob64(statement, i, bytes->data(), bytes->size(), SQLITE_STATIC);
    } else {
      code = sqlite3_bind_null(statement, i);
    }
    if (code != SQLITE_OK) throw Error(ErrorKind::broken, "a value is too long for the database");
    ++i;
  }
}

// A statement may be run again, and looks at nobody's values any more, whatever became of it.
class Running {
 public:
  explicit Running(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  ~Running() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

bool Row::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Row::expect(int column, int type) const {
  if (sqlite3_column_type(statement_, column) != type)
    throw Error(ErrorKind::broken, std::string("the column ") + sqlite3_column_name(statement_, column) +
                                       " holds another type: the database is damaged, restore a backup");
}

std::int64_t Row::integer(int column) const {
  expect(column, SQLITE_INTEGER);
  return sqlite3_column_int64(statement_, column);
}

std::string_view Row::text(int column) const {
  expect(column, SQLITE_TEXT);
  const auto* text = sqlite3_column_text(statement_, column);
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::byte> Row::bytes(int column) const {
  expect(column, SQLITE_BLOB);
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
void Connection::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Connection::Connection(const std::filesystem::path& file, Access access, Faults& faults) : faults_(faults) {
  // Before the first one: counting its memory costs a lock that all threads share.
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(
      file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) throw error(code, "open");
  // A name in double quotes that is no column is an error, not a text.
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_busy_timeout(database, busy_milliseconds);
  configure(access);
}

void Connection::configure(Access access) {
  if (sqlite3_db_readonly(database_.get(), "main") != 0)
    throw Error(ErrorKind::broken,
                "the database file can't be written: give it to the user that runs latchkey");
  std::string mode;
  run("pragma journal_mode = wal", {}, [&](const Row& row) { mode = row.text(0); });
  if (mode != "wal")
    throw Error(ErrorKind::broken, "the file system has no shared memory for the database: use a local disk");
  run("pragma synchronous = full");
  std::int64_t synchronous = 0;
  run("pragma synchronous", {}, [&](const Row& row) { synchronous = row.integer(0); });
  LATCHKEY_ASSERT(synchronous == 2);  // else an answer would not be durable (P5)
  run("pragma foreign_keys = on");
  if (access == Access::read) return static_cast<void>(run("pragma query_only = on"));
  run("pragma temp_store = memory");  // a savepoint's pages: else they go to a file
  // KiB, taken as pages are read: what many decisions touch lies anywhere in a dozen indexes.
  run("pragma cache_size = -16384");
}

std::int64_t Connection::run(std::string_view sql, std::span<const Value> values, const OnRow& on_row) {
  const auto failure = faults_.next();
  const auto injected = [&] { return Error(failure->kind, describe(failure->kind) + " (a test wanted it)"); };
  if (failure && !failure->after) throw injected();
  sqlite3_stmt* statement = prepare(sql);
  LATCHKEY_ASSERT(sqlite3_stmt_busy(statement) == 0);
  const Running running(statement);
  bind(statement, values);
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    if (on_row) on_row(Row(statement));
  if (code != SQLITE_DONE) throw error(code, sql);
  if (failure) throw injected();
  return sqlite3_changes64(database_.get());
}

void Connection::watch_log(OnLog on_log, int most) {
  log_watch_ = {.on_log = std::move(on_log), .most = most};
  sqlite3_wal_hook(database_.get(), &Connection::log_grown, &log_watch_);
}

// A copying that fails, or that another connection is about, fails no commit: the log has it all.
int Connection::log_grown(void* watch, sqlite3* database, const char* name, int pages) noexcept {
  const auto& [on_log, most] = *static_cast<const LogWatch*>(watch);
  if (pages >= most) sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  on_log(pages);
  return SQLITE_OK;
}

void Connection::begin() { run("begin immediate"); }

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(database_.get()) == 0; }

std::int64_t Connection::changes() const noexcept { return sqlite3_total_changes64(database_.get()); }

sqlite3_stmt* Connection::prepare(std::string_view sql) {
  if (const auto kept = statements_.find(sql); kept != statements_.end()) return kept->second.get();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  std::unique_ptr<sqlite3_stmt, Finalize> owned(statement);
  if (code != SQLITE_OK) throw error(code, sql);
  // The engine numbers placeholders as they appear: $2 before $1 would swap values.
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i)
    LATCHKEY_ASSERT(sqlite3_bind_parameter_name(statement, i) == "$" + std::to_string(i));
  if (statements_.size() >= statements_max) statements_.clear();
  return statements_.emplace(sql, std::move(owned)).first->second.get();
}

Error Connection::error(int code, std::string_view sql) const {
  const char* message = database_ ? sqlite3_errmsg(database_.get()) : "";
  const ErrorKind kind = kind_of(code);
  if (const int primary = code & 0xff; primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT)
    return {kind, "the database file is damaged, or none of Latchkey's: restore a backup"};
  std::string constraint = constraint_of(code, message);
  std::string what = describe(kind) + " (SQLite " + std::to_string(code);
  if (!constraint.empty()) what += ", " + constraint;
  if (kind == ErrorKind::broken) (what += ", in: ") += sql;
  return {kind, what += ')', std::move(constraint)};
}

}  // namespace latchkey::store
