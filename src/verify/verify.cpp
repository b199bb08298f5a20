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

// The owner's membership in an organization, if the text may work there.
const Membership* membership(const Facts& facts, const std::optional<OrganizationId>& organization) noexcept {
  if (!organization || facts.memberships == nullptr) return nullptr;
  if (facts.grant->organization && facts.grant->organization != organization) return nullptr;
  const auto found = std::ranges::find(*facts.memberships, *organization, &Membership::organization);
  return found == facts.memberships->end() ? nullptr : &*found;
}

// Whether there is an open organization where both work; of a text that has ended: where its owner is.
bool share_an_organization(const Facts& one, const Facts& other) noexcept {
  return one.memberships != nullptr && std::ranges::any_of(*one.memberships, [&](const Membership& member) {
           return one.open->name_of(member.organization) && membership(one, member.organization) != nullptr &&
                  membership(other, member.organization) != nullptr;
         });
}

bool suffices(const token::ScopeSet& scopes, const Demand& demand) noexcept {
  return (!demand.needs_full || scopes.is_full()) && (!demand.scope || scopes.contains(*demand.scope));
}

// Where the request is for; a refusal where the text does not work there.
std::optional<Refused> enter(const Facts& facts, const Demand& demand, Principal& principal) noexcept {
  const Refused outside{Reason::wrong_organization, std::nullopt, principal.fingerprint};
  if (demand.organization_key) {
    const auto* member = membership(facts, facts.open->find(*demand.organization_key));
    if (member == nullptr) return outside;
    principal.organization = member->organization;
    principal.role = member->role;
  } else if (demand.some_organization) {
    if (!share_an_organization(facts, facts)) return outside;
    principal.organization = facts.grant->organization;
  }
  return std::nullopt;
}

Verdict judge(const Facts& facts, const token::Fingerprint& fingerprint, Time now,
              const Demand& demand) noexcept {
  if (facts.token.empty() || (demand.asker != nullptr && !share_an_organization(*demand.asker, facts)))
    return refused(Reason::unknown);
  if (const auto ended = ending(facts.token, fingerprint, now)) return *ended;
  if (facts.memberships == nullptr) return Refused{Reason::owner_disabled, std::nullopt, fingerprint};

  Principal principal{.user = facts.owner->id,
                      .fingerprint = fingerprint,
                      .scopes = facts.grant->scopes,
                      .organization = std::nullopt,
                      .role = std::nullopt,
                      .valid_to = time_of(facts.token.deadline()),
                      .basic = false};
  if (const auto outside = enter(facts, demand, principal)) return *outside;
  if (!suffices(principal.scopes, demand))
    return Refused{Reason::insufficient_scope, std::nullopt, fingerprint};
  return principal;
}

Names names_of(const Facts& facts, const Demand& demand) noexcept {
  const auto& bound = facts.grant->organization;
  const bool wanted = bound && !demand.organization_key;
  return {.account = facts.owner->account.load(std::memory_order_acquire),
          .organization = wanted ? facts.open->name_of(*bound).value_or("") : std::string_view()};
}

}  // namespace

std::expected<Hashed, Reason> hashed(std::string_view text) noexcept {
  const auto parsed = token::parse(text);
  if (parsed) return Hashed{Digest::of(text), *parsed};
  return std::unexpected(parsed.error() == token::Malformed::checksum ? Reason::bad_checksum
                                                                      : Reason::malformed);
}

Verdict verify(const std::expected<Hashed, Reason>& hashed, const Pin& index, Time now, const Demand& demand,
               Names* names) noexcept {
  if (!hashed) return refused(hashed.error());
  if (!index.trusted()) return Unavailable{};
  const Facts facts = index.look(hashed->digest);
  Verdict verdict = judge(facts, hashed->fingerprint, now, demand);
  if (names != nullptr && std::holds_alternative<Principal>(verdict)) *names = names_of(facts, demand);
  return verdict;
}

Verdict verify(const Credential& credential, const Pin& index, Time now, const Demand& demand,
               Names* names) noexcept {
  if (credential.kind() != Credential::Kind::token) return refused(Reason::malformed);
  Verdict verdict = verify(hashed(credential.text()), index, now, demand, names);
  if (auto* principal = std::get_if<Principal>(&verdict)) principal->basic = credential.basic();
  return verdict;
}

Verdict verify(const Digest& digest, const Pin& index, Time now, const Demand& demand) noexcept {
  return verify(Hashed{digest, {}}, index, now, demand);
}

}  // namespace latchkey::verify
