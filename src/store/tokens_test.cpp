// Goal: tokens and secrets read back as they were written, a revoked token stays revoked, every write hands
// out the secrets' full new state, and paging gives each row once. Method: each function against a real
// store. SPDX-License-Identifier: Apache-2.0
#include "store/tokens.hpp"

#include <set>

#include "base/refusal.hpp"
#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

class TokenRows : public StoreFixture {
 protected:
  std::optional<Token> find(const TokenId& id) {
    return look([&](Transaction& t) { return find_token(t, id); });
  }
  bool revoke(const Token& token, Time at = now) {
    return decide([&](Transaction& t) { return revoke_token(t, token.id, at, token.owner, "revoked"); });
  }
  std::vector<SecretChange> secret_changes() {
    std::vector<SecretChange> found;
    for (const Change& change : take_applied()) found.push_back(std::get<SecretChange>(change));
    return found;
  }
  Tokens list(const TokenPage& page) {
    return look([&](Transaction& t) { return tokens_of(t, ada.id, page, now); });
  }
  std::string names(const TokenPage& page) {
    std::string all;
    for (const Token& token : list(page).tokens) all += token.name + " ";
    return all;
  }

  User ada = a_user();
};
using TokenList = TokenRows;

TEST_F(TokenRows, read_back_as_they_were_written) {
  Token written = token_of(ada.id);
  written.organization = an_organization().id;
  written.description = "of \"Ada\"";
  act([&](Transaction& t) { insert_token(t, written); });
  const auto found = find(written.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner, ada.id);
  EXPECT_EQ(found->name, "laptop");
  EXPECT_EQ(found->scopes, "vso.code_write");
  EXPECT_EQ(found->organization, written.organization);
  EXPECT_EQ(found->valid_from, now);
  EXPECT_EQ(found->valid_to, now + 30 * day);
  EXPECT_EQ(found->state, TokenState::live);
  EXPECT_EQ(found->ended_at, std::nullopt);
  EXPECT_EQ(found->ended_by, std::nullopt);
  EXPECT_EQ(found->ended_reason, std::nullopt);
  EXPECT_EQ(found->made_by, "portal");
  EXPECT_EQ(found->made_address, "192.0.2.1");
  EXPECT_EQ(found->made_agent, "git/2.39");
  EXPECT_EQ(found->description, "of \"Ada\"");
  EXPECT_EQ(found->created_at, now);
  EXPECT_FALSE(find(TokenId::random()));
}

TEST_F(TokenRows, need_an_owner) {
  try {
    a_token(UserId::random());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::missing);
  }
}

TEST_F(TokenRows, are_updated) {
  Token token = a_token(ada.id);
  take_applied();
  token.name = "desktop";
  token.scopes = "app_token";
  token.organization = an_organization().id;
  token.valid_to = now + 60 * day;
  token.description = "new";
  take_applied();
  EXPECT_TRUE(decide([&](Transaction& t) { return update_token(t, token); }));
  const auto found = find(token.id);
  EXPECT_EQ(found->name, "desktop");
  EXPECT_EQ(found->scopes, "app_token");
  EXPECT_EQ(found->organization, token.organization);
  EXPECT_EQ(found->valid_to, now + 60 * day);
  EXPECT_EQ(found->description, "new");
  const auto changes = secret_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].scopes, "app_token");
  EXPECT_EQ(changes[0].organization, token.organization);
  EXPECT_EQ(changes[0].valid_to, now + 60 * day);
}

TEST_F(TokenRows, stay_revoked) {
  Token token = a_token(ada.id);
  EXPECT_TRUE(revoke(token));
  take_applied();
  EXPECT_FALSE(revoke(token, now + day));
  token.scopes = "app_token";
  EXPECT_FALSE(decide([&](Transaction& t) { return update_token(t, token); }));
  EXPECT_TRUE(take_applied().empty());
  const auto found = find(token.id);
  EXPECT_EQ(found->state, TokenState::revoked);
  EXPECT_EQ(found->ended_at, now);
  EXPECT_EQ(found->ended_by, ada.id);
  EXPECT_EQ(found->ended_reason, "revoked");
  EXPECT_EQ(found->scopes, "vso.code_write");
}

TEST_F(TokenRows, that_were_revoked_already_wait_for_the_position_of_their_end) {
  const Token token = a_token(ada.id);
  revoke(token);
  const auto again =
      store->transact([&](Transaction& t) { return revoke_token(t, token.id, now, token.owner, "revoked"); });
  const Position ended = look([&](Transaction& t) { return token_position(t, token.id); });
  EXPECT_EQ(ended, last_applied());
  EXPECT_GT(ended, Position{});
  EXPECT_GE(again.position(), ended);
}

TEST_F(TokenRows, hand_out_all_their_secrets_when_they_end) {
  const Token token = a_token(ada.id);
  const TokenSecret second = secret_of(token.id);
  const auto old = look([&](Transaction& t) { return live_secrets(t, token.id, now); });
  ASSERT_EQ(old.size(), 1U);
  take_applied();
  act([&](Transaction& t) { end_secret(t, old[0].id, now + day); });
  auto changes = secret_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].live_until, now + day);
  act([&](Transaction& t) { insert_secret(t, second); });
  changes = secret_changes();
  ASSERT_EQ(changes.size(), 2U);
  for (const SecretChange& change : changes) {
    EXPECT_EQ(change.live_until, change.secret == second.id ? std::nullopt : std::optional(now + day));
    EXPECT_EQ(change.state, TokenState::live);
  }
  revoke(token);
  changes = secret_changes();
  ASSERT_EQ(changes.size(), 2U);
  for (const SecretChange& change : changes) {
    EXPECT_EQ(change.state, TokenState::revoked);
    EXPECT_EQ(change.ended_at, now);
    EXPECT_EQ(change.ended_reason, "revoked");
  }
}

TEST_F(TokenRows, tell_the_index_of_an_end_that_lies_long_ago) {
  const Token token = a_token(ada.id);
  take_applied();
  revoke(token, now - 100 * day);
  EXPECT_EQ(secret_changes().size(), 1U);
}

TEST_F(TokenRows, have_live_secrets_newest_first) {
  const Token token = token_of(ada.id);
  TokenSecret ended = secret_of(token.id), grace = secret_of(token.id), newest = secret_of(token.id);
  ended.live_until = now;
  grace.live_until = now + day;
  act([&](Transaction& t) {
    insert_token(t, token);
    for (const TokenSecret& secret : {ended, grace, newest}) insert_secret(t, secret);
  });
  const auto live = look([&](Transaction& t) { return live_secrets(t, token.id, now); });
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0].id, newest.id);
  EXPECT_EQ(live[0].digest, newest.digest);
  EXPECT_EQ(live[0].fingerprint, newest.fingerprint);
  EXPECT_EQ(live[0].created_at, now);
  EXPECT_EQ(live[1].id, grace.id);
}

TEST_F(TokenRows, have_digests_and_fingerprints_that_are_unique) {
  const Token token = a_token(ada.id);
  const TokenSecret first = secret_of(token.id);
  act([&](Transaction& t) { insert_secret(t, first); });
  TokenSecret same_digest = secret_of(token.id), same_fingerprint = secret_of(token.id);
  same_digest.digest = first.digest;
  same_fingerprint.fingerprint = first.fingerprint;
  for (const auto& [secret, constraint] :
       {std::pair(same_digest, "secrets.digest"), {same_fingerprint, "secrets.fingerprint"}}) {
    try {
      act([&](Transaction& t) { insert_secret(t, secret); });
      FAIL() << constraint;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::taken);
      EXPECT_EQ(error.constraint(), constraint);
    }
  }
}

TEST_F(TokenList, filters_by_state_and_leaves_out_what_ended_long_ago) {
  a_token(ada.id, "live");
  a_token(ada.id, "expired", now - day);
  a_token(ada.id, "just", now);
  a_token(ada.id, "old", now - 91 * day);
  revoke(a_token(ada.id, "revoked"));
  revoke(a_token(ada.id, "ancient"), now - 91 * day);
  a_token(a_user("bob@example.org").id, "bobs");
  const auto by_name = [&](TokenFilter filter) {
    return names({.filter = filter, .sort = TokenSort::display_name});
  };
  EXPECT_EQ(by_name(TokenFilter::active), "live ");
  EXPECT_EQ(by_name(TokenFilter::expired), "expired just ");
  EXPECT_EQ(by_name(TokenFilter::revoked), "revoked ");
  EXPECT_EQ(by_name(TokenFilter::all), "expired just live revoked ");
}

TEST_F(TokenList, sorts_by_name_end_and_state_in_both_directions) {
  a_token(ada.id, "Delta", now + 3 * day);
  a_token(ada.id, "alpha", now + 5 * day);
  a_token(ada.id, "charlie", now - day);
  revoke(a_token(ada.id, "Bravo", now + 4 * day));
  const auto sorted = [&](TokenSort sort, bool ascending) {
    return names({.filter = TokenFilter::all, .sort = sort, .ascending = ascending});
  };
  EXPECT_EQ(sorted(TokenSort::display_name, true), "alpha Bravo charlie Delta ");
  EXPECT_EQ(sorted(TokenSort::display_name, false), "Delta charlie Bravo alpha ");
  EXPECT_EQ(sorted(TokenSort::display_date, true), "charlie Delta Bravo alpha ");
  EXPECT_EQ(sorted(TokenSort::display_date, false), "alpha Bravo Delta charlie ");
  EXPECT_EQ(sorted(TokenSort::status, true), "alpha Delta charlie Bravo ");
  EXPECT_EQ(sorted(TokenSort::status, false), "Bravo charlie Delta alpha ");
}

TEST_F(TokenList, gives_each_row_once_while_others_are_inserted) {
  std::set<std::string> expected;
  for (int i = 0; i < 11; ++i) {
    // Equal names and equal ends, so that the id alone orders.
    const Token token =
        a_token(ada.id, i % 3 == 0 ? "Same" : "n" + std::to_string(i), now + (i % 4) * day + day);
    if (i % 5 == 4) revoke(token);
    expected.insert(token.id.text());
  }
  for (const TokenSort sort : {TokenSort::display_name, TokenSort::display_date, TokenSort::status}) {
    for (const bool ascending : {true, false}) {
      std::multiset<std::string> seen;
      TokenPage page{.filter = TokenFilter::all, .sort = sort, .ascending = ascending, .top = 3};
      for (int pages = 0; pages == 0 || !page.after.empty(); ++pages) {
        const Tokens found = list(page);
        ASSERT_LE(found.tokens.size(), 3U);
        for (const Token& token : found.tokens)
          if (expected.contains(token.id.text())) seen.insert(token.id.text());
        page.after = found.next;
        a_token(ada.id, "Same", now + (pages % 4) * day + day);
      }
      EXPECT_EQ(seen, std::multiset<std::string>(expected.begin(), expected.end()));
    }
  }
}

TEST_F(TokenList, ends_without_a_cursor) {
  for (int i = 0; i < 4; ++i) a_token(ada.id);
  const Tokens whole = list({.top = 4}), half = list({.top = 2});
  EXPECT_EQ(whole.tokens.size(), 4U);
  EXPECT_EQ(whole.next, "");
  ASSERT_NE(half.next, "");
  EXPECT_EQ(half.next.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  const Tokens rest = list({.top = 2, .after = half.next});
  EXPECT_EQ(rest.tokens.size(), 2U);
  EXPECT_EQ(rest.next, "");
}

TEST_F(TokenList, refuses_a_cursor_that_is_not_its_own) {
  for (int i = 0; i < 3; ++i) a_token(ada.id);
  const std::string good = list({.top = 2}).next;
  for (const TokenPage& page : {TokenPage{.after = "x"},
                                {.after = "!"},
                                {.after = "bnVsbA"},
                                {.after = good.substr(4)},
                                {.after = good + "AAAA"},
                                {.sort = TokenSort::status, .after = good},
                                {.ascending = false, .after = good}}) {
    try {
      static_cast<void>(list(page));
      FAIL() << page.after;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code(), RefusalCode::invalid_value);
    }
  }
}

}  // namespace
}  // namespace latchkey::store
