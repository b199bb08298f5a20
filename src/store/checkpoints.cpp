// SPDX-License-Identifier: Apache-2.0
#include "store/checkpoints.hpp"

#include "base/log.hpp"
#include "base/priority.hpp"

namespace latchkey::store {

Checkpoints::Checkpoints(const std::filesystem::path& file)
    : connection_(file, Access::read, uncounted_), thread_([this] { work(); }) {}

Checkpoints::~Checkpoints() {
  ending_ = true;
  log_holds(log_pages_copied);
}

void Checkpoints::log_holds(int pages) noexcept {
  if (pages < log_pages_copied || rung_.exchange(true)) return;
  rung_.notify_one();
}

// What fails is nothing lost: it is in the log, and the next commit asks for it again.
void Checkpoints::work() noexcept {
  stand_behind(Priority::decisions);
  for (;;) {
    rung_.wait(false);
    rung_ = false;  // before it asks whether it ends: a ring that comes later wakes it again
    if (ending_) return;
    try {
      connection_.run("pragma wal_checkpoint(passive)");
    } catch (const Error& error) {
      log_warning("checkpoint_failed", {{"error", error.what()}});
    }
  }
}

}  // namespace latchkey::store
