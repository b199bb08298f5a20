// SPDX-License-Identifier: Apache-2.0
#include "authority/bans.hpp"

#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "base/refusal.hpp"
#include "store/bans.hpp"
#include "store/directory.hpp"
#include "store/inventory.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {
namespace {

void record_ban(store::Transaction& transaction, Time now, const Actor& actor,
                const OrganizationId& organization, const store::Token& token, std::string_view action) {
  record(transaction, now, actor, organization, action, token.id.text(),
         {{"DisplayName", token.name}, {"Fingerprint", token.fingerprint}, {"Owner", token.owner.text()}});
}

}  // namespace

void ban_token(Authority& authority, const Actor& actor, const OrganizationId& organization,
               const TokenId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::oversee_tokens, organization);
    const auto token = store::find_token(transaction, id);
    if (!token || !store::works_in(transaction, *token, organization))
      throw Refusal(RefusalCode::token_not_found, "No token with this id works here.", "tokenId");
    if (token->organization)
      throw Refusal(RefusalCode::invalid_value,
                    "The token is bound to this organization. Revoke it instead of banning it.", "tokenId");
    if (store::insert_ban(transaction, organization, id, actor.user, now))
      record_ban(transaction, now, actor, organization, *token, "Token.BanAdded");
    return std::monostate{};
  });
}

void end_ban(Authority& authority, const Actor& actor, const OrganizationId& organization,
             const TokenId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::oversee_tokens, organization);
    const auto token = store::find_token(transaction, id);
    if (!token || !store::delete_ban(transaction, organization, id))
      throw Refusal(RefusalCode::not_found, "The token is not banned here.", "tokenId");
    record_ban(transaction, now, actor, organization, *token, "Token.BanRemoved");
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
