// Password resets: who forgot theirs asks for a link by mail, and chooses another by it. Good once, for an
// hour.
//
// Nobody learns by asking whether there is an account: the answer is the same, and so is the work before it,
// one event and one row, whoever is named. Whether anything is sent is decided behind the answer, when the
// mail's turn comes (account_mails.hpp), and so is the code, which lies readable nowhere.
// Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string_view>

#include "authority/authority.hpp"
#include "authority/sessions.hpp"
#include "authority/throttle.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

constexpr std::chrono::hours reset_lasts{1};      // the link; and so long an ask waits for the mail server
constexpr std::chrono::minutes resets_apart{15};  // the mails to one account, at least
// Asks, of all accounts and networks together; beside it a network has password_rate.
inline constexpr Throttle::Rate asks_rate{.at_once = 100, .interval = std::chrono::seconds{10}};

// Whether there is mail, so that it can be asked for.
[[nodiscard]] bool sends_mail(Authority&);
// `all`: of asks_rate. too_many_attempts; invalid_value where there is no mail.
void ask_password_reset(Authority&, Throttle& all, std::string_view email, const Origin&);

// Whose the link's code is. not_found for one that isn't good, whatever the cause; too_many_attempts after
// too many of those from one network.
[[nodiscard]] store::User resetting(Authority&, std::string_view code, const Origin&);
// Sets the password, ends all the user's sign-ins, and signs in; tokens stay as they are. Refusals as
// resetting(), and invalid_value for the password.
[[nodiscard]] NewSession choose_password(Authority&, std::string_view code, const Secret& password,
                                         const Origin&);

// For decisions that give a user another password than `before`: links that were sent to set one are good no
// more, and the owner is told by mail, unless there was none before.
void password_was_changed(store::Transaction&, Time now, const store::User& before, const Origin&);

}  // namespace latchkey::authority
