// SPDX-License-Identifier: Apache-2.0
#include "git/pushes.hpp"

#include "base/check.hpp"

namespace latchkey::git {

Pushes::Running::Running(Pushes& pushes, const RepositoryId& repository)
    : pushes_(pushes), repository_(repository) {
  const Lock lock(pushes_.mutex_);
  ++pushes_.running_[repository_];
}

Pushes::Running::~Running() {
  if (ended_) return;
  const Lock lock(pushes_.mutex_);
  static_cast<void>(pushes_.end_one(repository_));
}

Pushes::Paths Pushes::Running::end(const std::function<Paths()>& list) {
  LATCHKEY_ASSERT(!ended_);
  ended_ = true;
  const Lock lock(pushes_.mutex_);
  return pushes_.end_one(repository_) ? list() : Paths();
}

// Whether it was the last.
bool Pushes::end_one(const RepositoryId& repository) {
  const auto running = running_.find(repository);
  if (--running->second > 0) return false;
  running_.erase(running);
  return true;
}

}  // namespace latchkey::git
