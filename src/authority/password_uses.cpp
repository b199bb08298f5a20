// SPDX-License-Identifier: Apache-2.0
#include "authority/password_uses.hpp"

#include <algorithm>
#include <variant>

namespace latchkey::authority {

void PasswordUses::tell(std::span<const store::Change> changes) {
  const Lock lock(mutex_);
  for (PasswordUse* use : listed_)
    if (std::ranges::any_of(changes, [&](const store::Change& change) { return use->is_ended_by(change); }))
      use->ended_.store(true, std::memory_order_release);
}

PasswordUse::PasswordUse(PasswordUses& uses, const UserId& user, const OrganizationId& organization,
                         const Digest& kept)
    : uses_(uses), user_(user), organization_(organization), kept_(kept) {
  const Lock lock(uses_.mutex_);
  uses_.listed_.insert(this);
}

PasswordUse::~PasswordUse() {
  const Lock lock(uses_.mutex_);
  uses_.listed_.erase(this);
}

bool PasswordUse::is_ended_by(const store::Change& change) const {
  const auto* owner = std::get_if<store::OwnerChange>(&change);
  if (owner == nullptr || owner->id != user_) return false;
  return owner->state != store::UserState::enabled || owner->password != kept_ ||
         std::ranges::find(owner->memberships, organization_,
                           &store::OwnerChange::Membership::organization) == owner->memberships.end();
}

}  // namespace latchkey::authority
