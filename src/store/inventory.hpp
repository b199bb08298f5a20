// Everybody's tokens, as administrators look for them: by what they may do, how they were made, their owner,
// name or fingerprint, page by page, a million of them. Functions of one transaction.
//
// Tokens are of few kinds (how they were made, whether they were ever used, scopes), which are found by
// skipping along an index; each kind that matches is then read in order, from where a page begins and no
// further than it can reach. By name, one index is read in its order. What belongs to one owner, or bears a
// fingerprint, is so little that it is looked at row by row.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/tokens.hpp"
#include "token/scopes.hpp"

namespace latchkey::store {

class Transaction;

// What is live is neither expired nor revoked. Ended ones are left out 90 days after their end of life.
enum class InventoryStatus : std::uint8_t { live = 1, expires_soon, expired, revoked, all };

struct InventoryMatch {
  // Where it works: those bound to the organization, and those for all organizations whose owner is a member
  // of it. None: all tokens.
  std::optional<OrganizationId> organization{};
  bool bound = false;  // of an organization: only those bound to it
  std::optional<UserId> owner{};
  std::optional<token::Scope> scope{};   // that hold it
  std::vector<std::string> any_scope{};  // that were given one of these; empty: any
  std::optional<bool> full{}, all_organizations{}, never_used{};
  std::optional<std::chrono::days> expiring_within{};
  InventoryStatus status = InventoryStatus::live;
  std::string made_by{};      // empty: anything
  std::string fingerprint{};  // the beginning of one
  // The beginning of the name or of a fingerprint, or part of their owner's email address or display name
  // (where not more than 200 people have it).
  std::string text{};
  std::optional<Time> created_before{};
};

enum class InventoryOrder : std::uint8_t { expires = 1, created, name };
struct InventorySearch {
  InventoryMatch match{};
  InventoryOrder order = InventoryOrder::expires;  // with a text: always by name
  bool descending = false;
  std::int64_t top = 50;
  std::string after{};  // the cursor that the page before gave; empty: the first
};
struct InventoryPage {
  std::vector<Token> tokens;
  std::string next;  // empty: no further page
};
// Throws Refusal{invalid_value} for a cursor that is not ours.
[[nodiscard]] InventoryPage search_inventory(Transaction&, const InventorySearch&, Time now);
// As of a page that ends with this token; not by name.
[[nodiscard]] std::string inventory_cursor(const InventorySearch&, const Token& last);
[[nodiscard]] std::int64_t count_inventory(Transaction&, const InventoryMatch&, Time now);

inline constexpr std::chrono::days figures_expiring_within{30};
// Of live ones.
struct InventoryFigures {
  std::int64_t live = 0, full_access = 0, all_organizations = 0, never_used = 0, expiring_soon = 0,
               owners = 0;
};
[[nodiscard]] InventoryFigures inventory_figures(Transaction&,
                                                 const std::optional<OrganizationId>& organization, Time now);

// Whether a token is one of those that work in the organization.
[[nodiscard]] bool works_in(Transaction&, const Token&, const OrganizationId& organization);

}  // namespace latchkey::store
