// Checkpoints: the thread that copies what the database's log holds into the database, so that no commit has
// to wait for it. The log then begins anew. While so much is written that the copying is never done, the log
// would grow without end: from `log_pages_most` on, the commit that finds it so does the copying that is
// left.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <filesystem>
#include <thread>

#include "store/connection.hpp"

namespace latchkey::store {

inline constexpr int log_pages_copied = 1000, log_pages_most = 16'384;  // of 4 KiB

class Checkpoints {
 public:
  explicit Checkpoints(const std::filesystem::path& file);
  // Lets a copying that is under way end.
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

  // The log holds so many pages after a commit. The committer's thread.
  void log_holds(int pages) noexcept;

 private:
  void work() noexcept;

  Faults uncounted_;
  Connection connection_;
  std::atomic<bool> rung_ = false;
  std::atomic<bool> ending_ = false;
  std::jthread thread_;  // the last member: it uses all others
};

}  // namespace latchkey::store
