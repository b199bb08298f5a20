// Pushes counts those that run in each repository. Git does not remove its quarantine when a signal ends it
// (since 2.39), and its name is Git's own: only when no push runs any more, all that are there are nobody's.
// So are the locks of refs, which SIGKILL leaves.
// Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>

#include "base/ids.hpp"
#include "base/mutex.hpp"

namespace latchkey::git {

class Pushes {
 public:
  // From before a push's process starts until after it has ended. Never outlives its Pushes.
  class Running {
   public:
    Running(Pushes& pushes, const RepositoryId& repository);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    // Ends it; `killed`: by SIGKILL. If it was the last, calls `sweep` before another can begin, with whether
    // one of those that ran together was killed.
    void end(bool killed, const std::function<void(bool killed)>& sweep);

   private:
    Pushes& pushes_;
    RepositoryId repository_;
    bool ended_ = false;
  };

 private:
  struct Together {
    std::size_t count = 0;
    bool killed = false;
  };
  // Those that ran, if it was the last of them.
  std::optional<Together> end_one(const RepositoryId& repository) LATCHKEY_REQUIRES(mutex_);

  Mutex mutex_;
  std::unordered_map<RepositoryId, Together> running_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::git
