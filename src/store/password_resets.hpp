// Links for a new password that were mailed: one for each user, at most, as a digest. A row outlives its
// link, so that the next is not mailed too soon. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct PasswordReset {
  UserId user;
  std::optional<Digest> digest{};  // none: the link is good no more
  Time ends_at{};
  std::optional<Time> sent_at{};  // when the mail server took the mail of it; none: it has not
};
void put_password_reset(Transaction&, const PasswordReset&);  // the user's one before is gone
[[nodiscard]] std::optional<PasswordReset> find_password_reset(Transaction&, const Digest&);
[[nodiscard]] std::optional<PasswordReset> password_reset_of(Transaction&, const UserId&);
void set_password_reset_sent(Transaction&, const UserId&, Time);
void end_password_reset(Transaction&, const UserId&);  // its link is good no more
void delete_password_resets_ended_before(Transaction&, Time);

}  // namespace latchkey::store
