// Throttle: how often something may be tried by one account from one network (an IPv4 address, an IPv6 /64),
// so that nobody can lock another out. Memory is fixed: what is kept of a pair is one instant in a table
// whose places are chosen by a digest with a random seed; two pairs that share a place share its rate. Any
// thread; no lock, no allocation: reactors use it too.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace latchkey::authority {

class Throttle {
 public:
  struct Rate {
    int at_once = 0;                    // then
    std::chrono::seconds interval{60};  // one more in each
  };

  explicit Throttle(Rate rate);

  // False: too many, and nothing was taken. `account` may be empty: a network's alone.
  [[nodiscard]] bool take(Time now, std::string_view account, std::string_view address) noexcept;
  // The attempt was a good one after all.
  void give_back(std::string_view account, std::string_view address) noexcept;

 private:
  using Seed = std::array<std::byte, 16>;
  using Place = std::atomic<std::int64_t>;  // the attempts taken, as time ahead of now
  [[nodiscard]] Place& place(std::string_view account, std::string_view address) noexcept;

  const Rate rate_;
  Seed seed_;
  std::vector<Place> places_;
};

// A password for an account; a credential that we never issued (security.md, Credentials).
inline constexpr Throttle::Rate password_rate{.at_once = 10, .interval = std::chrono::seconds{60}};
inline constexpr Throttle::Rate guess_rate{.at_once = 100, .interval = std::chrono::seconds{1}};

}  // namespace latchkey::authority
