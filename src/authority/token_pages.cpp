// SPDX-License-Identifier: Apache-2.0
#include "authority/token_pages.hpp"

#include <algorithm>
#include <map>

#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "base/refusal.hpp"
#include "store/transaction.hpp"
#include "token/groups.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t soonest_max = 60;

store::Token own_token(store::Transaction& transaction, Time now, const Actor& actor, const TokenId& id) {
  authorize(transaction, now, actor, Act::see_own_tokens);
  auto token = store::find_token(transaction, id);
  if (!token || token->owner != actor.user)
    throw Refusal(RefusalCode::token_not_found, "You have no token with this id.", "tokenId");
  return *std::move(token);
}

// Looks up what tokens name, each once.
class Shows {
 public:
  Shows(store::Transaction& transaction, Time now) : transaction_(transaction), now_(now) {}

  TokenShown operator()(store::Token token) {
    TokenShown shown{
        .status = status_of(token, now_), .organization = {}, .old_secret_until = {}, .ended_by = {}};
    if (token.organization) shown.organization = organization(*token.organization);
    if (token.ended_by) shown.ended_by = name(*token.ended_by);
    if (token.last_secret_ended && token.state == store::TokenState::live) {
      const Time until = std::min(*token.last_secret_ended, token.valid_to);
      if (until > now_) shown.old_secret_until = until;
    }
    shown.token = std::move(token);
    return shown;
  }

 private:
  std::optional<store::Organization> organization(const OrganizationId& id) {
    const auto [known, is_new] = organizations_.try_emplace(id);
    if (is_new) known->second = store::find_organization(transaction_, id);
    return known->second;
  }
  std::string name(const UserId& id) {
    const auto [known, is_new] = names_.try_emplace(id);
    if (is_new)
      if (const auto user = store::find_user(transaction_, id)) known->second = user->display_name;
    return known->second;
  }

  store::Transaction& transaction_;
  Time now_;
  std::map<OrganizationId, std::optional<store::Organization>> organizations_;
  std::map<UserId, std::string> names_;
};

std::vector<store::DayOfUse> every_day(const std::vector<store::DayOfUse>& used, store::Day first,
                                       std::chrono::days span) {
  std::vector<store::DayOfUse> days;
  for (auto day = first; day < first + span; day += std::chrono::days(1)) days.push_back({.day = day});
  for (const store::DayOfUse& one : used)
    if (one.day < first + span) days.at(static_cast<std::size_t>((one.day - first).count())) = one;
  return days;
}

// Repositories have ids for those alone who may see that they are there.
std::vector<ClientShown> shown_clients(store::Transaction& transaction, const UserId& owner,
                                       const OrganizationId& organization,
                                       std::vector<store::Client> clients) {
  const bool member = store::find_membership(transaction, organization, owner).has_value();
  std::vector<ClientShown> shown;
  for (store::Client& client : clients) {
    ClientShown one{.client = std::move(client), .project = {}, .repository = {}, .id = {}};
    const std::string& named = one.client.repository;
    if (const auto slash = named.find('/'); slash != std::string::npos) {
      one.project = named.substr(0, slash);
      one.repository = named.substr(slash + 1);
      const auto found =
          member ? find_repository_in(transaction, organization, one.project, one.repository) : std::nullopt;
      if (found) one.id = found->repository.id;
    }
    shown.push_back(std::move(one));
  }
  return shown;
}

// What its holder needed, against what it holds.
void compare_scopes(const store::Token& token, TokenUse& use) {
  token::ScopeSet needed;
  for (const store::NeededScope& one : use.scopes)
    if (const auto scope = token::find_scope(one.scope)) needed.add(*scope);
  const auto enough = token::closure(needed);
  std::string_view chosen = token.scopes;
  for (auto id = token::next_id(chosen); !id.empty(); id = token::next_id(chosen)) {
    const auto scope = token::find_scope(id);
    if (!scope || !enough.contains(*scope)) use.never_used.emplace_back(id);
  }
  use.suggested = token::least_scopes(token.scopes, needed);
}

std::optional<OldSecret> old_secret(store::Transaction& transaction, Time now, const store::Token& token,
                                    const OrganizationId& organization) {
  const auto until = Shows(transaction, now)(token).old_secret_until;
  const auto secrets = store::live_secrets(transaction, token.id, now);
  if (!until || secrets.size() < 2) return std::nullopt;
  return OldSecret{
      .until = *until,
      .clients = shown_clients(transaction, token.owner, organization,
                               store::clients_of_text(transaction, token.id, secrets.back().fingerprint,
                                                      secrets.front().created_at))};
}

}  // namespace

TokenShown shown_token(Authority& authority, const store::Token& token) {
  return authority.store.read(
      [&](store::Transaction& transaction) { return Shows(transaction, authority.clock.now())(token); });
}

TokensShown find_tokens(Authority& authority, const Actor& actor, const store::TokenSearch& search) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    auto found = store::search_tokens(transaction, actor.user, search, now);
    TokensShown shown{.tokens = {}, .next = std::move(found.next), .counts = found.counts};
    Shows show(transaction, now);
    for (store::Token& token : found.tokens) shown.tokens.push_back(show(std::move(token)));
    return shown;
  });
}

EndingShown ending_tokens(Authority& authority, const Actor& actor, std::chrono::days within) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    return EndingShown{
        .soonest = store::ending_tokens(transaction, actor.user, now, now + within, soonest_max),
        .total = store::count_ending_tokens(transaction, actor.user, now, now + within),
        .soon = store::count_ending_tokens(transaction, actor.user, now, now + store::soon)};
  });
}

TokenDetail token_detail(Authority& authority, const Actor& actor, const TokenId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    auto token = own_token(transaction, now, actor, id);
    TokenDetail detail{.shown = {},
                       .secrets = store::live_secrets(transaction, id, now - store::ended_are_kept),
                       .shrink = store::find_shrink(transaction, id)};
    if (detail.shrink && (now >= detail.shrink->undo_until || token.state == store::TokenState::revoked))
      detail.shrink.reset();
    detail.shown = Shows(transaction, now)(std::move(token));
    return detail;
  });
}

TokenUse token_use(Authority& authority, const Actor& actor, const OrganizationId& organization,
                   const TokenId& id, std::chrono::days span) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::Token token = own_token(transaction, now, actor, id);
    const OrganizationId in = token.organization.value_or(organization);
    const store::Day first = std::chrono::floor<std::chrono::days>(now) - span + std::chrono::days(1);
    TokenUse use{
        .days = every_day(store::days_of_use(transaction, id, first), first, span),
        .clients = shown_clients(transaction, actor.user, in, store::clients_of(transaction, id, first)),
        .refusals = store::refused_uses(transaction, id, first),
        .scopes = store::needed_scopes(transaction, id),
        .never_used = {},
        .suggested = {},
        .old_secret = old_secret(transaction, now, token, in)};
    compare_scopes(token, use);
    return use;
  });
}

TokenHistory token_history(Authority& authority, const Actor& actor, const TokenId& id, std::int64_t before,
                           std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    static_cast<void>(own_token(transaction, authority.clock.now(), actor, id));
    TokenHistory history{.events = store::audit_events_of(transaction, id.text(), before, top + 1)};
    history.more = std::ssize(history.events) > top;
    if (history.more) history.events.pop_back();
    return history;
  });
}

}  // namespace latchkey::authority
