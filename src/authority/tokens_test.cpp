// Tokens through their whole life, seen from both ends: what the decisions answer, and what verification then
// says about the texts that they gave out; on a real store, index and feed, with a clock that the test moves.
// SPDX-License-Identifier: Apache-2.0
#include "authority/tokens.hpp"

#include "authority/directory.hpp"
#include "authority/testing.hpp"
#include "token/lifetime.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

TokenRequest request(std::string name, std::string scopes = "vso.code_write") {
  return {.name = std::move(name), .scopes = std::move(scopes), .valid_to = {}, .description = {}};
}
TokenEdit edit_of(const TokenId& id) {
  return {.id = id, .name = {}, .scopes = {}, .description = {}, .valid_to = {}, .all_organizations = {}};
}

std::optional<RefusalCode> creating(World& world, const TokenRequest& wanted) {
  return refusal_of([&] {
    return create_token(world.authority(), World::signed_in(world.ann), world.organization, wanted);
  });
}

TEST(CreateToken, gives_a_text_that_verifies_at_once_and_for_thirty_days) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  EXPECT_TRUE(world.accepts(issued.text));
  EXPECT_EQ(issued.token.valid_to, world.now() + token::lifetime_default);
  world.advance(token::lifetime_default - 1s);
  EXPECT_TRUE(world.accepts(issued.text));
  world.advance(1s);
  EXPECT_EQ(world.refused(issued.text), verify::Reason::expired);
}

TEST(CreateToken, keeps_what_was_chosen_in_canonical_order_and_where_it_came_from) {
  World world;
  const IssuedToken issued = create_token(world.authority(), World::signed_in(world.ann), world.organization,
                                          request("  Zoë's CI ", "vso.code_write vso.build"));
  EXPECT_EQ(issued.token.name, "Zoë's CI");
  EXPECT_EQ(issued.token.scopes, "vso.build vso.code_write");
  EXPECT_EQ(issued.token.made_by, "api");
  EXPECT_EQ(issued.token.made_address, "192.0.2.7");
  EXPECT_EQ(show_token(world.authority(), World::signed_in(world.ann), issued.token.id).name, "Zoë's CI");
}

TEST(CreateToken, takes_a_name_that_another_token_bears) {
  World world;
  EXPECT_NE(world.issue(world.ann).token.id, world.issue(world.ann).token.id);
  EXPECT_EQ(list_tokens(world.authority(), World::signed_in(world.ann), {}).tokens.size(), 2U);
}

TEST(CreateToken, binds_to_the_organization_unless_all_are_asked_for) {
  World world;
  EXPECT_EQ(world.issue(world.ann).token.organization, world.organization);
  TokenRequest wanted = request("everywhere");
  wanted.all_organizations = true;
  const auto issued =
      create_token(world.authority(), World::signed_in(world.ann), world.organization, wanted);
  EXPECT_EQ(issued.token.organization, std::nullopt);
  EXPECT_TRUE(world.accepts(issued.text));
}

TEST(CreateToken, refuses_bad_names_scopes_and_dates_each_by_its_code) {
  World world;
  EXPECT_EQ(creating(world, request("")), RefusalCode::display_name_required);
  EXPECT_EQ(creating(world, request("   ")), RefusalCode::display_name_required);
  EXPECT_EQ(creating(world, request(std::string(101, 'x'))), RefusalCode::invalid_display_name);
  EXPECT_EQ(creating(world, request("a\nb")), RefusalCode::invalid_display_name);
  EXPECT_EQ(creating(world, request("caf\xe9")), RefusalCode::invalid_display_name);
  EXPECT_EQ(creating(world, request("x", "")), RefusalCode::invalid_scope);
  EXPECT_EQ(creating(world, request("x", "vso.code vso.nonsense")), RefusalCode::invalid_scope);
  TokenRequest wanted = request("x");
  wanted.valid_to = world.now() - 1s;
  EXPECT_EQ(creating(world, wanted), RefusalCode::invalid_valid_to);
  wanted.valid_to = world.now() + token::lifetime_longest + 1s;
  EXPECT_EQ(creating(world, wanted), RefusalCode::invalid_valid_to);
  wanted.valid_to = world.now() + token::lifetime_longest;
  EXPECT_EQ(creating(world, wanted), std::nullopt);
  EXPECT_EQ(world.audit().size(), 1U);
}

TEST(CreateToken, lets_no_tokens_text_into_a_name_a_description_or_an_error) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  const std::string text(issued.text.reveal());
  EXPECT_EQ(creating(world, request("my " + text)), RefusalCode::invalid_display_name);
  TokenRequest described = request("x");
  described.description = text;
  EXPECT_EQ(creating(world, described), RefusalCode::invalid_value);
  try {
    static_cast<void>(
        create_token(world.authority(), World::signed_in(world.ann), world.organization, request("x", text)));
    ADD_FAILURE() << "took a token's text as a scope";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.message().find(text.substr(0, 20)), std::string::npos);
  }
}

TEST(CreateToken, needs_a_fresh_sign_in_and_never_a_token) {
  World world;
  Actor stale = World::signed_in(world.ann);
  stale.strong = false;
  const auto creating_as = [&](const Actor& actor) {
    return refusal_of(
        [&] { return create_token(world.authority(), actor, world.organization, request("x")); });
  };
  EXPECT_EQ(creating_as(stale), RefusalCode::strong_sign_in_required);
  Actor token = World::under(world.issue(world.ann, "app_token"));
  token.strong = true;
  EXPECT_EQ(creating_as(token), RefusalCode::forbidden);
  EXPECT_EQ(creating_as(World::signed_in(world.add_user("eve@example.com", {}))), RefusalCode::not_found);
}

TEST(CreateToken, writes_one_event_that_names_the_fingerprint_and_not_the_text) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  const auto events = world.audit();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].action, "Token.PatCreateEvent");
  EXPECT_EQ(events[0].subject, issued.token.id.text());
  EXPECT_EQ(events[0].actor, world.ann);
  EXPECT_EQ(events[0].organization, world.organization);
  EXPECT_TRUE(events[0].data.contains(issued.text.reveal().substr(60, 12)));
  EXPECT_FALSE(events[0].data.contains(issued.text.reveal().substr(0, 52)));
}

TEST(EditToken, changes_what_is_given_and_leaves_the_secret) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  TokenEdit edit = edit_of(issued.token.id);
  edit.name = "another";
  edit.scopes = "vso.build";
  edit.valid_to = world.now() + 48h;
  const store::Token token =
      edit_token(world.authority(), World::signed_in(world.ann), world.organization, edit);
  EXPECT_EQ(token.name, "another");
  EXPECT_EQ(token.valid_to, world.now() + 48h);
  EXPECT_EQ(token.organization, world.organization);
  const auto verdict = world.node->verdict(issued.text.reveal(), "halden");
  ASSERT_TRUE(std::holds_alternative<verify::Principal>(verdict));
  EXPECT_TRUE(std::get<verify::Principal>(verdict).scopes.contains(*token::find_scope("vso.build")));
  EXPECT_FALSE(std::get<verify::Principal>(verdict).scopes.contains(*token::find_scope("vso.code")));
  EXPECT_EQ(world.audit().back().action, "Token.PatUpdateEvent");
}

TEST(EditToken, extends_one_that_has_expired) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  world.advance(token::lifetime_default + 1h);
  EXPECT_FALSE(world.accepts(issued.text));
  TokenEdit edit = edit_of(issued.token.id);
  edit.valid_to = world.now() + 24h;
  static_cast<void>(edit_token(world.authority(), World::signed_in(world.ann), world.organization, edit));
  EXPECT_TRUE(world.accepts(issued.text));
}

TEST(EditToken, binds_an_everywhere_token_and_never_moves_a_bound_one) {
  World world;
  const auto other = create_organization(world.authority(), World::signed_in(world.admin), "other");
  const IssuedToken issued = world.issue(world.admin);
  TokenEdit edit = edit_of(issued.token.id);
  edit.all_organizations = false;
  const Actor admin = World::signed_in(world.admin);
  EXPECT_EQ(edit_token(world.authority(), admin, other.id, edit).organization, world.organization);
  edit.all_organizations = true;
  EXPECT_EQ(edit_token(world.authority(), admin, other.id, edit).organization, std::nullopt);
  edit.all_organizations = false;
  EXPECT_EQ(edit_token(world.authority(), admin, other.id, edit).organization, other.id);
}

TEST(EditToken, tells_anothers_token_from_none_to_nobody) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  const auto editing = [&](const UserId& user, const TokenId& id) {
    return refusal_of([&] {
      return edit_token(world.authority(), World::signed_in(user), world.organization, edit_of(id));
    });
  };
  EXPECT_EQ(editing(world.ben, issued.token.id), RefusalCode::token_not_found);
  EXPECT_EQ(editing(world.ben, TokenId::random()), RefusalCode::token_not_found);
  revoke_token(world.authority(), World::signed_in(world.ann), issued.token.id);
  EXPECT_EQ(editing(world.ann, issued.token.id), RefusalCode::token_revoked);
}

TEST(RegenerateToken, ends_the_old_secret_at_once_without_a_grace) {
  World world;
  const IssuedToken old = world.issue(world.ann);
  world.advance(48h);
  const IssuedToken fresh =
      regenerate_token(world.authority(), World::signed_in(world.ann), old.token.id, {}, 0s);
  EXPECT_EQ(fresh.token.id, old.token.id);
  EXPECT_EQ(fresh.token.valid_to, world.now() + token::lifetime_default);
  EXPECT_EQ(world.refused(old.text), verify::Reason::replaced);
  EXPECT_TRUE(world.accepts(fresh.text));
}

TEST(RegenerateToken, lets_the_old_secret_live_through_its_grace_and_ends_an_older_at_once) {
  World world;
  const Actor ann = World::signed_in(world.ann);
  const IssuedToken first = world.issue(world.ann);
  const IssuedToken second = regenerate_token(world.authority(), ann, first.token.id, {}, 24h);
  EXPECT_TRUE(world.accepts(first.text));
  world.advance(1h);
  const IssuedToken third = regenerate_token(world.authority(), ann, first.token.id, {}, 2h);
  EXPECT_EQ(world.refused(first.text), verify::Reason::replaced);
  EXPECT_TRUE(world.accepts(second.text));
  world.advance(2h);
  EXPECT_EQ(world.refused(second.text), verify::Reason::replaced);
  EXPECT_TRUE(world.accepts(third.text));
}

TEST(RegenerateToken, revives_no_secret_that_had_expired) {
  World world;
  const IssuedToken old = world.issue(world.ann);
  world.advance(token::lifetime_default + 1h);
  const auto fresh = regenerate_token(world.authority(), World::signed_in(world.ann), old.token.id, {}, 24h);
  EXPECT_FALSE(world.accepts(old.text));
  EXPECT_TRUE(world.accepts(fresh.text));
}

TEST(RegenerateToken, refuses_a_longer_grace_and_a_revoked_token) {
  World world;
  const Actor ann = World::signed_in(world.ann);
  const IssuedToken old = world.issue(world.ann);
  const auto with = [&](std::chrono::seconds grace) {
    return refusal_of([&] { return regenerate_token(world.authority(), ann, old.token.id, {}, grace); });
  };
  EXPECT_EQ(with(24h + 1s), RefusalCode::invalid_value);
  EXPECT_EQ(with(-1s), RefusalCode::invalid_value);
  revoke_token(world.authority(), ann, old.token.id);
  EXPECT_EQ(with(0s), RefusalCode::token_revoked);
}

TEST(RevokeToken, kills_every_secret_of_the_token_for_ever) {
  World world;
  const Actor ann = World::signed_in(world.ann);
  const IssuedToken old = world.issue(world.ann);
  const IssuedToken fresh = regenerate_token(world.authority(), ann, old.token.id, {}, 24h);
  revoke_token(world.authority(), ann, old.token.id);
  EXPECT_EQ(world.refused(old.text), verify::Reason::revoked);
  EXPECT_EQ(world.refused(fresh.text), verify::Reason::revoked);
  world.restart();
  EXPECT_EQ(world.refused(old.text), verify::Reason::revoked);
  EXPECT_EQ(world.refused(fresh.text), verify::Reason::revoked);
}

TEST(RevokeToken, succeeds_again_with_nothing_to_tell) {
  World world;
  const Actor ann = World::signed_in(world.ann);
  const IssuedToken issued = world.issue(world.ann);
  revoke_token(world.authority(), ann, issued.token.id);
  const auto events = world.audit().size();
  revoke_token(world.authority(), ann, issued.token.id);
  EXPECT_EQ(world.audit().size(), events);
  EXPECT_EQ(world.audit().back().action, "Token.PatRevokeEvent");
}

TEST(GrantVerification, is_a_server_administrators_and_never_part_of_full_access) {
  World world;
  const auto verify = *token::find_scope("latchkey.verify");
  const auto may = [&](const IssuedToken& issued) {
    const auto verdict = world.node->verdict(issued.text.reveal(), World::organization_name);
    return std::get<verify::Principal>(verdict).scopes.contains(verify);
  };
  EXPECT_TRUE(may(world.issue(world.admin, "latchkey.verify")));
  EXPECT_TRUE(may(world.issue(world.admin, "app_token latchkey.verify")));
  EXPECT_FALSE(may(world.issue(world.admin, "app_token")));
  for (const auto* scopes : {"latchkey.verify", "app_token latchkey.verify"})
    EXPECT_EQ(refusal_of([&] { return world.issue(world.ann, scopes); }), RefusalCode::forbidden);

  const IssuedToken issued = world.issue(world.ann);
  const TokenEdit edit{.id = issued.token.id,
                       .name = {},
                       .scopes = "latchkey.verify",
                       .description = {},
                       .valid_to = {},
                       .all_organizations = {}};
  EXPECT_EQ(refusal_of([&] {
              return edit_token(world.authority(), World::signed_in(world.ann), world.organization, edit);
            }),
            RefusalCode::forbidden);
  EXPECT_FALSE(may(issued));
}

TEST(RevokeToken, needs_no_fresh_sign_in_and_may_be_done_under_the_very_token) {
  World world;
  Actor stale = World::signed_in(world.ann);
  stale.strong = false;
  const IssuedToken first = world.issue(world.ann), second = world.issue(world.ann);
  EXPECT_EQ(refusal_of([&] {
              revoke_token(world.authority(), World::under(second), first.token.id);
              return 0;
            }),
            RefusalCode::forbidden);
  revoke_token(world.authority(), World::under(second), second.token.id);
  EXPECT_FALSE(world.accepts(second.text));
  revoke_token(world.authority(), stale, first.token.id);
  EXPECT_FALSE(world.accepts(first.text));
  EXPECT_EQ(refusal_of([&] {
              revoke_token(world.authority(), World::signed_in(world.ben), first.token.id);
              return 0;
            }),
            RefusalCode::token_not_found);
}

TEST(ListTokens, shows_ones_own_to_a_session_and_nothing_to_a_token) {
  World world;
  const IssuedToken issued = world.issue(world.ann);
  static_cast<void>(world.issue(world.ben));
  const auto page = list_tokens(world.authority(), World::signed_in(world.ann), {});
  ASSERT_EQ(page.tokens.size(), 1U);
  EXPECT_EQ(page.tokens[0].id, issued.token.id);
  EXPECT_EQ(refusal_of([&] { return list_tokens(world.authority(), World::under(issued), {}); }),
            RefusalCode::forbidden);
}

}  // namespace
}  // namespace latchkey::authority
