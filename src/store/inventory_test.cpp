// Goal: the inventory lists exactly what matches, each once, in order, page by page, and counts as many.
// Method: a few hundred tokens of every kind; each filter, alone and two by two, in each order and both ways,
// against a filter and a sort of the whole in C++.
// SPDX-License-Identifier: Apache-2.0
#include "store/inventory.hpp"

#include <algorithm>

#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/store_fixture.hpp"
#include "store/token_search.hpp"
#include "store/uses.hpp"

namespace latchkey::store {
namespace {

class Inventory : public StoreFixture {
 protected:
  Inventory() {
    const std::vector<std::string> scopes{"app_token", "vso.build vso.packaging", "vso.code",
                                          "vso.code_full"};
    const std::vector<std::string> ways{"portal", "api", "command line"};
    const std::vector<std::string> names{"Release", "release notes", "nightly", "Ünder"};
    people = {a_user("ada@example.org"), a_user("bob@example.org"), a_user("cy@elsewhere.org")};
    halden = an_organization("halden");
    vardo = an_organization("vardo");
    act([&](Transaction& t) {
      put_membership(t, halden.id, people[0].id, Role::administrator);
      put_membership(t, halden.id, people[1].id, Role::reader);
      put_membership(t, vardo.id, people[2].id, Role::administrator);
    });
    act([&](Transaction& t) {
      for (unsigned i = 0; i < 240; ++i) {
        Token token =
            token_of(people[i % 3].id, names[i / 2 % 4] + (i % 5 == 0 ? "" : std::to_string(i % 11)),
                     now + (int(i * 7 % 60) - 20) * day);
        token.scopes = scopes[i / 3 % 4];
        token.made_by = ways[i % 7 % 3];
        token.created_at = now - (i * 5 % 40) * day;
        if (i % 4 < 2) token.organization = halden.id;
        if (i % 4 == 2) token.organization = vardo.id;
        insert_token(t, token);
        TokenSecret secret = secret_of(token.id);
        secret.fingerprint = std::string(i % 2 == 0 ? "Re" : "zz") + "0000000" + std::to_string(100 + i);
        insert_secret(t, secret);
        if (i % 6 == 0)
          add_use(t, {.token = token.id,
                      .outcome = std::string(accepted),
                      .count = 1,
                      .first_at = now,
                      .last_at = now});
        if (i % 9 == 0) static_cast<void>(revoke_token(t, token.id, now, people[0].id, "revoked"));
        ids.push_back(token.id);
      }
    });
    for (const TokenId& id : ids) all.push_back(*look([&](Transaction& t) { return find_token(t, id); }));
  }

  bool member(const UserId& user, const OrganizationId& organization) const {
    return (user == people[2].id) == (organization == vardo.id);
  }
  bool has_text(const Token& token, const std::string& text) const {
    const auto owner = std::ranges::find(people, token.owner, &User::id);
    return text.empty() || folded(token.name).starts_with(folded(text)) ||
           token.fingerprint.starts_with(text) || owner->email.contains(folded(text));
  }
  bool has_status(const Token& token, InventoryStatus status) const {
    const bool live = token.state == TokenState::live && token.valid_to > now;
    switch (status) {
      case InventoryStatus::live:
        return live;
      case InventoryStatus::expires_soon:
        return live && token.valid_to <= now + soon;
      case InventoryStatus::expired:
        return token.state == TokenState::live && token.valid_to <= now;
      case InventoryStatus::revoked:
        return token.state == TokenState::revoked;
      case InventoryStatus::all:
        return true;
    }
    return false;
  }
  bool matches(const Token& token, const InventoryMatch& match) const {
    const auto& in = match.organization;
    if (in && (token.organization ? token.organization != in : !member(token.owner, *in))) return false;
    if (match.bound && token.organization != in) return false;
    const auto scopes = token::kept_scopes(token.scopes);
    const bool within = !match.expiring_within || (has_status(token, InventoryStatus::live) &&
                                                   token.valid_to <= now + *match.expiring_within);
    return within && (match.expiring_within || has_status(token, match.status)) &&
           (!match.owner || token.owner == *match.owner) && (!match.scope || scopes.contains(*match.scope)) &&
           (match.any_scope.empty() || token.scopes.contains(match.any_scope.front())) &&
           (!match.full || *match.full == scopes.is_full()) &&
           (!match.all_organizations || *match.all_organizations == !token.organization) &&
           (!match.never_used || *match.never_used == !token.used_at) &&
           (match.made_by.empty() || token.made_by == match.made_by) &&
           token.fingerprint.starts_with(match.fingerprint) && has_text(token, match.text) &&
           (!match.created_before || token.created_at < *match.created_before);
  }

  std::vector<TokenId> expected(const InventorySearch& search) const {
    std::vector<Token> found;
    std::ranges::copy_if(all, std::back_inserter(found),
                         [&](const Token& one) { return matches(one, search.match); });
    const auto order = search.match.text.empty() ? search.order : InventoryOrder::name;
    const auto key = [&](const Token& one) {
      return std::tuple(order == InventoryOrder::name      ? Time()
                        : order == InventoryOrder::created ? one.created_at
                                                           : one.valid_to,
                        order == InventoryOrder::name ? folded(one.name) : std::string(), one.id);
    };
    std::ranges::sort(found, {}, key);
    if (search.descending) std::ranges::reverse(found);
    std::vector<TokenId> listed;
    for (const Token& one : found) listed.push_back(one.id);
    return listed;
  }
  std::vector<TokenId> listed(InventorySearch search) {
    std::vector<TokenId> found;
    search.top = 7;
    do {
      const auto page = look([&](Transaction& t) { return search_inventory(t, search, now); });
      for (const Token& token : page.tokens) found.push_back(token.id);
      search.after = page.next;
    } while (!search.after.empty());
    return found;
  }

  // Each sets one filter.
  using Filter = std::function<void(InventoryMatch&)>;
  std::vector<Filter> filters() {
    std::vector<Filter> some{[](auto&) {},
                             [&](auto& m) { m.organization = halden.id; },
                             [&](auto& m) { m.owner = people[1].id; },
                             [](auto& m) { m.scope = token::find_scope("vso.code"); },
                             [](auto& m) { m.any_scope = {"vso.packaging"}; },
                             [](auto& m) { m.full = true; },
                             [](auto& m) { m.full = false; },
                             [](auto& m) { m.all_organizations = true; },
                             [](auto& m) { m.all_organizations = false; },
                             [](auto& m) { m.never_used = true; },
                             [](auto& m) { m.never_used = false; },
                             [](auto& m) { m.expiring_within = std::chrono::days(10); },
                             [](auto& m) { m.made_by = "command line"; },
                             [](auto& m) { m.fingerprint = "Re00"; },
                             [](auto& m) { m.created_before = now - 20 * day; }};
    for (const std::string text : {"re", "Re", "RELEASE", "zz0", "ada@", "elsewhere", "ü", "nothing", "%"})
      some.push_back([text](auto& m) { m.text = text; });
    for (int status = 1; status <= 5; ++status)
      some.push_back([status](auto& m) { m.status = static_cast<InventoryStatus>(status); });
    return some;
  }

  Organization halden, vardo;
  std::vector<User> people;
  std::vector<TokenId> ids;
  std::vector<Token> all;
};

TEST_F(Inventory, lists_and_counts_what_matches_in_every_order) {
  std::size_t pages = 0;
  for (const Filter& one : filters())
    for (const Filter& other : filters()) {
      InventorySearch search;
      one(search.match);
      other(search.match);
      pages += expected(search).size();
      ASSERT_EQ(look([&](Transaction& t) { return count_inventory(t, search.match, now); }),
                std::ssize(expected(search)))
          << pages;
      for (const auto order : {InventoryOrder::expires, InventoryOrder::created, InventoryOrder::name}) {
        search.order = order;
        search.descending = !search.descending;
        ASSERT_EQ(listed(search), expected(search)) << static_cast<int>(order) << " " << pages;
      }
    }
  EXPECT_GT(pages, 10'000U);
}

TEST_F(Inventory, of_those_bound_to_an_organization_leaves_out_the_rest) {
  const InventoryMatch match{.organization = halden.id, .bound = true};
  const auto count = std::ranges::count_if(all, [&](const Token& one) { return matches(one, match); });
  EXPECT_GT(count, 0);
  EXPECT_EQ(look([&](Transaction& t) { return count_inventory(t, match, now); }), count);
  EXPECT_EQ(std::ssize(listed({.match = match})), count);
}

TEST_F(Inventory, has_figures_that_are_its_filters) {
  for (const auto& place :
       {std::optional<OrganizationId>(), std::optional(halden.id), std::optional(vardo.id)}) {
    const auto figures = look([&](Transaction& t) { return inventory_figures(t, place, now); });
    const auto count = [&](const Filter& filter) {
      InventoryMatch match{.organization = place};
      filter(match);
      return std::ranges::count_if(all, [&](const Token& one) { return matches(one, match); });
    };
    EXPECT_GT(figures.live, 0);
    EXPECT_EQ(figures.live, count([](auto&) {}));
    EXPECT_EQ(figures.full_access, count([](auto& m) { m.full = true; }));
    EXPECT_EQ(figures.all_organizations, count([](auto& m) { m.all_organizations = true; }));
    EXPECT_EQ(figures.never_used, count([](auto& m) { m.never_used = true; }));
    EXPECT_EQ(figures.expiring_soon, count([](auto& m) { m.expiring_within = figures_expiring_within; }));
    EXPECT_EQ(figures.owners, std::ranges::count_if(people, [&](const User& person) {
                return count([&](auto& m) { m.owner = person.id; }) > 0;
              }));
  }
}

TEST_F(Inventory, refuses_a_cursor_of_another_order) {
  InventorySearch search{.top = 3};
  search.after = look([&](Transaction& t) { return search_inventory(t, search, now); }).next;
  search.order = InventoryOrder::created;
  EXPECT_THROW(static_cast<void>(look([&](Transaction& t) { return search_inventory(t, search, now); })),
               Refusal);
}

}  // namespace
}  // namespace latchkey::store
