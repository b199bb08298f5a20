// Reading the audit: pages, downloads, the chart, the chain; and what retention takes. Administrators of an
// organization see its events, server administrators all (security.md). The first page of a query and each
// download are events themselves. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authority/audit_actions.hpp"
#include "authority/authority.hpp"
#include "store/audit_search.hpp"

namespace latchkey::authority {

struct AuditFilter {
  std::optional<OrganizationId> organization{};  // none: all, for server administrators
  std::optional<Time> from{}, until{};           // until: before
  std::optional<UserId> actor{};
  std::string area{}, category{};  // without case; empty: any
  std::optional<std::string> subject{};
  std::string text{};  // part of the details or the actor's name or email address, without case
};

struct AuditEntry {
  store::AuditEventTold told;
  std::int64_t aggregated = 1;  // stands for so many
};
struct AuditPage {
  std::vector<AuditEntry> entries;         // the latest first
  std::optional<store::AuditPlace> after;  // where the next page begins; none: that was the last
};
// Looks at 20,000 events at most: a page may be short, and not the last. `aggregate`: readings of the log by
// one user that follow one another are one entry.
[[nodiscard]] AuditPage audit_log(Authority&, const Actor&, const AuditFilter&,
                                  const std::optional<store::AuditPlace>& after, std::int64_t top,
                                  bool aggregate);

// A download: begin_download() records it and says where it ends; then pieces, each of which asks again
// whether the actor may. `format` goes into the event.
[[nodiscard]] AuditFilter begin_audit_download(Authority&, const Actor&, AuditFilter,
                                               std::string_view format);
struct AuditPiece {
  std::vector<store::AuditEventTold> events;  // the earliest first
  std::optional<store::AuditPlace> after;     // none: that was the end
};
[[nodiscard]] AuditPiece audit_piece(Authority&, const Actor&, const AuditFilter&,
                                     const std::optional<store::AuditPlace>& after);

struct AuditActivity {
  Time from, until;
  std::vector<std::int64_t> counts, refusals;  // refusals: those of them that tell of one
  bool complete = true;  // false: a filter looked at the latest 200,000 events, and there are more
};
// `filter.from` left out: a day before its end; `until`: now.
[[nodiscard]] AuditActivity audit_activity(Authority&, const Actor&, const AuditFilter&, std::int64_t parts);

struct AuditChainPage {
  store::AuditHead boundary;
  std::vector<store::AuditEvent> events;  // of the positions after `after`
  bool more = false;
};
[[nodiscard]] AuditChainPage audit_chain(Authority&, const Actor&,
                                         const std::optional<OrganizationId>& organization,
                                         std::int64_t after, std::int64_t top);

// Removes what is older than `kept`, a bounded number in a transaction; the boundary stays, and its move is
// an event.
void shorten_audit(Authority&, std::chrono::days kept);

// Throws where the actor may not see the audit of the organization (none: of the server).
void require_audit(Authority&, const Actor&, const std::optional<OrganizationId>& organization);
void authorize_audit(store::Transaction& transaction, Time now, const Actor& actor,
                     const std::optional<OrganizationId>& organization);

}  // namespace latchkey::authority
