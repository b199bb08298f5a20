// Policies: what an administrator rules (policy_rules.hpp has the rules, policy_checks.hpp what they refuse,
// policy_reach.hpp what they touch).
//
// A policy goes through stages, each from its own date: it reports (the dry run shows what it would touch),
// warns the owners of what breaks it, refuses, and at last revokes what still breaks it. Taking it back
// restores whatever it refused; what it revoked stays revoked.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "authority/groups.hpp"
#include "authority/policy_rules.hpp"
#include "store/directory.hpp"
#include "store/policies.hpp"

namespace latchkey::authority {

enum class PolicyStage : std::uint8_t { off = 1, report, warn, refuse, revoke };

struct ShownPolicy {
  const PolicyRule* rule = nullptr;
  std::optional<store::Policy> policy{};  // none: off, or as without one
  PolicyStage stage = PolicyStage::off;
  std::vector<Subject> exceptions{};
  std::optional<store::User> changed_by{};
};
[[nodiscard]] PolicyStage stage_of(const store::Policy&, Time now) noexcept;
// All policies of the place, those that are off too.
[[nodiscard]] std::vector<ShownPolicy> list_policies(Authority&, const Actor&, const Place&);

struct PolicyChange {
  std::string name, value;
  std::optional<Time> report_from{}, warn_from{}, refuse_from{},
      revoke_from{};  // none of them: refuses from now
  std::vector<store::Grantee> exceptions{};
};
// Refusals: not_found for a name that is none, invalid_value with the field: a value, dates out of order, a
// stage that the policy has not, an exception that names nobody.
ShownPolicy set_policy(Authority&, const Actor&, const Place&, const PolicyChange&);
// Takes it back. Succeeds where it is off already.
ShownPolicy clear_policy(Authority&, const Actor&, const Place&, std::string_view name);

// The policy that a change would make, checked as set_policy() does, and not written.
[[nodiscard]] store::Policy proposed_policy(store::Transaction&, Time now, const Actor&, const Place&,
                                            const PolicyChange&);

}  // namespace latchkey::authority
