// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "api/audit_entry.hpp"
#include "base/log.hpp"
#include "delivery/delivery.hpp"
#include "store/transaction.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::int64_t looked_at_together = 500;  // events of the chain
constexpr std::size_t batch_max = 200, batch_bytes = 512 * 1024;
constexpr int batches_at_once = 100;  // of a stream, before others have their turn

struct Next {
  std::optional<store::AuditStream> stream;  // none: gone, disabled, or not yet its time
  std::optional<Batch> batch;                // none: none of the events is for it
  std::int64_t position = 0;                 // how far it has come then
};

Batch empty_batch(const store::AuditStream& stream) {
  return {.stream = stream.id.text(),
          .inputs = authority::inputs_of(stream),
          .secret = {},
          .scope = stream.organization ? stream.organization->text() : "server",
          .events = {},
          .times = {},
          .head = {}};
}

Next next_of(store::Transaction& transaction, const store::StreamId& id, Time now) {
  Next next{.stream = store::find_stream(transaction, id), .batch = {}};
  if (next.stream &&
      (next.stream->state != store::StreamState::enabled || now < next.stream->progress.next_attempt_at))
    next.stream.reset();
  if (!next.stream) return next;
  next.position = next.stream->progress.position;
  Batch batch = empty_batch(*next.stream);
  std::size_t bytes = 0;
  for (const auto& told : store::audit_after(transaction, next.position, looked_at_together)) {
    const auto& event = told.event;
    if (!next.stream->organization || event.organization == next.stream->organization) {
      if (batch.events.size() == batch_max || bytes > batch_bytes) break;
      bytes += event.data.size() + event.agent.size() + 1000;
      batch.events.push_back(api::streamed_audit_entry(told));
      batch.times.push_back(event.time);
      batch.head = {event.position, event.digest};
    }
    next.position = event.position;
  }
  if (!batch.events.empty()) next.batch = std::move(batch);
  return next;
}

void open_secret(authority::Authority& authority, const store::AuditStream& stream, Batch& batch) {
  if (stream.secret.empty()) return;
  auto secret = authority.stream_secrets.open(stream.secret, stream.id.text());
  if (!secret)
    throw Undelivered(
        "the secret can't be opened: the file stream-key is another one. Give the secret again.");
  batch.secret = *std::move(secret);
}

// Syslog has no acknowledgement: what its receiver had read and not yet kept when it died is sent again.
store::StreamProgress progress_after(const Next& next, Time now) {
  const auto& before = next.stream->progress;
  const bool in_doubt =
      next.batch ? next.stream->consumer == store::Consumer::syslog : before.resume != before.position;
  auto progress = before;
  progress.position = next.position;
  progress.resume = !in_doubt ? next.position : next.batch ? before.position : before.resume;
  if (!next.batch) return progress;
  progress.delivered_at = now;
  progress.failures = 0;
  progress.last_error.clear();
  return progress;
}

}  // namespace

const Send& sender_of(store::Consumer consumer) {
  static const std::array<Send, 4> all{send_to_webhook, send_to_splunk, send_to_syslog, send_to_file};
  return all.at(static_cast<std::size_t>(consumer) - 1);
}

bool deliver(authority::Authority& authority, const store::StreamId& id, const Send& send) {
  auto next = authority.store.read(
      [&](store::Transaction& transaction) { return next_of(transaction, id, authority.clock.now()); });
  if (!next.stream || next.position == next.stream->progress.position) return false;
  try {
    if (next.batch) {
      open_secret(authority, *next.stream, *next.batch);
      send(*next.batch, authority.settings.outgoing);
    }
  } catch (const std::exception& error) {
    authority::stream_failed(authority, *next.stream, error.what());
    log_warning("an audit stream failed", {{"stream", id.text()}, {"error", error.what()}});
    return false;
  }
  authority::stream_came_on(authority, *next.stream, progress_after(next, authority.clock.now()));
  return true;
}

Deliveries::Deliveries(authority::Authority& authority)
    : authority_(authority), work_("audit streams", [this] { return due(); }) {}

std::vector<DueWork::Piece> Deliveries::due() {
  const auto streams = authority_.store.read([&](store::Transaction& transaction) {
    return store::due_streams(transaction, authority_.clock.now(), store::audit_head(transaction).position);
  });
  std::vector<DueWork::Piece> pieces;
  for (const auto& stream : streams)
    pieces.push_back({.name = stream.id.text(), .run = [this, stream](const std::stop_token& stop) {
                        for (int i = 0; i < batches_at_once && !stop.stop_requested(); ++i)
                          if (!deliver(authority_, stream.id, sender_of(stream.consumer))) break;
                      }});
  return pieces;
}

}  // namespace latchkey::delivery
