// Bell: tells a thread that there may be work. Rung while nobody waits, the next wait returns at once. Any
// thread. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>

namespace latchkey::authority {

class Bell {
 public:
  void ring() noexcept {
    rings_.fetch_add(1, std::memory_order_release);
    rings_.notify_all();
  }
  // Look at this first, then for work, then wait.
  [[nodiscard]] std::uint32_t rings() const noexcept { return rings_.load(std::memory_order_acquire); }
  void wait_after(std::uint32_t seen) const noexcept { rings_.wait(seen, std::memory_order_acquire); }

 private:
  std::atomic<std::uint32_t> rings_ = 0;
};

}  // namespace latchkey::authority
