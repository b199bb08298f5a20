// Signing in with a local password, and the sessions that follow (security.md, Cookie): opaque 256 bits, kept
// as a digest; 12 hours idle, 7 days at most.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"
#include "store/sign_ins.hpp"

namespace latchkey::authority {

struct Session {
  SignInId id;
  store::User user;
  bool strong = false;  // signed in not longer than an hour ago
  Time strong_until, ends_at;
};
struct NewSession {
  Session session;
  Secret cookie;
};
// not_signed_in for an unknown user, a wrong password and a disabled user alike, after the same work;
// too_many_attempts after too many for one account from one network. `new_password` replaces the password
// with the sign-in, and ends all other sessions; new_password_required where it is left out and `password` is
// a first one. The sign-in of `old_cookie`, which the same browser had until now, ends with it.
[[nodiscard]] NewSession sign_in(Authority&, std::string_view user, const Secret& password, const Origin&,
                                 const std::optional<Secret>& new_password = {},
                                 std::string_view old_cookie = {});
// Nothing for a cookie that is not good any more. Marks it as seen at most once a minute.
[[nodiscard]] std::optional<Session> find_session(Authority&, std::string_view cookie);
void sign_out(Authority&, std::string_view cookie, const Origin&);

// One's own that are still good, the last seen first.
[[nodiscard]] std::vector<store::SignIn> list_sign_ins(Authority&, const Actor&);
// When it ends if nothing more is asked with it.
[[nodiscard]] Time end_of(const store::SignIn&) noexcept;
// not_found for one that isn't there or is somebody else's.
void end_sign_in(Authority&, const Actor&, const SignInId&);
void end_other_sign_ins(Authority&, const Actor&, const SignInId& kept);

// For decisions after which somebody is signed in: the rows of a sign-in by `cookie`, in their transaction.
[[nodiscard]] Session add_sign_in(store::Transaction&, Time now, store::User, const Secret& cookie,
                                  const Origin&);

}  // namespace latchkey::authority
