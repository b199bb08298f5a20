// The throttle's rate, and what it counts together: accounts and networks, in pairs.
// SPDX-License-Identifier: Apache-2.0
#include "authority/throttle.hpp"

#include <gtest/gtest.h>

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

const Time start = *parse_time("2026-11-24T08:00:00Z");

int attempts_left(Throttle& throttle, Time now, std::string_view account, std::string_view address) {
  int count = 0;
  while (throttle.take(now, account, address)) ++count;
  return count;
}

TEST(Throttle, gives_all_attempts_at_once_and_then_one_an_interval) {
  Throttle throttle;
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), Throttle::attempts);
  EXPECT_EQ(attempts_left(throttle, start + Throttle::interval - 1s, "ann", "192.0.2.7"), 0);
  EXPECT_EQ(attempts_left(throttle, start + Throttle::interval, "ann", "192.0.2.7"), 1);
  EXPECT_EQ(attempts_left(throttle, start + 24h, "ann", "192.0.2.7"), Throttle::attempts);
}

TEST(Throttle, lets_nobody_lock_another_out) {
  Throttle throttle;
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), Throttle::attempts);
  EXPECT_TRUE(throttle.take(start, "ann", "192.0.2.8"));
  EXPECT_TRUE(throttle.take(start, "ben", "192.0.2.7"));
}

TEST(Throttle, counts_a_v6_network_of_64_bits_as_one_and_a_mapped_v4_address_alone) {
  Throttle throttle;
  EXPECT_EQ(attempts_left(throttle, start, "ann", "2001:db8:0:1::1"), Throttle::attempts);
  EXPECT_FALSE(throttle.take(start, "ann", "2001:db8:0:1:ffff::2"));
  EXPECT_TRUE(throttle.take(start, "ann", "2001:db8:0:2::1"));
  EXPECT_EQ(attempts_left(throttle, start, "ann", "::ffff:192.0.2.7"), Throttle::attempts);
  EXPECT_TRUE(throttle.take(start, "ann", "::ffff:192.0.2.8"));
}

TEST(Throttle, takes_a_good_attempt_back) {
  Throttle throttle;
  for (int i = 0; i < 3 * Throttle::attempts; ++i) {
    EXPECT_TRUE(throttle.take(start, "ann", "192.0.2.7"));
    throttle.give_back("ann", "192.0.2.7");
  }
}

TEST(Throttle, survives_a_clock_that_is_set_back) {
  Throttle throttle;
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), Throttle::attempts);
  const Time before = start - 240h;
  EXPECT_FALSE(throttle.take(before, "ann", "192.0.2.7"));
  EXPECT_TRUE(throttle.take(start + Throttle::interval, "ann", "192.0.2.7"));
}

}  // namespace
}  // namespace latchkey::authority
