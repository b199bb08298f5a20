// The inventory: everybody's tokens, for administrators; and whose a found token is. Of an organization: for
// its administrators, the tokens that work in it; of the server: for server administrators, all.
// Pool threads. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"
#include "store/inventory.hpp"
#include "store/token_search.hpp"

namespace latchkey::authority {

// What is asked of the inventory; the match's organization and owner are filled in from here.
struct InventoryAsked {
  store::InventorySearch search{};
  std::string owner{};  // id or email address; empty: anybody
};

struct InventoryEntry {
  store::Token token{};
  store::TokenStatus status{};
  store::User owner{};
  std::optional<store::Organization> organization{};  // none: all
  bool banned = false;                                // there; of the server: in any organization
};
struct InventoryShown {
  std::vector<InventoryEntry> entries;
  std::string next;  // empty: no further page
};
// invalid_value for an owner that isn't there.
[[nodiscard]] InventoryShown list_inventory(Authority&, const Actor&, const Place&, InventoryAsked);
[[nodiscard]] store::InventoryFigures inventory_figures(Authority&, const Actor&, const Place&);

// Live or ended; token_not_found where none works there, as where there is none.
[[nodiscard]] InventoryEntry find_by_fingerprint(Authority&, const Actor&, const Place&,
                                                 std::string_view fingerprint);
// The text is hashed, and neither kept nor told.
[[nodiscard]] InventoryEntry find_by_text(Authority&, const Actor&, const Place&, const Secret& text);

// A user's tokens that work in the organization, under a token too: the oldest first, from behind `after` on.
// not_found for a user that isn't there; invalid_value for a token that isn't.
struct TokensOfUser {
  std::vector<store::Token> tokens;
  bool more = false;
};
[[nodiscard]] TokensOfUser tokens_of_user(Authority&, const Actor&, const OrganizationId&, const UserId&,
                                          const std::optional<TokenId>& after, std::int64_t top);

// For decisions of this room. The actor may look there; the match becomes that of the place.
void oversee(store::Transaction&, Time now, const Actor&, const Place&);
// A token that the actor may revoke there. token_not_found; forbidden for one that only its owner or a server
// administrator can end.
[[nodiscard]] store::Token token_to_oversee(store::Transaction&, const Actor&, const Place&, const TokenId&);
// invalid_value
void set_owner(store::Transaction&, store::InventoryMatch&, std::string_view owner);

}  // namespace latchkey::authority
