// What becomes of mails about accounts (store/account_mails.hpp). delivery's own thread; no decision of a
// person, and no event.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/account_mails.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// What delivery/ needs to write one.
struct AccountLetter {
  store::User user;
  Secret code{};   // of a new link, which ends the one before; empty: of another kind
  Time ends_at{};  // the link's
};
// Nothing: nobody is to have it, and it is gone. A reset is for enabled users who have a password, not for
// who had one a quarter of an hour ago, nor for an ask that is older than its link would be.
[[nodiscard]] std::optional<AccountLetter> begin_account_mail(Authority&, const store::AccountMail&);

void account_mail_was_sent(Authority&, const store::AccountMail&);
void account_mail_was_refused(Authority&, const store::AccountMail&);  // for good
// This one, or (`all`) any, for now. `why`: the server's own words.
void account_mail_failed(Authority&, store::AccountMail, std::string_view why, bool all);

}  // namespace latchkey::authority
