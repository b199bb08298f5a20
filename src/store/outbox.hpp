// The outbox: notices that are still to be sent, one row for each channel, written with the notice itself and
// gone once it was sent. No text lies here: what is sent is made of the notice when it is sent. Functions of
// one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

enum class Channel : std::uint8_t { owner_mail = 1, organization_webhook };

// What is sent one after another, and waits together: all mails; what is for one organization's webhook.
struct Queue {
  Channel channel{};
  std::optional<OrganizationId> organization{};  // whose webhook

  explicit Queue(Channel one) : channel(one) {}
  explicit Queue(const OrganizationId& whose) : channel(Channel::organization_webhook), organization(whose) {}
};

// Whether notices are mailed: without, none is put into the outbox for owners.
void set_mailing(Transaction&, bool on);
[[nodiscard]] bool is_mailing(Transaction&);
// The one place that says by which channels notices go: by mail to their owners, where there is mail; to the
// webhooks of their tokens' organizations, where those have one. No such notice: nothing.
void put_into_outbox(Transaction&, std::span<const NoticeId>, Time due);

struct OutboxRow {
  NoticeId notice;
  Channel channel{};
  std::optional<OrganizationId> organization{};  // whose webhook
  std::int64_t attempts = 0;                     // that failed
  std::string last_error{};                      // of the last one; empty: there was none
  Time next_at, created_at;
};
[[nodiscard]] Queue queue_of(const OutboxRow&);
// The one whose time has come longest ago; none while the queue waits.
[[nodiscard]] std::optional<OutboxRow> next_to_send(Transaction&, const Queue&, Time now);
// Whose webhooks have something in their queues.
[[nodiscard]] std::vector<OrganizationId> queues_of_webhooks(Transaction&);
void delete_from_outbox(Transaction&, const OutboxRow&);
void set_failed(Transaction&, const OutboxRow&);  // attempts, next_at, last_error
void set_undeliverable(Transaction&, const OutboxRow&);
// Some of those that were put in before are undeliverable too, for the same reason as this one: a bounded
// number at a time.
void set_undeliverable_before(Transaction&, const OutboxRow&, Time);
// Nothing of the queue is sent before, whatever its time: nobody takes anything.
void set_waiting(Transaction&, const Queue&, Time until);
[[nodiscard]] bool is_waiting(Transaction&, const Queue&, Time now);

inline constexpr std::int64_t counted_most = 10'000;
struct QueueState {
  std::int64_t queued = 0;  // `counted_most`: or more
  std::optional<OutboxRow> first{};
  std::optional<Time> waiting_until{};
};
[[nodiscard]] QueueState queue_state(Transaction&, const Queue&, Time now);

struct Undeliverable {
  OutboxRow row;
  std::string kind;                             // the notice's, by its code
  std::string email, display_name, token_name;  // the last: empty, where it is of no token
};
struct UndeliverableCursor {
  Time created_at;
  NoticeId notice;
};
// The latest first; `after`: those behind it.
[[nodiscard]] std::vector<Undeliverable> undeliverable(Transaction&, const Queue&,
                                                       const std::optional<UndeliverableCursor>& after,
                                                       std::int64_t top);
// Sends again from now on, with attempts counted anew. False: it is not undeliverable.
[[nodiscard]] bool send_again(Transaction&, const Queue&, const NoticeId&, Time now);
// The same of all that are undeliverable, a bounded number at a time; how many it were.
[[nodiscard]] std::int64_t send_some_again(Transaction&, const Queue&, Time now);
// What waits is tried at once.
void end_waiting(Transaction&, const Queue&, Time now);
// Forgets what is in the queue, a bounded number at a time. False: it was empty, and waits no more.
[[nodiscard]] bool empty_some(Transaction&, const Queue&);

}  // namespace latchkey::store
