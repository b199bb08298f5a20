// Goal: what the page of a token says of its uses, secrets and history is what happened, to its owner alone;
// shrinking takes away and gives back exactly what it should; many are revoked as one is. Method: a whole
// node without a network.
// SPDX-License-Identifier: Apache-2.0
#include "authority/token_pages.hpp"

#include "authority/projects.hpp"
#include "authority/testing.hpp"
#include "authority/uses.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

class TokenPages : public ::testing::Test {
 protected:
  Authority& authority() { return world_.authority(); }
  Actor ann() const { return World::signed_in(world_.ann); }
  void use(const IssuedToken& with, std::string_view scope, std::string_view address,
           std::string_view outcome = store::accepted, int times = 1) {
    const Presented presented{.fingerprint = *token::Fingerprint::parse(with.text.reveal().substr(60, 12)),
                              .outcome = outcome,
                              .operation = scope,
                              .address = address,
                              .agent = "git/2",
                              .project = "Website",
                              .repository = "Website",
                              .organization = world_.organization};
    for (int i = 0; i < times; ++i) counts_.add(presented, world_.now());
    counts_.turn();
    fold_uses(authority(), counts_.turned());
  }
  TokenUse used(const TokenId& id, days span = days(30)) {
    return token_use(authority(), ann(), world_.organization, id, span);
  }
  TokenDetail detail(const TokenId& id) { return token_detail(authority(), ann(), id); }

  World world_;
  UseCounts counts_;
};

TEST_F(TokenPages, say_what_a_token_was_used_for) {
  const auto project = create_project(authority(), World::signed_in(world_.admin), world_.organization,
                                      {.name = "Website", .description = {}});
  const auto token = world_.issue(world_.ann, "vso.code_full vso.build");
  use(token, "vso.code", "192.0.2.1", store::accepted, 3);
  world_.advance(days(2));
  use(token, "vso.code_write", "192.0.2.2");
  use(token, "vso.wiki", "192.0.2.2", "insufficient_scope", 2);
  const auto found = used(token.token.id, days(3));
  ASSERT_EQ(found.days.size(), 3U);
  EXPECT_EQ(iso_date(found.days[0].day), "2026-11-24");
  EXPECT_EQ(found.days[0].accepted, 3);
  EXPECT_EQ(found.days[1].accepted + found.days[1].refused, 0);
  EXPECT_EQ(found.days[2].accepted, 1);
  EXPECT_EQ(found.days[2].refused, 2);
  ASSERT_EQ(found.clients.size(), 2U);
  EXPECT_EQ(found.clients[0].client.address, "192.0.2.1") << "equally many: by name";
  EXPECT_EQ(found.clients[0].repository, "Website");
  EXPECT_TRUE(found.clients[0].id.has_value());
  EXPECT_EQ(found.clients[1].client.refused, 2);
  ASSERT_EQ(found.refusals.size(), 1U);
  EXPECT_EQ(found.refusals[0].reason, "insufficient_scope");
  EXPECT_EQ(found.refusals[0].first_day, found.days[2].day);
  ASSERT_EQ(found.scopes.size(), 2U);
  EXPECT_EQ(found.scopes[0].scope, "vso.code");
  EXPECT_EQ(found.never_used, (std::vector<std::string>{"vso.build", "vso.code_full"}));
  EXPECT_EQ(found.suggested, "vso.code_write");
  EXPECT_FALSE(found.old_secret);

  const auto today = used(token.token.id, days(1));
  EXPECT_EQ(today.clients.size(), 1U);
  EXPECT_EQ(today.suggested, "vso.code_write") << "goes by its whole life";
  static_cast<void>(project);
}

TEST_F(TokenPages, know_where_a_token_was_last_used_for_ninety_days) {
  const auto token = world_.issue(world_.ann);
  const auto id = token.token.id;
  EXPECT_FALSE(detail(id).shown.token.used_at);
  use(token, "vso.code", "192.0.2.1");
  use(token, "vso.code", "192.0.2.9", "wrong_organization");
  EXPECT_EQ(detail(id).shown.token.used_address, "192.0.2.1");
  EXPECT_EQ(detail(id).shown.token.used_agent, "git/2");
  const auto used_at = detail(id).shown.token.used_at;
  world_.advance(days(92));
  shorten_uses(authority());
  EXPECT_EQ(detail(id).shown.token.used_at, used_at);
  EXPECT_EQ(detail(id).shown.token.used_address, std::nullopt);
  EXPECT_EQ(used(id).scopes.size(), 1U) << "what it needed is known for ever";
}

TEST_F(TokenPages, say_who_still_sends_the_old_secret) {
  const auto old = world_.issue(world_.ann);
  const auto id = old.token.id;
  use(old, "vso.code", "192.0.2.1");
  use(old, "vso.code", "192.0.2.2");
  world_.advance(1h);
  const auto fresh = regenerate_token(authority(), ann(), id, {}, 8h);
  ASSERT_TRUE(used(id).old_secret);
  EXPECT_TRUE(used(id).old_secret->clients.empty()) << "nobody since then";
  EXPECT_EQ(used(id).old_secret->until, world_.now() + 8h);
  EXPECT_EQ(detail(id).shown.old_secret_until, world_.now() + 8h);
  world_.advance(1min);
  use(old, "vso.code", "192.0.2.2");
  use(fresh, "vso.code", "192.0.2.1");
  const auto found = used(id);
  ASSERT_EQ(found.old_secret->clients.size(), 1U);
  EXPECT_EQ(found.old_secret->clients[0].client.address, "192.0.2.2");
  EXPECT_EQ(found.clients.size(), 2U) << "one token's, whichever text";
  const auto secrets = detail(id).secrets;
  ASSERT_EQ(secrets.size(), 2U);
  EXPECT_EQ(secrets[0].fingerprint, fresh.text.reveal().substr(60, 12));
  EXPECT_EQ(secrets[1].fingerprint, old.text.reveal().substr(60, 12));
  EXPECT_EQ(detail(id).shown.token.fingerprint, secrets[0].fingerprint);
  world_.advance(8h);
  EXPECT_FALSE(used(id).old_secret);
  EXPECT_FALSE(detail(id).shown.old_secret_until);
  EXPECT_EQ(detail(id).secrets.size(), 2U) << "by its fingerprint a found text is known";
}

TEST_F(TokenPages, tell_a_token_s_history_from_its_audit_events) {
  const auto token = world_.issue(world_.ann).token;
  static_cast<void>(world_.issue(world_.ann));
  static_cast<void>(regenerate_token(authority(), ann(), token.id, {}, 0s));
  revoke_token(authority(), World::signed_in(world_.admin), token.id, world_.organization);
  const auto all = token_history(authority(), ann(), token.id, INT64_MAX, 10);
  ASSERT_EQ(all.events.size(), 3U);
  EXPECT_FALSE(all.more);
  EXPECT_EQ(all.events[0].event.action, "Token.PatRevokeEvent");
  EXPECT_EQ(all.events[0].actor_name, "admin");
  EXPECT_EQ(all.events[2].event.action, "Token.PatCreateEvent");
  EXPECT_EQ(all.events[2].event.actor, world_.ann);
  const auto first = token_history(authority(), ann(), token.id, INT64_MAX, 2);
  EXPECT_TRUE(first.more);
  const auto rest = token_history(authority(), ann(), token.id, first.events.back().event.position, 2);
  ASSERT_EQ(rest.events.size(), 1U);
  EXPECT_EQ(rest.events[0].event.position, all.events[2].event.position);
}

TEST_F(TokenPages, are_for_their_owner_alone) {
  const auto id = world_.issue(world_.ann).token.id;
  for (const auto& other : {world_.ben, world_.admin}) {
    const auto actor = World::signed_in(other);
    EXPECT_EQ(refusal_of([&] { return token_detail(authority(), actor, id); }), RefusalCode::token_not_found);
    EXPECT_EQ(refusal_of([&] { return token_use(authority(), actor, world_.organization, id, days(1)); }),
              RefusalCode::token_not_found);
    EXPECT_EQ(refusal_of([&] { return token_history(authority(), actor, id, INT64_MAX, 1); }),
              RefusalCode::token_not_found);
    EXPECT_EQ(refusal_of([&] { return shrink_token(authority(), actor, id, "vso.code"); }),
              RefusalCode::token_not_found);
    EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), actor, id); }), RefusalCode::token_not_found);
    EXPECT_TRUE(find_tokens(authority(), actor, {}).tokens.empty());
  }
}

TEST_F(TokenPages, shrink_under_the_same_secret_and_give_back_for_seven_days) {
  const auto token = world_.issue(world_.ann, "vso.code_write vso.build");
  const auto id = token.token.id;
  Actor stale = ann();
  stale.strong = false;
  EXPECT_EQ(shrink_token(authority(), stale, id, "vso.code").scopes, "vso.code") << "needs no fresh sign-in";
  EXPECT_TRUE(world_.accepts(token.text));
  EXPECT_EQ(detail(id).shrink->scopes, "vso.build vso.code_write");
  EXPECT_EQ(detail(id).shrink->undo_until, world_.now() + 7 * 24h);
  EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), stale, id); }),
            RefusalCode::strong_sign_in_required);
  world_.advance(7 * 24h - 1s);
  EXPECT_EQ(undo_shrink(authority(), ann(), id).scopes, "vso.build vso.code_write");
  EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), ann(), id); }), RefusalCode::not_found);
  EXPECT_FALSE(detail(id).shrink);
  static_cast<void>(shrink_token(authority(), ann(), id, "vso.code"));
  world_.advance(7 * 24h);
  EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), ann(), id); }), RefusalCode::not_found);
  EXPECT_FALSE(detail(id).shrink);
}

TEST_F(TokenPages, shrink_to_less_than_they_hold_and_nothing_else) {
  const auto id = world_.issue(world_.ann, "vso.code_write").token.id;
  for (const auto* scopes : {"vso.code_write", "vso.code_write vso.code", "vso.code_full", "vso.build", "",
                             "app_token", "nonsense", "vso.code vso.build", "vso.hooks"})
    EXPECT_EQ(refusal_of([&] { return shrink_token(authority(), ann(), id, scopes); }),
              RefusalCode::invalid_scope)
        << scopes;
  const auto full = world_.issue(world_.ann, "app_token").token.id;
  EXPECT_EQ(refusal_of([&] { return shrink_token(authority(), ann(), full, "latchkey.verify"); }),
            RefusalCode::invalid_scope);
  EXPECT_EQ(shrink_token(authority(), ann(), full, "vso.code").scopes, "vso.code");
}

TEST_F(TokenPages, give_nothing_back_once_the_scopes_were_edited) {
  const auto id = world_.issue(world_.ann, "vso.code_write").token.id;
  const auto edit = [&](std::optional<std::string> name, std::optional<std::string> scopes) {
    static_cast<void>(edit_token(authority(), ann(), world_.organization,
                                 {.id = id,
                                  .name = std::move(name),
                                  .scopes = std::move(scopes),
                                  .description = {},
                                  .valid_to = {},
                                  .all_organizations = {}}));
  };
  static_cast<void>(shrink_token(authority(), ann(), id, "vso.code"));
  edit("another name", "vso.code");
  EXPECT_TRUE(detail(id).shrink);
  edit({}, "vso.wiki");
  EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), ann(), id); }), RefusalCode::not_found);
}

TEST_F(TokenPages, give_verification_back_to_a_server_administrator_alone) {
  const auto admin = World::signed_in(world_.admin);
  const auto id = world_.issue(world_.admin, "latchkey.verify vso.code").token.id;
  static_cast<void>(shrink_token(authority(), admin, id, "vso.code"));
  world_.write([&](store::Transaction& transaction) {
    auto user = *store::find_user(transaction, world_.admin);
    user.server_administrator = false;
    store::update_user(transaction, user);
  });
  EXPECT_EQ(refusal_of([&] { return undo_shrink(authority(), admin, id); }), RefusalCode::forbidden);
}

TEST_F(TokenPages, revoke_many_each_with_its_event) {
  std::vector<IssuedToken> tokens;
  std::vector<TokenId> ids;
  for (int i = 0; i < 150; ++i) {
    tokens.push_back(world_.issue(world_.ann));
    ids.push_back(tokens.back().token.id);
  }
  auto strange = ids;
  strange.push_back(world_.issue(world_.ben).token.id);
  EXPECT_EQ(refusal_of([&] { return revoke_tokens(authority(), ann(), strange); }),
            RefusalCode::token_not_found);
  EXPECT_TRUE(world_.accepts(tokens[0].text)) << "none is revoked then";
  const auto before = world_.audit().size();
  revoke_token(authority(), ann(), ids[7]);
  EXPECT_EQ(revoke_tokens(authority(), ann(), ids).revoked, 149U);
  EXPECT_EQ(world_.audit().size(), before + 150);
  for (const auto& token : tokens) EXPECT_FALSE(world_.accepts(token.text));
  EXPECT_EQ(revoke_tokens(authority(), ann(), ids).revoked, 0U);
}

TEST_F(TokenPages, revoke_all_that_match_a_thousand_at_a_time) {
  const auto model = world_.issue(world_.ann).token;
  static_cast<void>(world_.issue(world_.ann, "vso.wiki"));
  world_.write([&](store::Transaction& transaction) {
    for (int i = 0; i < 1100; ++i) {
      auto token = model;
      token.id = TokenId::random();
      store::insert_token(transaction, token);
    }
  });
  const store::TokenMatch match{.scope = token::find_scope("vso.code")};
  const auto first = revoke_matching_tokens(authority(), ann(), match);
  EXPECT_EQ(first.revoked, 1000U);
  EXPECT_TRUE(first.more);
  const auto second = revoke_matching_tokens(authority(), ann(), match);
  EXPECT_EQ(second.revoked, 101U);
  EXPECT_FALSE(second.more);
  const auto left = find_tokens(authority(), ann(), {});
  EXPECT_EQ(left.counts.all - left.counts.of.at(4), 1) << "what does not match stays";
}

}  // namespace
}  // namespace latchkey::authority
