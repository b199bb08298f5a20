// Mail as administrators of the server see it: whether there is any, what waits and why, and what could not
// be delivered (what becomes of each: authority/outbox.hpp). Pool threads; the main thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
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
