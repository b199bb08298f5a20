// SPDX-License-Identifier: Apache-2.0
#include "authority/password_resets.hpp"

#include "authority/audit.hpp"
#include "authority/codes.hpp"
#include "authority/names.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/account_mails.hpp"
#include "store/invitations.hpp"
#include "store/outbox.hpp"
#include "store/password_resets.hpp"
#include "store/sign_ins.hpp"

namespace latchkey::authority {
namespace {

// Beside those of passwords, which have an account's name there.
constexpr std::string_view asking = "asks for a new password";

void take_ask(Authority& authority, Throttle& all, const Origin& origin) {
  const Time now = authority.clock.now();
  if (!authority.password_attempts.take(now, asking, origin.address) || !all.take(now, "", ""))
    throw Refusal(RefusalCode::too_many_attempts, "Too many attempts. Try again in a minute.");
}

// One answer for a code that never was, was used, has ended, or is of a user who is disabled.
store::User user_of(store::Transaction& transaction, Time now, std::string_view code) {
  const auto reset = store::find_password_reset(transaction, Digest::of(code));
  if (reset && now < reset->ends_at)
    if (auto user = store::find_user(transaction, reset->user);
        user && user->state == store::UserState::enabled && user->password)
      return *std::move(user);
  throw Refusal(RefusalCode::not_found, "This link is not good any more. Ask for another one.", "code");
}

}  // namespace

bool sends_mail(Authority& authority) { return authority.store.read(store::is_mailing); }

void ask_password_reset(Authority& authority, Throttle& all, std::string_view email, const Origin& origin) {
  take_ask(authority, all, origin);
  const auto name = normalized(email);
  decide(authority, [&](store::Transaction& transaction) {
    if (!store::is_mailing(transaction))
      throw Refusal(RefusalCode::invalid_value,
                    "This server sends no mail. Ask an administrator for a link for a new password.");
    const Time now = authority.clock.now();
    const auto known = store::find_user_by_email(transaction, name.value_or(""));
    record_of_nobody(transaction, now, origin, {}, "User.AskPasswordReset", known ? known->id.text() : "",
                     {{"Email", known ? known->email : "no account"}});
    store::put_account_mail(transaction, {.id = store::AccountMailId::random(),
                                          .user = known ? std::optional(known->id) : std::nullopt,
                                          .kind = store::AccountMailKind::password_reset,
                                          .address = origin.address,
                                          .created_at = now});
    return std::monostate{};
  });
}

store::User resetting(Authority& authority, std::string_view code, const Origin& origin) {
  take_code_attempt(authority, origin);
  auto user = authority.store.read(
      [&](store::Transaction& transaction) { return user_of(transaction, authority.clock.now(), code); });
  authority.password_attempts.give_back({}, origin.address);
  return user;
}

NewSession choose_password(Authority& authority, std::string_view code, const Secret& password,
                           const Origin& origin) {
  // The work of hashing is for those alone who have a link.
  static_cast<void>(resetting(authority, code, origin));
  check_new_password(password, "password");
  const std::string kept = hash_password(password);
  Secret cookie = new_code();
  Session session = decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::User user = user_of(transaction, now, code);
    password_was_changed(transaction, now, user, origin);
    user.password = kept;
    user.password_ends_at.reset();
    store::update_user(transaction, user);
    store::delete_sign_ins_of(transaction, user.id);
    record(transaction, now, Actor{.user = user.id, .token = {}, .origin = origin}, {},
           "User.ResetPasswordByMail", user.id.text(), {{"Email", user.email}});
    return add_sign_in(transaction, now, std::move(user), cookie, origin);
  });
  return {.session = std::move(session), .cookie = std::move(cookie)};
}

void password_was_changed(store::Transaction& transaction, Time now, const store::User& before,
                          const Origin& origin) {
  store::delete_invitation(transaction, before.id);
  store::end_password_reset(transaction, before.id);
  if (before.password)
    store::put_account_mail(transaction, {.id = store::AccountMailId::random(),
                                          .user = before.id,
                                          .kind = store::AccountMailKind::password_changed,
                                          .address = origin.address,
                                          .created_at = now});
}

}  // namespace latchkey::authority
