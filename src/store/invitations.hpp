// Invitations: links with which a user takes a password of their own. One for each user, at most. Functions
// of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct Invitation {
  UserId user;
  Digest digest;
  Time ends_at, created_at;
};
void put_invitation(Transaction&, const Invitation&);  // the user's one before is gone
[[nodiscard]] std::optional<Invitation> find_invitation(Transaction&, const Digest&);
void delete_invitation(Transaction&, const UserId&);
void delete_invitations_ended_before(Transaction&, Time);

}  // namespace latchkey::store
