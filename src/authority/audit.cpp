// SPDX-License-Identifier: Apache-2.0
#include "authority/audit.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "store/audit.hpp"

namespace latchkey::authority {

namespace {

std::int64_t append(store::Transaction& transaction, Time now, const std::optional<UserId>& actor,
                    const Origin& origin, const std::optional<OrganizationId>& organization,
                    std::string_view action, std::string subject, const boost::json::object& data) {
  return store::append_audit(transaction, {.time = now,
                                           .actor = actor,
                                           .organization = organization,
                                           .action = std::string(action),
                                           .subject = std::move(subject),
                                           .data = boost::json::serialize(data),
                                           .address = origin.address,
                                           .agent = origin.agent,
                                           .activity = origin.activity,
                                           .correlation = origin.activity,
                                           .previous = {},
                                           .digest = {}});
}

}  // namespace

std::int64_t record(store::Transaction& transaction, Time now, const Actor& actor,
                    const std::optional<OrganizationId>& organization, std::string_view action,
                    std::string subject, boost::json::object data) {
  if (actor.token) data["ActorFingerprint"] = actor.token->text();
  if (actor.password) data["ActorByPassword"] = true;
  return append(transaction, now, actor.user, actor.origin, organization, action, std::move(subject), data);
}

std::int64_t record_of_nobody(store::Transaction& transaction, Time now, const Origin& origin,
                              const std::optional<OrganizationId>& organization, std::string_view action,
                              std::string subject, boost::json::object data) {
  return append(transaction, now, {}, origin, organization, action, std::move(subject), data);
}

}  // namespace latchkey::authority
