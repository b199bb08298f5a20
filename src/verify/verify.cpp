// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.hpp"

#include <algorithm>

namespace latchkey::verify {
namespace {

Refused refused(Reason reason) noexcept { return {reason, std::nullopt, {}}; }
Refused refused(Reason reason, const SecretEntry& secret, std::optional<Time> since = std::nullopt) noexcept {
  return {reason, since, secret.fingerprint};
}

// Why a secret that we know is accepted no more; nothing while it is. A state that this version does not know
// is never believed, and told like a text that we never issued.
std::optional<Refused> ending(const SecretEntry& secret, Time now) noexcept {
  const auto at_its_end = [&](Reason reason) -> std::optional<Refused> {
    if (now < std::min(secret.deadline, secret.valid_to)) return std::nullopt;
    return secret.deadline < secret.valid_to ? refused(reason, secret, secret.deadline)
                                             : refused(Reason::expired, secret, secret.valid_to);
  };
  switch (secret.state) {
    case TokenState::live:
      return at_its_end(Reason::expired);
    case TokenState::live_until_inactive:
      return at_its_end(Reason::inactive);
    case TokenState::replaced:
      return at_its_end(Reason::replaced);
    case TokenState::revoked:
    case TokenState::leaked:
    case TokenState::owner_removed:
      return refused(Reason::revoked, secret, secret.deadline);
  }
  return refused(Reason::unknown);
}

// The owner's membership in the organization that the request names, if the token may work there.
const Membership* membership(const Pin& index, const SecretEntry& secret, const OwnerEntry& owner,
                             std::string_view organization_key) noexcept {
  const auto* organization = index.organization(organization_key);
  if (!organization || !organization->open) return nullptr;
  if (secret.organization && *secret.organization != organization->id) return nullptr;
  const auto found = std::ranges::find(owner.memberships, organization->id, &Membership::organization);
  return found == owner.memberships.end() ? nullptr : &*found;
}

bool works_in(const OrganizationId& organization, const std::optional<OrganizationId>& bound,
              const OwnerEntry& owner) noexcept {
  return (!bound || *bound == organization) &&
         std::ranges::any_of(owner.memberships,
                             [&](const Membership& member) { return member.organization == organization; });
}

// Whether there is an open organization in which both the secret and the asker's token work.
bool concerns(const Principal& asker, const Pin& index, const SecretEntry& secret) noexcept {
  const auto *mine = index.owner(asker.user), *theirs = index.owner(secret.owner);
  return mine && theirs && std::ranges::any_of(mine->memberships, [&](const Membership& member) {
           const auto* organization = index.organization(member.organization);
           return organization && organization->open && works_in(organization->id, asker.bound, *mine) &&
                  works_in(organization->id, secret.organization, *theirs);
         });
}

// The owner's membership in any open organization where the token may work.
const Membership* some_membership(const Pin& index, const SecretEntry& secret,
                                  const OwnerEntry& owner) noexcept {
  const auto found = std::ranges::find_if(owner.memberships, [&](const Membership& member) {
    const auto* organization = index.organization(member.organization);
    return organization != nullptr && organization->open &&
           (!secret.organization || *secret.organization == member.organization);
  });
  return found == owner.memberships.end() ? nullptr : &*found;
}

bool suffices(const token::ScopeSet& scopes, const Demand& demand) noexcept {
  return (!demand.needs_full || scopes.is_full()) && (!demand.scope || scopes.contains(*demand.scope));
}

}  // namespace

Verdict verify(const Credential& credential, const Pin& index, Time now, const Demand& demand) noexcept {
  if (credential.kind() != Credential::Kind::token) return refused(Reason::malformed);
  if (const auto parsed = token::parse(credential.text()); !parsed)
    return refused(parsed.error() == token::Malformed::checksum ? Reason::bad_checksum : Reason::malformed);
  Verdict verdict = verify(Digest::of(credential.text()), index, now, demand);
  if (auto* principal = std::get_if<Principal>(&verdict)) principal->basic = credential.basic();
  return verdict;
}

Verdict verify(const Digest& digest, const Pin& index, Time now, const Demand& demand) noexcept {
  if (!index.trusted()) return Unavailable{};
  const auto* secret = index.secret(digest);
  if (!secret || (demand.asker && !concerns(*demand.asker, index, *secret))) return refused(Reason::unknown);
  if (const auto ended = ending(*secret, now)) return *ended;

  const auto* owner = index.owner(secret->owner);
  if (!owner || !owner->enabled) return refused(Reason::owner_disabled, *secret);

  Principal principal{.user = secret->owner,
                      .token = secret->token,
                      .fingerprint = secret->fingerprint,
                      .scopes = secret->scopes,
                      .bound = secret->organization,
                      .organization = std::nullopt,
                      .role = std::nullopt,
                      .valid_to = secret->valid_to,
                      .basic = false};
  if (demand.organization_key) {
    const auto* member = membership(index, *secret, *owner, *demand.organization_key);
    if (!member) return refused(Reason::wrong_organization, *secret);
    principal.organization = member->organization;
    principal.role = member->role;
  } else if (demand.some_organization) {
    if (!some_membership(index, *secret, *owner)) return refused(Reason::wrong_organization, *secret);
    principal.organization = secret->organization;
  }
  if (!suffices(secret->scopes, demand)) return refused(Reason::insufficient_scope, *secret);
  return principal;
}

}  // namespace latchkey::verify
