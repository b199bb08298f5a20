// Streams of the audit as decisions: create, change, enable, disable, delete; and what delivery/ writes of
// their progress. Who may is who may see the events. Pool threads; delivery's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "store/audit_search.hpp"
#include "store/streams.hpp"

namespace latchkey::authority {

using StreamInputs = std::map<std::string, std::string, std::less<>>;

// What a consumer must be told, by the names of the wire. One at most is secret; `place`: where events go.
struct StreamInput {
  std::string_view name;
  bool required = false, secret = false, place = false;
};
struct StreamConsumer {
  store::Consumer consumer{};
  std::string_view name;
  std::span<const StreamInput> inputs;
};
[[nodiscard]] std::span<const StreamConsumer> stream_consumers() noexcept;
[[nodiscard]] const StreamConsumer& stream_consumer(store::Consumer consumer) noexcept;
[[nodiscard]] StreamInputs inputs_of(const store::AuditStream& stream);  // without the secret

struct StreamRequest {
  store::Consumer consumer{};
  std::string name{};  // empty: the consumer's
  StreamInputs inputs{};
};
struct StreamShown {
  store::AuditStream stream;
  std::int64_t last = 0;  // the chain's last position
};

inline constexpr std::chrono::days backfill_longest{7};
inline constexpr int failures_most = 20;  // in a row; then the system disables a stream

[[nodiscard]] std::vector<StreamShown> list_streams(Authority&, const Actor&, const Place&);
[[nodiscard]] StreamShown show_stream(Authority&, const Actor&, const Place&, const store::StreamId&);
[[nodiscard]] StreamShown create_stream(Authority&, const Actor&, const Place&, const StreamRequest&,
                                        std::chrono::days backfill);
// A secret that is left out stays, as long as the place stays.
[[nodiscard]] StreamShown edit_stream(Authority&, const Actor&, const Place&, const store::StreamId&,
                                      const StreamRequest&);
[[nodiscard]] StreamShown set_stream_enabled(Authority&, const Actor&, const Place&, const store::StreamId&,
                                             bool enabled);
void delete_stream(Authority&, const Actor&, const Place&, const store::StreamId&);

// What delivery/ writes: no decision of a person, and no event, but for the last failure.
void stream_came_on(Authority&, const store::AuditStream& stream, const store::StreamProgress& progress);
// It goes back to where it resumes. Back-off: 1 s, doubled each time, an hour at most.
void stream_failed(Authority&, const store::AuditStream& stream, std::string_view error);

}  // namespace latchkey::authority
