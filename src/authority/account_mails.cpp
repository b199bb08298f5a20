// SPDX-License-Identifier: Apache-2.0
#include "authority/account_mails.hpp"

#include <variant>

#include "authority/codes.hpp"
#include "authority/outbox.hpp"
#include "authority/password_resets.hpp"
#include "store/outbox.hpp"
#include "store/password_resets.hpp"

namespace latchkey::authority {
namespace {

using store::AccountMailKind;

bool may_have_link(store::Transaction& transaction, Time now, const store::AccountMail& mail,
                   const store::User& user) {
  if (!user.password || now >= mail.created_at + reset_lasts) return false;
  const auto before = store::password_reset_of(transaction, user.id);
  return !before || !before->sent_at || now >= *before->sent_at + resets_apart;
}

std::optional<AccountLetter> letter_of(store::Transaction& transaction, Time now,
                                       const store::AccountMail& mail) {
  auto user = mail.user ? store::find_user(transaction, *mail.user) : std::nullopt;
  if (!user || user->state != store::UserState::enabled) return {};
  if (mail.kind != AccountMailKind::password_reset) {
    if (now >= mail.created_at + tried_for) return {};
    return AccountLetter{.user = *std::move(user)};
  }
  if (!may_have_link(transaction, now, mail, *user)) return {};
  AccountLetter letter{.user = *std::move(user), .code = new_code(), .ends_at = now + reset_lasts};
  store::put_password_reset(
      transaction,
      {.user = letter.user.id, .digest = Digest::of(letter.code.reveal()), .ends_at = letter.ends_at});
  return letter;
}

}  // namespace

std::optional<AccountLetter> begin_account_mail(Authority& authority, const store::AccountMail& mail) {
  return decide(authority, [&](store::Transaction& transaction) {
    auto letter = letter_of(transaction, authority.clock.now(), mail);
    if (!letter) store::delete_account_mail(transaction, mail.id);
    return letter;
  });
}

void account_mail_was_sent(Authority& authority, const store::AccountMail& mail) {
  decide(authority, [&](store::Transaction& transaction) {
    if (mail.kind == AccountMailKind::password_reset)
      store::set_password_reset_sent(transaction, mail.user.value(), authority.clock.now());
    store::delete_account_mail(transaction, mail.id);
    return std::monostate{};
  });
}

void account_mail_was_refused(Authority& authority, const store::AccountMail& mail) {
  decide(authority, [&](store::Transaction& transaction) {
    if (mail.kind == AccountMailKind::password_reset)
      store::end_password_reset(transaction, mail.user.value());
    store::delete_account_mail(transaction, mail.id);
    return std::monostate{};
  });
}

void account_mail_failed(Authority& authority, store::AccountMail mail, std::string_view why, bool all) {
  mail.last_error = kept_words(why);
  ++mail.attempts;
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    mail.next_at = now + back_off(mail.attempts, longest_wait_for_receiver);
    store::set_account_mail_failed(transaction, mail);
    if (all) store::set_waiting(transaction, store::Queue(store::Channel::owner_mail), mail.next_at);
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
