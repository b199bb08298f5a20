// Goal: times are written in one way and read in the ways that clients are known to send; nothing else
// is a time. Method: examples from both sides of each bound, round trips, and a good text with each
// character broken.
// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

using namespace std::chrono_literals;

constexpr Time example = std::chrono::sys_days(2026y / 11 / 24) + 7h + 55min + 23s + 123456us;
constexpr Time example_seconds = std::chrono::sys_days(2026y / 11 / 24) + 7h + 55min + 23s;
constexpr Time midnight = std::chrono::sys_days(2026y / 11 / 24);

TEST(Clock, reads_the_systems_time_until_it_is_held) {
  Clock clock;
  const Time before = clock.now();
  EXPECT_GT(before, Time(std::chrono::sys_days(2024y / 1 / 1)));
  EXPECT_LE(before, clock.now());
  clock.hold(example);
  EXPECT_EQ(clock.now(), example);
  EXPECT_EQ(clock.now(), example);
}

TEST(Iso8601, writes_a_fraction_only_where_there_is_one) {
  EXPECT_EQ(iso8601(example), "2026-11-24T07:55:23.123456Z");
  EXPECT_EQ(iso8601(example_seconds), "2026-11-24T07:55:23Z");
  EXPECT_EQ(iso8601(example_seconds + 1us), "2026-11-24T07:55:23.000001Z");
  EXPECT_EQ(iso8601(Time()), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601(Time(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Iso8601, is_appended_to_what_is_there_however_little_room_is_left) {
  for (std::size_t before = 0; before < 100; ++before) {
    std::string text(before, 'x');
    text.shrink_to_fit();
    append_iso8601(text, example_seconds);
    append_iso8601(text, example);
    EXPECT_EQ(text, std::string(before, 'x') + "2026-11-24T07:55:23Z2026-11-24T07:55:23.123456Z");
  }
}

TEST(Iso8601, writes_nothing_wild_for_a_year_of_more_than_four_digits) {
  EXPECT_EQ(iso8601(Time::max()).size(), iso8601(example).size());
}

TEST(IsoDate, is_the_date_alone) {
  EXPECT_EQ(iso_date(example), "2026-11-24");
  EXPECT_EQ(iso_date(midnight - 1us), "2026-11-23");
}

TEST(HttpDate, is_as_rfc_9110_says) {
  EXPECT_EQ(http_date(example), "Tue, 24 Nov 2026 07:55:23 GMT");
  EXPECT_EQ(http_date(Time(std::chrono::sys_days(1994y / 11 / 6) + 8h + 49min + 37s)),
            "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(ParseTime, reads_what_is_written) {
  for (const Time time :
       {Time(), example, example_seconds, midnight, Time(std::chrono::sys_days(2028y / 2 / 29)),
        Time(std::chrono::sys_days(9999y / 12 / 31) + 23h + 59min + 59s + 999999us)}) {
    EXPECT_EQ(parse_time(iso8601(time)), time) << iso8601(time);
    EXPECT_EQ(parse_time(http_date(time)), std::chrono::floor<std::chrono::seconds>(time)) << http_date(time);
    EXPECT_EQ(parse_time(iso_date(time)), std::chrono::floor<std::chrono::days>(time)) << iso_date(time);
  }
}

TEST(ParseTime, reads_offsets_and_takes_their_absence_as_utc) {
  for (const auto* text :
       {"2026-11-24T07:55:23", "2026-11-24T07:55:23Z", "2026-11-24T07:55:23+00:00",
        "2026-11-24T08:55:23+01:00", "2026-11-24T08:55:23+0100", "2026-11-23T23:55:23-08:00",
        "2026-11-24T13:25:23+05:30", "2026-11-24T07:55:23.0Z", "2026-11-24T07:55:23.000000000Z"}) {
    EXPECT_EQ(parse_time(text), example_seconds) << text;
  }
}

TEST(ParseTime, reads_up_to_nine_digits_of_a_fraction_and_cuts_below_microseconds) {
  EXPECT_EQ(parse_time("2026-11-24T07:55:23.5Z"), example_seconds + 500000us);
  EXPECT_EQ(parse_time("2026-11-24T07:55:23.1234567Z"), example);
  EXPECT_EQ(parse_time("2026-11-24T07:55:23.123456999+00:00"), example);
  EXPECT_EQ(parse_time("2026-11-24T07:55:23.999999999Z"), example_seconds + 999999us);
  EXPECT_EQ(parse_time("2026-11-24T07:55:23.1234567890Z"), std::nullopt);
}

TEST(ParseTime, gives_nothing_outside_1970_to_9999) {
  for (const auto* text : {"1969-12-31T23:59:59Z", "1969-12-31", "0001-01-01T00:00:00",
                           "1970-01-01T00:30:00+01:00", "10000-01-01", "10000-01-01T00:00:00Z",
                           "9999-12-31T23:30:00-01:00", "Wed, 31 Dec 1969 23:59:59 GMT", "+2026-11-24"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(ParseTime, gives_nothing_for_a_day_or_hour_that_is_not_there) {
  for (const auto* text :
       {"2026-13-01", "2026-00-10", "2026-02-30", "2027-02-29", "2026-04-31", "2026-11-00", "2026-11-32",
        "2026-11-24T24:00:00Z", "2026-11-24T07:60:00Z", "2026-11-24T07:55:60Z", "2026-11-24T07:55:23+24:00",
        "2026-11-24T07:55:23+01:60", "Tue, 31 Nov 2026 07:55:23 GMT", "Tue, 24 Nov 2026 24:55:23 GMT",
        "Mon, 24 Nov 2026 07:55:23 GMT", "Tue, 24 Nvo 2026 07:55:23 GMT"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(ParseTime, gives_nothing_for_garbage) {
  for (const auto* text : {"",
                           " ",
                           "now",
                           "tomorrow",
                           "2026",
                           "2026-11",
                           "2026-11-2",
                           "2026-1-24",
                           "20261124",
                           "2026/11/24",
                           "24.11.2026",
                           "2026-11-24T",
                           "2026-11-24T07",
                           "2026-11-24T07:55",
                           "2026-11-24T07:55:23.",
                           "2026-11-24T07:55:23.Z",
                           "2026-11-24T07:55:23ZZ",
                           "2026-11-24T07:55:23+",
                           "2026-11-24T07:55:23+1",
                           "2026-11-24T07:55:23+01:00Z",
                           "2026-11-24 07:55:23Z",
                           " 2026-11-24",
                           "2026-11-24 ",
                           "2026-11-24Z",
                           "-026-11-24",
                           "2026-+1-24",
                           "1795506923",
                           "Tue, 24 Nov 2026 07:55:23",
                           "Tue, 24 Nov 2026 07:55:23 UTC",
                           "Tue, 24 Nov 2026 07:55:23 GMT ",
                           "Tuesday, 24-Nov-26 07:55:23 GMT",
                           "Tue Nov 24 07:55:23 2026",
                           "Tue"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(ParseTime, gives_nothing_when_any_character_is_broken) {
  for (const std::string good : {"2026-11-24T07:55:23.123456+01:00", "Tue, 24 Nov 2026 07:55:23 GMT"}) {
    ASSERT_TRUE(parse_time(good).has_value());
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string text = good;
      text[i] = '?';
      EXPECT_EQ(parse_time(text), std::nullopt) << text;
    }
  }
}

TEST(Clock, goes_ahead_with_the_system_but_never_back_with_it) {
  Clock clock;
  const Time start = *parse_time("2026-11-24T08:00:00Z");
  const std::pair<int, int> steps[] = {{0, 0}, {10, 10}, {5, 10}, {9, 10}, {11, 11}, {0, 11}, {12, 12}};
  for (const auto& [system, told] : steps) {
    clock.hold(start + std::chrono::seconds(system));
    EXPECT_EQ(clock.now(), start + std::chrono::seconds(system));
    EXPECT_EQ(clock.never_back(), start + std::chrono::seconds(told));
  }
}

TEST(Clock, runs_as_the_system_does_while_that_does_not_step) {
  const Clock clock;
  Time last{};
  for (int i = 0; i < 1000; ++i) {
    const Time before = clock.now(), time = clock.never_back();
    EXPECT_GE(time, last);
    EXPECT_GE(time + std::chrono::seconds(1), before);
    EXPECT_LE(time, clock.now() + std::chrono::seconds(1));
    last = time;
  }
}

}  // namespace
}  // namespace latchkey
