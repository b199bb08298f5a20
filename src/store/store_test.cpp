// Goal: what store.hpp promises: durable order, one commit for many, a refusing decision alone, changes
// before the caller goes on, nothing half-written whatever statement fails, plain sentences when it can't
// start, safe files. Method: real databases in directories of their own; every statement of a decision fails
// once, from then on, and after it ran. SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <latch>
#include <thread>

#include "base/refusal.hpp"
#include "store/schema.hpp"
#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

namespace fs = std::filesystem;

class Transact : public StoreFixture {
 protected:
  // Many decisions at once, which wait together: the first holds the writer until all threads have begun.
  void at_once(int count, const std::function<void(int)>& decision) {
    std::latch begun(count);
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { act([&](Transaction&) { begun.wait(); }); });
    for (int i = 0; i < count; ++i)
      threads.emplace_back([&, i] {
        begun.count_down();
        decision(i);
      });
  }
};
using Files = StoreFixture;

TEST_F(Transact, puts_decisions_that_wait_into_few_commits) {
  const std::int64_t before = commits();
  at_once(32, [&](int i) { a_user("u" + std::to_string(i) + "@example.org"); });
  const std::int64_t used = commits() - before;
  EXPECT_GE(used, 1);
  EXPECT_LE(used, 16);
  EXPECT_EQ(index(), in_the_database());
  EXPECT_EQ(index().size(), 32U);
}

TEST_F(Transact, leaves_the_others_alone_when_one_refuses_or_fails) {
  std::atomic<int> refused = 0, taken = 0;
  at_once(30, [&](int i) {
    try {
      act([&](Transaction& t) {
        insert_user(t, {.id = UserId::random(),
                        .email = "u" + std::to_string(i % 3 == 1 ? 0 : i),
                        .display_name = {},
                        .password = {},
                        .password_ends_at = {},
                        .signed_in_at = {},
                        .created_at = now});
        if (i % 3 == 2) throw Refusal(RefusalCode::forbidden, "no");
      });
    } catch (const Refusal&) {
      ++refused;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::taken);
      ++taken;
    }
  });
  EXPECT_EQ(refused, 10);
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(index().size(), 10U);
  EXPECT_EQ(index(), in_the_database());
}

TEST_F(Transact, runs_nobody_again_when_one_refuses_before_it_writes) {
  std::atomic<int> runs = 0;
  at_once(20, [&](int i) {
    const auto decision = [&](Transaction& t) {
      ++runs;
      if (i % 2 == 1) throw Refusal(RefusalCode::forbidden, "no");
      insert_organization(t, {OrganizationId::random(), "o" + std::to_string(i), true, now});
    };
    if (i % 2 == 1)
      EXPECT_THROW(act(decision), Refusal);
    else
      act(decision);
  });
  EXPECT_EQ(runs, 20);
  EXPECT_EQ(index().size(), 10U);
  EXPECT_EQ(index(), in_the_database());
}

TEST_F(Transact, hands_out_dense_positions_in_commit_order) {
  const Organization organization = an_organization();
  at_once(20, [&](int i) {
    const User user = a_user("u" + std::to_string(i));
    act([&](Transaction& t) { put_membership(t, organization.id, user.id, Role::reader); });
  });
  // Each batch's density is checked where it is applied.
  EXPECT_EQ(last_applied(), Position{41});
  EXPECT_EQ(index(), in_the_database());
}

TEST_F(Transact, has_a_position_for_a_decision_that_changes_nothing) {
  a_user();
  const auto committed = store->transact([](Transaction&) { return true; });
  EXPECT_EQ(committed.position(), Position{1});
}

TEST_F(Transact, writes_nothing_for_a_decision_that_writes_nothing) {
  const std::int64_t before = commits();
  EXPECT_THROW(act([](Transaction& t) {
                 insert_organization(t, {OrganizationId::random(), "gone", true, now});
                 throw Refusal(RefusalCode::forbidden, "no");
               }),
               Refusal);
  act([](Transaction&) {});
  EXPECT_EQ(commits(), before);
}

TEST_F(Transact, lets_readers_see_what_is_committed_only) {
  std::latch inserted(1), looked(1);
  std::jthread writer([&] {
    act([&](Transaction& t) {
      insert_organization(t, {OrganizationId::random(), "new", true, now});
      inserted.count_down();
      looked.wait();
    });
  });
  inserted.wait();
  EXPECT_FALSE(look(any_organization));
  looked.count_down();
  writer.join();
  EXPECT_TRUE(look(any_organization));
}

TEST_F(Transact, gives_a_reader_one_snapshot) {
  const User ada = a_user();
  look([&](Transaction& t) {
    EXPECT_EQ(find_user(t, ada.id)->display_name, ada.email);
    User renamed = ada;
    renamed.display_name = "Ada";
    act([&](Transaction& writing) { update_user(writing, renamed); });
    EXPECT_EQ(find_user(t, ada.id)->display_name, ada.email);
    return true;
  });
  EXPECT_EQ(look([&](Transaction& t) { return find_user(t, ada.id); })->display_name, "Ada");
}

TEST_F(Transact, lets_no_reader_write) {
  EXPECT_THROW(look([](Transaction& t) {
                 insert_organization(t, {OrganizationId::random(), "x", true, now});
                 return true;
               }),
               Error);
  EXPECT_FALSE(look(any_organization));
}

TEST_F(Transact, gives_a_readers_refusal_to_its_caller_and_reads_on) {
  for (int i = 0; i < 3; ++i)
    EXPECT_THROW(look([](Transaction&) -> int { throw Refusal(RefusalCode::not_found, "no"); }), Refusal);
  EXPECT_FALSE(look(any_organization));
}

// Creates a token and, where it is there already, revokes it: a decision of several statements that may be
// repeated.
class EveryStatement : public StoreFixture,
                       public testing::WithParamInterface<std::tuple<bool, bool, ErrorKind>> {
 protected:
  void create(const Token& token, const TokenSecret& secret) {
    act([&](Transaction& t) {
      if (find_token(t, token.id)) return;
      insert_token(t, token);
      insert_secret(t, secret);
      append_audit(t, an_event());
    });
  }
  bool is_whole(const Token& token) {
    return look([&](Transaction& t) {
      const bool there = find_token(t, token.id).has_value();
      const std::size_t secrets = live_secrets(t, token.id, now).size();
      EXPECT_EQ(secrets, there ? 1U : 0U);
      return there;
    });
  }
  std::int64_t audited() {
    return look([](Transaction& t) { return *t.scalar<std::int64_t>("select count(*) from audit_events"); });
  }
};

TEST_P(EveryStatement, may_fail_and_leaves_all_or_nothing) {
  const auto [from_then_on, after, kind] = GetParam();
  const User ada = a_user();
  std::int64_t created = 0;
  for (long nth = 1;; ++nth) {
    const Token token = token_of(ada.id);
    const TokenSecret secret = secret_of(token.id);
    store->fail({.nth = nth, .from_then_on = from_then_on, .kind = kind, .after = after});
    bool failed = false;
    try {
      create(token, secret);
    } catch (const Error& error) {
      failed = true;
      const bool there = (store->fail({}), is_whole(token));
      // Only "unavailable" may mean that it is there.
      if (error.kind() != ErrorKind::unavailable) EXPECT_FALSE(there) << nth;
    }
    const bool reached = store->statements_run() >= nth || failed;
    store->fail({});
    if (!failed) EXPECT_TRUE(is_whole(token)) << nth;
    for (const auto& [id, change] : index()) EXPECT_EQ(in_the_database().at(id), change) << nth;

    create(token, secret);  // the retry
    EXPECT_TRUE(is_whole(token)) << nth;
    EXPECT_EQ(index(), in_the_database()) << nth;
    EXPECT_EQ(audited(), ++created) << nth;
    if (!reached) break;
  }
  EXPECT_GT(created, 12);  // the decision has so many statements, with those around it
  const Believed believed = index();
  reopen();
  EXPECT_EQ(index(), believed);
}

INSTANTIATE_TEST_SUITE_P(Of, EveryStatement,
                         testing::Combine(testing::Bool(), testing::Bool(),
                                          testing::Values(ErrorKind::broken, ErrorKind::unavailable,
                                                          ErrorKind::full, ErrorKind::busy)));

TEST_F(Transact, succeeds_though_a_statement_around_the_decision_failed_once) {
  store->fail({.nth = 1, .kind = ErrorKind::busy});  // opening the writer's connection
  EXPECT_NO_THROW(a_user("a"));
  store->fail({.nth = 1, .kind = ErrorKind::busy});  // BEGIN
  EXPECT_NO_THROW(a_user("b"));
}

TEST_F(Transact, knows_what_a_lost_commit_did_and_tells_the_index) {
  a_user("first");
  store->fail({});
  a_user("second");
  const long commit = store->statements_run();  // the last statement was its COMMIT
  store->fail({.nth = commit, .from_then_on = true, .kind = ErrorKind::unavailable, .after = true});
  EXPECT_THROW(a_user("third"), Error);
  store->fail({});
  EXPECT_EQ(index().size(), 2U);  // it may not be believed yet, since nobody could ask
  EXPECT_EQ(in_the_database().size(), 3U);
  act([](Transaction&) {});
  EXPECT_EQ(index(), in_the_database());
}

TEST_F(Transact, decides_nothing_more_after_the_disk_failed_a_commit) {
  a_user("first");
  for (const bool after : {false, true}) {
    SCOPED_TRACE(after);
    reopen();
    a_user(after ? "fourth" : "second");
    store->fail({});
    a_user(after ? "fifth" : "third");
    const long commit = store->statements_run();
    const auto believed = index();
    store->fail({.nth = commit, .kind = ErrorKind::disk, .after = after});
    for (int i = 0; i < 2; ++i) {
      try {
        a_user("unknown");
        ADD_FAILURE() << "decided";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::unavailable);
      }
    }
    EXPECT_EQ(disk_failures.exchange(0), 1);
    EXPECT_EQ(index(), believed);  // what may be there is believed after a restart alone
    reopen();
    EXPECT_EQ(index(), in_the_database());
    EXPECT_EQ(index().size(), believed.size() + (after ? 1 : 0));
  }
}

TEST_F(Transact, runs_the_others_again_when_the_engine_rolled_back_all_of_them) {
  std::atomic<int> full = 0;
  at_once(9, [&](int i) {
    if (i != 4) return static_cast<void>(a_user("u" + std::to_string(i)));
    try {
      act([](Transaction& t) {
        t.execute("rollback");  // what the engine does by itself when the disk is full
        throw Error(ErrorKind::full, "the disk is full");
      });
    } catch (const Error& error) {
      full += error.kind() == ErrorKind::full ? 1 : 0;
    }
  });
  EXPECT_EQ(full, 1);
  EXPECT_EQ(index().size(), 8U);
  EXPECT_EQ(index(), in_the_database());
}

TEST_F(Transact, gives_a_failed_read_to_its_caller_and_reads_on) {
  a_user();
  look(count_server_administrators);
  for (long nth = 1; nth <= 2; ++nth) {  // the statement that begins, and the look-up
    store->fail({.nth = nth, .kind = ErrorKind::unavailable});
    EXPECT_THROW(look(count_server_administrators), Error);
    store->fail({});
    EXPECT_EQ(look(count_server_administrators), 0);
  }
}

TEST_F(Files, keep_everything_over_a_close) {
  const User ada = a_user();
  const Token token = a_token(ada.id);
  reopen();
  EXPECT_TRUE(look([&](Transaction& t) { return find_token(t, token.id); }));
  a_user("bob@example.org");
  EXPECT_EQ(last_applied(), Position{3});
}

TEST_F(Files, are_migrated_once) {
  const auto schema = [&] {
    return look([](Transaction& t) {
      std::string text = std::to_string(t.scalar<std::int64_t>("select count(*) from migrations").value());
      t.each("select sql from sqlite_schema where sql is not null order by name",
             [&](const Row& row) { text += row.text(0); });
      return text;
    });
  };
  const std::string before = schema();
  EXPECT_EQ(before.find(" bytes "), std::string::npos);
  clock.hold(now + day);
  reopen();
  EXPECT_EQ(schema(), before);
  EXPECT_TRUE(before.starts_with(std::to_string(store::schema().size()))) << before.substr(0, 80);
}

TEST_F(Files, are_for_their_owner_alone) {
  a_user();
  look(any_organization);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 3);  // with the log and its index
  store.reset();
  fs::permissions(directory / "latchkey.db", fs::perms::others_read, fs::perm_options::add);
  const Store below(directory / "a" / "b", clock);
  EXPECT_EQ(fs::status(directory / "a" / "b").permissions(), fs::perms::owner_all);
  open();
  EXPECT_EQ(fs::status(directory / "latchkey.db").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

class Refused : public StoreFixture {
 protected:
  std::string sentence(const fs::path& path) {
    try {
      const Store opened(path, clock);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::broken);
      return error.what();
    }
    return "opened";
  }
};

TEST_F(Refused, is_a_directory_that_another_uses) {
  EXPECT_THAT(sentence(directory), testing::HasSubstr("is in use"));
  EXPECT_THAT(sentence(directory), testing::HasSubstr("stop the other latchkey"));
}

TEST_F(Refused, is_a_directory_that_cannot_be_written) {
  std::ofstream(directory / "file") << "x";
  EXPECT_THAT(sentence(directory / "file" / "below"), testing::HasSubstr("can't be created"));
  EXPECT_THAT(sentence("/proc/self/nothing"), testing::HasSubstr("can't be created"));
  EXPECT_THAT(sentence("/proc/self"), testing::HasSubstr("give "));
}

TEST_F(Refused, is_a_file_that_is_no_database) {
  store.reset();
  for (const char* name : {"latchkey.db", "latchkey.db-wal"}) fs::remove(directory / name);
  std::ofstream(directory / "latchkey.db") << std::string(8192, 'x');
  EXPECT_THAT(sentence(directory), testing::HasSubstr("restore a backup"));
}

TEST_F(Refused, is_a_clock_that_stands_before_the_newest_change) {
  act([](Transaction& t) { append_audit(t, an_event()); });
  clock.hold(now - std::chrono::minutes(5));
  EXPECT_NO_THROW(reopen());
  clock.hold(now - std::chrono::minutes(5) - std::chrono::seconds(1));
  try {
    reopen();
    ADD_FAILURE() << "started";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("set the clock"));
  }
}

TEST_F(Refused, is_a_database_of_a_newer_version) {
  act([](Transaction& t) { t.execute("insert into migrations (number, applied_at) values (99, 0)"); });
  store.reset();
  EXPECT_EQ(sentence(directory), "this database was made by a newer Latchkey (schema 99; this one knows " +
                                     std::to_string(store::schema().size()) +
                                     "): run that version, or restore a backup");
}

TEST_F(Refused, is_a_state_that_this_version_does_not_know) {
  const User ada = a_user();
  EXPECT_THROW(
      act([&](Transaction& t) { t.execute("update users set state = 'asleep' where id = $1", ada.id); }),
      Error);
  EXPECT_THROW(static_cast<void>(value_from<UserState>("asleep")), Error);
}

}  // namespace
}  // namespace latchkey::store
