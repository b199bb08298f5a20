// Slots bound the processes that run at once, for a user and in all. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <unordered_map>

#include "base/ids.hpp"
#include "base/mutex.hpp"

namespace latchkey::git {

class Slots {
 public:
  Slots(std::size_t all_max, std::size_t user_max) noexcept : all_max_(all_max), user_max_(user_max) {}

  // Held while a process runs. Never outlives its Slots.
  class Slot {
   public:
    Slot(Slots& slots, const UserId& user) noexcept : slots_(slots), user_(user) {}
    ~Slot() { slots_.release(user_); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    Slots& slots_;
    UserId user_;
  };
  // Null when there is none left.
  [[nodiscard]] std::unique_ptr<Slot> take(const UserId& user);
  [[nodiscard]] std::size_t taken();

 private:
  void release(const UserId& user);

  const std::size_t all_max_, user_max_;
  Mutex mutex_;
  std::size_t all_ LATCHKEY_GUARDED_BY(mutex_) = 0;
  std::unordered_map<UserId, std::size_t> users_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::git
