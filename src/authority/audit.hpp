// record(): the one audit event that each accepted decision writes, in its transaction (P4). The actions are
// Azure DevOps' own where it has them. Data holds names and values for a reader, never a secret: whatever
// came from outside went through names.hpp, which lets no token's text in.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "authority/authority.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {
class Transaction;
}

namespace latchkey::authority {

// `subject`: the id of what the event is about. Returns the event's position.
std::int64_t record(store::Transaction& transaction, Time now, const Actor& actor,
                    const std::optional<OrganizationId>& organization, std::string_view action,
                    std::string subject, boost::json::object data = {});
// Of what nobody who is known did: a sign-in that failed, what the server does by itself (without an origin).
std::int64_t record_of_nobody(store::Transaction& transaction, Time now, const Origin& origin,
                              const std::optional<OrganizationId>& organization, std::string_view action,
                              std::string subject, boost::json::object data = {});

}  // namespace latchkey::authority
