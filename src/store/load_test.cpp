// Goal: what a start loads is what verification believed before it, whatever order rows were written in; what
// ended long ago is left out. Method: real databases, opened again. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/store.hpp"
#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

using Start = StoreFixture;

TEST_F(Start, loads_everything_that_verification_must_know) {
  const Organization organization = an_organization("One"), other = an_organization("Two");
  const User ada = a_user("ada"), bob = a_user("bob");
  act([&](Transaction& t) {
    put_membership(t, organization.id, ada.id, Role::contributor);
    put_membership(t, other.id, ada.id, Role::reader);
  });
  const Token live = a_token(ada.id), revoked = a_token(bob.id), expired = a_token(bob.id, "old", now - day);
  act([&](Transaction& t) { static_cast<void>(revoke_token(t, revoked.id, now, bob.id, "leaked")); });
  const Believed believed = index();
  const Position last = last_applied();
  reopen();
  EXPECT_EQ(loaded.size(), 7U);
  EXPECT_EQ(index(), believed);
  EXPECT_EQ(last_applied(), last);
}

// More tokens than are read ahead at once, and secrets that regenerations wrote long after their tokens.
TEST_F(Start, loads_secrets_far_from_their_tokens) {
  const User ada = a_user("ada");
  act([&](Transaction& t) {
    std::vector<Token> tokens;
    const auto regenerate = [&](const Token& token) {
      for (const auto& secret : live_secrets(t, token.id, now)) end_secret(t, secret.id, now + day);
      insert_secret(t, secret_of(token.id));
    };
    for (int i = 0; i < 5000; ++i) {
      tokens.push_back(token_of(ada.id, "t", now + i * day));
      insert_token(t, tokens.back());
      if (i % 100 != 7) insert_secret(t, secret_of(tokens.back().id));
      if (i % 50 == 11) regenerate(tokens[static_cast<std::size_t>(i) * 7 / 11]);
    }
    regenerate(tokens.front());
    regenerate(tokens.back());
  });
  const Believed believed = index();
  EXPECT_GT(believed.size(), 5000U);
  reopen();
  EXPECT_EQ(index(), believed);

  // Whoever has enough leaves no reader behind.
  const auto refuse_secrets = [](const Change& change) {
    if (std::holds_alternative<SecretChange>(change)) throw std::runtime_error("enough");
  };
  const auto look_until = [&](Transaction& t) {
    return load(directory / "latchkey.db", t, now, refuse_secrets);
  };
  EXPECT_THROW(look(look_until), std::runtime_error);
}

TEST_F(Start, leaves_out_what_ended_longer_ago_than_ninety_days) {
  const User ada = a_user();
  const Token expired = a_token(ada.id, "expired", now + day), revoked = a_token(ada.id),
              kept = a_token(ada.id);
  act([&](Transaction& t) {
    static_cast<void>(revoke_token(t, revoked.id, now, ada.id, "revoked"));
    end_secret(t, live_secrets(t, kept.id, now).at(0).id, now + day);
  });
  clock.hold(now + 90 * day);
  reopen();
  EXPECT_EQ(loaded.size(), 4U);
  clock.hold(now + 92 * day);
  reopen();
  EXPECT_EQ(loaded.size(), 1U);
}

TEST_F(Start, is_not_counted_as_statements) {
  store.reset();
  store.emplace(directory, clock);
  store->fail({.nth = 1, .from_then_on = true});
  EXPECT_NO_THROW(store->start([](const Change&) {}, [](std::span<const Change>, Position) {}));
  EXPECT_EQ(store->statements_run(), 0);
}

}  // namespace
}  // namespace latchkey::store
