// How a token ends, and what the audit says of a token: for each decision that ends some. Functions of one
// transaction. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "authority/authority.hpp"
#include "store/policies.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {

// The data of an audit event about a token (contract 8.1).
[[nodiscard]] boost::json::object token_data(const store::Token&, std::string_view operation);

// Revokes a live token: the event, and the owner's notice if another did it. False: it was revoked already,
// and nothing was written.
bool end_token(store::Transaction&, Time now, const Actor&, const store::Token&);
// The same without the notice, whose owner is told of it otherwise. Returns the event's position; none: it
// was revoked already. `reason`: as verification knows it.
std::optional<std::int64_t> end_untold(store::Transaction&, Time now, const Actor&, const store::Token&,
                                       std::string_view reason);
// As end_token(), because of a policy, in the name of who made it.
bool end_by_policy(store::Transaction&, Time now, const store::Policy&, const store::Token&);

}  // namespace latchkey::authority
