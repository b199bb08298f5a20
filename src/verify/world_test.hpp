// What the tests of this room share: an index of one reader with one organization, one owner, one live
// secret.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string>
#include <utility>

#include "token/scopes.hpp"
#include "token/text.hpp"
#include "verify/verify.hpp"

namespace latchkey::verify {

struct World {
  static constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

  token::Issued issued = token::issue(now);
  OrganizationEntry organization{OrganizationId::random(), "halden", true};
  OwnerEntry owner{UserId::random(), true, {{organization.id, Role::contributor}}};
  SecretEntry secret{.digest = issued.digest,
                     .state = TokenState::live,
                     .deadline = now + std::chrono::days(30),
                     .owner = owner.id,
                     .organization = organization.id,
                     .scopes = token::kept_scopes("vso.code_write")};
  Index index{1};
  Index::Writer writer = index.writer();
  Index::Reader reader = index.reader(0);

  // Tells the index all of it, as it stands now.
  void apply() {
    const Change changes[] = {organization, owner, secret};
    writer.apply(changes);
  }
  [[nodiscard]] std::string header() const { return "Bearer " + std::string(issued.text.reveal()); }
  [[nodiscard]] Verdict verdict(const std::string& header, const Demand& demand, Time at = now) {
    Credential credential;
    credential.read(header, true);
    return verify(credential, reader.pin(), at, demand);
  }
  [[nodiscard]] Verdict verdict(Time at = now) {
    return verdict(header(), {.organization_key = "halden"}, at);
  }
};

}  // namespace latchkey::verify
