// SPDX-License-Identifier: Apache-2.0
#include "authority/inventory.hpp"

#include <map>
#include <utility>

#include "authority/authorize.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/bans.hpp"
#include "store/transaction.hpp"
#include "store/uses.hpp"
#include "token/text.hpp"

namespace latchkey::authority {
namespace {

// Looks up what tokens name, each once.
class Entries {
 public:
  Entries(store::Transaction& transaction, Time now, const Place& place)
      : transaction_(transaction), now_(now), place_(place) {}

  InventoryEntry operator()(store::Token token) {
    InventoryEntry entry{.status = status_of(token, now_)};
    entry.owner = looked_up(owners_, token.owner, store::find_user).value();
    if (token.organization)
      entry.organization = looked_up(organizations_, *token.organization, store::find_organization);
    else
      entry.banned = place_ ? store::is_banned(transaction_, *place_, token.id)
                            : store::is_banned_anywhere(transaction_, token.id);
    entry.token = std::move(token);
    return entry;
  }

 private:
  template <class Id, class Record>
  const std::optional<Record>& looked_up(std::map<Id, std::optional<Record>>& known, const Id& id,
                                         std::optional<Record> (*find)(store::Transaction&, const Id&)) {
    const auto [found, is_new] = known.try_emplace(id);
    if (is_new) found->second = find(transaction_, id);
    return found->second;
  }

  store::Transaction& transaction_;
  Time now_;
  Place place_;
  std::map<UserId, std::optional<store::User>> owners_;
  std::map<OrganizationId, std::optional<store::Organization>> organizations_;
};

[[noreturn]] void refuse_unknown() {
  throw Refusal(RefusalCode::token_not_found, "No token that works here is this one.");
}

template <class Find>
InventoryEntry found_entry(Authority& authority, const Actor& actor, const Place& place, Find find) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    oversee(transaction, now, actor, place);
    std::optional<store::Token> token = find(transaction);
    if (!token || (place && !store::works_in(transaction, *token, *place))) refuse_unknown();
    return Entries(transaction, now, place)(*std::move(token));
  });
}

}  // namespace

void oversee(store::Transaction& transaction, Time now, const Actor& actor, const Place& place) {
  authorize(transaction, now, actor, place ? Act::oversee_tokens : Act::administer_server, place);
}

store::Token token_to_oversee(store::Transaction& transaction, const Actor& actor, const Place& place,
                              const TokenId& id) {
  auto token = store::find_token(transaction, id);
  if (!token || (place && !store::works_in(transaction, *token, *place))) refuse_unknown();
  if (!token->organization && !store::find_user(transaction, actor.user)->server_administrator)
    throw Refusal(
        RefusalCode::forbidden,
        "The token \"" + token->name +
            "\" is for all organizations: only its owner or a server administrator can end it. You can "
            "ban it here.",
        "ids");
  return *std::move(token);
}

void set_owner(store::Transaction& transaction, store::InventoryMatch& match, std::string_view owner) {
  if (owner.empty()) return;
  const auto id = UserId::parse(owner);
  const auto email = normalized(owner);
  const auto user = id      ? store::find_user(transaction, *id)
                    : email ? store::find_user_by_email(transaction, *email)
                            : std::nullopt;
  if (!user)
    throw Refusal(RefusalCode::invalid_value, "owner must be a user's id or email address.", "owner");
  match.owner = user->id;
}

InventoryShown list_inventory(Authority& authority, const Actor& actor, const Place& place,
                              InventoryAsked asked) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    oversee(transaction, now, actor, place);
    asked.search.match.organization = place;
    set_owner(transaction, asked.search.match, asked.owner);
    auto page = store::search_inventory(transaction, asked.search, now);
    InventoryShown shown{.entries = {}, .next = std::move(page.next)};
    Entries entry(transaction, now, place);
    for (store::Token& token : page.tokens) shown.entries.push_back(entry(std::move(token)));
    return shown;
  });
}

store::InventoryFigures inventory_figures(Authority& authority, const Actor& actor, const Place& place) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    oversee(transaction, now, actor, place);
    return store::inventory_figures(transaction, place, now);
  });
}

InventoryEntry find_by_fingerprint(Authority& authority, const Actor& actor, const Place& place,
                                   std::string_view fingerprint) {
  return found_entry(authority, actor, place, [&](store::Transaction& transaction) {
    const auto id = store::find_token_of_fingerprint(transaction, fingerprint);
    return id ? store::find_token(transaction, *id) : std::nullopt;
  });
}

InventoryEntry find_by_text(Authority& authority, const Actor& actor, const Place& place,
                            const Secret& text) {
  const Digest digest = Digest::of(text.reveal());
  return found_entry(authority, actor, place, [&](store::Transaction& transaction) {
    return store::find_token_of_text(transaction, digest);
  });
}

TokensOfUser tokens_of_user(Authority& authority, const Actor& actor, const OrganizationId& organization,
                            const UserId& user, const std::optional<TokenId>& after, std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_tokens, organization);
    if (!store::find_user(transaction, user))
      throw Refusal(RefusalCode::not_found, "There is no user with this subject descriptor.",
                    "subjectDescriptor");
    store::InventorySearch search{
        .match = {.organization = organization, .owner = user, .status = store::InventoryStatus::all},
        .order = store::InventoryOrder::created,
        .top = top};
    if (after) {
      const auto last = store::find_token(transaction, *after);
      if (!last || last->owner != user)
        throw Refusal(RefusalCode::invalid_value, "continuationToken must be that of the page before.",
                      "continuationToken");
      search.after = store::inventory_cursor(search, *last);
    }
    auto page = store::search_inventory(transaction, search, now);
    return TokensOfUser{.tokens = std::move(page.tokens), .more = !page.next.empty()};
  });
}

}  // namespace latchkey::authority
