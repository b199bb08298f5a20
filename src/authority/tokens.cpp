// SPDX-License-Identifier: Apache-2.0
#include "authority/tokens.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/inventory.hpp"
#include "authority/names.hpp"
#include "authority/notices.hpp"
#include "authority/policy_checks.hpp"
#include "authority/token_end.hpp"
#include "base/refusal.hpp"
#include "base/time_ordered.hpp"
#include "store/directory.hpp"
#include "store/ends.hpp"
#include "token/lifetime.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t description_longest = 400;
constexpr std::size_t revoked_together = 100;  // in one transaction: other decisions wait for no longer one

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

// Clients that know no policies get the longest life that one leaves (contract 3.4); a person at a page is
// told of it. `begins`: from when a life counts. `has`: the end that the token has and keeps, whatever a
// policy says now (contract 5.3).
Time end_of_life(Authority& authority, store::Transaction& transaction, Time now, const Actor& actor,
                 std::optional<Time> asked, Time begins, Time has = {}) {
  const auto longest = longest_life(authority, transaction, now, actor.user);
  if (longest && (!asked || actor.made_by != "portal"))
    asked = std::min(asked.value_or(now + token::lifetime_default), std::max(begins + *longest, has));
  const auto end = token::valid_to(now, asked);
  if (end) return *end;
  throw Refusal(RefusalCode::invalid_valid_to,
                end.error() == token::LifetimeError::in_the_past
                    ? "The token would have ended already. Choose a later date."
                    : "A token lives at most " + std::to_string(token::lifetime_longest.count()) +
                          " days. Choose a date not after " + iso_date(now + token::lifetime_longest) + ".",
                "validTo");
}

// Another's token is told from none by nobody who may not see it anyway.
store::Token own_token(store::Transaction& transaction, const Actor& actor, const TokenId& id) {
  auto token = store::find_token(transaction, id);
  if (!token || token->owner != actor.user)
    throw Refusal(RefusalCode::token_not_found, "You have no token with this id.", "authorizationId");
  return *std::move(token);
}

// One's own, or one that the actor may revoke as an administrator.
store::Token token_to_revoke(store::Transaction& transaction, Time now, const Actor& actor, const TokenId& id,
                             const std::optional<OrganizationId>& organization) {
  auto token = store::find_token(transaction, id);
  if (!organization || (token && token->owner == actor.user)) return own_token(transaction, actor, id);
  try {
    authorize(transaction, now, actor, Act::oversee_tokens, organization);
  } catch (const Refusal&) {
    return own_token(transaction, actor, id);  // which it isn't
  }
  const bool any = store::find_user(transaction, actor.user)->server_administrator;
  if (!token || (!any && token->organization != organization)) return own_token(transaction, actor, id);
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

void save(store::Transaction& transaction, Time now, const store::Token& token, Time valid_to_before) {
  if (!store::update_token(transaction, token)) refuse_revoked();
  if (token.valid_to != valid_to_before) store::plan_ends(transaction, std::array{store::end_of(token)}, now);
}

token::Issued add_secret(store::Transaction& transaction, Time now, const Settings& settings,
                         store::Token& token) {
  token::Issued issued = token::issue(now, settings.signature);
  token.fingerprint = issued.fingerprint.text();
  store::insert_secret(transaction, {.id = time_ordered<SecretId>(now),
                                     .token = token.id,
                                     .digest = issued.digest,
                                     .fingerprint = std::string(issued.fingerprint.text()),
                                     .live_until = {},
                                     .created_at = now});
  return issued;
}

boost::json::object told_of_secret(const store::Token& token, std::string_view operation) {
  auto data = token_data(token, operation);
  data["Fingerprint"] = token.fingerprint;
  return data;
}

// Records a change of a token that stays alive, and tells its owner where it may do more than before.
void record_edit(store::Transaction& transaction, Time now, const Actor& actor, const store::Token& before,
                 const store::Token& after, std::string_view operation) {
  const auto event = record(transaction, now, actor, after.organization, "Token.PatUpdateEvent",
                            after.id.text(), token_data(after, operation));
  if (widens(before, after)) notify(transaction, now, after, store::NoticeKind::widened, event);
}

// Within what the token holds, and less.
std::string fewer_scopes(const store::Token& token, std::string_view text) {
  if (masked(text) != text)
    throw Refusal(RefusalCode::invalid_scope, "The scopes hold the text of a token. Take it out.", "scopes");
  auto chosen = token::choose_scopes(text);
  const auto held = token::kept_scopes(token.scopes);
  if (chosen && held.includes(chosen->closed) && held != chosen->closed) return std::move(chosen->text);
  throw Refusal(RefusalCode::invalid_scope,
                "Choose scopes that are within what the token holds, and less than that.", "scopes");
}

// Each as a decision of its own; `find` says in its transaction that it is the actor's to revoke.
using FindToken = std::function<store::Token(store::Transaction&, Time, const TokenId&)>;
std::size_t revoke_each(Authority& authority, const Actor& actor, std::span<const TokenId> ids,
                        const FindToken& find) {
  std::size_t revoked = 0;
  while (!ids.empty()) {
    const auto some = ids.first(std::min(revoked_together, ids.size()));
    ids = ids.subspan(some.size());
    revoked += decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      std::size_t count = 0;
      for (const TokenId& id : some)
        count += end_token(transaction, now, actor, find(transaction, now, id)) ? 1 : 0;
      return count;
    });
  }
  return revoked;
}

FindToken ones_own(const Actor& actor) {
  return [&actor](store::Transaction& transaction, Time now, const TokenId& id) {
    authorize(transaction, now, actor, Act::narrow_own_tokens);
    return own_token(transaction, actor, id);
  };
}

// None is revoked where one of them may not be.
std::size_t revoke_all(Authority& authority, const Actor& actor, std::span<const TokenId> ids,
                       const FindToken& find) {
  [[maybe_unused]] const auto all_there = authority.store.read([&](store::Transaction& transaction) {
    for (const TokenId& id : ids) static_cast<void>(find(transaction, authority.clock.now(), id));
    return std::monostate{};
  });
  return revoke_each(authority, actor, ids, find);
}

}  // namespace

IssuedToken create_token(Authority& authority, const Actor& actor, const OrganizationId& organization,
                         const TokenRequest& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens, organization);
    store::Token token{.id = time_ordered<TokenId>(now),
                       .owner = actor.user,
                       .name = token_name(request.name),
                       .scopes = chosen_scopes(transaction, now, actor, request.scopes),
                       .organization = organization,
                       .valid_from = now,
                       .valid_to = end_of_life(authority, transaction, now, actor, request.valid_to, now),
                       .ended_at = {},
                       .ended_by = {},
                       .ended_reason = {},
                       .made_by = std::string(actor.made_by),
                       .made_address = actor.origin.address,
                       .made_agent = actor.origin.agent,
                       .description = description(request.description),
                       .created_at = now};
    if (request.all_organizations) token.organization.reset();
    require_policies(authority, transaction, now, token, organization, true);
    store::insert_token(transaction, token);
    store::plan_ends(transaction, std::array{store::end_of(token)}, now);
    token::Issued issued = add_secret(transaction, now, authority.settings, token);
    const auto event = record(transaction, now, actor, token.organization, "Token.PatCreateEvent",
                              token.id.text(), told_of_secret(token, "create"));
    notify(transaction, now, token, store::NoticeKind::created, event);
    return IssuedToken{.token = std::move(token), .text = std::move(issued.text)};
  });
}

store::Token edit_token(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        const TokenEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens, organization);
    const store::Token before = own_live_token(transaction, actor, edit.id);
    store::Token token = before;
    if (edit.name) token.name = token_name(*edit.name);
    if (edit.scopes) token.scopes = chosen_scopes(transaction, now, actor, *edit.scopes);
    if (edit.description) token.description = description(*edit.description);
    if (edit.valid_to)
      token.valid_to =
          end_of_life(authority, transaction, now, actor, edit.valid_to, before.valid_from, before.valid_to);
    if (edit.all_organizations == true) token.organization.reset();
    // Clients send "not all" with every edit: a token that is bound already stays where it is.
    if (edit.all_organizations == false && !token.organization) token.organization = organization;
    if (widens(before, token)) require_policies(authority, transaction, now, token, organization, false);
    save(transaction, now, token, before.valid_to);
    if (token.scopes != before.scopes) store::delete_shrink(transaction, token.id);
    record_edit(transaction, now, actor, before, token, "edit");
    return token;
  });
}

IssuedToken regenerate_token(Authority& authority, const Actor& actor, const TokenId& id,
                             std::optional<Time> valid_to, std::chrono::seconds grace,
                             const std::optional<OrganizationId>& organization) {
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

    const Time before =
        std::exchange(token.valid_to, end_of_life(authority, transaction, now, actor, valid_to, now));
    token.valid_from = now;
    require_policies(authority, transaction, now, token, organization, false);
    save(transaction, now, token, before);
    token::Issued issued = add_secret(transaction, now, authority.settings, token);
    auto data = told_of_secret(token, "regenerate");
    if (old_end > now) data["OldSecretUntil"] = iso8601(old_end);
    const auto event = record(transaction, now, actor, token.organization, "Token.PatUpdateEvent", id.text(),
                              std::move(data));
    notify(transaction, now, token, store::NoticeKind::regenerated, event);
    return IssuedToken{.token = std::move(token), .text = std::move(issued.text)};
  });
}

void revoke_token(Authority& authority, const Actor& actor, const TokenId& id,
                  const std::optional<OrganizationId>& organization) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::end_own_token);
    const auto under =
        actor.token ? store::find_live_token(transaction, actor.token->text(), now) : std::nullopt;
    if (under && under->id != id)
      throw Refusal(RefusalCode::forbidden, "A token can revoke itself alone. Sign in to revoke another.");
    // Revoked already: nothing to write or to tell, yet the answer takes the same way out (revocation.md 3).
    end_token(transaction, now, actor, token_to_revoke(transaction, now, actor, id, organization));
    return std::monostate{};
  });
}

ManyRevoked revoke_tokens(Authority& authority, const Actor& actor, std::span<const TokenId> ids) {
  return {.revoked = revoke_all(authority, actor, ids, ones_own(actor))};
}

void revoke_tokens_of_others(Authority& authority, const Actor& actor, const OrganizationId& organization,
                             std::span<const TokenId> ids) {
  revoke_all(authority, actor, ids, [&](store::Transaction& transaction, Time now, const TokenId& id) {
    authorize(transaction, now, actor, Act::administer_tokens, organization);
    return token_to_oversee(transaction, actor, organization, id);
  });
}

ManyRevoked revoke_matching_tokens(Authority& authority, const Actor& actor, const store::TokenMatch& match) {
  auto ids = authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::narrow_own_tokens);
    return store::live_tokens(transaction, actor.user, match, now, revoked_at_once + 1);
  });
  const bool more = ids.size() > revoked_at_once;
  if (more) ids.pop_back();
  return {.revoked = revoke_each(authority, actor, ids, ones_own(actor)), .more = more};
}

store::Token shrink_token(Authority& authority, const Actor& actor, const TokenId& id,
                          std::string_view scopes) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::narrow_own_tokens);
    const store::Token before = own_live_token(transaction, actor, id);
    store::Token token = before;
    token.scopes = fewer_scopes(before, scopes);
    save(transaction, now, token, before.valid_to);
    store::put_shrink(
        transaction,
        {.token = id, .scopes = before.scopes, .undo_until = now + shrink_undone_within, .created_at = now});
    record_edit(transaction, now, actor, before, token, "shrink");
    return token;
  });
}

store::Token undo_shrink(Authority& authority, const Actor& actor, const TokenId& id,
                         const std::optional<OrganizationId>& organization) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::change_own_tokens);
    const store::Token before = own_live_token(transaction, actor, id);
    const auto shrink = store::find_shrink(transaction, id);
    if (!shrink || now >= shrink->undo_until)
      throw Refusal(RefusalCode::not_found,
                    "There is no shrinking to undo: it was done over 7 days ago, undone, or the scopes were "
                    "edited since. Edit the token instead.");
    store::Token token = before;
    token.scopes = shrink->scopes;
    if (token::kept_scopes(token.scopes).contains(token::verify_scope))
      authorize(transaction, now, actor, Act::grant_verification);
    require_policies(authority, transaction, now, token, organization, false);
    save(transaction, now, token, before.valid_to);
    store::delete_shrink(transaction, id);
    record_edit(transaction, now, actor, before, token, "undoShrink");
    return token;
  });
}

bool widens(const store::Token& before, const store::Token& after) {
  return after.valid_to > before.valid_to ||
         (before.organization && after.organization != before.organization) ||
         !token::kept_scopes(before.scopes).includes(token::kept_scopes(after.scopes));
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
