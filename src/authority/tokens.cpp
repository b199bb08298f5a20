// SPDX-License-Identifier: Apache-2.0
#include "authority/tokens.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"
#include "token/lifetime.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t description_longest = 400;

std::string description(std::string_view text) {
  return checked_text(text, {"The description", "description", description_longest, 0});
}

std::string chosen_scopes(store::Transaction& transaction, Time now, const Actor& actor,
                          std::string_view text) {
  // Before any of it may be told: what was cut out of a token's text would not be seen to be one.
  if (masked(text) != text)
    throw Refusal(RefusalCode::invalid_scope, "The scopes hold the text of a token. Take it out.", "scope");
  auto chosen = token::choose_scopes(text);
  if (chosen) {
    if (chosen->closed.contains(token::verify_scope))
      authorize(transaction, now, actor, Act::grant_verification);
    return std::move(chosen->text);
  }
  throw Refusal(RefusalCode::invalid_scope,
                chosen.error().empty() ? "Choose at least one scope."
                                       : "There is no scope \"" + chosen.error() + "\" to choose.",
                "scope");
}

Time end_of_life(Time now, std::optional<Time> asked) {
  const auto end = token::valid_to(now, asked);
  if (end) return *end;
  throw Refusal(RefusalCode::invalid_valid_to,
                end.error() == token::LifetimeError::in_the_past
                    ? "The token would have ended already. Choose a later date."
                    : "A token lives at most " + std::to_string(token::lifetime_longest.count()) +
                          " days. Choose a date not after " + iso_date(now + token::lifetime_longest) + ".",
                "validTo");
}

// Another's token is told from none by nobody.
store::Token own_token(store::Transaction& transaction, const Actor& actor, const TokenId& id) {
  auto token = store::find_token(transaction, id);
  if (!token || token->owner != actor.user)
    throw Refusal(RefusalCode::token_not_found, "You have no token with this id.", "authorizationId");
  return *std::move(token);
}

[[noreturn]] void refuse_revoked() {
  throw Refusal(RefusalCode::token_revoked, "The token is revoked and can't be changed. Create another.");
}

store::Token own_live_token(store::Transaction& transaction, const Actor& actor, const TokenId& id) {
  store::Token token = own_token(transaction, actor, id);
  if (token.state == store::TokenState::revoked) refuse_revoked();
  return token;
}

void save(store::Transaction& transaction, const store::Token& token) {
  if (!store::update_token(transaction, token)) refuse_revoked();
}

token::Issued add_secret(store::Transaction& transaction, Time now, const Settings& settings,
                         const TokenId& token) {
  token::Issued issued = token::issue(now, settings.signature);
  store::insert_secret(transaction, {.id = SecretId::random(),
                                     .token = token,
                                     .digest = issued.digest,
                                     .fingerprint = std::string(issued.fingerprint.text()),
                                     .live_until = {},
                                     .created_at = now});
  return issued;
}

boost::json::object told(const store::Token& token, std::string_view operation) {
  boost::json::array scopes;
  for (std::size_t begin = 0; begin < token.scopes.size();) {
    const std::size_t end = std::min(token.scopes.find(' ', begin), token.scopes.size());
    scopes.emplace_back(token.scopes.substr(begin, end - begin));
    begin = end + 1;
  }
  return {{"OperationType", operation},
          {"TokenType", "Personal"},
          {"DisplayName", token.name},
          {"Scopes", std::move(scopes)},
          {"ValidFrom", iso8601(token.valid_from)},
          {"ValidTo", iso8601(token.valid_to)}};
}

boost::json::object told(const store::Token& token, std::string_view operation, const token::Issued& issued) {
  auto data = told(token, operation);
  data["Fingerprint"] = issued.fingerprint.text();
  return data;
}

}  // namespace

IssuedToken create_token(Authority& authority, const Actor& actor, const OrganizationId& organization,
                         const TokenRequest& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens, organization);
    store::Token token{.id = TokenId::random(),
                       .owner = actor.user,
                       .name = token_name(request.name),
                       .scopes = chosen_scopes(transaction, now, actor, request.scopes),
                       .organization = organization,
                       .valid_from = now,
                       .valid_to = end_of_life(now, request.valid_to),
                       .ended_at = {},
                       .ended_by = {},
                       .ended_reason = {},
                       .made_by = std::string(actor.made_by),
                       .made_address = actor.origin.address,
                       .made_agent = actor.origin.agent,
                       .description = description(request.description),
                       .created_at = now};
    if (request.all_organizations) token.organization.reset();
    store::insert_token(transaction, token);
    token::Issued issued = add_secret(transaction, now, authority.settings, token.id);
    record(transaction, now, actor, token.organization, "Token.PatCreateEvent", token.id.text(),
           told(token, "create", issued));
    return IssuedToken{.token = std::move(token), .text = std::move(issued.text)};
  });
}

store::Token edit_token(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        const TokenEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens, organization);
    store::Token token = own_live_token(transaction, actor, edit.id);
    if (edit.name) token.name = token_name(*edit.name);
    if (edit.scopes) token.scopes = chosen_scopes(transaction, now, actor, *edit.scopes);
    if (edit.description) token.description = description(*edit.description);
    if (edit.valid_to) token.valid_to = end_of_life(now, edit.valid_to);
    if (edit.all_organizations == true) token.organization.reset();
    // Clients send "not all" with every edit: a token that is bound already stays where it is.
    if (edit.all_organizations == false && !token.organization) token.organization = organization;
    save(transaction, token);
    record(transaction, now, actor, token.organization, "Token.PatUpdateEvent", token.id.text(),
           told(token, "edit"));
    return token;
  });
}

IssuedToken regenerate_token(Authority& authority, const Actor& actor, const TokenId& id,
                             std::optional<Time> valid_to, std::chrono::seconds grace) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens);
    if (grace < std::chrono::seconds{0} || grace > token::grace_longest)
      throw Refusal(RefusalCode::invalid_value, "The old secret may go on for 0 to 86400 seconds.",
                    "graceSeconds");
    store::Token token = own_live_token(transaction, actor, id);
    // The grace prolongs nothing: what has expired stays so, whatever the new secret's end.
    const Time old_end = std::max(now, std::min(now + grace, token.valid_to));
    const auto secrets = store::live_secrets(transaction, id, now);
    for (const store::TokenSecret& secret : secrets)
      store::end_secret(transaction, secret.id, secret.live_until ? now : old_end);

    token.valid_from = now;
    token.valid_to = end_of_life(now, valid_to);
    save(transaction, token);
    token::Issued issued = add_secret(transaction, now, authority.settings, id);
    record(transaction, now, actor, token.organization, "Token.PatUpdateEvent", id.text(),
           told(token, "regenerate", issued));
    return IssuedToken{.token = std::move(token), .text = std::move(issued.text)};
  });
}

void revoke_token(Authority& authority, const Actor& actor, const TokenId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::end_own_token);
    const auto under =
        actor.token ? store::find_live_token(transaction, actor.token->text(), now) : std::nullopt;
    if (under && under->id != id)
      throw Refusal(RefusalCode::forbidden, "A token can revoke itself alone. Sign in to revoke another.");
    const store::Token token = own_token(transaction, actor, id);
    // Revoked already: nothing to write or to tell, yet the answer takes the same way out (revocation.md 3).
    if (store::revoke_token(transaction, id, now, actor.user, "revoked"))
      record(transaction, now, actor, token.organization, "Token.PatRevokeEvent", id.text(),
             told(token, "revoke"));
    return std::monostate{};
  });
}

store::Token show_token(Authority& authority, const Actor& actor, const TokenId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::see_own_tokens);
    return own_token(transaction, actor, id);
  });
}

store::Tokens list_tokens(Authority& authority, const Actor& actor, const store::TokenPage& page) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    return store::tokens_of(transaction, actor.user, page, now);
  });
}

}  // namespace latchkey::authority
