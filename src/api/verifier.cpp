// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

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

verify::Verdict Verifier::verdict(const http::Request& request, const verify::Credential& credential,
                                  const verify::Demand& demand, const NamedRepository& repository) {
  return verdict(reader_.pin(), request, credential, demand, nullptr, repository);
}

verify::Verdict Verifier::verdict(const verify::Pin& pin, const http::Request& request,
                                  const verify::Credential& credential, const verify::Demand& demand,
                                  verify::Names* names, const NamedRepository& repository) {
  const Time now = clock_.never_back();
  auto verdict = verify::verify(credential, pin, now, demand, names);
  if (is_guess(verdict) && !guesses_.take(now, {}, guards_.client_address(request)))
    verdict = verify::Refused{verify::Reason::too_many_guesses, {}, {}};
  count(verdict, request, operation(demand), repository, now);
  return verdict;
}

verify::Verdict Verifier::verdict(const Digest& digest, const verify::Demand& demand) {
  return verify::verify(digest, reader_.pin(), clock_.never_back(), demand);
}

verify::Verdict Verifier::inquire(const verify::Pin& pin, const http::Request& request, const Digest& asker,
                                  std::string_view text, verify::Names& names) {
  const Time now = clock_.never_back();
  verify::Credential credential;
  credential.take(text);
  const verify::Facts facts = pin.look(asker);
  auto verdict = verify::verify(credential, pin, now, {.asker = &facts}, &names);
  count(verdict, request, token::describe(token::verify_scope).id, {}, now);
  return verdict;
}

void Verifier::count(const verify::Verdict& verdict, const http::Request& request, std::string_view operation,
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
  presented.address = guards_.client_address(request);
  presented.agent = request.head.field("user-agent").value_or("");
  counters_.uses.add(presented, now);
}

}  // namespace latchkey::api
