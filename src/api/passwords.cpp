// SPDX-License-Identifier: Apache-2.0
#include "api/passwords.hpp"

#include "api/verdicts.hpp"

namespace latchkey::api {

std::optional<authority::PasswordBearer> bearer_of(Api& api, const PresentedPassword& presented,
                                                   authority::Actor& actor) {
  auto bearer = authority::password_bearer(api.authority, presented.organization, presented.pair.user,
                                           presented.pair.password, actor.origin);
  if (bearer) {
    actor.user = bearer->user.id;
    actor.password = bearer->right;
    return bearer;
  }
  if (!api.guesses.take(api.authority.clock.never_back(), {}, actor.origin.address)) throw too_many_guesses();
  return std::nullopt;
}

}  // namespace latchkey::api
