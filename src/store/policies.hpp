// Policies: what an organization or the server rules about tokens; each has a name, a value and the instants
// from which it reports, warns, refuses and revokes. What a value means is authority's to say. One row for
// each name and place; none: it is off. Functions of one transaction; a write touches its organization.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/groups.hpp"

namespace latchkey::store {

class Transaction;

struct Policy {
  std::string name;
  std::optional<OrganizationId> organization;  // none: the server's
  std::string value;
  std::optional<Time> report_from, warn_from, refuse_from, revoke_from;
  std::vector<Grantee> exceptions;  // gone ones too
  Time changed_at;
  UserId changed_by;
  std::int64_t event = 0;  // the audit event of the change
};
void put_policy(Transaction&, const Policy&);
// False: there was none.
bool delete_policy(Transaction&, const std::optional<OrganizationId>&, std::string_view name);
[[nodiscard]] std::optional<Policy> find_policy(Transaction&, const std::optional<OrganizationId>&,
                                                std::string_view name);
[[nodiscard]] std::vector<Policy> policies_of(Transaction&, const std::optional<OrganizationId>&);
// The server's and the organization's, with what judges a token: name, organization, value, refuse_from and
// exceptions; the rest is empty.
[[nodiscard]] std::vector<Policy> policies_for(Transaction&, const std::optional<OrganizationId>&);
// Names the state of all policies: a change of any makes a name that there never was, so that what was read
// under one holds wherever it is read again, in a transaction that comes to nothing too.
[[nodiscard]] std::string policies_version(Transaction&);
// Which have one of this name.
[[nodiscard]] std::vector<OrganizationId> organizations_with_policy(Transaction&, std::string_view name);
[[nodiscard]] bool is_excepted(Transaction&, const Policy&, const UserId&);

// The stages that are carried out once, each when its date comes.
enum class CarriedStage : std::uint8_t { warn = 1, revoke };
struct DuePolicy {
  Policy policy;
  CarriedStage stage{};
};
[[nodiscard]] std::optional<DuePolicy> next_due_policy(Transaction&, Time now);
void set_carried_out(Transaction&, const DuePolicy&);  // unless the policy has changed since

}  // namespace latchkey::store
