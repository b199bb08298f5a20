// Invitations: links with which a user takes a password of their own, the first or another one. Good once,
// for seven days; a new one ends the one before.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string_view>

#include "authority/authority.hpp"
#include "authority/sessions.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

constexpr std::chrono::days invitation_lasts{7};

struct Invitation {
  Secret code;  // here and nowhere else (P2)
  Time ends_at;
};
// Of a server administrator. The user's password, if there is one, is good until the invitation is used.
[[nodiscard]] Invitation invite(Authority&, const Actor&, const UserId&);

// Whose it is. not_found for a code that isn't good, whatever the cause; too_many_attempts after too many of
// those from one network.
[[nodiscard]] store::User invited(Authority&, std::string_view code, const Origin&);
// Sets the password, ends all the user's sign-ins, and signs in. Refusals as invited(), and invalid_value for
// the password.
[[nodiscard]] NewSession accept_invitation(Authority&, std::string_view code, const Secret& password,
                                           const Origin&);

// For decisions that invite: the rows, in their transaction.
[[nodiscard]] Invitation add_invitation(store::Transaction&, Time now, const UserId&);

}  // namespace latchkey::authority
