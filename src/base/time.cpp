// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <span>

namespace latchkey {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::size_t iso8601_longest = 27;  // with a fraction

// Each answer of forward-auth has a time, so its text is worth a table.
constexpr auto digit_pairs = [] {
  std::array<std::array<char, 2>, 100> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i)
    pairs[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
  return pairs;
}();

struct CivilTime {
  explicit CivilTime(Time time)
      : date(chrono::floor<chrono::days>(time)), clock(time - chrono::floor<chrono::days>(time)) {}

  [[nodiscard]] int year() const { return static_cast<int>(date.year()); }
  [[nodiscard]] unsigned month() const { return static_cast<unsigned>(date.month()); }
  [[nodiscard]] unsigned day() const { return static_cast<unsigned>(date.day()); }

  chrono::year_month_day date;
  chrono::hh_mm_ss<chrono::microseconds> clock;
};

// Takes a text apart from the left. After the first thing that is not there, nothing is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool finished() const noexcept { return good_ && rest_.empty(); }
  [[nodiscard]] bool next_is(char c) const noexcept { return good_ && rest_.starts_with(c); }
  [[nodiscard]] bool next_is_digit() const noexcept {
    return good_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool skip(char c) noexcept {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view text) noexcept {
    good_ = good_ && rest_.starts_with(text);
    if (good_) rest_.remove_prefix(text.size());
  }
  int number(int digits) noexcept {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      good_ = next_is_digit();
      if (!good_) return 0;
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  // A number that must lie in [0, max].
  int number(int digits, int max) noexcept {
    const int value = number(digits);
    good_ = good_ && value <= max;
    return value;
  }
  // The place of one of `names`, all of three characters.
  unsigned one_of(std::span<const std::string_view> names) noexcept {
    const auto found = std::ranges::find(names, rest_.substr(0, 3));
    good_ = good_ && found != names.end();
    if (!good_) return 0;
    rest_.remove_prefix(3);
    return static_cast<unsigned>(found - names.begin());
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

chrono::year_month_day date_of(int year, int month, int day) noexcept {
  return chrono::year(year) / chrono::month(static_cast<unsigned>(month)) /
         chrono::day(static_cast<unsigned>(day));
}

chrono::seconds scan_clock(Scanner& scanner) noexcept {
  const chrono::hours hours(scanner.number(2, 23));
  scanner.expect(":");
  const chrono::minutes minutes(scanner.number(2, 59));
  scanner.expect(":");
  return hours + minutes + chrono::seconds(scanner.number(2, 59));
}

// Up to nine digits; what is finer than a microsecond is cut.
chrono::microseconds scan_fraction(Scanner& scanner) noexcept {
  if (!scanner.skip('.')) return {};
  int value = scanner.number(1), digits = 1;
  for (; digits < 9 && scanner.next_is_digit(); ++digits) value = value * 10 + scanner.number(1);
  for (; digits < 9; ++digits) value *= 10;
  return chrono::microseconds(value / 1000);
}

// How far the local time is ahead of UTC: "Z", "+01:00", "-0800", or nothing.
chrono::minutes scan_offset(Scanner& scanner) noexcept {
  if (scanner.finished() || scanner.skip('Z')) return {};
  const bool behind = scanner.skip('-');
  if (!behind) scanner.expect("+");
  const chrono::hours hours(scanner.number(2, 23));
  scanner.skip(':');
  const chrono::minutes offset = hours + chrono::minutes(scanner.number(2, 59));
  return behind ? -offset : offset;
}

std::optional<Time> checked(const Scanner& scanner, chrono::year_month_day date,
                            chrono::microseconds offset) noexcept {
  if (!scanner.finished() || !date.ok()) return std::nullopt;
  const Time time = chrono::sys_days(date) + offset;
  constexpr Time end = chrono::sys_days(chrono::year(10000) / 1 / 1);
  return time >= Time() && time < end ? std::optional(time) : std::nullopt;
}

std::optional<Time> parse_iso8601(std::string_view text) noexcept {
  Scanner scanner(text);
  const int year = scanner.number(4);
  scanner.expect("-");
  const int month = scanner.number(2);
  scanner.expect("-");
  const auto date = date_of(year, month, scanner.number(2));
  if (scanner.finished()) return checked(scanner, date, {});
  scanner.expect("T");
  const chrono::seconds clock = scan_clock(scanner);
  const chrono::microseconds fraction = scan_fraction(scanner);
  return checked(scanner, date, clock + fraction - scan_offset(scanner));
}

std::optional<Time> parse_rfc1123(std::string_view text) noexcept {
  Scanner scanner(text);
  const chrono::weekday weekday(scanner.one_of(weekdays));
  scanner.expect(", ");
  const int day = scanner.number(2);
  scanner.expect(" ");
  const auto month = static_cast<int>(scanner.one_of(months)) + 1;
  scanner.expect(" ");
  const auto date = date_of(scanner.number(4), month, day);
  scanner.expect(" ");
  const chrono::seconds clock = scan_clock(scanner);
  scanner.expect(" GMT");
  const auto time = checked(scanner, date, clock);
  return time && chrono::weekday(date) == weekday ? time : std::nullopt;
}

// Never steps, and goes on while the machine is suspended.
std::int64_t since_boot() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

}  // namespace

Time Clock::now() const noexcept {
  const std::int64_t held = held_.load(std::memory_order_relaxed);
  return held == running ? chrono::floor<chrono::microseconds>(chrono::system_clock::now())
                         : time_from_microseconds(held);
}

Time Clock::never_back() const noexcept {
  const bool is_held = held_.load(std::memory_order_relaxed) != running;
  const std::int64_t time = microseconds(now()), boot = is_held ? 0 : since_boot();
  std::int64_t ahead = ahead_.load(std::memory_order_relaxed);
  while (ahead < time - boot &&
         !ahead_.compare_exchange_weak(ahead, time - boot, std::memory_order_relaxed)) {
  }
  return time_from_microseconds(boot + std::max(ahead, time - boot));
}

std::string iso8601(Time time) {
  std::string text;
  append_iso8601(text, time);
  return text;
}

void append_iso8601(std::string& out, Time time) {
  const CivilTime civil(time);
  const auto year = static_cast<unsigned>(civil.year()) % 10'000;
  const auto fraction = civil.clock.subseconds().count();
  // As Uuid::append_to().
  const auto write = [&, begin = out.size()](char* text, std::size_t) {
    char* at = text + begin;
    const auto pair = [&at](auto value, char after) {
      at = std::ranges::copy(digit_pairs[static_cast<std::size_t>(value)], at).out;
      if (after != 0) *at++ = after;
    };
    pair(year / 100, 0);
    pair(year % 100, '-');
    pair(civil.month(), '-');
    pair(civil.day(), 'T');
    pair(civil.clock.hours().count(), ':');
    pair(civil.clock.minutes().count(), ':');
    pair(civil.clock.seconds().count(), fraction == 0 ? 'Z' : '.');
    if (fraction != 0) {
      pair(fraction / 10'000, 0);
      pair(fraction / 100 % 100, 0);
      pair(fraction % 100, 'Z');
    }
    return static_cast<std::size_t>(at - text);
  };
  out.resize_and_overwrite(out.size() + iso8601_longest, write);
}

std::string iso_date(Time time) {
  const CivilTime civil(time);
  return fmt::format("{:04}-{:02}-{:02}", civil.year(), civil.month(), civil.day());
}

std::string http_date(Time time) {
  const CivilTime civil(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[chrono::weekday(civil.date).c_encoding()], civil.day(),
                     months[civil.month() - 1], civil.year(), civil.clock.hours().count(),
                     civil.clock.minutes().count(), civil.clock.seconds().count());
}

std::optional<Time> parse_time(std::string_view text) noexcept {
  const bool begins_with_digit = !text.empty() && text.front() >= '0' && text.front() <= '9';
  return begins_with_digit ? parse_iso8601(text) : parse_rfc1123(text);
}

}  // namespace latchkey
