// Goal: ids made later stand behind, have the bits that RFC 9562 fixes, and differ where the instant is one.
// Method: the instant of RFC 9562's example (A.6), every microsecond of a few milliseconds, and many of one.
// SPDX-License-Identifier: Apache-2.0
#include "base/time_ordered.hpp"

#include <gtest/gtest.h>

#include <set>

namespace latchkey {
namespace {

TEST(TimeOrdered, has_the_milliseconds_the_fraction_and_the_version_in_front) {
  const Time example = time_from_microseconds(1'645'557'742'000'000);
  EXPECT_EQ(time_ordered_uuid(example).text().substr(0, 18), "017f22e2-79b0-7000");
  EXPECT_EQ(time_ordered_uuid(example + std::chrono::microseconds(999)).text().substr(0, 18),
            "017f22e2-79b0-7ffb");
  EXPECT_TRUE(std::string_view("89ab").contains(time_ordered_uuid(example).text()[19]));
}

TEST(TimeOrdered, stands_behind_all_that_were_made_before) {
  Time now = time_from_microseconds(1'800'000'000'000'000);
  for (Uuid last = time_ordered_uuid(now); now < time_from_microseconds(1'800'000'000'005'000);) {
    now += std::chrono::microseconds(1);
    const Uuid next = time_ordered_uuid(now);
    EXPECT_LT(last, next);
    last = next;
  }
}

TEST(TimeOrdered, is_never_made_twice_of_one_instant) {
  std::set<TokenId> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(time_ordered<TokenId>(time_from_microseconds(1)));
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace latchkey
