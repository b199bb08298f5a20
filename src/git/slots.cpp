// SPDX-License-Identifier: Apache-2.0
#include "git/slots.hpp"

namespace latchkey::git {

std::unique_ptr<Slots::Slot> Slots::take(const UserId& user) {
  const Lock lock(mutex_);
  if (all_ >= all_max_) return nullptr;
  auto& of_user = users_[user];
  if (of_user >= user_max_) return nullptr;
  ++of_user;
  ++all_;
  return std::make_unique<Slot>(*this, user);
}

std::size_t Slots::taken() {
  const Lock lock(mutex_);
  return all_;
}

void Slots::release(const UserId& user) {
  const Lock lock(mutex_);
  --all_;
  const auto of_user = users_.find(user);
  if (--of_user->second == 0) users_.erase(of_user);
}

}  // namespace latchkey::git
