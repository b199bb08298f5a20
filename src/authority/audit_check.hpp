// Whether the audit's chain holds: looked at in the background, a bounded number of events at a time, so that
// no request reads it all. What was found is kept in the database, and told from there. look_at_audit() and
// look_at_audit_again(): the main thread alone. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "authority/authority.hpp"
#include "store/audit_check.hpp"

namespace latchkey::authority {

// Goes on where the last call stopped, `most` events at most, and stays at the first link that does not hold.
void look_at_audit(Authority&, std::int64_t most = 5000);
// From the beginning, so that what is changed after it was looked at is found, too. Does nothing before the
// look under way has come to the end.
void look_at_audit_again(Authority&);

struct AuditState {
  store::AuditCheck check;
  std::int64_t last = 0;  // position of the last event
};
[[nodiscard]] AuditState audit_state(Authority&, const Actor&,
                                     const std::optional<OrganizationId>& organization);

}  // namespace latchkey::authority
