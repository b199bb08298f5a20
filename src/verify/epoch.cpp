// SPDX-License-Identifier: Apache-2.0
#include "verify/epoch.hpp"

#include <time.h>

namespace latchkey::verify {
namespace {

constexpr int spins = 64, sleeps_max = 500'000;
constexpr timespec nap{.tv_sec = 0, .tv_nsec = 20'000};  // a pin is shorter, unless its thread was preempted

}  // namespace

void Epoch::advance() noexcept {
  const std::uint64_t before = epoch_.load(std::memory_order_relaxed);
  epoch_.store(before + 1, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (const auto& pinned : pins_) {
    const auto looks_at_old = [&] {
      const std::uint64_t pin = pinned.epoch.load(std::memory_order_acquire);
      return pin != unpinned && pin <= before;
    };
    for (int waits = 0; looks_at_old(); ++waits) {
      LATCHKEY_ASSERT(waits < spins + sleeps_max);
      if (waits >= spins) ::nanosleep(&nap, nullptr);
    }
  }
}

}  // namespace latchkey::verify
