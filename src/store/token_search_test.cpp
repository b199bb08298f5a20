// Goal: the list of one's tokens says of each exactly one status, counts all, gives each row once in every
// order, and finds by scope, name and fingerprint. Method: a real store; a clock that the test moves; the
// orders against a sort of the whole.
// SPDX-License-Identifier: Apache-2.0
#include "store/token_search.hpp"

#include <algorithm>
#include <set>

#include "base/refusal.hpp"
#include "store/store_fixture.hpp"
#include "store/uses.hpp"

namespace latchkey::store {
namespace {

class TokenSearches : public StoreFixture {
 protected:
  void keep(const Token& token) {
    act([&](Transaction& t) {
      insert_token(t, token);
      insert_secret(t, secret_of(token.id));
    });
  }
  Token add(const std::string& name, Time valid_to, Time valid_from = now) {
    Token token = token_of(ada.id, name, valid_to);
    token.valid_from = token.created_at = valid_from;
    keep(token);
    return token;
  }
  void use(const TokenId& id, Time at) {
    act([&](Transaction& t) {
      add_use(t, {.token = id, .outcome = std::string(accepted), .count = 1, .first_at = at, .last_at = at});
    });
  }
  void revoke(const TokenId& id, Time at = now) {
    decide([&](Transaction& t) { return revoke_token(t, id, at, ada.id, "revoked"); });
  }
  TokensFound find(const TokenSearch& search, Time at = now) {
    return look([&](Transaction& t) { return search_tokens(t, ada.id, search, at); });
  }
  std::string names(const TokenSearch& search) {
    std::string all;
    for (const Token& token : find(search).tokens) all += token.name + " ";
    return all;
  }
  // One of each status, and one whose text was replaced.
  void fill() {
    add("active", now + 60 * day);
    add("soon", now + 7 * day);
    add("idle", now + 300 * day, now - 30 * day);
    use(add("busy", now + 200 * day, now - 60 * day).id, now - 29 * day);
    add("expired", now, now - 31 * day);
    revoke(add("Revoked", now + 90 * day).id, now - day);
  }

  User ada = a_user();
};

TEST_F(TokenSearches, give_each_token_exactly_one_status) {
  fill();
  using enum TokenStatus;
  const std::pair<TokenStatus, std::string> expected[] = {{active, "active busy "},
                                                          {expires_soon, "soon "},
                                                          {inactive, "idle "},
                                                          {expired, "expired "},
                                                          {revoked, "Revoked "}};
  const auto counts = find({}).counts;
  EXPECT_EQ(counts.all, 6);
  for (const auto& [status, name] : expected) {
    EXPECT_EQ(names({.match = {.status = status}}), name);
    EXPECT_EQ(counts.of.at(static_cast<std::size_t>(status) - 1), std::ranges::count(name, ' ')) << name;
    EXPECT_EQ(find({.match = {.status = status}}).counts.all, 6) << "counts don't obey the status";
  }
}

TEST_F(TokenSearches, know_the_edges_of_a_status_to_the_microsecond) {
  using namespace std::chrono_literals;
  const Token token = add("edge", now + 100 * day);
  EXPECT_EQ(status_of(token, now + 30 * day - 1us), TokenStatus::active);
  EXPECT_EQ(status_of(token, now + 30 * day), TokenStatus::inactive);
  EXPECT_EQ(status_of(token, now + 93 * day - 1us), TokenStatus::inactive);
  EXPECT_EQ(status_of(token, now + 93 * day), TokenStatus::expires_soon);
  EXPECT_EQ(status_of(token, now + 100 * day - 1us), TokenStatus::expires_soon);
  EXPECT_EQ(status_of(token, now + 100 * day), TokenStatus::expired);
}

TEST_F(TokenSearches, sort_by_the_end_with_what_has_ended_last) {
  fill();
  EXPECT_EQ(names({}), "soon active busy idle expired Revoked ");
  EXPECT_EQ(names({.descending = true}), "idle busy active soon expired Revoked ");
  EXPECT_EQ(names({.order = TokenOrder::status}), "active busy soon idle expired Revoked ");
  EXPECT_EQ(names({.order = TokenOrder::name}), "active busy expired idle Revoked soon ");
  EXPECT_EQ(names({.order = TokenOrder::last_used, .descending = true}).substr(0, 5), "busy ");
  EXPECT_EQ(names({.order = TokenOrder::created}).substr(0, 13), "busy expired ");
}

TEST_F(TokenSearches, give_each_row_once_in_every_order_by_pages) {
  for (int i = 0; i < 40; ++i) {
    const Token token =
        add("n" + std::to_string(i % 7), now + (i % 5 - 1) * 9 * day, now - (i % 3) * 40 * day);
    if (i % 4 == 0) use(token.id, now - (i % 8) * day);
    if (i % 6 == 0) revoke(token.id, now - (i % 4) * day);
  }
  for (const auto order : {TokenOrder::expires, TokenOrder::name, TokenOrder::created, TokenOrder::last_used,
                           TokenOrder::status})
    for (const bool descending : {false, true}) {
      TokenSearch search{.order = order, .descending = descending, .top = 100};
      std::vector<TokenId> whole, paged;
      for (const Token& token : find(search).tokens) whole.push_back(token.id);
      search.top = 7;
      do {
        const auto page = find(search);
        for (const Token& token : page.tokens) paged.push_back(token.id);
        search.after = page.next;
      } while (!search.after.empty());
      EXPECT_EQ(whole.size(), 40U);
      EXPECT_EQ(paged, whole) << static_cast<int>(order) << descending;
    }
}

TEST_F(TokenSearches, go_on_behind_a_row_that_is_gone_meanwhile) {
  for (const auto* name : {"a", "b", "c", "d"}) add(name, now + 60 * day);
  TokenSearch search{.order = TokenOrder::name, .top = 2};
  const auto first = find(search);
  Token moved = first.tokens.at(1);
  moved.name = "z";
  decide([&](Transaction& t) { return update_token(t, moved); });
  search.after = first.next;
  EXPECT_EQ(names(search), "c d ");
}

TEST_F(TokenSearches, refuse_a_cursor_of_another_order) {
  for (const auto* name : {"a", "b"}) add(name, now + 60 * day);
  const auto next = find({.top = 1}).next;
  for (const auto& search :
       {TokenSearch{.order = TokenOrder::name, .after = next}, TokenSearch{.descending = true, .after = next},
        TokenSearch{.after = "nonsense"}, TokenSearch{.after = "[]"}, TokenSearch{.after = "W10"}})
    EXPECT_THROW(find(search), Refusal) << search.after;
}

TEST_F(TokenSearches, find_by_what_a_token_holds_not_by_what_was_chosen) {
  const std::pair<std::string, std::string> chosen[] = {
      {"write", "vso.code_write"}, {"read", "vso.code"}, {"full", "app_token"}, {"wiki", "vso.wiki"}};
  for (const auto& [name, scopes] : chosen) {
    Token token = token_of(ada.id, name);
    token.scopes = scopes;
    keep(token);
  }
  const auto holding = [&](std::string_view scope) {
    return names({.match = {.scope = token::find_scope(scope)}, .order = TokenOrder::name});
  };
  EXPECT_EQ(holding("vso.code"), "full read write ");
  EXPECT_EQ(holding("vso.code_write"), "full write ");
  EXPECT_EQ(holding("app_token"), "full ");
  EXPECT_EQ(holding("latchkey.verify"), "");
  EXPECT_EQ(find({.match = {.scope = token::find_scope("vso.code_write")}}).counts.all, 2);
}

TEST_F(TokenSearches, find_by_part_of_the_name_or_the_beginning_of_any_of_its_fingerprints) {
  const Token one = add("Größe 10%", now + 60 * day);
  add("other", now + 60 * day);
  const auto with = [&](std::string text) { return names({.match = {.text = std::move(text)}}); };
  EXPECT_EQ(with("GRÖSSE"), "Größe 10% ");
  EXPECT_EQ(with("0%"), "Größe 10% ");
  EXPECT_EQ(with("_"), "") << "no pattern";
  act([&](Transaction& t) {
    auto secret = secret_of(one.id);
    secret.fingerprint = "k7Qx2MvB9dLr";
    secret.live_until = now - day;
    insert_secret(t, secret);
  });
  EXPECT_EQ(with("k7Qx"), "Größe 10% ");
  EXPECT_EQ(with("k7Qx2MvB9dLr"), "Größe 10% ");
  EXPECT_EQ(with("k7qx"), "") << "case matters";
  EXPECT_EQ(with("7Qx"), "") << "its beginning";
  EXPECT_EQ(with("k7Qx2MvB9dLrA"), "");
  EXPECT_EQ(with("\xff"), "");
}

TEST_F(TokenSearches, show_nobody_else_s_and_nothing_that_ended_long_ago) {
  keep(token_of(a_user("bob@example.org").id, "bobs"));
  revoke(add("old", now + day).id, now - 91 * day);
  add("older", now - 91 * day, now - 200 * day);
  add("mine", now + 60 * day);
  EXPECT_EQ(names({}), "mine ");
  EXPECT_EQ(find({}).counts.all, 1);
}

TEST_F(TokenSearches, name_the_live_ones_that_match) {
  fill();
  const auto live = [&](const TokenMatch& match, std::size_t most) {
    return look([&](Transaction& t) { return live_tokens(t, ada.id, match, now, most); }).size();
  };
  EXPECT_EQ(live({}, 100), 5U) << "an expired one is alive: editing may extend it";
  EXPECT_EQ(live({}, 2), 2U);
  EXPECT_EQ(live({.status = TokenStatus::inactive}, 100), 1U);
  EXPECT_EQ(live({.status = TokenStatus::revoked}, 100), 0U);
  EXPECT_EQ(live({.text = "usy"}, 100), 1U);
}

TEST_F(TokenSearches, say_what_ends_soon) {
  fill();
  const auto ending = look([&](Transaction& t) { return ending_tokens(t, ada.id, now, now + 90 * day, 60); });
  ASSERT_EQ(ending.size(), 2U);
  EXPECT_EQ(ending[0].name, "soon");
  EXPECT_EQ(ending[1].name, "active");
  EXPECT_EQ(look([&](Transaction& t) { return ending_tokens(t, ada.id, now, now + 90 * day, 1); }).size(),
            1U);
  EXPECT_EQ(look([&](Transaction& t) { return count_ending_tokens(t, ada.id, now, now + 7 * day); }), 1);
}

}  // namespace
}  // namespace latchkey::store
