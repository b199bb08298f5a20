// A password that comes with a request over Basic, for the pool (authority/passwords.hpp says what it is good
// for). The reactor hands one over only where the organization that the path names takes passwords; anywhere
// else it is refused there, at once, like any credential that is no token.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "api/route.hpp"
#include "authority/passwords.hpp"
#include "verify/credential.hpp"

namespace latchkey::api {

struct PresentedPassword {
  OrganizationId organization;
  verify::PasswordPair pair;
};
// Who presents it, who then acts by it. Nothing: the uniform refusal. Throws too_many_attempts where its
// account, or failed credentials of its network, were too many.
[[nodiscard]] std::optional<authority::PasswordBearer> bearer_of(Api&, const PresentedPassword&,
                                                                 authority::Actor&);

}  // namespace latchkey::api
