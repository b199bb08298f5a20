// Word: all of a subject that can end, in 64 bits, so that one store changes it and nobody sees half of it:
//
//   state:4 | record:28 | deadline:32
//
// The record numbers what is granted (records.hpp). The deadline is in whole seconds since 2024. Values; any
// thread. (revocation.md 1)
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include "base/time.hpp"

namespace latchkey::verify {

// Whole seconds since 2024 UTC, cut: a deadline is never later than what it was made from. What lies outside
// 2024 to 2160 becomes the nearest there is.
enum class Second : std::uint32_t {};

inline constexpr Time first_second = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);

[[nodiscard]] constexpr Second second_of(Time time) noexcept {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time - first_second).count();
  constexpr std::int64_t last = std::numeric_limits<std::uint32_t>::max();
  return Second{static_cast<std::uint32_t>(std::clamp(seconds, std::int64_t{0}, last))};
}
[[nodiscard]] constexpr Time time_of(Second second) noexcept {
  return first_second + std::chrono::seconds(static_cast<std::uint32_t>(second));
}

class Word {
 public:
  static constexpr std::uint8_t unknown_state = 15;
  static constexpr std::uint32_t records_max = std::uint32_t{1} << 28;

  constexpr Word() noexcept = default;  // empty: state 0
  explicit constexpr Word(std::uint64_t bits) noexcept : bits_(bits) {}
  // A state that does not fit is kept as the unknown one. REQUIRES: record < records_max.
  constexpr Word(std::uint8_t state, std::uint32_t record, Second deadline) noexcept
      : bits_(std::uint64_t{state == 0 || state > unknown_state ? unknown_state : state} << 60 |
              std::uint64_t{record} << 32 | static_cast<std::uint32_t>(deadline)) {}

  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ >> 60 == 0; }
  [[nodiscard]] constexpr std::uint8_t state() const noexcept {
    return static_cast<std::uint8_t>(bits_ >> 60);
  }
  [[nodiscard]] constexpr std::uint32_t record() const noexcept {
    return static_cast<std::uint32_t>(bits_ >> 32) & (records_max - 1);
  }
  [[nodiscard]] constexpr Second deadline() const noexcept {
    return Second{static_cast<std::uint32_t>(bits_)};
  }
  constexpr bool operator==(const Word&) const noexcept = default;

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace latchkey::verify
