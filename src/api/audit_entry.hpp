// How an event of the audit is told: Azure DevOps' DecoratedAuditLogEntry, and beside its fields `position`,
// `subject` and `digest`, by which it has its place in the chain. As JSON, as CSV, and with PascalCase keys
// as streams send it. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <string>

#include "store/audit_search.hpp"

namespace latchkey::api {

[[nodiscard]] boost::json::object audit_entry(const store::AuditEventTold& told);
// {"Id", "CorrelationId", …}: the members of `Data` stay as they are.
[[nodiscard]] boost::json::object streamed_audit_entry(const store::AuditEventTold& told);
// Lines with their ends: the names of the fields, and an event's.
[[nodiscard]] std::string audit_csv_head();
void append_audit_csv(std::string& out, const store::AuditEventTold& told);

}  // namespace latchkey::api
