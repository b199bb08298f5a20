// Banning a token for all organizations in one of them: its administrators can't end it, but keep it out.
// Pool threads. SPDX-License-Identifier: Apache-2.0
#pragma once
#include "authority/authority.hpp"
#include "base/ids.hpp"

namespace latchkey::authority {

// From then on the token is refused there. token_not_found for one that does not work there; invalid_value
// for one that is bound to an organization.
void ban_token(Authority&, const Actor&, const OrganizationId&, const TokenId&);
// By those who may ban it: not its owner, whom the ban is meant for. not_found where there is none.
void end_ban(Authority&, const Actor&, const OrganizationId&, const TokenId&);

}  // namespace latchkey::authority
