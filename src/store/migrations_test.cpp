// Goal: what an older version wrote is there after the schema's later steps. Method: databases made by the
// first steps alone, with rows of their time, opened by this version.
// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "store/ends.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"
#include "store/schema.hpp"
#include "store/store_fixture.hpp"
#include "store/uses.hpp"

namespace latchkey::store {
namespace {

namespace fs = std::filesystem;

// A database as an older version left it: the first steps of the schema, a user, a token, and some rows.
void make_with_steps(std::size_t steps, const std::string& rows, const fs::path& file, Time now) {
  std::ofstream(file).close();
  Faults faults;
  Connection connection(file, Access::write, faults);
  const auto run_all = [&](std::string script) {
    for (std::size_t at = 0; (at = script.find(" bytes", at)) != std::string::npos;)
      script.replace(at, 6, " blob");
    for (std::size_t end = 0; (end = script.find(";\n")) != std::string::npos; script.erase(0, end + 2))
      connection.run(script.substr(0, end));
  };
  run_all("create table migrations (number bigint primary key, applied_at bigint not null);\n");
  for (std::size_t number = 1; number <= steps; ++number) {
    run_all(std::string(schema()[number - 1]));
    run_all("insert into migrations values (" + std::to_string(number) + ", 0);\n");
  }
  run_all(
      "insert into users (id, email, email_key, display_name, state, server_administrator, created_at) "
      "values "
      "(zeroblob(16), 'a', 'a', 'a', 'enabled', 0, 0);\n"
      "insert into tokens (id, owner, name, name_key, scopes, valid_from, valid_to, state, made_by, "
      "made_address, made_agent, description, created_at, used_at) values (zeroblob(16), zeroblob(16), 't', "
      "'t', 'vso.code', 0, " +
      std::to_string(microseconds(now + std::chrono::days(5))) + ", 'live', 'api', '', '', '', 0, 5);\n" +
      rows);
}

class Database : public StoreFixture {
 protected:
  void open_with_steps(std::size_t steps, const std::string& rows) {
    store.reset();
    fs::remove_all(directory);
    fs::create_directory(directory);
    make_with_steps(steps, rows, directory / "latchkey.db", now);
    open();
  }
};

TEST_F(Database, of_an_older_version_keeps_its_uses_and_can_count_on) {
  open_with_steps(3,
                  "insert into uses values (zeroblob(16), 7, 'vso.code', 'P/R', '192.0.2.1', 'git', "
                  "'accepted', 3, 4, 5);\n");
  act([](Transaction& t) {
    add_use(t, {.token = TokenId(),
                .fingerprint = "k7Qx2MvB9dLr",
                .operation = "vso.code",
                .outcome = std::string(accepted),
                .count = 2,
                .first_at = now,
                .last_at = now});
  });
  const auto uses = look([](Transaction& t) { return uses_of(t, TokenId()); });
  ASSERT_EQ(uses.operations.size(), 1U);
  EXPECT_EQ(uses.operations[0].accepted, 5);
  ASSERT_EQ(uses.repositories.size(), 1U);
  EXPECT_EQ(uses.repositories[0].name, "P/R");
  EXPECT_EQ(look([](Transaction& t) { return due_ends(t, now, 9); }).size(), 1U);
}

TEST_F(Database, of_an_older_version_keeps_what_was_to_be_mailed) {
  open_with_steps(11,
                  "insert into notices (id, user_id, token, kind, valid_to, created_at) values "
                  "(zeroblob(16), zeroblob(16), zeroblob(16), 'expired', 7, 3);\n"
                  "insert into outbox values (zeroblob(16), 1, 'queued', 2, 4, 'later', 3);\n");
  const auto row = look([&](Transaction& t) { return next_to_send(t, Queue(Channel::owner_mail), now); });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->attempts, 2);
  EXPECT_EQ(row->last_error, "later");
  const auto notice = look([&](Transaction& t) { return find_notice(t, row->notice); });
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->notice.kind, NoticeKind::expired);
  act([&](Transaction& t) { EXPECT_TRUE(delete_notices_before(t, now)); });
  EXPECT_FALSE(look([&](Transaction& t) { return next_to_send(t, Queue(Channel::owner_mail), now); }))
      << "it falls with its notice";
}

}  // namespace
}  // namespace latchkey::store
