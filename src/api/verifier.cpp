// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

#include <algorithm>
#include <array>

#include "store/uses.hpp"

namespace latchkey::api {
namespace {

bool is_guess(const verify::Verdict& verdict) {
  const auto* refused = std::get_if<verify::Refused>(&verdict);
  return refused != nullptr && verify::is_unknown(refused->reason);
}

std::string_view operation(const verify::Demand& demand) noexcept {
  if (demand.scope) return token::describe(*demand.scope).id;
  return demand.needs_full ? token::full_access : std::string_view();
}

}  // namespace

verify::Verdict Verifier::verdict(const verify::Pin& pin, const http::Request& request,
                                  const verify::Credential& credential, const verify::Demand& demand,
                                  verify::Names& names, const NamedRepository& repository) {
  const auto hashed = verify::hashed(credential);
  // What takes its time anyway, takes it while the slot, and the ledger's place, come from memory.
  if (hashed) {
    pin.prefetch(hashed->digest);
    counters_.uses.fetch_place(hashed->fingerprint);
  }
  const Time now = clock_.never_back();
  const Presenter presenter = presenter_of(request);
  if (hashed) counters_.uses.fetch_uses(hashed->fingerprint);
  verify::Demand from_there = demand;
  from_there.address = presenter.address;
  auto verdict = verify::verify(hashed, pin, now, from_there, &names);
  if (auto* principal = std::get_if<verify::Principal>(&verdict)) principal->basic = credential.basic();
  if (is_guess(verdict) && !guesses_.take(now, {}, presenter.address))
    verdict = verify::Refused{verify::Reason::too_many_guesses, {}, {}};
  count(verdict, presenter, operation(demand), repository, now);
  return verdict;
}

verify::Verdict Verifier::verdict(const Digest& digest, const verify::Demand& demand) {
  return verify::verify(digest, reader_.pin(), clock_.never_back(), demand);
}

std::optional<OrganizationId> Verifier::takes_passwords(std::string_view organization_key) {
  const auto pin = reader_.pin();
  if (!pin.trusted()) return std::nullopt;
  const auto organization = pin.open_organizations().find(organization_key);
  if (!organization) return std::nullopt;
  const auto* const rules = pin.open_organizations().rules_of(*organization);
  return rules != nullptr && rules->takes_passwords(clock_.never_back()) ? organization : std::nullopt;
}

bool Verifier::takes_password(std::string_view organization_key, const OrganizationId& organization,
                              const UserId& user, std::string_view address) {
  const auto pin = reader_.pin();
  if (!pin.trusted() || pin.open_organizations().find(organization_key) != organization) return false;
  const auto* const rules = pin.open_organizations().rules_of(organization);
  return rules != nullptr && rules->takes_password(user, address, clock_.never_back());
}

// In parts, so that what waits for the pin does not wait for all of them.
void Verifier::inquire(const http::Request& request, const Digest& asker, std::string_view address,
                       std::span<const std::string_view> texts, const Told& told) {
  Presenter presenter = presenter_of(request);
  if (!address.empty()) presenter.address = address;
  const std::string_view operation = token::describe(token::verify_scope).id;
  std::array<std::expected<verify::Hashed, verify::Reason>, 16> hashed;
  while (!texts.empty()) {
    const auto part = texts.first(std::min(texts.size(), hashed.size()));
    texts = texts.subspan(part.size());
    const auto pin = reader_.pin();
    for (std::size_t i = 0; i < part.size(); ++i) {
      hashed[i] = verify::hashed(part[i]);
      if (hashed[i]) pin.prefetch(hashed[i]->digest);
    }
    const Time now = clock_.never_back();
    const verify::Facts facts = pin.look(asker);
    for (std::size_t i = 0; i < part.size(); ++i) {
      verify::Names names;
      const auto verdict = verify::verify(hashed[i], pin, now, {.asker = &facts, .address = address}, &names);
      count(verdict, presenter, operation, {}, now);
      told(verdict, names);
    }
  }
}

Verifier::Presenter Verifier::presenter_of(const http::Request& request) const {
  return {.address = guards_.client_address(request), .agent = request.head.field("user-agent").value_or("")};
}

void Verifier::count(const verify::Verdict& verdict, const Presenter& presenter, std::string_view operation,
                     const NamedRepository& repository, Time now) {
  authority::Presented presented;
  if (const auto* principal = std::get_if<verify::Principal>(&verdict)) {
    counters_.accepted.add();
    presented.fingerprint = principal->fingerprint;
    presented.outcome = store::accepted;
    presented.organization = principal->organization;
    presented.project = repository.project;
    presented.repository = repository.repository;
  } else if (const auto* refused = std::get_if<verify::Refused>(&verdict)) {
    counters_.refused[std::size_t{static_cast<std::uint8_t>(refused->reason)}].add();
    if (refused->fingerprint == token::Fingerprint())
      return;  // a text that we never issued, or no longer keep
    presented.fingerprint = refused->fingerprint;
    presented.outcome = verify::name(refused->reason);
  } else {
    return counters_.unavailable.add();
  }
  presented.operation = operation;
  presented.address = presenter.address;
  presented.agent = presenter.agent;
  counters_.uses.add(presented, now);
}

}  // namespace latchkey::api
