// Goal: --expires means what people write. Method: texts against instants, from one fixed now.
// SPDX-License-Identifier: Apache-2.0
#include "app/expiry.hpp"

#include <gtest/gtest.h>

namespace latchkey::app {
namespace {

const Time now = *parse_time("2026-11-24T07:55:23Z");

std::string expiry(std::string_view text) {
  const auto time = parse_expiry(text, now);
  return time ? iso8601(*time) : "nothing";
}

TEST(ParseExpiry, reads_days_and_hours_from_now) {
  EXPECT_EQ(expiry("30d"), "2026-12-24T07:55:23Z");
  EXPECT_EQ(expiry("1h"), "2026-11-24T08:55:23Z");
  EXPECT_EQ(expiry("9999d"), iso8601(now + std::chrono::days(9999)));
}

TEST(ParseExpiry, reads_dates_and_instants) {
  EXPECT_EQ(expiry("2027-01-31"), "2027-01-31T00:00:00Z");
  EXPECT_EQ(expiry("2027-01-31T10:00:00+01:00"), "2027-01-31T09:00:00Z");
}

TEST(ParseExpiry, refuses_everything_else) {
  for (const char* text : {"", "d", "30", "0d", "-1d", "10000d", "30dd", "30 d", "d30", "30m", "1.5d",
                           "tomorrow", "2027-13-01", "99999999999999999999d"})
    EXPECT_EQ(expiry(text), "nothing") << text;
}

}  // namespace
}  // namespace latchkey::app
