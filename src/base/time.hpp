// Time: instants as microseconds since 1970 UTC, and the one clock. Nothing else reads the wall clock
// (script/tidy looks for it). Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] constexpr std::int64_t microseconds(Time time) noexcept {
  return time.time_since_epoch().count();
}
[[nodiscard]] constexpr Time time_from_microseconds(std::int64_t value) noexcept {
  return Time(std::chrono::microseconds(value));
}

// Reads the system's clock until a test holds it at an instant.
class Clock {
 public:
  Clock() noexcept = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  [[nodiscard]] Time now() const noexcept;
  // As now(), but a step back of the system's clock is not followed, while one ahead is: whatever was over by
  // this time, for anybody in this process, stays over. What verification compares deadlines with.
  [[nodiscard]] Time never_back() const noexcept;
  void hold(Time time) noexcept { held_.store(microseconds(time), std::memory_order_relaxed); }

 private:
  static constexpr std::int64_t running = INT64_MIN;
  std::atomic<std::int64_t> held_{running};
  mutable std::atomic<std::int64_t> ahead_{
      INT64_MIN};  // how far the time is ahead of that since boot; only grows
};

// "2026-11-24T07:55:23.123456Z"; without a fraction where it is zero.
[[nodiscard]] std::string iso8601(Time time);
void append_iso8601(std::string& out, Time time);
// "2026-11-24", for sentences.
[[nodiscard]] std::string iso_date(Time time);
// "Tue, 24 Nov 2026 07:55:23 GMT" (RFC 9110 5.6.7, as in the Date header).
[[nodiscard]] std::string http_date(Time time);

// Reads ISO 8601 with 'Z', an offset, or neither (taken as UTC), with up to nine fraction digits, a bare date
// (midnight UTC), and the RFC 1123 form that azure-devops-node-api sends. Nothing for a text that is no date
// or lies outside the years 1970 to 9999.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text) noexcept;

}  // namespace latchkey
