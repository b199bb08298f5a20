// The audit: rows that are written with the decision they tell of, in its transaction, and never updated.
// Positions are dense; each row's digest covers the row and its predecessor's digest, so that a missing or
// altered row shows. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct AuditEvent {
  std::int64_t position = 0;  // given by append_audit
  Time time;
  std::optional<UserId> actor;
  std::optional<OrganizationId> organization;
  std::string action;   // "Token.PatCreateEvent"
  std::string subject;  // the id of what it is about
  std::string data;     // a JSON object
  std::string address, agent;
  ActivityId activity, correlation;
  Digest previous, digest;  // given by append_audit
};
std::int64_t append_audit(Transaction&, AuditEvent);  // its position
// Of the last event.
[[nodiscard]] std::optional<Time> newest_time(Transaction&);
// In order, from the position after `after`, at most `top`.
void each_audit_event(Transaction&, std::int64_t after, std::int64_t top,
                      const std::function<void(const AuditEvent&)>&);
// Those about one subject, the latest first, of the positions before `before`; with who did it.
struct AuditEventShown {
  AuditEvent event;
  std::optional<std::string> actor_name;
};
[[nodiscard]] std::vector<AuditEventShown> audit_events_of(Transaction&, const std::string& subject,
                                                           std::int64_t before, std::int64_t top);
// The digest that an event must have: over its fields and `previous`.
[[nodiscard]] Digest audit_digest(const AuditEvent&);

}  // namespace latchkey::store
