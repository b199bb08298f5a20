// Goal: the remembered sign-in is its owner's alone, and comes back whole. Method: a directory of the test's
// own.
// SPDX-License-Identifier: Apache-2.0
#include "app/session.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "app/command.hpp"
#include "app/private_file.hpp"

namespace latchkey::app {
namespace {

namespace fs = std::filesystem;

class SessionFile : public testing::Test {
 protected:
  SessionFile() : folder_((fs::temp_directory_path() / "latchkey-XXXXXX").string()) {
    if (!mkdtemp(folder_.data())) ADD_FAILURE() << "no temporary directory";
  }
  ~SessionFile() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path file() const { return fs::path(folder_) / "config" / "latchkey" / "session.json"; }

  std::string folder_;
};

fs::perms mode(const fs::path& path) { return fs::status(path).permissions(); }

TEST_F(SessionFile, comes_back_as_it_was_saved) {
  save_session(file(), {"https://git.example.com", "Härden \"1\"", "ada@example.com", "/ca.pem",
                        Secret("latchkey=abc")});
  const auto session = load_session(file());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->server, "https://git.example.com");
  EXPECT_EQ(session->organization, "Härden \"1\"");
  EXPECT_EQ(session->user, "ada@example.com");
  EXPECT_EQ(session->ca, "/ca.pem");
  EXPECT_EQ(session->cookie.reveal(), "latchkey=abc");
}

TEST_F(SessionFile, is_readable_by_its_owner_alone_whatever_stood_there) {
  fs::create_directories(file().parent_path());
  for (const fs::path& there : {file(), fs::path(file().string() + ".new")}) {
    std::ofstream(there) << "old";
    fs::permissions(there, fs::perms::all);
  }
  save_session(file(), {"https://a", "o", "u", "", Secret("c")});
  EXPECT_EQ(mode(file()), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SessionFile, gets_a_folder_that_others_can_not_enter) {
  save_session(file(), {"https://a", "o", "u", "", Secret("c")});
  EXPECT_EQ(mode(file().parent_path()), fs::perms::owner_all);
}

TEST_F(SessionFile, counts_as_none_when_it_is_missing_or_broken) {
  EXPECT_FALSE(load_session(file()));
  write_private_file(file(), "{\"server\":");
  EXPECT_FALSE(load_session(file()));
}

TEST_F(SessionFile, that_can_not_be_written_is_refused_with_a_sentence) {
  std::ofstream(folder_ + "/config") << "a file where a folder must be";
  EXPECT_THROW(save_session(file(), {"https://a", "o", "u", "", Secret("c")}), Failure);
}

TEST_F(SessionFile, stands_where_xdg_says_else_below_home) {
  const auto place = [](const char* xdg, const char* home) {
    return session_file([=](const char* name) { return std::string_view(name) == "HOME" ? home : xdg; });
  };
  EXPECT_EQ(place("/x", "/h"), "/x/latchkey/session.json");
  EXPECT_EQ(place(nullptr, "/h"), "/h/.config/latchkey/session.json");
  EXPECT_EQ(place("relative", "/h"), "/h/.config/latchkey/session.json");
  EXPECT_THROW(static_cast<void>(place(nullptr, nullptr)), Failure);
}

}  // namespace
}  // namespace latchkey::app
