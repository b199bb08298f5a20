// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.hpp"

#include <algorithm>

namespace latchkey::verify {
namespace {

Refused refused(Reason reason) noexcept { return {reason, std::nullopt, {}}; }

// Why a text that we know is accepted no more; nothing while it is. A state that this version does not know
// is never believed, and told like a text that we never issued.
std::optional<Refused> ending(Word token, const token::Fingerprint& fingerprint, Time now) noexcept {
  const auto since_deadline = [&](Reason reason) -> Refused {
    return {reason, time_of(token.deadline()), fingerprint};
  };
  const auto at_deadline = [&](Reason reason) -> std::optional<Refused> {
    if (second_of(now) < token.deadline()) return std::nullopt;
    return since_deadline(reason);
  };
  switch (static_cast<TokenState>(token.state())) {
    case TokenState::live:
      return at_deadline(Reason::expired);
    case TokenState::live_until_inactive:
      return at_deadline(Reason::inactive);
    case TokenState::replaced:
      return at_deadline(Reason::replaced);
    case TokenState::revoked:
    case TokenState::leaked:
    case TokenState::owner_removed:
      return since_deadline(Reason::revoked);
  }
  return refused(Reason::unknown);
}

// The owner's membership in the organization that the request names, if the token may work there.
const Membership* membership(const Facts& facts) noexcept {
  if (!facts.organization) return nullptr;
  if (facts.grant->organization && facts.grant->organization != facts.organization) return nullptr;
  const auto found = std::ranges::find(*facts.memberships, *facts.organization, &Membership::organization);
  return found == facts.memberships->end() ? nullptr : &*found;
}

bool suffices(const token::ScopeSet& scopes, const Demand& demand) noexcept {
  return (!demand.needs_full || scopes.is_full()) && (!demand.scope || scopes.contains(*demand.scope));
}

Verdict judge(const Facts& facts, const token::Fingerprint& fingerprint, Time now,
              const Demand& demand) noexcept {
  if (facts.token.empty()) return refused(Reason::unknown);
  if (const auto ended = ending(facts.token, fingerprint, now)) return *ended;
  if (facts.memberships == nullptr) return Refused{Reason::owner_disabled, std::nullopt, fingerprint};

  Principal principal{.user = *facts.owner,
                      .fingerprint = fingerprint,
                      .scopes = facts.grant->scopes,
                      .organization = std::nullopt,
                      .role = std::nullopt,
                      .valid_to = time_of(facts.token.deadline()),
                      .basic = false};
  if (demand.organization_key) {
    const auto* member = membership(facts);
    if (member == nullptr) return Refused{Reason::wrong_organization, std::nullopt, fingerprint};
    principal.organization = member->organization;
    principal.role = member->role;
  }
  if (!suffices(principal.scopes, demand))
    return Refused{Reason::insufficient_scope, std::nullopt, fingerprint};
  return principal;
}

Verdict verify(const Digest& digest, const token::Fingerprint& fingerprint, const Pin& index, Time now,
               const Demand& demand) noexcept {
  if (!index.trusted()) return Unavailable{};
  return judge(index.look(digest, demand.organization_key), fingerprint, now, demand);
}

}  // namespace

Verdict verify(const Credential& credential, const Pin& index, Time now, const Demand& demand) noexcept {
  if (credential.kind() != Credential::Kind::token) return refused(Reason::malformed);
  const auto parsed = token::parse(credential.text());
  if (!parsed)
    return refused(parsed.error() == token::Malformed::checksum ? Reason::bad_checksum : Reason::malformed);
  Verdict verdict = verify(Digest::of(credential.text()), *parsed, index, now, demand);
  if (auto* principal = std::get_if<Principal>(&verdict)) principal->basic = credential.basic();
  return verdict;
}

Verdict verify(const Digest& digest, const Pin& index, Time now, const Demand& demand) noexcept {
  return verify(digest, {}, index, now, demand);
}

}  // namespace latchkey::verify
