// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <string>

#include "store/schema.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view type_in_schema = " bytes";

std::string in_words_of_the_engine(std::string_view sql) {
  std::string text(sql);
  for (std::size_t at = 0; (at = text.find(type_in_schema, at)) != std::string::npos;)
    text.replace(at + 1, type_in_schema.size() - 1, Connection::bytes_type);
  return text;
}

void run_all(Transaction& transaction, std::string_view script) {
  for (std::size_t end = 0; (end = script.find(";\n")) != std::string_view::npos;
       script.remove_prefix(end + 2))
    transaction.execute(in_words_of_the_engine(script.substr(0, end)));
}

[[noreturn]] void refuse_newer(std::int64_t version, std::int64_t known) {
  throw Error(ErrorKind::broken, "this database was made by a newer Latchkey (schema " +
                                     std::to_string(version) + "; this one knows " + std::to_string(known) +
                                     "): run that version, or restore a backup");
}

// The number of the last step taken. With the lock, since another process may be at it.
std::int64_t version_of(Transaction& transaction) {
  transaction.execute(
      "create table if not exists migrations (number bigint primary key, applied_at bigint not null)");
  return transaction.scalar<std::int64_t>("select coalesce(max(number), 0) from migrations").value();
}

}  // namespace

void migrate(Connection& connection, Time now) {
  const auto steps = schema();
  const auto known = static_cast<std::int64_t>(steps.size());
  for (std::int64_t version = 0; version < known;) {
    connection.begin();
    Transaction transaction(connection);
    version = version_of(transaction);
    if (version > known) refuse_newer(version, known);
    if (version < known) {
      run_all(transaction, steps[static_cast<std::size_t>(version)]);
      transaction.execute("insert into migrations (number, applied_at) values ($1, $2)", ++version, now);
    }
    connection.run("commit");
  }
}

}  // namespace latchkey::store
