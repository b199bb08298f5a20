// Goal: the end of a token lies where token.md says, on both sides of each bound. Method: a fixed now.
// SPDX-License-Identifier: Apache-2.0
#include "token/lifetime.hpp"

#include <gtest/gtest.h>

namespace latchkey::token {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 7h + 55min + 23s + 400ms;
constexpr Time now_cut = now - 400ms;

TEST(ValidTo, is_thirty_days_from_now_unless_given) { EXPECT_EQ(valid_to(now, {}), now_cut + days(30)); }

TEST(ValidTo, follows_a_policy_that_is_shorter_than_the_default) {
  EXPECT_EQ(valid_to(now, {}, days(7)), now_cut + days(7));
}

TEST(ValidTo, is_cut_to_whole_seconds) { EXPECT_EQ(valid_to(now, now + 10s + 599ms), now_cut + 10s); }

TEST(ValidTo, refuses_what_is_over_once_cut) {
  EXPECT_EQ(valid_to(now, now), std::unexpected(LifetimeError::in_the_past));
  EXPECT_EQ(valid_to(now_cut, now_cut), std::unexpected(LifetimeError::in_the_past));
  EXPECT_EQ(valid_to(now_cut, now_cut + 1s), now_cut + 1s);
  EXPECT_EQ(valid_to(now, now + 500ms), std::unexpected(LifetimeError::in_the_past));
  EXPECT_EQ(valid_to(now, now + 600ms), now_cut + 1s);
  EXPECT_EQ(valid_to(now, Time()), std::unexpected(LifetimeError::in_the_past));
}

TEST(ValidTo, refuses_more_than_a_year_or_the_policys_maximum) {
  EXPECT_EQ(valid_to(now, now + days(365)), now_cut + days(365));
  EXPECT_EQ(valid_to(now_cut, now_cut + days(365)), now_cut + days(365));
  EXPECT_EQ(valid_to(now, now + days(365) + 1s), std::unexpected(LifetimeError::too_long));
  EXPECT_EQ(valid_to(now, now + days(7), days(7)), now_cut + days(7));
  EXPECT_EQ(valid_to(now, now + days(7) + 1s, days(7)), std::unexpected(LifetimeError::too_long));
}

}  // namespace
}  // namespace latchkey::token
