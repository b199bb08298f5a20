// SPDX-License-Identifier: Apache-2.0
#include "authority/invitations.hpp"

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/codes.hpp"
#include "authority/names.hpp"
#include "authority/password_resets.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "store/invitations.hpp"

namespace latchkey::authority {
namespace {

// One answer for a code that never was, was used, has ended, or is of a user who is disabled.
store::User invited_user(store::Transaction& transaction, Time now, std::string_view code) {
  const auto invitation = store::find_invitation(transaction, Digest::of(code));
  if (invitation && now < invitation->ends_at)
    if (auto user = store::find_user(transaction, invitation->user);
        user && user->state == store::UserState::enabled)
      return *std::move(user);
  throw Refusal(RefusalCode::not_found,
                "This link is not good any more. Ask an administrator for another one.", "code");
}

}  // namespace

Invitation add_invitation(store::Transaction& transaction, Time now, const UserId& user) {
  Invitation invitation{.code = new_code(), .ends_at = now + invitation_lasts};
  store::put_invitation(transaction, {.user = user,
                                      .digest = Digest::of(invitation.code.reveal()),
                                      .ends_at = invitation.ends_at,
                                      .created_at = now});
  return invitation;
}

Invitation invite(Authority& authority, const Actor& actor, const UserId& id) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    const auto user = store::find_user(transaction, id);
    if (!user || user->state == store::UserState::removed)
      throw Refusal(RefusalCode::not_found, "There is no such user.");
    auto invitation = add_invitation(transaction, now, id);
    record(transaction, now, actor, {}, "User.Invite", id.text(), {{"Email", user->email}});
    return invitation;
  });
}

store::User invited(Authority& authority, std::string_view code, const Origin& origin) {
  take_code_attempt(authority, origin);
  auto user = authority.store.read([&](store::Transaction& transaction) {
    return invited_user(transaction, authority.clock.now(), code);
  });
  authority.password_attempts.give_back({}, origin.address);
  return user;
}

NewSession accept_invitation(Authority& authority, std::string_view code, const Secret& password,
                             const Origin& origin) {
  // The work of hashing is for those alone who were invited.
  static_cast<void>(invited(authority, code, origin));
  check_new_password(password, "password");
  const std::string kept = hash_password(password);
  Secret cookie = new_code();
  Session session = decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::User user = invited_user(transaction, now, code);
    password_was_changed(transaction, now, user, origin);
    user.password = kept;
    user.password_ends_at.reset();
    store::update_user(transaction, user);
    store::delete_sign_ins_of(transaction, user.id);
    record(transaction, now, Actor{.user = user.id, .token = {}, .origin = origin}, {},
           "User.AcceptInvitation", user.id.text(), {{"Email", user.email}});
    return add_sign_in(transaction, now, std::move(user), cookie, origin);
  });
  return {.session = std::move(session), .cookie = std::move(cookie)};
}

}  // namespace latchkey::authority
