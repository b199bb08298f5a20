// Looking through the audit: pages by time, how many there were when, and what retention took. By index
// (organization, time) or (time): the cost is that of what is looked at. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/audit.hpp"

namespace latchkey::store {

// An event with the names of what it names, as they are now.
struct AuditEventTold {
  AuditEvent event;
  std::string actor_name, actor_email, organization_name;  // empty: none, or gone
};

// Of an organization, or of all and none; of one subject, if it is named.
struct AuditRange {
  std::optional<OrganizationId> organization{};
  Time from{}, until{};  // until: before
  std::optional<std::string> subject{};
};
struct AuditPlace {
  Time time;
  std::int64_t position = 0;
};
// At most `top` of them behind `after` (none: the first), the latest first or the earliest first.
[[nodiscard]] std::vector<AuditEventTold> audit_page(Transaction&, const AuditRange&, bool latest_first,
                                                     const std::optional<AuditPlace>& after,
                                                     std::int64_t top);
// How many there were in each part of the range of that length, in microseconds: (number of the part, count);
// parts without any are left out. The subject is not looked at.
using PartCount = std::pair<std::int64_t, std::int64_t>;
[[nodiscard]] std::vector<PartCount> audit_counts(Transaction&, const AuditRange&, std::int64_t part);
// The same of those that tell of a refusal; there is an index of them alone.
[[nodiscard]] std::vector<PartCount> audit_refusal_counts(Transaction&, const AuditRange&, std::int64_t part);
[[nodiscard]] bool tells_refusal(std::string_view action) noexcept;

// As audit_events_of the chain: in order, from the position after `after`, with names.
[[nodiscard]] std::vector<AuditEventTold> audit_after(Transaction&, std::int64_t after, std::int64_t top);
// The position before the first event that is not earlier than `time`; that of the last if all are.
[[nodiscard]] std::int64_t audit_position_before(Transaction&, Time time);

// A place in the chain: what comes after it goes on from this digest.
struct AuditHead {
  std::int64_t position = 0;
  Digest digest;
};
[[nodiscard]] AuditHead audit_head(Transaction&);      // of the last event
[[nodiscard]] AuditHead audit_boundary(Transaction&);  // of the last event that retention took
// Removes the earliest events, at most `top`, that are earlier than `before`, but never the last one, and
// notices that stand on them; moves the boundary. Returns how many.
std::int64_t shorten_audit(Transaction&, Time before, std::int64_t top);

}  // namespace latchkey::store
