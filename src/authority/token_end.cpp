// SPDX-License-Identifier: Apache-2.0
#include "authority/token_end.hpp"

#include <boost/json/array.hpp>

#include "authority/audit.hpp"
#include "authority/notices.hpp"
#include "store/directory.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {

boost::json::object token_data(const store::Token& token, std::string_view operation) {
  boost::json::array scopes;
  std::string_view rest = token.scopes;
  for (auto id = token::next_id(rest); !id.empty(); id = token::next_id(rest)) scopes.emplace_back(id);
  return {{"OperationType", operation},
          {"TokenType", "Personal"},
          {"DisplayName", token.name},
          {"Scopes", std::move(scopes)},
          {"ValidFrom", iso8601(token.valid_from)},
          {"ValidTo", iso8601(token.valid_to)}};
}

std::optional<std::int64_t> end_untold(store::Transaction& transaction, Time now, const Actor& actor,
                                       const store::Token& token, std::string_view reason) {
  if (!store::revoke_token(transaction, token.id, now, actor.user, reason)) return std::nullopt;
  return record(transaction, now, actor, token.organization, "Token.PatRevokeEvent", token.id.text(),
                token_data(token, "revoke"));
}

bool end_token(store::Transaction& transaction, Time now, const Actor& actor, const store::Token& token) {
  const auto event = end_untold(transaction, now, actor, token, "revoked");
  if (event && token.owner != actor.user)
    notify(transaction, now, token, store::NoticeKind::revoked_by_other, *event);
  return event.has_value();
}

bool end_by_policy(store::Transaction& transaction, Time now, const store::Policy& policy,
                   const store::Token& token) {
  if (!store::revoke_token(transaction, token.id, now, policy.changed_by, "policy")) return false;
  auto data = token_data(token, "revoke");
  data["PolicyName"] = policy.name;
  const auto owner = store::find_user(transaction, token.owner);
  if (owner) data["OwnerName"] = owner->display_name;
  const auto event =
      record(transaction, now, {.user = policy.changed_by, .token = {}, .origin = {}}, token.organization,
             "Token.PatSystemRevokeEvent", token.id.text(), std::move(data));
  notify(transaction, now, token, store::NoticeKind::revoked_by_policy, event);
  return true;
}

}  // namespace latchkey::authority
