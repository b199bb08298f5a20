// Goal: a repository's directory appears whole or not at all, HEAD follows what was pushed, and a sweep
// removes what a crash left and nothing else. Method: real directories in a temporary place, and stock git to
// fill them. SPDX-License-Identifier: Apache-2.0
#include "git/repositories.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/process.hpp"
#include "git/environment.hpp"

namespace latchkey::git {
namespace {

namespace fs = std::filesystem;

class RepositoriesTest : public testing::Test {
 protected:
  RepositoriesTest() { repository_.id = RepositoryId::random(); }
  ~RepositoriesTest() override { fs::remove_all(data_); }

  fs::path directory() const { return repositories_.root() / repository_.id.text(); }
  void put(const fs::path& inside) const {
    fs::create_directories((directory() / inside).parent_path());
    std::ofstream(directory() / inside) << "x";
  }
  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-c", "user.name=a", "-c", "user.email=a@example.com"});
    auto result = run_process({.arguments = std::move(arguments),
                               .environment = plain_environment(),
                               .directory = directory().string(),
                               .descriptors = {}},
                              std::chrono::seconds(30));
    EXPECT_EQ(result.code, 0) << result.errors;
    return result.output.substr(0, result.output.find('\n'));
  }
  void make_branch(const std::string& name) const {
    const auto tree = git({"hash-object", "-t", "tree", "-w", "/dev/null"});
    git({"update-ref", "refs/heads/" + name, git({"commit-tree", "-m", "x", tree})});
  }

  fs::path data_ = fs::temp_directory_path() / ("latchkey-" + Uuid::random().text());
  Repositories repositories_{data_};
  store::Repository repository_;
};

TEST_F(RepositoriesTest, makes_a_bare_one_once) {
  repositories_.ensure(repository_);
  make_branch("main");
  repositories_.ensure(repository_);
  EXPECT_EQ(git({"rev-parse", "--is-bare-repository"}), "true");
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/main");
  EXPECT_FALSE(fs::exists(directory() / "hooks"));
  EXPECT_EQ(std::distance(fs::directory_iterator(repositories_.root()), {}), 1);
  EXPECT_GT(repositories_.size(repository_.id), 0);
}

TEST_F(RepositoriesTest, keeps_others_out) {
  EXPECT_EQ(fs::status(repositories_.root()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(repositories_.hooks()).permissions(), fs::perms::owner_all);
}

TEST_F(RepositoriesTest, points_head_to_a_branch_that_is_there) {
  repositories_.ensure(repository_);
  EXPECT_EQ(repositories_.settle_head(repository_.id), std::nullopt);
  make_branch("first");
  make_branch("master");
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/master");
  make_branch("main");
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/master");
  git({"symbolic-ref", "HEAD", "refs/heads/none"});
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/main");
  git({"update-ref", "-d", "refs/heads/master"});
  git({"update-ref", "-d", "refs/heads/main"});
  git({"pack-refs", "--all"});
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/first");
  EXPECT_EQ(repositories_.settle_head(repository_.id), "refs/heads/first");
}

TEST_F(RepositoriesTest, points_head_to_the_default_branch_if_it_is_there) {
  repositories_.ensure(repository_);
  make_branch("main");
  make_branch("next");
  for (const char* branch : {"refs/heads/next", "refs/heads/none", "--delete", "refs/heads/../../x"}) {
    repository_.default_branch = branch;
    repositories_.ensure(repository_);
    EXPECT_EQ(git({"symbolic-ref", "HEAD"}), "refs/heads/next");
  }
}

TEST_F(RepositoriesTest, sweep_removes_locks_and_quarantines) {
  repositories_.ensure(repository_);
  make_branch("main");
  const std::vector<fs::path> left = {"HEAD.lock",
                                      "packed-refs.lock",
                                      "refs/heads/main.lock",
                                      "refs/heads/a/b.lock",
                                      "objects/tmp_objdir-incoming-x/pack/p",
                                      "objects/incoming-x/p",
                                      "objects/pack/tmp_pack_x",
                                      "objects/ab/tmp_obj_x"};
  for (const auto& path : left) put(path);
  repositories_.sweep([](const auto&) { return true; });
  for (const auto& path : left) EXPECT_FALSE(fs::exists(directory() / path)) << path;
  EXPECT_FALSE(fs::exists(directory() / "objects/tmp_objdir-incoming-x"));
  git({"fsck", "--strict"});
  git({"rev-parse", "--verify", "refs/heads/main"});
}

TEST_F(RepositoriesTest, sweep_removes_directories_without_a_repository) {
  repositories_.ensure(repository_);
  store::Repository other;
  other.id = RepositoryId::random();
  repositories_.ensure(other);
  fs::create_directory(repositories_.root() / ".new-x");
  fs::create_directory(repositories_.root() / "lost+found");
  repositories_.sweep([&](const RepositoryId& id) { return id == repository_.id; });
  EXPECT_TRUE(fs::exists(directory()));
  EXPECT_FALSE(fs::exists(repositories_.root() / other.id.text()));
  EXPECT_FALSE(fs::exists(repositories_.root() / ".new-x"));
  EXPECT_TRUE(fs::exists(repositories_.root() / "lost+found"));
}

}  // namespace
}  // namespace latchkey::git
