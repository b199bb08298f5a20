// Goal: nobody else may look into a data directory. Method: a directory of the test's own.
// SPDX-License-Identifier: Apache-2.0
#include "app/data_directory.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "app/command.hpp"

namespace latchkey::app {
namespace {

namespace fs = std::filesystem;
using Missing = DataDirectory::Missing;

class DataDirectoryTest : public testing::Test {
 protected:
  DataDirectoryTest() : folder_((fs::temp_directory_path() / "latchkey-XXXXXX").string()) {
    if (!mkdtemp(folder_.data())) ADD_FAILURE() << "no temporary directory";
  }
  ~DataDirectoryTest() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path data() const { return fs::path(folder_) / "data"; }

  // The sentence with which opening it is refused; empty: it is not.
  [[nodiscard]] std::string refusal(Missing missing) const {
    try {
      const DataDirectory opened(data(), missing);
      return {};
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code(), ExitCode::refused);
      return failure.what();
    }
  }

  std::string folder_;
};

TEST_F(DataDirectoryTest, is_made_for_its_owner_alone) {
  EXPECT_EQ(refusal(Missing::make), "");
  EXPECT_EQ(fs::status(data()).permissions(), fs::perms::owner_all);
}

TEST_F(DataDirectoryTest, that_is_not_there_says_how_to_make_it) {
  EXPECT_THAT(refusal(Missing::refuse), testing::HasSubstr("latchkey init --data"));
  EXPECT_FALSE(fs::exists(data()));
}

TEST_F(DataDirectoryTest, that_others_may_enter_is_refused_and_left_as_it_is) {
  fs::create_directory(data());
  fs::permissions(data(), fs::perms::owner_all | fs::perms::others_exec);
  EXPECT_THAT(refusal(Missing::make), testing::HasSubstr("chmod 700"));
  EXPECT_NE(fs::status(data()).permissions(), fs::perms::owner_all);
}

}  // namespace
}  // namespace latchkey::app
