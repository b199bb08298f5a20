// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

#include "store/uses.hpp"

namespace latchkey::api {
namespace {

std::string_view operation(const verify::Demand& demand) noexcept {
  if (demand.scope) return token::describe(*demand.scope).id;
  return demand.needs_full ? token::full_access : std::string_view();
}

}  // namespace

verify::Verdict Verifier::verdict(const http::Request& request, const verify::Credential& credential,
                                  const verify::Demand& demand, const NamedRepository& repository) {
  const Time now = clock_.now();
  auto verdict = verify::verify(credential, reader_.pin(), now, demand);
  count(verdict, request, demand, repository, now);
  return verdict;
}

void Verifier::count(const verify::Verdict& verdict, const http::Request& request,
                     const verify::Demand& demand, const NamedRepository& repository, Time now) {
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
  presented.operation = operation(demand);
  presented.address = guards_.client_address(request);
  presented.agent = request.head.field("user-agent").value_or("");
  counters_.uses.add(presented, now);
}

}  // namespace latchkey::api
