// Throttle: how often a password may be tried for one account from one network (an IPv4 address, an IPv6
// /64). Both together, so that nobody can lock another out. Memory is fixed: what is kept of a pair is one
// instant in a table whose places are chosen by a digest with a random seed; two pairs that share a place
// share its rate. Any thread; a lock is held for a few instructions.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"
#include "base/time.hpp"

namespace latchkey::authority {

class Throttle {
 public:
  static constexpr int attempts = 10;                  // at once, then
  static constexpr std::chrono::seconds interval{60};  // one more in each

  Throttle();

  // False: too many, and nothing was taken.
  [[nodiscard]] bool take(Time now, std::string_view account, std::string_view address);
  // The attempt was a good one after all.
  void give_back(std::string_view account, std::string_view address);

 private:
  [[nodiscard]] std::size_t place(std::string_view account, std::string_view address) const;

  const std::string seed_;
  Mutex mutex_;
  std::vector<Time> used_until_ LATCHKEY_GUARDED_BY(mutex_);  // the attempts taken, as time ahead of now
};

}  // namespace latchkey::authority
