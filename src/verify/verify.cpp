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

// One text, looked at for one request.
struct Look {
  const Facts& facts;
  const Digest& text;
  Time now;
  const Demand& demand;

  // Why it does not work in an organization.
  [[nodiscard]] std::optional<Reason> bar(const std::optional<OrganizationId>& organization) const noexcept {
    if (membership(facts, organization) == nullptr) return Reason::wrong_organization;
    const UseRules* const rules = facts.open->rules_of(*organization);
    if (rules == nullptr) return std::nullopt;
    return rules->objection(text, !facts.grant->organization, facts.owner->id, demand.address, now);
  }
};

// What keeps the text out of the open organizations where the asker's works; nothing: it works in one of
// them. Of a text that has ended: where its owner is. From where it came is told, if it is all that is wrong.
std::optional<Reason> bar_before(const Facts& asker, const Look& look) noexcept {
  std::optional<Reason> least = Reason::unknown;
  if (asker.memberships == nullptr) return least;
  for (const Membership& member : *asker.memberships) {
    if (!asker.open->name_of(member.organization) || membership(asker, member.organization) == nullptr)
      continue;
    const auto barred = look.bar(member.organization);
    if (!barred) return std::nullopt;
    if (barred == Reason::address_not_allowed) least = barred;
  }
  return least;
}

bool suffices(const Look& look, const Principal& principal) noexcept {
  const Demand& demand = look.demand;
  if (demand.scope && !principal.scopes.contains(*demand.scope)) return false;
  if (!demand.needs_full || principal.scopes.is_full()) return true;
  const UseRules* const rules =
      principal.organization ? look.facts.open->rules_of(*principal.organization) : nullptr;
  return rules != nullptr && rules->opens(demand.route, principal.user);
}

// Where the request is for; the reason where the text does not work there.
std::optional<Reason> enter(const Look& look, Principal& principal) noexcept {
  const Facts& facts = look.facts;
  if (look.demand.organization_key) {
    const auto organization = facts.open->find(*look.demand.organization_key);
    if (const auto reason = look.bar(organization)) return reason;
    principal.organization = organization;
    principal.role = membership(facts, organization)->role;
  } else if (look.demand.some_organization) {
    std::optional<Reason> reason = Reason::wrong_organization;
    for (const Membership& member : *facts.memberships) {
      if (!facts.open->name_of(member.organization)) continue;
      const auto barred = look.bar(member.organization);
      if (barred != Reason::wrong_organization) reason = barred;
      if (!barred) break;
    }
    if (reason) return reason;
    principal.organization = facts.grant->organization;
  }
  return std::nullopt;
}

Verdict judge(const Look& look, const token::Fingerprint& fingerprint) noexcept {
  const Facts& facts = look.facts;
  if (facts.token.empty()) return refused(Reason::unknown);
  std::optional<Reason> barred;
  if (look.demand.asker != nullptr) barred = bar_before(*look.demand.asker, look);
  if (barred == Reason::unknown) return refused(Reason::unknown);
  if (const auto ended = ending(facts.token, fingerprint, look.now)) return *ended;
  if (facts.memberships == nullptr) return Refused{Reason::owner_disabled, std::nullopt, fingerprint};

  Principal principal{.user = facts.owner->id,
                      .fingerprint = fingerprint,
                      .scopes = facts.grant->scopes,
                      .organization = std::nullopt,
                      .role = std::nullopt,
                      .valid_to = time_of(facts.token.deadline()),
                      .basic = false};
  if (!barred) barred = enter(look, principal);
  if (barred) return Refused{*barred, std::nullopt, fingerprint};
  if (!suffices(look, principal)) return Refused{Reason::insufficient_scope, std::nullopt, fingerprint};
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

std::expected<Hashed, Reason> hashed(const Credential& credential) noexcept {
  if (credential.kind() != Credential::Kind::token) return std::unexpected(Reason::malformed);
  return hashed(credential.text());
}

Verdict verify(const std::expected<Hashed, Reason>& hashed, const Pin& index, Time now, const Demand& demand,
               Names* names) noexcept {
  if (!hashed) return refused(hashed.error());
  if (!index.trusted()) return Unavailable{};
  const Facts facts = index.look(hashed->digest);
  Verdict verdict = judge({facts, hashed->digest, now, demand}, hashed->fingerprint);
  if (names != nullptr && std::holds_alternative<Principal>(verdict)) *names = names_of(facts, demand);
  return verdict;
}

Verdict verify(const Credential& credential, const Pin& index, Time now, const Demand& demand,
               Names* names) noexcept {
  Verdict verdict = verify(hashed(credential), index, now, demand, names);
  if (auto* principal = std::get_if<Principal>(&verdict)) principal->basic = credential.basic();
  return verdict;
}

Verdict verify(const Digest& digest, const Pin& index, Time now, const Demand& demand) noexcept {
  return verify(Hashed{digest, {}}, index, now, demand);
}

}  // namespace latchkey::verify
