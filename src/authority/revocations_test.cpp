// Goal: a job revokes exactly what it was started for, in parts, through a restart, each token once; whoever
// loses the right to it stops it; bans and removed users. Method: a whole node; the test does the
// background's work.
// SPDX-License-Identifier: Apache-2.0
#include "authority/revocations.hpp"

#include <algorithm>

#include "authority/bans.hpp"
#include "authority/directory.hpp"
#include "authority/notices.hpp"
#include "authority/people.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

class Revocations : public ::testing::Test {
 protected:
  Actor admin() const { return World::signed_in(world.admin); }
  // An administrator of the organization alone.
  Actor eve() {
    if (!eve_) eve_ = world.add_user("eve@example.com", Role::administrator);
    return World::signed_in(*eve_);
  }
  IssuedToken issue(const UserId& owner, bool everywhere = false, std::string_view scopes = "vso.code") {
    return create_token(world.authority(), World::signed_in(owner), world.organization,
                        {.name = "a token",
                         .scopes = std::string(scopes),
                         .valid_to = {},
                         .all_organizations = everywhere,
                         .description = {}});
  }
  void work() {
    while (revoke_some(world.authority())) {
    }
  }
  // Of a token; of all.
  std::int64_t revocations_of(const std::optional<TokenId>& id) {
    return std::ranges::count_if(world.audit(), [&](const store::AuditEvent& event) {
      return event.action == "Token.PatRevokeEvent" && (!id || event.subject == id->text());
    });
  }
  store::Revocation job(const RevocationShown& started, const Place& place) {
    return show_revocation(world.authority(), admin(), place, started.job.id).job;
  }

  World world;

 private:
  std::optional<UserId> eve_;
};

TEST_F(Revocations, end_what_matches_and_no_more) {
  const auto of_ann = issue(world.ann), wide = issue(world.ann, true),
             full = issue(world.ben, false, "app_token");
  const auto started = start_revocation(
      world.authority(), eve(), world.organization,
      {.search = {.match = {.scope = token::find_scope("vso.code")}}, .owner = "ANN@example.com"},
      "found in a log");
  EXPECT_EQ(started.job.total, 1);
  EXPECT_TRUE(world.accepts(of_ann.text));
  world.advance(std::chrono::seconds(1));
  const auto later = issue(world.ann);
  work();
  EXPECT_FALSE(world.accepts(of_ann.text));
  EXPECT_TRUE(world.accepts(later.text));
  EXPECT_TRUE(world.accepts(wide.text)) << "only its owner or a server administrator ends it";
  EXPECT_TRUE(world.accepts(full.text)) << "of another owner";
  const auto done = job(started, world.organization);
  EXPECT_EQ(done.state, store::RevocationState::done);
  EXPECT_EQ(done.done, 1);
  EXPECT_EQ(done.reason, "found in a log");
  EXPECT_EQ(revocations_of(of_ann.token.id), 1);
}

TEST_F(Revocations, leave_alone_what_was_made_after_they_were_started) {
  world.advance(std::chrono::seconds(1));
  const auto started = start_revocation(world.authority(), admin(), {}, InventoryAsked{}, "");
  world.advance(std::chrono::seconds(1));
  const auto later = issue(world.ann);
  work();
  EXPECT_TRUE(world.accepts(later.text));
  EXPECT_EQ(job(started, {}).total, 0);
}

TEST_F(Revocations, go_on_after_a_restart_and_end_each_token_once) {
  std::vector<IssuedToken> issued;
  for (int i = 0; i < 600; ++i) issued.push_back(issue(i % 2 == 0 ? world.ann : world.ben));
  const auto started = start_revocation(world.authority(), admin(), world.organization, InventoryAsked{}, "");
  EXPECT_EQ(started.job.total, 600);
  world.node->store.fail({.nth = 3000, .from_then_on = true});
  EXPECT_THROW(revoke_some(world.authority()), store::Error);
  world.node->store.fail({});
  const auto part = job(started, world.organization);
  EXPECT_EQ(part.state, store::RevocationState::running);
  EXPECT_GT(part.done, 0);
  EXPECT_LT(part.done, 600);
  world.restart();
  work();
  EXPECT_EQ(job(started, world.organization).done, 600);
  EXPECT_EQ(revocations_of({}), 600);
  for (const auto& one : issued) ASSERT_FALSE(world.accepts(one.text));
}

TEST_F(Revocations, tell_each_owner_once_of_all_that_one_job_ended) {
  for (int i = 0; i < 300; ++i) static_cast<void>(issue(world.ann));
  static_cast<void>(issue(world.ben));
  static_cast<void>(issue(world.admin));
  read_all_notices(world.authority(), World::signed_in(world.ann));
  for (const auto& asked : {"ann@example.com", ""})
    static_cast<void>(start_revocation(world.authority(), admin(), {},
                                       {.search = {.match = {}}, .owner = std::string(asked)}, "leaked"));
  work();
  const auto told = [&](const UserId& user) {
    std::string text;
    for (const auto& one : list_notices(world.authority(), World::signed_in(user), {}, 1000).notices)
      if (one.notice.kind == store::NoticeKind::revoked_by_other)
        text += std::to_string(one.notice.count) + (one.read ? " read " : " new ") + *one.actor;
    return text;
  };
  EXPECT_EQ(told(world.ann), "300 new admin");
  EXPECT_EQ(told(world.ben), "1 new admin");
  EXPECT_EQ(told(world.admin), "") << "one knows what one does";
}

TEST_F(Revocations, of_named_tokens_are_refused_where_one_may_not_be_revoked) {
  const auto bound = issue(world.ann), wide = issue(world.ann, true);
  const auto start = [&](const Actor& actor, std::vector<TokenId> ids) {
    return start_revocation(world.authority(), actor, world.organization, ids, "");
  };
  EXPECT_EQ(refusal_of([&] { return start(eve(), {bound.token.id, wide.token.id}); }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return start(eve(), {TokenId::random()}); }), RefusalCode::token_not_found);
  EXPECT_EQ(refusal_of([&] { return start(World::signed_in(world.ann), {bound.token.id}); }),
            RefusalCode::forbidden);
  work();
  EXPECT_TRUE(world.accepts(bound.text));
  static_cast<void>(start(admin(), {bound.token.id, wide.token.id}));
  work();
  EXPECT_FALSE(world.accepts(bound.text));
  EXPECT_FALSE(world.accepts(wide.text));
}

TEST_F(Revocations, fail_when_who_started_them_has_lost_the_right) {
  const auto token = issue(world.ann);
  const auto started = start_revocation(world.authority(), eve(), world.organization, InventoryAsked{}, "");
  set_member(world.authority(), admin(), world.organization, eve().user, Role::reader);
  work();
  EXPECT_TRUE(world.accepts(token.text));
  EXPECT_EQ(job(started, world.organization).state, store::RevocationState::failed);
}

// What a server administrator started in an organization also ends tokens that are good for all.
TEST_F(Revocations, fail_when_who_started_them_administers_the_organization_alone_now) {
  const UserId root = world.add_user("root@example.com", Role::administrator, true);
  const auto bound = issue(world.ann), wide = issue(world.ann, true);
  const auto started =
      start_revocation(world.authority(), World::signed_in(root), world.organization, InventoryAsked{}, "");
  edit_user(world.authority(), admin(), root,
            {.enabled = {}, .server_administrator = false, .display_name = {}});
  work();
  EXPECT_TRUE(world.accepts(bound.text));
  EXPECT_TRUE(world.accepts(wide.text));
  EXPECT_EQ(job(started, world.organization).state, store::RevocationState::failed);
}

TEST_F(Revocations, of_a_removed_user_go_on_whatever_right_their_starter_loses) {
  const UserId root = world.add_user("root@example.com", std::nullopt, true);
  const auto token = issue(world.ann);
  remove_user(world.authority(), World::signed_in(root), world.ann);
  set_user_enabled(world.authority(), admin(), root, false);
  work();
  const auto kept = world.look(
      [&](store::Transaction& transaction) { return store::find_token(transaction, token.token.id); });
  EXPECT_EQ(kept->ended_reason, "owner removed");
}

TEST_F(Revocations, by_rule_ask_for_a_scope_that_was_given) {
  const auto code = issue(world.ann), build = issue(world.ann, false, "vso.build vso.packaging"),
             full = issue(world.ben, false, "app_token");
  const auto rule = [&](std::string_view scopes, std::optional<Time> before = {}) {
    return start_revocation_rule(world.authority(), eve(), world.organization, scopes, before);
  };
  EXPECT_EQ(refusal_of([&] { return rule("vso.nonsense"); }), RefusalCode::invalid_value);
  EXPECT_EQ(refusal_of([&] { return rule(" "); }), RefusalCode::invalid_value);
  static_cast<void>(rule("vso.code vso.packaging", world.now()));
  work();
  EXPECT_TRUE(world.accepts(code.text)) << "made not before";
  static_cast<void>(rule("vso.code vso.packaging"));
  work();
  EXPECT_FALSE(world.accepts(code.text));
  EXPECT_FALSE(world.accepts(build.text));
  EXPECT_TRUE(world.accepts(full.text));
}

TEST_F(Revocations, remove_a_user_with_all_that_is_theirs) {
  const auto token = issue(world.ann), wide = issue(world.ann, true);
  remove_user(world.authority(), admin(), world.ann);
  EXPECT_FALSE(world.accepts(token.text));
  EXPECT_FALSE(world.accepts(wide.text));
  work();
  EXPECT_EQ(world.refused(token.text), verify::Reason::revoked);
  const auto kept = world.look([&](store::Transaction& t) { return store::find_token(t, token.token.id); });
  EXPECT_EQ(kept->ended_reason, "owner removed");
  EXPECT_EQ(revocations_of(wide.token.id), 1);
  EXPECT_TRUE(memberships_of(world.authority(), world.ann).empty());
  EXPECT_EQ(refusal_of([&] { return (remove_user(world.authority(), admin(), world.ann), 0); }),
            RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return (remove_user(world.authority(), admin(), world.admin), 0); }),
            RefusalCode::last_administrator);
  const auto again = create_user(world.authority(), admin(),
                                 {.email = "ann@example.com", .display_name = {}, .password = {}});
  EXPECT_NE(again.user.id, world.ann);
}

TEST_F(Revocations, are_of_the_place_where_they_were_started) {
  const auto here = start_revocation(world.authority(), admin(), world.organization, InventoryAsked{}, "");
  const auto server = start_revocation(world.authority(), admin(), {}, InventoryAsked{}, "");
  EXPECT_EQ(refusal_of(
                [&] { return show_revocation(world.authority(), eve(), world.organization, server.job.id); }),
            RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return show_revocation(world.authority(), eve(), {}, server.job.id); }),
            RefusalCode::forbidden);
  const auto listed = list_revocations(world.authority(), eve(), world.organization, {}, 10);
  ASSERT_EQ(listed.jobs.size(), 1U);
  EXPECT_EQ(listed.jobs.front().job.id, here.job.id);
  EXPECT_TRUE(list_revocations(world.authority(), eve(), world.organization, here.job.id, 10).jobs.empty());
}

TEST_F(Revocations, revoke_nothing_by_a_scope_that_is_not_known_any_more) {
  const auto token = issue(world.ann);
  const auto id = RevocationId::random();
  world.write([&](store::Transaction& transaction) {
    store::insert_revocation(
        transaction,
        {.id = id,
         .organization = world.organization,
         .created_by = world.admin,
         .wanted = R"({"status":)" + std::to_string(static_cast<int>(store::InventoryStatus::live)) +
                   R"(,"bound":true,"scope":"gone.read","createdBefore":9000000000000000})",
         .ended_reason = "revoked",
         .created_at = world.now()});
  });
  work();
  EXPECT_TRUE(world.accepts(token.text));
  const auto ended = show_revocation(world.authority(), admin(), world.organization, id).job;
  EXPECT_EQ(ended.state, store::RevocationState::failed);
}

TEST_F(Revocations, a_ban_keeps_a_token_out_of_one_organization) {
  const auto wide = issue(world.ann, true), bound = issue(world.ann);
  const auto ban = [&](const Actor& actor, const TokenId& id) {
    return refusal_of([&] { return (ban_token(world.authority(), actor, world.organization, id), 0); });
  };
  const auto end = [&](const Actor& actor) {
    return refusal_of(
        [&] { return (end_ban(world.authority(), actor, world.organization, wide.token.id), 0); });
  };
  EXPECT_EQ(ban(World::signed_in(world.ben), wide.token.id), RefusalCode::forbidden);
  EXPECT_EQ(ban(eve(), bound.token.id), RefusalCode::invalid_value);
  EXPECT_EQ(ban(eve(), TokenId::random()), RefusalCode::token_not_found);
  EXPECT_EQ(ban(eve(), wide.token.id), std::nullopt);
  EXPECT_EQ(world.refused(wide.text), verify::Reason::banned_here);
  EXPECT_TRUE(world.accepts(bound.text));
  EXPECT_EQ(end(World::signed_in(world.ben)), RefusalCode::forbidden);
  EXPECT_EQ(end(World::signed_in(world.ann)), RefusalCode::forbidden)
      << "an owner undoes no administrator's ban";
  world.restart();
  EXPECT_EQ(world.refused(wide.text), verify::Reason::banned_here);
  // Its next text is banned too.
  const auto next = regenerate_token(world.authority(), World::signed_in(world.ann), wide.token.id, {}, {});
  EXPECT_EQ(world.refused(next.text), verify::Reason::banned_here);
  EXPECT_EQ(end(eve()), std::nullopt);
  EXPECT_TRUE(world.accepts(next.text));
  EXPECT_EQ(end(admin()), RefusalCode::not_found);
}

TEST_F(Revocations, find_whose_a_text_is) {
  const auto token = issue(world.ann), wide = issue(world.ben, true);
  auto& authority = world.authority();
  EXPECT_EQ(find_by_text(authority, eve(), world.organization, token.text).owner.id, world.ann);
  EXPECT_EQ(find_by_fingerprint(authority, eve(), world.organization, wide.token.fingerprint).owner.id,
            world.ben);
  EXPECT_EQ(refusal_of([&] { return find_by_text(authority, eve(), world.organization, Secret("x")); }),
            RefusalCode::token_not_found);
  EXPECT_EQ(refusal_of([&] {
              return find_by_text(authority, World::signed_in(world.ann), world.organization, token.text);
            }),
            RefusalCode::forbidden);
  revoke_token(authority, World::signed_in(world.ann), token.token.id);
  EXPECT_EQ(find_by_text(authority, admin(), {}, token.text).status, store::TokenStatus::revoked);
  remove_member(authority, admin(), world.organization, world.ben);
  EXPECT_EQ(refusal_of([&] { return find_by_text(authority, eve(), world.organization, wide.text); }),
            RefusalCode::token_not_found)
      << "works elsewhere";
}

}  // namespace
}  // namespace latchkey::authority
