// Counter and Histogram: what is measured while work goes on, and read by whoever watches. Adding is one
// relaxed atomic addition, or three: no lock, no allocation. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace latchkey {

class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// `bounds`: the largest value of each bucket but the last, which takes what is larger; ascending.
template <std::array bounds>
class Histogram {
 public:
  static constexpr std::size_t size = bounds.size() + 1;

  void add(std::uint64_t value) noexcept {
    const auto bucket = std::ranges::lower_bound(bounds, value) - bounds.begin();
    counts_[static_cast<std::size_t>(bucket)].add();
    sum_.add(value);
  }
  [[nodiscard]] std::uint64_t count(std::size_t bucket) const noexcept { return counts_[bucket].value(); }
  [[nodiscard]] std::uint64_t sum() const noexcept { return sum_.value(); }

 private:
  std::array<Counter, size> counts_;
  Counter sum_;
};

}  // namespace latchkey
