// SPDX-License-Identifier: Apache-2.0
#include "authority/sessions.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/codes.hpp"
#include "authority/names.hpp"
#include "authority/password_resets.hpp"
#include "authority/passwords.hpp"
#include "authority/policy_reach.hpp"
#include "base/digest.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace latchkey::authority {
namespace {

constexpr std::chrono::hours idle_longest{12}, strong_for{1};
constexpr std::chrono::days session_longest{7};
constexpr std::chrono::minutes seen_every{1};

Refusal wrong_credentials() {
  return {RefusalCode::not_signed_in, "The user name or the password is wrong, or the account is disabled."};
}

Session session_of(store::User user, const store::SignIn& sign_in, Time now) {
  const Time strong_until = sign_in.strong_at + strong_for;
  return {.id = sign_in.id,
          .user = std::move(user),
          .strong = now < strong_until,
          .strong_until = strong_until,
          .ends_at = sign_in.ends_at};
}

// What will be kept of a new password; none: the old one stays. `user` has just shown the old one.
std::optional<std::string> replacement(const store::User& user, const std::optional<Secret>& new_password,
                                       Time now) {
  if (user.password_ends_at && now >= *user.password_ends_at)
    throw Refusal(RefusalCode::not_signed_in,
                  "This first password has ended. On the server, latchkey reset-password makes another.");
  if (!new_password) {
    if (!user.password_ends_at) return std::nullopt;
    throw Refusal(
        RefusalCode::new_password_required,
        "A first password is good for one sign-in, which replaces it: send your own as newPassword.",
        "newPassword");
  }
  check_new_password(*new_password, "newPassword");
  if (password_matches(*user.password, *new_password))
    throw Refusal(RefusalCode::invalid_value, "The new password is the old one. Choose another.",
                  "newPassword");
  return hash_password(*new_password);
}

// The decision that follows a good password.
Session begin_session(store::Transaction& transaction, Time now, const store::User& checked,
                      const std::optional<std::string>& new_password, std::string_view old_cookie,
                      const Secret& cookie, const Origin& origin) {
  // Whatever changed since the password was checked counts: a disabling, a new password.
  auto user = store::find_user(transaction, checked.id);
  if (!user || user->state != store::UserState::enabled || user->password != checked.password)
    throw wrong_credentials();

  if (new_password) {
    password_was_changed(transaction, now, *user, origin);
    user->password = new_password;
    user->password_ends_at.reset();
    store::delete_sign_ins_of(transaction, checked.id);
    store::update_user(transaction, *user);
  }
  if (!old_cookie.empty())
    if (const auto old = store::find_sign_in(transaction, Digest::of(old_cookie)))
      store::delete_sign_in(transaction, old->id);
  record(transaction, now, Actor{.user = checked.id, .token = {}, .origin = origin}, {},
         new_password ? "Session.SignInWithNewPassword" : "Session.SignIn", checked.id.text());
  return add_sign_in(transaction, now, *std::move(user), cookie, origin);
}

// The sign-in behind a cookie, if it is still good.
std::optional<store::SignIn> good_sign_in(store::Transaction& transaction, std::string_view cookie,
                                          Time now) {
  auto sign_in = store::find_sign_in(transaction, Digest::of(cookie));
  if (!sign_in || now >= end_of(*sign_in)) return std::nullopt;
  return sign_in;
}

}  // namespace

Time end_of(const store::SignIn& sign_in) noexcept {
  return std::min(sign_in.ends_at, sign_in.seen_at + idle_longest);
}

Session add_sign_in(store::Transaction& transaction, Time now, store::User user, const Secret& cookie,
                    const Origin& origin) {
  const store::SignIn sign_in{.id = SignInId::random(),
                              .digest = Digest::of(cookie.reveal()),
                              .user = user.id,
                              .address = origin.address,
                              .agent = origin.agent,
                              .seen_at = now,
                              .strong_at = now,
                              .ends_at = now + session_longest,
                              .created_at = now};
  store::delete_sign_ins_ended_before(transaction, now);
  user.signed_in_at = now;
  store::set_signed_in(transaction, user.id, now);
  wake_tokens(transaction, now, user.id);
  store::insert_sign_in(transaction, sign_in);
  return session_of(std::move(user), sign_in, now);
}

NewSession sign_in(Authority& authority, std::string_view user, const Secret& password, const Origin& origin,
                   const std::optional<Secret>& new_password, std::string_view old_cookie) {
  const auto email = normalized(user);
  const std::string account = email ? folded(*email) : std::string(user);
  if (!authority.password_attempts.take(authority.clock.now(), account, origin.address)) {
    authority.failed_sign_ins.count(authority.clock.now(), origin.address);
    throw Refusal(RefusalCode::too_many_attempts, "Too many attempts to sign in. Try again in a minute.");
  }

  std::optional<store::User> known;
  if (email)
    known = authority.store.read(
        [&](store::Transaction& transaction) { return store::find_user_by_email(transaction, *email); });
  // Here, and not on the store's writer thread, where all other decisions would wait for it.
  if (!password_is_good(known, password)) {
    record_failed_sign_in(authority, known, origin);
    throw wrong_credentials();
  }
  authority.password_attempts.give_back(account, origin.address);

  const auto replaced = replacement(*known, new_password, authority.clock.now());
  Secret cookie = new_code();
  Session session = decide(authority, [&](store::Transaction& transaction) {
    return begin_session(transaction, authority.clock.now(), *known, replaced, old_cookie, cookie, origin);
  });
  return {.session = std::move(session), .cookie = std::move(cookie)};
}

std::optional<Session> find_session(Authority& authority, std::string_view cookie) {
  const Time now = authority.clock.now();
  std::optional<store::SignIn> sign_in;
  const auto user = authority.store.read([&](store::Transaction& transaction) -> std::optional<store::User> {
    sign_in = good_sign_in(transaction, cookie, now);
    if (!sign_in) return std::nullopt;
    return store::find_user(transaction, sign_in->user);
  });
  if (!user || user->state != store::UserState::enabled) return std::nullopt;
  if (now >= sign_in->seen_at + seen_every)
    decide(authority, [&](store::Transaction& transaction) {
      store::see_sign_in(transaction, sign_in->id, now);
      return std::monostate{};
    });
  return session_of(*user, *sign_in, now);
}

void sign_out(Authority& authority, std::string_view cookie, const Origin& origin) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const auto sign_in = store::find_sign_in(transaction, Digest::of(cookie));
    if (!sign_in) return std::monostate{};
    store::delete_sign_in(transaction, sign_in->id);
    record(transaction, now, Actor{.user = sign_in->user, .token = {}, .origin = origin}, {},
           "Session.SignOut", sign_in->user.text());
    return std::monostate{};
  });
}

std::vector<store::SignIn> list_sign_ins(Authority& authority, const Actor& actor) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::manage_own_account);
    auto sign_ins = store::sign_ins_of(transaction, actor.user);
    std::erase_if(sign_ins, [&](const store::SignIn& sign_in) { return now >= end_of(sign_in); });
    return sign_ins;
  });
}

void end_sign_in(Authority& authority, const Actor& actor, const SignInId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::manage_own_account);
    const auto sign_ins = store::sign_ins_of(transaction, actor.user);
    if (std::ranges::find(sign_ins, id, &store::SignIn::id) == sign_ins.end())
      throw Refusal(RefusalCode::not_found, "You have no sign-in with this id. It may have ended.", "id");
    store::delete_sign_in(transaction, id);
    record(transaction, now, actor, {}, "Session.End", actor.user.text(), {{"SignInId", id.text()}});
    return std::monostate{};
  });
}

void end_other_sign_ins(Authority& authority, const Actor& actor, const SignInId& kept) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::manage_own_account);
    store::delete_other_sign_ins(transaction, actor.user, kept);
    record(transaction, now, actor, {}, "Session.EndOthers", actor.user.text(), {{"SignInId", kept.text()}});
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
