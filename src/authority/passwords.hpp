// Passwords: checking one, and acting by one that comes with each request over Basic, where an organization
// takes that (the policy basic-passwords; off by default).
//
// Whoever acts so may in that organization what their token with full access might: nothing that asks for a
// sign-in. That they still may is asked at each request and in each decision's own transaction (authorize()):
// a changed password, a disabled user, an ended membership, a policy taken back refuse what comes next.
//
// Blocking: pool threads only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "authority/authority.hpp"
#include "authority/password_uses.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// Takes as long for a user that is not there, or has no password, or is disabled.
[[nodiscard]] bool password_is_good(const std::optional<store::User>& user, const Secret& password);
// Bounded (failed_sign_ins.hpp). Whoever named an account that isn't there may have typed a password for it:
// its text is not kept.
void record_failed_sign_in(Authority&, const std::optional<store::User>& known, const Origin&);

struct PasswordBearer {
  store::User user;
  ByPassword right;
  std::unique_ptr<const PasswordUse> use;  // for whom it lasts longer than one decision
};
// Who sends this email address and password with a request to the organization. Nothing, after the same work,
// for whatever can't be: a wrong password, nobody known, no member, somebody disabled, a first password, an
// organization that takes none, or none from there. too_many_attempts as sign_in(); busy where too many are
// being checked.
[[nodiscard]] std::optional<PasswordBearer> password_bearer(Authority&, const OrganizationId&,
                                                            std::string_view email, const Secret& password,
                                                            const Origin&);

// Whether the user, if it is there, may act by their password in the organization from that address now.
[[nodiscard]] bool takes_password(store::Transaction&, Time now, const OrganizationId&,
                                  const std::optional<store::User>&, std::string_view address);

}  // namespace latchkey::authority
