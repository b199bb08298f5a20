// Mails about an account itself: a link for a new password, and that the password was changed. Their owner
// gets them whatever they chose, and the bell has none of them (who lost the password can't look at it, who
// changed it just did): so they are no notices, and the outbox, whose rows hang on notices, can't hold them.
// A row is gone once it was sent. No text and no code lies here. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

using AccountMailId = Id<struct AccountMailTag>;

enum class AccountMailKind : std::uint8_t { password_reset = 1, password_changed };

struct AccountMail {
  AccountMailId id{};
  std::optional<UserId> user{};  // none: nothing is to be sent (authority/password_resets.hpp)
  AccountMailKind kind{};
  std::string address{};  // from where that was done which it tells of
  std::int64_t attempts = 0;
  std::string last_error{};
  Time next_at{}, created_at{};
};
// Nothing, where mails are not sent.
void put_account_mail(Transaction&, const AccountMail&);
// The one whose time has come longest ago; none while the mail server takes nothing.
[[nodiscard]] std::optional<AccountMail> next_account_mail(Transaction&, Time now);
void set_account_mail_failed(Transaction&, const AccountMail&);  // attempts, next_at, last_error
void delete_account_mail(Transaction&, const AccountMailId&);
void try_account_mails_at_once(Transaction&, Time now);

struct AccountMailQueue {
  std::int64_t queued = 0;   // store::counted_most: or more
  std::string last_error{};  // of one that failed last; empty: none did
};
[[nodiscard]] AccountMailQueue account_mail_queue(Transaction&);

}  // namespace latchkey::store
