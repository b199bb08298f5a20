// The throttle's rate, and what it counts together: accounts and networks, in pairs.
// SPDX-License-Identifier: Apache-2.0
#include "authority/throttle.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

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
  Throttle throttle(password_rate);
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), password_rate.at_once);
  EXPECT_EQ(attempts_left(throttle, start + password_rate.interval - 1s, "ann", "192.0.2.7"), 0);
  EXPECT_EQ(attempts_left(throttle, start + password_rate.interval, "ann", "192.0.2.7"), 1);
  EXPECT_EQ(attempts_left(throttle, start + 24h, "ann", "192.0.2.7"), password_rate.at_once);
}

TEST(Throttle, lets_nobody_lock_another_out) {
  Throttle throttle(password_rate);
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), password_rate.at_once);
  EXPECT_TRUE(throttle.take(start, "ann", "192.0.2.8"));
  EXPECT_TRUE(throttle.take(start, "ben", "192.0.2.7"));
}

TEST(Throttle, counts_a_v6_network_of_64_bits_as_one_and_a_mapped_v4_address_alone) {
  Throttle throttle(password_rate);
  EXPECT_EQ(attempts_left(throttle, start, "ann", "2001:db8:0:1::1"), password_rate.at_once);
  EXPECT_FALSE(throttle.take(start, "ann", "2001:db8:0:1:ffff::2"));
  EXPECT_TRUE(throttle.take(start, "ann", "2001:db8:0:2::1"));
  EXPECT_EQ(attempts_left(throttle, start, "ann", "::ffff:192.0.2.7"), password_rate.at_once);
  EXPECT_TRUE(throttle.take(start, "ann", "::ffff:192.0.2.8"));
}

TEST(Throttle, takes_a_good_attempt_back) {
  Throttle throttle(password_rate);
  for (int i = 0; i < 3 * password_rate.at_once; ++i) {
    EXPECT_TRUE(throttle.take(start, "ann", "192.0.2.7"));
    throttle.give_back("ann", "192.0.2.7");
  }
}

TEST(Throttle, survives_a_clock_that_is_set_back) {
  Throttle throttle(password_rate);
  EXPECT_EQ(attempts_left(throttle, start, "ann", "192.0.2.7"), password_rate.at_once);
  const Time before = start - 240h;
  EXPECT_FALSE(throttle.take(before, "ann", "192.0.2.7"));
  EXPECT_TRUE(throttle.take(start + password_rate.interval, "ann", "192.0.2.7"));
}

TEST(Throttle, keeps_no_more_for_a_million_networks) {
#if __has_feature(address_sanitizer)
  Throttle throttle(guess_rate);
  const auto before = __sanitizer_get_current_allocated_bytes();
  for (unsigned i = 0; i < 1'000'000; ++i) {
    std::array<char, 24> address;
    const int size =
        std::snprintf(address.data(), address.size(), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
    static_cast<void>(throttle.take(start, "", {address.data(), static_cast<std::size_t>(size)}));
  }
  EXPECT_EQ(__sanitizer_get_current_allocated_bytes(), before);
#else
  GTEST_SKIP() << "needs the debug preset";
#endif
}

TEST(Throttle, gives_no_attempt_twice_to_many_threads) {
  Throttle throttle(guess_rate);
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] { taken += attempts_left(throttle, start, "", "192.0.2.7"); });
  }
  EXPECT_EQ(taken, guess_rate.at_once);
}

}  // namespace
}  // namespace latchkey::authority
