// What becomes of notices that are mailed: what delivery/ writes of each, and what an administrator sees of
// those that could not be delivered. Pool threads; delivery's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "store/outbox.hpp"

namespace latchkey::authority {

// Whether notices are mailed from now on. What is queued stays so.
void set_mailing(Authority&, bool on);

// Whoever was not reached for so long is not tried again by itself.
inline constexpr std::chrono::days tried_for{5};
// From the first failure on: doubled each time. 4 hours at most; of a server that takes nothing, which is
// asked for all at once, a quarter of an hour.
inline constexpr std::chrono::minutes longest_wait_for_server{15};
[[nodiscard]] std::chrono::microseconds back_off(std::int64_t attempts,
                                                 std::chrono::microseconds longest) noexcept;
// The server's words as they are kept: masked, on one line, bounded.
[[nodiscard]] std::string kept_words(std::string_view why);

// What delivery/ writes: no decision of a person, and no event. `why`: the server's own words.
void mail_is_done(Authority&, const store::OutboxRow&);  // sent, or of nothing that still holds
void mail_refused(Authority&, store::OutboxRow, std::string_view why);        // for good
void mail_put_off(Authority&, store::OutboxRow, std::string_view why);        // this one
void mail_server_failed(Authority&, store::OutboxRow, std::string_view why);  // it takes none

// What waits is tried again now.
void try_at_once(store::Transaction&, Time now);

struct MailState {
  store::QueueState queue;
  std::vector<store::Undeliverable> undeliverable;  // the latest first
  bool more = false;
  std::string last_error{};  // the server's words to the first that waits and failed
};
// For server administrators. A test mail leads to wherever they say: the audit tells.
void record_test_mail(Authority&, const Actor&, std::string_view address);
[[nodiscard]] MailState show_mail(Authority&, const Actor&,
                                  const std::optional<store::UndeliverableCursor>& after, std::int64_t top);
// Those of the undeliverable; returns how many. What waits is tried at once too.
std::int64_t retry_mails(Authority&, const Actor&, std::span<const NoticeId>);
std::int64_t retry_all_mails(Authority&, const Actor&);

}  // namespace latchkey::authority
