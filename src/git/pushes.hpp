// Pushes counts those that run in each repository. Git does not remove its quarantine when a signal ends it
// (since 2.39), and its name is Git's own: only when no push runs any more, all that are there are nobody's.
// Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/mutex.hpp"

namespace latchkey::git {

class Pushes {
 public:
  using Paths = std::vector<std::filesystem::path>;

  // From before a push's process starts until after it has ended. Never outlives its Pushes.
  class Running {
   public:
    Running(Pushes& pushes, const RepositoryId& repository);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    // Ends it. If it was the last, what `list` finds in the repository before another can begin.
    [[nodiscard]] Paths end(const std::function<Paths()>& list);

   private:
    Pushes& pushes_;
    RepositoryId repository_;
    bool ended_ = false;
  };

 private:
  [[nodiscard]] bool end_one(const RepositoryId& repository) LATCHKEY_REQUIRES(mutex_);

  Mutex mutex_;
  std::unordered_map<RepositoryId, std::size_t> running_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::git
