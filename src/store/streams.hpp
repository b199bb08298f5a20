// Streams of the audit: where events are sent to, and how far each has come. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

using StreamId = Id<struct StreamTag>;

enum class Consumer : std::uint8_t { webhook = 1, splunk, syslog, file };
enum class StreamState : std::uint8_t { enabled = 1, disabled_by_user, disabled_by_system };

// How far a stream has come.
struct StreamProgress {
  std::int64_t position = 0;        // of the last event that it was sent, or that was not for it
  std::int64_t resume = 0;          // where it goes back to after a failure
  std::int64_t backfill_until = 0;  // the last event that was there before the stream
  std::optional<Time> delivered_at{};
  std::int64_t failures = 0;  // in a row
  std::string last_error{};
  Time next_attempt_at{};
};
struct AuditStream {
  StreamId id;
  std::optional<OrganizationId> organization;  // none: the server's, of all events
  Consumer consumer{};
  std::string name;
  std::string inputs;  // a JSON object, without the secret
  std::string secret;  // sealed; empty: it has none
  StreamState state = StreamState::enabled;
  std::string reason;
  StreamProgress progress;
  Time created_at, updated_at;
};
void insert_stream(Transaction&, const AuditStream&);
// Name, inputs, secret, state, reason, progress.
void update_stream(Transaction&, const AuditStream&);
void delete_stream(Transaction&, const StreamId&);
// Its progress, unless it was changed since `updated_at`.
void set_progress(Transaction&, const StreamId&, Time updated_at, const StreamProgress&);
[[nodiscard]] std::optional<AuditStream> find_stream(Transaction&, const StreamId&);
// Of an organization, or the server's own, the first made first.
[[nodiscard]] std::vector<AuditStream> streams_of(Transaction&, const std::optional<OrganizationId>&);
// Enabled ones of all with events to come, whose time it is.
[[nodiscard]] std::vector<AuditStream> due_streams(Transaction&, Time now, std::int64_t last);

}  // namespace latchkey::store
