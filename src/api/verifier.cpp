// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

namespace latchkey::api {
namespace {

bool is_guess(const verify::Verdict& verdict) {
  const auto* refused = std::get_if<verify::Refused>(&verdict);
  return refused != nullptr &&
         (refused->reason == verify::Reason::malformed || refused->reason == verify::Reason::bad_checksum ||
          refused->reason == verify::Reason::unknown);
}

}  // namespace

verify::Verdict Verifier::verdict(const http::Request& request, const verify::Credential& credential,
                                  const verify::Demand& demand) {
  const Time now = clock_.now();
  auto verdict = verify::verify(credential, reader_.pin(), now, demand);
  if (is_guess(verdict) && !guesses_.take(now, {}, guards_.client_address(request)))
    return verify::Refused{verify::Reason::too_many_guesses, {}, {}};
  return verdict;
}

verify::Verdict Verifier::verdict(const Digest& digest, const verify::Demand& demand) {
  return verify::verify(digest, reader_.pin(), clock_.now(), demand);
}

verify::Verdict Verifier::inquire(const verify::Principal& asker, std::string_view text) {
  verify::Credential credential;
  credential.take(text);
  return verify::verify(credential, reader_.pin(), clock_.now(),
                        {.organization_key = {}, .scope = {}, .needs_full = false, .asker = &asker});
}

std::string Verifier::organization(const OrganizationId& id) {
  const auto pin = reader_.pin();
  const auto* found = pin.organization(id);
  return found == nullptr ? std::string() : found->name_key;
}

}  // namespace latchkey::api
