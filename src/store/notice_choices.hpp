// What a person chose of notices: which kinds they want no mail of, a weekly digest, and the link by which
// a calendar reads the ends of their tokens. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/notices.hpp"

namespace latchkey::store {

class Transaction;

struct NoticeChoices {
  std::vector<NoticeKind> unwanted{};  // no mail of these; the bell shows them
  bool weekly_digest = false;
};
[[nodiscard]] NoticeChoices notice_choices(Transaction&, const UserId&);
void put_notice_choices(Transaction&, const UserId&, const NoticeChoices&);
// Who wants a digest and had none for so long; from now on they had one.
[[nodiscard]] std::vector<UserId> take_due_digests(Transaction&, Time now, std::chrono::seconds each);

// One for each user, at most.
void put_calendar_link(Transaction&, const UserId&, const Digest& code, Time now);  // the one before is gone
[[nodiscard]] std::optional<Time> calendar_link_made_at(Transaction&, const UserId&);
[[nodiscard]] std::optional<UserId> find_calendar_link(Transaction&, const Digest& code);
[[nodiscard]] bool delete_calendar_link(Transaction&, const UserId&);  // false: there was none

}  // namespace latchkey::store
