// Goal: one number for one content, kept as long as a word names it, and used again only after an epoch.
// SPDX-License-Identifier: Apache-2.0
#include "verify/records.hpp"

#include <gtest/gtest.h>

namespace latchkey::verify {
namespace {

struct Content {
  std::uint64_t value = 0;
  bool operator==(const Content&) const noexcept = default;
};
std::uint64_t hash_of(const UniversalHash& hash, const Content& content) noexcept {
  return hash(std::array{content.value});
}

using Contents = Records<Content, hash_of>;

TEST(Records, name_a_content_once) {
  Contents records;
  const auto one = records.take({1});
  EXPECT_NE(one, Contents::none);
  EXPECT_EQ(records.take({1}), one);
  EXPECT_NE(records.take({2}), one);
  EXPECT_EQ(records[one].value, 1U);
}

TEST(Records, use_a_number_again_only_after_an_epoch_in_which_no_word_named_it) {
  Contents records;
  const auto one = records.take({1});
  static_cast<void>(records.take({1}));
  records.give_back(one);
  records.reuse();
  EXPECT_NE(records.take({2}), one);  // a second word still names it
  records.give_back(one);
  EXPECT_NE(records.take({3}), one);  // readers may still look
  EXPECT_EQ(records[one].value, 1U);
  records.reuse();
  EXPECT_EQ(records.take({4}), one);
  EXPECT_EQ(records[one].value, 4U);
}

TEST(Records, keep_what_is_named_again_before_the_epoch) {
  Contents records;
  const auto one = records.take({1});
  for (int i = 0; i < 2; ++i) {
    records.give_back(one);
    EXPECT_EQ(records.take({1}), one);
  }
  records.reuse();
  EXPECT_EQ(records[one].value, 1U);
  EXPECT_NE(records.take({2}), one);
  records.give_back(one);
  EXPECT_EQ(records.take({1}), one);
  records.give_back(one);
  records.reuse();  // given back twice: free once
  EXPECT_EQ(records.take({3}), one);
  EXPECT_NE(records.take({4}), one);
}

TEST(Records, never_move) {
  Contents records;
  const auto* first = &records[records.take({1})];
  for (std::uint64_t i = 2; i < 10'000; ++i) EXPECT_EQ(records[records.take({i})].value, i);
  EXPECT_EQ(first, &records[records.take({1})]);
}

}  // namespace
}  // namespace latchkey::verify
