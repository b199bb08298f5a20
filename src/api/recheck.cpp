// SPDX-License-Identifier: Apache-2.0
#include "api/recheck.hpp"

#include <algorithm>

namespace latchkey::api {
namespace {

// Any state that is not named here refuses.
bool alive(const verify::SecretEntry& secret, Time now) noexcept {
  const bool state = secret.state == verify::TokenState::live ||
                     secret.state == verify::TokenState::replaced ||
                     secret.state == verify::TokenState::live_until_inactive;
  return state && now < secret.deadline && now < secret.valid_to;
}

}  // namespace

bool still_accepted(const verify::Pin& index, const Digest& digest, Time now,
                    std::string_view organization_key, token::Scope scope) noexcept {
  if (!index.trusted()) return false;
  const auto* secret = index.secret(digest);
  if (secret == nullptr || !alive(*secret, now) || !secret->scopes.contains(scope)) return false;
  const auto* owner = index.owner(secret->owner);
  const auto* organization = index.organization(organization_key);
  if (owner == nullptr || !owner->enabled || organization == nullptr || !organization->open) return false;
  if (secret->organization && *secret->organization != organization->id) return false;
  return std::ranges::find(owner->memberships, organization->id, &verify::Membership::organization) !=
         owner->memberships.end();
}

}  // namespace latchkey::api
