// What policies refuse: asked by each decision that makes, renews or widens a token, in its transaction, and
// by the pages beforehand. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authority/authority.hpp"
#include "authority/policy_rules.hpp"
#include "store/directory.hpp"
#include "store/policies.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {

// Whether it is on and of a stage that refuses.
[[nodiscard]] bool refuses(const store::Policy& policy, Time now) noexcept;
// Whether the organization lets everybody make tokens for packages, whatever else it restricts.
[[nodiscard]] bool packages_suffice(store::Transaction&, const OrganizationId&, Time now);

// Throws the refusal of the first policy in force that a token breaks which is about to be made (`makes`),
// renewed or widened; it says whom to ask. `organization`: where that is done; none: where it is bound to.
void require_policies(Authority&, store::Transaction&, Time now, const store::Token&,
                      const std::optional<OrganizationId>& organization, bool makes);
// The longest life that policies leave a token of this owner; none: as long as any.
[[nodiscard]] std::optional<std::chrono::days> longest_life(Authority&, store::Transaction&, Time now,
                                                            const UserId& owner);

// What a person may make in an organization, told before they try. Where a reason is empty, they may.
struct PolicyHints {
  std::string no_global_tokens{}, no_full_access{}, no_creation{};
  bool packages_only = false;
  std::vector<std::string> forbidden_scopes{};
  std::optional<std::int64_t> longest_days{}, most_tokens{};
  std::int64_t live_tokens = 0;    // bound to the organization
  std::vector<store::User> ask{};  // administrators of the organization, a few
};
[[nodiscard]] PolicyHints policy_hints(Authority&, const UserId&, const OrganizationId&);

}  // namespace latchkey::authority
