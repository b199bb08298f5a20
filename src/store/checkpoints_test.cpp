// Goal: what the log holds comes into the database while the server runs, by the thread that is there for it;
// and a log that this thread can't keep short is copied by the commit that finds it too long.
// Method: the file's size; the engine's own count of the log's pages.
// SPDX-License-Identifier: Apache-2.0
#include "store/checkpoints.hpp"

#include <gmock/gmock.h>

#include <array>
#include <chrono>
#include <fstream>
#include <thread>

#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

namespace fs = std::filesystem;

using Checkpointed = StoreFixture;

constexpr std::size_t page = 4096;

TEST_F(Checkpointed, log_comes_into_the_database_while_the_server_runs) {
  const fs::path file = directory / "latchkey.db";
  const auto size_before = fs::file_size(file);
  const std::string long_name(page * log_pages_copied * 2, 'x');
  act([&](Transaction& t) {
    insert_user(t, {.id = UserId::random(),
                    .email = "ada@example.org",
                    .display_name = long_name,
                    .password = {},
                    .password_ends_at = {},
                    .signed_in_at = {},
                    .created_at = now});
  });
  // Some of it goes where pages were free.
  const auto size_after = size_before + long_name.size() / 2;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (fs::file_size(file) < size_after && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  EXPECT_GE(fs::file_size(file), size_after);
}

TEST(Log, that_is_too_long_is_copied_by_the_commit_that_finds_it_so) {
  std::string path = testing::TempDir() + "latchkey-log-XXXXXX";
  const fs::path directory = ::mkdtemp(path.data());
  const fs::path file = directory / "some.db";
  {
    const std::ofstream made(file);
  }
  {
    Faults faults;
    Connection connection(file, Access::write, faults);
    std::vector<int> pages;
    connection.watch_log([&](int held) { pages.push_back(held); }, 8);
    connection.run("create table t (text text not null)");
    const std::string some(page, 'x');
    for (int i = 0; i < 40; ++i) connection.run("insert into t (text) values ($1)", std::array{Value(some)});
    EXPECT_THAT(pages, testing::SizeIs(41));
    EXPECT_THAT(pages, testing::Each(testing::Lt(8 + 8)));  // one commit's own pages above it
    EXPECT_THAT(pages, testing::Contains(testing::Ge(8)));
  }
  fs::remove_all(directory);
}

}  // namespace
}  // namespace latchkey::store
