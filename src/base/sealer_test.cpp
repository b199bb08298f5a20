// Goal: what is sealed opens for its owner under its key, and for nothing else; the key file is its owner's.
// Method: round trips, changed bytes, a second Sealer on the same and on another file; RFC 4231's vector.
// SPDX-License-Identifier: Apache-2.0
#include "base/sealer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace latchkey {
namespace {

class SealerTest : public testing::Test {
 protected:
  SealerTest() {
    std::string pattern = testing::TempDir() + "latchkey-seal-XXXXXX";
    directory = ::mkdtemp(pattern.data());
  }
  ~SealerTest() override { std::filesystem::remove_all(directory); }
  std::filesystem::path directory;
};

TEST_F(SealerTest, opens_what_it_sealed_for_its_owner_alone) {
  Sealer sealer(directory / "key");
  const auto sealed = sealer.seal(Secret("hunter2"), "stream 1");
  EXPECT_EQ(sealer.open(sealed, "stream 1")->reveal(), "hunter2");
  EXPECT_FALSE(sealer.open(sealed, "stream 2"));
  EXPECT_FALSE(sealed.contains("hunter2"));
  EXPECT_NE(sealer.seal(Secret("hunter2"), "stream 1"), sealed);
  EXPECT_EQ(sealer.open(sealer.seal(Secret(), "s"), "s")->reveal(), "");
  EXPECT_EQ(Sealer(directory / "key").open(sealed, "stream 1")->reveal(), "hunter2");
  EXPECT_FALSE(Sealer(directory / "other").open(sealed, "stream 1"));
}

TEST_F(SealerTest, opens_nothing_that_was_changed) {
  Sealer sealer(directory / "key");
  const auto sealed = sealer.seal(Secret("x"), "s");
  for (std::size_t at = 0; at + 1 < sealed.size(); ++at) {  // of the last letter two bits are no bits of it
    auto changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer.open(changed, "s")) << at;
  }
  EXPECT_FALSE(sealer.open("", "s"));
  EXPECT_FALSE(sealer.open("****", "s"));
}

TEST_F(SealerTest, keeps_its_key_private) {
  static_cast<void>(Sealer(directory / "key").seal(Secret("x"), "s"));
  struct stat file{};
  ASSERT_EQ(stat((directory / "key").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  EXPECT_EQ(file.st_size, 32);
  std::ofstream(directory / "key") << "short";
  EXPECT_THROW(static_cast<void>(Sealer(directory / "key").seal(Secret("x"), "s")), std::runtime_error);
}

TEST(Hmac, is_that_of_rfc_4231) {
  EXPECT_EQ(hmac_hex(Secret("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace latchkey
