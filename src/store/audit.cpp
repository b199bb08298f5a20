// SPDX-License-Identifier: Apache-2.0
#include "store/audit.hpp"

#include <string_view>

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

void append_number(std::string& text, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(number >> shift & 0xff);
}
// Each field with its length before it, so that no two rows have one text.
void append_field(std::string& text, std::string_view field) {
  append_number(text, field.size());
  text += field;
}
void append_field(std::string& text, std::span<const std::byte> field) {
  append_field(text, std::string_view(reinterpret_cast<const char*>(field.data()), field.size()));
}
template <class Tag>
void append_field(std::string& text, const std::optional<Id<Tag>>& id) {
  append_field(text, id ? std::span<const std::byte>(id->value().bytes()) : std::span<const std::byte>());
}

void read_audit_event(const Row& row, AuditEvent& event) {
  read_row(row, event.position, event.time, event.actor, event.organization, event.action, event.subject,
           event.data, event.address, event.agent, event.activity, event.correlation, event.previous,
           event.digest);
}

void read_shown(const Row& row, AuditEventShown& shown) {
  AuditEvent& event = shown.event;
  read_row(row, event.position, event.time, event.actor, event.action, event.data, event.address, event.agent,
           shown.actor_name);
}

struct Last {
  std::int64_t position = 0;
  Digest digest;
};
void read_last(const Row& row, Last& last) { read_row(row, last.position, last.digest); }

}  // namespace

Digest audit_digest(const AuditEvent& event) {
  std::string text;
  append_field(text, event.previous.bytes());
  append_number(text, static_cast<std::uint64_t>(event.position));
  append_number(text, static_cast<std::uint64_t>(microseconds(event.time)));
  append_field(text, event.actor);
  append_field(text, event.organization);
  for (const std::string* field : {&event.action, &event.subject, &event.data, &event.address, &event.agent})
    append_field(text, *field);
  append_field(text, event.activity.value().bytes());
  append_field(text, event.correlation.value().bytes());
  return Digest::of(text);
}

std::optional<Time> newest_time(Transaction& transaction) {
  return transaction.scalar<Time>("select time from audit_events order by position desc limit 1");
}

std::int64_t append_audit(Transaction& transaction, AuditEvent event) {
  const Last last =
      transaction.one("select position, digest from audit_events order by position desc limit 1", read_last)
          .value_or(Last{});
  event.position = last.position + 1;
  event.previous = last.digest;
  event.digest = audit_digest(event);
  transaction.execute(
      "insert into audit_events (position, time, actor, organization, action, subject, data, address, agent, "
      "activity, "
      "correlation, previous, digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      event.position, event.time, event.actor, event.organization, event.action, event.subject, event.data,
      event.address, event.agent, event.activity, event.correlation, event.previous, event.digest);
  return event.position;
}

std::vector<AuditEventShown> audit_events_of(Transaction& transaction, const std::string& subject,
                                             std::int64_t before, std::int64_t top) {
  return transaction.all(
      "select e.position, e.time, e.actor, e.action, e.data, e.address, e.agent, u.display_name "
      "from audit_events e left join users u on u.id = e.actor "
      "where e.subject = $1 and e.position < $2 order by e.position desc limit $3",
      read_shown, subject, before, top);
}

void each_audit_event(Transaction& transaction, std::int64_t after, std::int64_t top,
                      const std::function<void(const AuditEvent&)>& visit) {
  const auto on_row = [&](const Row& row) {
    AuditEvent event;
    read_audit_event(row, event);
    visit(event);
  };
  transaction.each(
      "select position, time, actor, organization, action, subject, data, address, agent, activity, "
      "correlation, "
      "previous, digest from audit_events where position > $1 order by position limit $2",
      on_row, after, top);
}

}  // namespace latchkey::store
