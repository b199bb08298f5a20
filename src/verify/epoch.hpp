// Epoch: how the writer knows that nobody acts any more on what was before. A reader is pinned while it
// looks; advance() returns when every reader that was pinned before it has let go. A reader that is not
// pinned is never waited for, nor woken. (revocation.md 2)
//
// Why it holds: either the reader's fence in pin() comes first, and the writer sees the pin and waits; or the
// writer's fence does, and the reader sees all that the writer stored before it advanced.
//
// Threads: each reader's number belongs to one thread; advance() to the writer.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

#include "base/check.hpp"

namespace latchkey::verify {

class Epoch {
 public:
  explicit Epoch(unsigned readers) : pins_(readers) {}
  Epoch(const Epoch&) = delete;
  Epoch& operator=(const Epoch&) = delete;

  [[nodiscard]] unsigned readers() const noexcept { return static_cast<unsigned>(pins_.size()); }

  void pin(unsigned reader) noexcept {
    auto& pin = pins_[reader].epoch;
    LATCHKEY_ASSERT(pin.load(std::memory_order_relaxed) == unpinned);
    // Acquire: with an older look at the words, a reader would count as one of the new epoch.
    const std::uint64_t now = epoch_.load(std::memory_order_acquire);
    // Release: the writer that sees this pin may take the one before it for ended, with all that it read.
    pin.store(now, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  void unpin(unsigned reader) noexcept { pins_[reader].epoch.store(unpinned, std::memory_order_release); }

  // Takes microseconds, or a time slice where a reader was preempted in its pin. Asserts when one holds its
  // pin for many seconds.
  void advance() noexcept;

 private:
  static constexpr std::uint64_t unpinned = 0;
  struct alignas(64) Pinned {  // a cache line each: reactors don't touch one another's
    std::atomic<std::uint64_t> epoch = unpinned;
  };

  alignas(64) std::atomic<std::uint64_t> epoch_ = 1;
  std::vector<Pinned> pins_;
};

}  // namespace latchkey::verify
