// SPDX-License-Identifier: Apache-2.0
#include "authority/audit.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "store/audit.hpp"

namespace latchkey::authority {

std::int64_t record(store::Transaction& transaction, Time now, const Actor& actor,
                    const std::optional<OrganizationId>& organization, std::string_view action,
                    std::string subject, boost::json::object data) {
  if (actor.token) data["ActorFingerprint"] = actor.token->text();
  return store::append_audit(transaction, {.time = now,
                                           .actor = actor.user,
                                           .organization = organization,
                                           .action = std::string(action),
                                           .subject = std::move(subject),
                                           .data = boost::json::serialize(data),
                                           .address = actor.origin.address,
                                           .agent = actor.origin.agent,
                                           .activity = actor.origin.activity,
                                           .correlation = actor.origin.activity,
                                           .previous = {},
                                           .digest = {}});
}

}  // namespace latchkey::authority
