// SPDX-License-Identifier: Apache-2.0
#include "git/pushes.hpp"

#include "base/check.hpp"

namespace latchkey::git {

Pushes::Running::Running(Pushes& pushes, const RepositoryId& repository)
    : pushes_(pushes), repository_(repository) {
  const Lock lock(pushes_.mutex_);
  ++pushes_.running_[repository_].count;
}

Pushes::Running::~Running() {
  if (ended_) return;
  const Lock lock(pushes_.mutex_);
  pushes_.end_one(repository_);
}

void Pushes::Running::end(bool killed, const std::function<void(bool killed)>& sweep) {
  LATCHKEY_ASSERT(!ended_);
  ended_ = true;
  const Lock lock(pushes_.mutex_);
  auto& together = pushes_.running_.at(repository_);
  together.killed = together.killed || killed;
  if (const auto ended = pushes_.end_one(repository_)) sweep(ended->killed);
}

std::optional<Pushes::Together> Pushes::end_one(const RepositoryId& repository) {
  const auto running = running_.find(repository);
  if (--running->second.count > 0) return std::nullopt;
  const auto ended = running->second;
  running_.erase(running);
  return ended;
}

}  // namespace latchkey::git
