// Goal: stock git clones, fetches and pushes through the server; what it is refused, it is told in words; and
// a right that ends during a push moves no ref. Method: a real server in this process, the real `git` as
// client, and the server's repository looked at from outside. SPDX-License-Identifier: Apache-2.0
#include "git/git.hpp"

#include <gmock/gmock.h>

#include "git/testing.hpp"

namespace latchkey::git {
namespace {

using testing::HasSubstr;
using testing::Not;

class GitTest : public GitServerTest {};

TEST_F(GitTest, clones_an_empty_repository_and_takes_the_first_push) {
  start();
  fs::create_directories(work());
  must({"clone", "--quiet", url(), "."});
  commit("README", "Welcome.\n");
  EXPECT_EQ(shown().default_branch, std::nullopt);
  must({"push", "--quiet", "origin", "HEAD"});
  EXPECT_EQ(refs(), tip() + " refs/heads/main\n");
  EXPECT_EQ(shown().default_branch, "refs/heads/main");
  EXPECT_GT(shown().size, 0);

  must({"clone", "--quiet", url(), "again"});
  EXPECT_TRUE(fs::exists(work() / "again" / "README"));
}

TEST_F(GitTest, fetches_what_is_new) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main"});
  must({"clone", "--quiet", url(), "other"});
  commit("second", "x");
  must({"push", "--quiet", "origin", "main"});
  ASSERT_EQ(git({"fetch", "--quiet"}, work() / "other").code, 0);
  EXPECT_EQ(git({"rev-parse", "origin/main"}, work() / "other").text, tip() + "\n");
}

TEST_F(GitTest, speaks_every_version_of_the_protocol) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main"});
  for (const std::string version : {"0", "1", "2"}) {
    must({"-c", "protocol.version=" + version, "clone", "--quiet", url(), "v" + version});
    EXPECT_TRUE(fs::exists(work() / ("v" + version) / "README"));
  }
}

TEST_F(GitTest, takes_force_pushes_tags_and_deletions) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main", "main:next"});
  must({"commit", "--quiet", "--amend", "-m", "other"});
  EXPECT_NE(git({"push", "--quiet", "origin", "main"}).code, 0);
  must({"push", "--quiet", "--force", "origin", "main"});
  must({"tag", "-a", "-m", "one", "v1"});
  must({"push", "--quiet", "origin", "v1", ":next"});
  EXPECT_EQ(refs(), tip() + " refs/heads/main\n" + tip("v1") + " refs/tags/v1\n");
}

TEST_F(GitTest, keeps_the_default_branch) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main:trunk"});
  EXPECT_EQ(shown().default_branch, "refs/heads/trunk");
  const auto ran = git({"push", "origin", ":trunk"});
  EXPECT_NE(ran.code, 0);
  EXPECT_THAT(ran.text, HasSubstr("deletion of the current branch prohibited"));
}

// More than http.postBuffer: first a probe, then chunks.
TEST_F(GitTest, takes_a_big_push_in_chunks_and_gives_it_back) {
  start();
  make_work();
  commit("big", noise(3 << 20));
  must({"push", "--quiet", "origin", "main"});
  must({"clone", "--quiet", url(), "again"});
  EXPECT_EQ(git({"rev-parse", "HEAD"}, work() / "again").text, tip() + "\n");
  EXPECT_EQ(fs::file_size(work() / "again" / "big"), 3u << 20);
}

// So many wants that git compresses the request. Haves would not do: how many git sends depends on the second
// in which each commit was made.
TEST_F(GitTest, serves_a_compressed_fetch) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main"});
  must({"clone", "--quiet", url(), "other"});
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(git({"commit", "--quiet", "--allow-empty", "-m", std::to_string(i)}, work()).code, 0);
    ASSERT_EQ(git({"branch", "b" + std::to_string(i)}, work()).code, 0);
  }
  must({"push", "--quiet", "--all", "origin"});
  EXPECT_FALSE(compressed_);
  const auto ran = git({"fetch", "origin"}, work() / "other");
  EXPECT_EQ(ran.code, 0) << ran.text;
  EXPECT_TRUE(compressed_);
  EXPECT_EQ(git({"rev-parse", "origin/b39"}, work() / "other").text, tip() + "\n");
}

TEST_F(GitTest, says_what_is_not_there_and_what_may_not_be) {
  start();
  make_work();
  auto ran = git({"ls-remote", url("nowhere")});
  EXPECT_EQ(ran.code, 128);
  EXPECT_THAT(ran.text, HasSubstr("not found"));
  EXPECT_THAT(ran.text, HasSubstr("remote: "));

  user_ = world_.ben;  // a reader
  must({"ls-remote", url()});
  ran = git({"push", "origin", "main"});
  EXPECT_EQ(ran.code, 128);
  EXPECT_THAT(ran.text, HasSubstr("error: 403"));
  EXPECT_THAT(ran.text, HasSubstr("remote: "));
  EXPECT_EQ(refs(), "");
}

TEST_F(GitTest, asks_first_whom_only_the_pool_can_tell) {
  start();
  make_work();
  user_ = UserId::random();  // nobody, until it is found out
  std::atomic<int> times = 0;
  identify_ = [&](GitRequest& asked) -> std::optional<http::Response> {
    ++times;
    asked.actor = authority::World::signed_in(world_.ann);
    return std::nullopt;
  };
  must({"push", "--quiet", "origin", "main"});
  EXPECT_EQ(times, 2);  // info/refs, and the POST
  identify_ = [](GitRequest&) -> std::optional<http::Response> {
    http::Response no{.status = 401, .content_type = "text/plain", .fields = {}, .body = "Who?\n"};
    no.field("WWW-Authenticate", "Basic realm=\"here\"");
    return no;
  };
  EXPECT_NE(git({"fetch", "origin"}).code, 0);
  const auto refused = post("git-upload-pack", "garbage, which nobody looks at");
  EXPECT_EQ(status(refused), 401);
  EXPECT_TRUE(refused.contains("Basic realm=\"here\"")) << refused;
  identify_ = [](GitRequest&) -> std::optional<http::Response> {
    throw Refusal(RefusalCode::too_many_attempts, "Too many attempts. Try again in a minute.");
  };
  EXPECT_EQ(status(post("git-upload-pack", "")), 429);
  EXPECT_FALSE(has_processes());
}

// What was found out about who asks is what the transfer goes on asking.
TEST_F(GitTest, moves_no_ref_for_who_was_identified_and_has_ended) {
  start();
  make_work();
  identify_ = [this](GitRequest& asked) -> std::optional<http::Response> {
    asked.still_good = [this] { return !has_ref_lock(); };
    return std::nullopt;
  };
  EXPECT_NE(git({"push", "origin", "main"}).code, 0);
  EXPECT_EQ(refs(), "");
}

TEST_F(GitTest, moves_no_ref_for_a_token_that_ended_during_the_push) {
  start();
  make_work();
  good_for_ = 0;
  for (const std::string mode : {"--no-atomic", "--atomic"}) {
    const auto ran = git({"push", mode, "origin", "main", "main:next"});
    EXPECT_NE(ran.code, 0);
    EXPECT_THAT(ran.text, HasSubstr("remote: Your token ended during the push."));
    EXPECT_EQ(refs(), "");
    EXPECT_FALSE(has_remnants());
  }
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(shown().default_branch, std::nullopt);
  good_for_ = 1'000'000;
  must({"push", "--quiet", "origin", "main"});
}

TEST_F(GitTest, moves_what_it_moved_before_the_token_ended) {
  start();
  make_work();
  good_for_ = 1;
  const auto ran = git({"push", "origin", "main:a", "main:b"});
  EXPECT_NE(ran.code, 0);
  EXPECT_THAT(ran.text, HasSubstr("remote: Your token ended during the push."));
  EXPECT_EQ(refs(), tip() + " refs/heads/a\n");
  EXPECT_EQ(shown().default_branch, "refs/heads/a");
}

TEST_F(GitTest, all_or_none_of_an_atomic_push_moves) {
  start();
  make_work();
  must({"push", "--quiet", "--atomic", "origin", "main:a", "main:b"});
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(refs(), tip() + " refs/heads/a\n" + tip() + " refs/heads/b\n");
}

TEST_F(GitTest, refuses_pushes_below_the_reserve_and_still_serves_fetches) {
  start({.data = {}, .free_reserve = std::uint64_t{1} << 60});
  make_work();
  const auto ran = git({"push", "origin", "main"});
  EXPECT_THAT(ran.text, HasSubstr("remote: The server's disk is nearly full"));
  EXPECT_THAT(ran.text, HasSubstr("error: 507"));
  must({"ls-remote", url()});
}

TEST_F(GitTest, refuses_a_pack_beyond_its_bound_in_words) {
  start({.data = {}, .receive_max = 1 << 20});
  make_work();
  commit("big", noise(2 << 20));
  const auto ran = git({"push", "origin", "main"});
  EXPECT_NE(ran.code, 0);
  EXPECT_THAT(ran.text, HasSubstr("exceeds maximum allowed size"));
  EXPECT_EQ(refs(), "");
  EXPECT_FALSE(has_remnants());
}

TEST_F(GitTest, takes_pushes_up_to_the_quota_of_a_repository) {
  start({.data = {}, .repository_quota = 1 << 20});
  make_work();
  commit("half", noise(600 << 10));
  must({"push", "--quiet", "origin", "main"});
  commit("beyond", noise(600 << 10));
  EXPECT_THAT(git({"push", "origin", "main"}).text, HasSubstr("exceeds maximum allowed size"));
  const auto before = refs();
  server_.reset();
  start({.data = {}, .repository_quota = 512 << 10});
  const auto ran = git({"push", url(), "main"});
  EXPECT_THAT(ran.text, HasSubstr("remote: The repository is as large as this server lets one become"));
  EXPECT_THAT(ran.text, HasSubstr("error: 507"));
  EXPECT_EQ(refs(), before);
  must({"ls-remote", url()});
}

TEST_F(GitTest, refuses_broken_objects) {
  start();
  make_work();
  const auto tree = git({"mktree", "--missing"}).text;  // empty
  std::ofstream(work() / "bad") << "tree " << tree.substr(0, 40) << "\nauthor x\ncommitter x\n\nbad\n";
  const auto bad = git({"hash-object", "-t", "commit", "-w", "--literally", "bad"}).text.substr(0, 40);
  const auto ran = git({"push", "origin", bad + ":refs/heads/bad"});
  EXPECT_NE(ran.code, 0);
  EXPECT_THAT(ran.text, HasSubstr("unpacker error"));
  EXPECT_EQ(refs(), "");
  EXPECT_FALSE(has_remnants());
}

TEST_F(GitTest, sweeps_what_a_crash_left) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main"});
  std::ofstream(directory() / "refs/heads/main.lock") << "x";
  commit("second", "x");
  EXPECT_NE(git({"push", "origin", "main"}).code, 0);
  git_->sweep();
  must({"push", "--quiet", "origin", "main"});

  authority::delete_repository(world_.authority(), authority::World::signed_in(world_.admin),
                               world_.organization, "house", "house");
  EXPECT_EQ(git({"ls-remote", url()}).code, 128);
  git_->sweep();
  EXPECT_FALSE(fs::exists(directory()));
}

TEST(Git, says_what_to_do_when_its_directories_cannot_be_made) {
  authority::World world;
  try {
    const Git git(world.authority(), {.data = "/proc/none"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("make the data directory writable"));
  }
}

}  // namespace
}  // namespace latchkey::git
