// SPDX-License-Identifier: Apache-2.0
#include "authority/audit_check.hpp"

#include <algorithm>
#include <tuple>
#include <variant>

#include "authority/audit_log.hpp"
#include "base/log.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

// What was found whole before must be there still: whoever wrote a chain anew from some event on, or took its
// end away, made one that holds in itself.
bool follows(const store::AuditCheck& check, const store::AuditEvent& event) {
  return event.position == check.looked.position + 1 && event.previous == check.looked.digest &&
         event.digest == store::audit_digest(event) &&
         (event.position != check.whole.position || event.digest == check.whole.digest);
}

void stop_at(store::AuditCheck& check, std::int64_t position) {
  check.stopped = true;
  check.broken = position;
}

// The next part of the look under way; nothing where there is nothing new to say.
std::optional<store::AuditCheck> next_part(store::Transaction& transaction, Time now, std::int64_t most) {
  store::AuditCheck check = store::find_audit_check(transaction);
  if (check.stopped) return std::nullopt;
  const auto boundary = store::audit_boundary(transaction);
  if (check.looked.position < boundary.position) check.looked = boundary;  // retention took what comes next
  std::int64_t seen = 0;
  store::each_audit_event(transaction, check.looked.position, most, [&](const store::AuditEvent& event) {
    ++seen;
    if (check.stopped) return;
    if (!follows(check, event)) return stop_at(check, check.looked.position + 1);
    check.looked = {event.position, event.digest};
  });
  if (check.stopped || seen == most) return check;
  const std::int64_t last = store::audit_head(transaction).position;
  if (last < std::max(check.looked.position, check.whole.position)) {
    stop_at(check, last + 1);
    return check;
  }
  if (seen == 0 && check.whole.position == check.looked.position && !check.broken) return std::nullopt;
  check.whole = check.looked;
  check.whole_at = now;
  check.broken.reset();
  return check;
}

void keep(Authority& authority, const store::AuditCheck& check) {
  decide(authority, [&](store::Transaction& transaction) {
    store::put_audit_check(transaction, check);
    return std::monostate{};
  });
}

}  // namespace

void look_at_audit(Authority& authority, std::int64_t most) {
  const auto part = authority.store.read(
      [&](store::Transaction& transaction) { return next_part(transaction, authority.clock.now(), most); });
  if (!part) return;
  keep(authority, *part);
  if (part->stopped) log_error("the audit's chain is broken", {{"position", std::to_string(*part->broken)}});
}

void look_at_audit_again(Authority& authority) {
  const auto [check, last, boundary] = authority.store.read([](store::Transaction& transaction) {
    return std::tuple(store::find_audit_check(transaction), store::audit_head(transaction).position,
                      store::audit_boundary(transaction));
  });
  if (!check.stopped && check.looked.position < last) return;
  keep(authority,
       {.looked = boundary, .whole = check.whole, .whole_at = check.whole_at, .broken = check.broken});
}

AuditState audit_state(Authority& authority, const Actor& actor,
                       const std::optional<OrganizationId>& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_audit(transaction, authority.clock.now(), actor, organization);
    return AuditState{.check = store::find_audit_check(transaction),
                      .last = store::audit_head(transaction).position};
  });
}

}  // namespace latchkey::authority
