// Goal: the bell tells of each act once, in its transaction, to the owner alone; of an end to come once for
// each token and end, whatever was moved, restarted or failed. Method: a whole node without a network, a
// clock that the test moves, every statement failing once.
// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <array>

#include "authority/testing.hpp"
#include "base/log.hpp"
#include "store/ends.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

class Notices : public ::testing::Test {
 protected:
  Authority& authority() { return world_.authority(); }
  IssuedToken issue(days lives, const std::string& name = "t") {
    return create_token(
        authority(), World::signed_in(world_.ann), world_.organization,
        {.name = name, .scopes = "vso.code", .valid_to = world_.now() + lives, .description = {}});
  }
  NoticesShown shown(const UserId& user) {
    return list_notices(authority(), World::signed_in(user), {}, 1000);
  }
  // The newest first.
  std::string kinds(const UserId& user) {
    constexpr std::string_view names[] = {"soon",    "created", "regenerated", "widened", "revoked", "warned",
                                          "revoked", "stream",  "expired",     "rests",   "network"};
    std::string all;
    for (const auto& one : shown(user).notices)
      (all += names[static_cast<std::size_t>(one.notice.kind) - 1]) += " ";
    return all;
  }
  std::size_t told() {
    std::size_t count = 0;
    for (const auto& one : shown(world_.ann).notices)
      count += one.notice.kind == store::NoticeKind::expires_soon ? 1 : 0;
    return count;
  }
  void edit(const TokenId& id, std::optional<std::string> scopes, std::optional<Time> valid_to) {
    static_cast<void>(edit_token(authority(), World::signed_in(world_.ann), world_.organization,
                                 {.id = id,
                                  .name = {},
                                  .scopes = std::move(scopes),
                                  .description = {},
                                  .valid_to = valid_to,
                                  .all_organizations = {}}));
  }

  World world_;
};

TEST_F(Notices, tell_of_each_act_that_matters_and_of_no_other) {
  const auto token = issue(days(30)).token;
  EXPECT_EQ(kinds(world_.ann), "created ");
  world_.advance(1s);
  edit(token.id, "vso.code", {});
  edit(token.id, {}, world_.now() + days(20));
  EXPECT_EQ(kinds(world_.ann), "created ") << "nothing was widened";
  edit(token.id, "vso.code_write", {});
  EXPECT_EQ(kinds(world_.ann), "widened created ");
  world_.advance(1s);
  edit(token.id, {}, world_.now() + days(40));
  EXPECT_EQ(kinds(world_.ann), "widened widened created ");
  world_.advance(1s);
  static_cast<void>(regenerate_token(authority(), World::signed_in(world_.ann), token.id, {}, 1h));
  EXPECT_EQ(kinds(world_.ann), "regenerated widened widened created ");
  revoke_token(authority(), World::signed_in(world_.ann), token.id);
  EXPECT_EQ(kinds(world_.ann), "regenerated widened widened created ") << "one knows what one does";
  const auto found = shown(world_.ann).notices.at(0);
  EXPECT_EQ(found.address, "192.0.2.7");
  EXPECT_TRUE(found.data->contains("OldSecretUntil"));
  EXPECT_EQ(found.name, "t");
  EXPECT_EQ(found.organization_name, "halden");
  EXPECT_EQ(kinds(world_.ben) + kinds(world_.admin), "");
}

TEST_F(Notices, tell_the_owner_who_else_revoked) {
  const auto token = issue(days(30));
  world_.advance(1s);
  EXPECT_EQ(refusal_of([&] {
              revoke_token(authority(), World::signed_in(world_.ben), token.token.id, world_.organization);
              return 0;
            }),
            RefusalCode::token_not_found);
  EXPECT_TRUE(world_.accepts(token.text));
  revoke_token(authority(), World::signed_in(world_.admin), token.token.id, world_.organization);
  EXPECT_FALSE(world_.accepts(token.text));
  EXPECT_EQ(kinds(world_.ann), "revoked created ");
  EXPECT_EQ(shown(world_.ann).notices.at(0).actor, "admin");
  EXPECT_EQ(kinds(world_.admin), "");
}

TEST_F(Notices, leave_an_administrator_of_another_organization_nothing_to_revoke) {
  const auto eve = world_.add_user("eve@example.com", {});
  const auto elsewhere = OrganizationId::random();
  world_.write([&](store::Transaction& transaction) {
    store::insert_organization(transaction, {.id = elsewhere, .name = "else", .created_at = world_.now()});
    store::put_membership(transaction, elsewhere, eve, Role::administrator);
    store::put_membership(transaction, elsewhere, world_.ann, Role::reader);
  });
  const auto bound = issue(days(30));
  const auto all = create_token(
      authority(), World::signed_in(world_.ann), world_.organization,
      {.name = "all", .scopes = "vso.code", .valid_to = {}, .all_organizations = true, .description = {}});
  for (const auto& id : {bound.token.id, all.token.id})
    for (const auto& in : {elsewhere, world_.organization})
      EXPECT_EQ(refusal_of([&] {
                  revoke_token(authority(), World::signed_in(eve), id, in);
                  return 0;
                }),
                RefusalCode::token_not_found);
  EXPECT_TRUE(world_.accepts(bound.text) && world_.accepts(all.text));
}

TEST_F(Notices, are_read_one_by_one_or_all_and_by_their_reader_alone) {
  for (int i = 0; i < 3; ++i) static_cast<void>(issue(days(30)));
  EXPECT_EQ(shown(world_.ann).unread, 3);
  const NoticeId first[] = {shown(world_.ann).notices.at(0).notice.id};
  read_notices(authority(), World::signed_in(world_.ben), first);
  EXPECT_EQ(shown(world_.ann).unread, 3);
  read_notices(authority(), World::signed_in(world_.ann), first);
  read_notices(authority(), World::signed_in(world_.ann), first);
  EXPECT_EQ(shown(world_.ann).unread, 2);
  EXPECT_TRUE(shown(world_.ann).notices.at(0).read);
  read_all_notices(authority(), World::signed_in(world_.ann));
  EXPECT_EQ(shown(world_.ann).unread, 0);
  EXPECT_EQ(shown(world_.ann).notices.size(), 3U);
}

TEST_F(Notices, come_by_pages_each_once) {
  for (int i = 0; i < 7; ++i) static_cast<void>(issue(days(30)));  // all at one instant
  std::vector<NoticeId> whole, paged;
  for (const auto& one : shown(world_.ann).notices) whole.push_back(one.notice.id);
  std::optional<store::NoticeCursor> after;
  for (bool more = true; more;) {
    const auto page = list_notices(authority(), World::signed_in(world_.ann), after, 3);
    for (const auto& one : page.notices) paged.push_back(one.notice.id);
    after = {page.notices.back().notice.created_at, page.notices.back().notice.id};
    more = page.more;
  }
  EXPECT_EQ(paged, whole);
}

TEST_F(Notices, of_an_end_come_seven_days_before_and_at_it_once_also_after_a_restart) {
  static_cast<void>(issue(days(40)));
  world_.advance(days(33) - 1s);
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "created ");
  world_.advance(1s);
  tell_ends(authority());
  tell_ends(authority());
  world_.restart();
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "soon created ");
  EXPECT_EQ(shown(world_.ann).notices.at(0).notice.valid_to, world_.now() + days(7));
  world_.advance(days(7) - 1s);
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "soon created ");
  world_.advance(1s);
  tell_ends(authority());
  world_.restart();
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "expired soon created ");
}

TEST_F(Notices, of_an_end_come_at_each_step_that_the_settings_name) {
  authority().settings.told_before_end = {days(30), days(3), days(1)};
  static_cast<void>(issue(days(40)));
  static_cast<void>(issue(days(2)));
  std::string days_with_one;
  for (int day = 1; day <= 42; ++day) {
    world_.advance(days(1));
    const auto before = shown(world_.ann).notices.size();
    tell_ends(authority());
    for (auto count = before; count < shown(world_.ann).notices.size(); ++count)
      days_with_one += std::to_string(day) + " ";
  }
  EXPECT_EQ(days_with_one, "1 2 10 37 39 40 ");
}

TEST_F(Notices, of_an_end_come_on_the_hour_and_of_what_ended_since_the_last_one_on_the_next) {
  world_.advance(20min);
  static_cast<void>(issue(days(10)));
  world_.advance(days(3) + 40min - 1s);
  tell_ends(authority());
  EXPECT_EQ(told(), 0U);
  world_.advance(1s);
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
  world_.advance(days(7) - 40min + 1s);  // it has ended; the row of the day before was not looked at yet
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "soon created ");
  world_.advance(40min);
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "expired soon created ");
  world_.advance(days(1));
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "expired soon created ");
}

TEST_F(Notices, of_an_end_while_the_server_was_down_come_late_but_not_for_ever) {
  static_cast<void>(issue(days(10), "ends soon"));
  static_cast<void>(issue(days(60), "later"));
  world_.advance(days(6));
  tell_ends(authority());
  ASSERT_EQ(kinds(world_.ann), "soon created created ") << "late, and once";
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
  world_.advance(days(47));  // the first ended 43 days ago, the second ends in seven
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "soon soon created created ");
  world_.advance(days(14) - 1s);
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "expired soon soon created created ");
}

TEST_F(Notices, of_an_end_come_when_the_first_step_passed_unseen_and_was_none_of_those_told) {
  static_cast<void>(issue(days(60)));
  world_.advance(days(55));  // the row was due at 30 days, which nobody wants to hear of; 7 passed meanwhile
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
}

TEST_F(Notices, of_an_end_follow_it_when_it_moves) {
  const auto token = issue(days(10)).token;
  world_.advance(days(3));
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
  EXPECT_EQ(shown(world_.ann).unread, 2);
  edit(token.id, {}, world_.now() + days(60));
  EXPECT_EQ(kinds(world_.ann), "widened created ") << "the old one is cancelled";
  EXPECT_EQ(shown(world_.ann).unread, 2);
  world_.advance(days(7));
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "widened created ") << "it does not end where it would have ended";
  world_.advance(days(46));
  tell_ends(authority());
  EXPECT_EQ(told(), 1U) << "the new one was planned";
  world_.advance(1h);
  static_cast<void>(
      regenerate_token(authority(), World::signed_in(world_.ann), token.id, world_.now() + days(8), 0s));
  EXPECT_EQ(told(), 0U);
  world_.advance(days(1));
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
  edit(token.id, "vso.build", {});
  EXPECT_EQ(told(), 1U) << "its end stayed";
  revoke_token(authority(), World::signed_in(world_.ann), token.id);
  EXPECT_EQ(told(), 0U) << "a revoked one ends no more";
  world_.advance(days(7));
  tell_ends(authority());
  EXPECT_FALSE(kinds(world_.ann).starts_with("expired"));
}

TEST_F(Notices, of_an_end_are_not_told_twice_when_it_moves_there_and_back) {
  const auto token = issue(days(10)).token;
  world_.advance(days(4));
  tell_ends(authority());
  world_.advance(1s);
  edit(token.id, {}, token.valid_to + days(9));
  edit(token.id, {}, token.valid_to);
  tell_ends(authority());
  EXPECT_EQ(told(), 1U);
  world_.advance(days(6));
  tell_ends(authority());
  EXPECT_EQ(kinds(world_.ann), "expired widened soon created ");
}

TEST_F(Notices, of_many_ends_come_in_bounded_numbers) {
  const auto model = issue(days(10)).token;
  constexpr int many = 4500;
  world_.write([&](store::Transaction& transaction) {
    for (int i = 1; i < many; ++i) {
      auto token = model;
      token.id = TokenId::random();
      store::insert_token(transaction, token);
      store::plan_ends(transaction, std::array{store::end_of(token)}, world_.now());
    }
  });
  world_.advance(days(4));
  const auto unread = [&] { return list_notices(authority(), World::signed_in(world_.ann), {}, many + 10); };
  EXPECT_TRUE(tell_ends(authority()));
  EXPECT_EQ(unread().notices.size(), 4001U) << "with the one of its creation";
  EXPECT_FALSE(tell_ends(authority()));
  EXPECT_EQ(unread().notices.size(), many + 1U);
  EXPECT_EQ(unread().unread, store::unread_most);
}

TEST_F(Notices, of_ends_are_told_once_whichever_statement_fails) {
  set_log_level(LogLevel::error);  // the failures that this wants would fill the screen
  std::size_t ends = 0;
  for (const bool after : {false, true})
    for (long nth = 1; nth < 100; ++nth) {
      static_cast<void>(issue(days(8)));
      ++ends;
      world_.advance(days(1));
      world_.node->store.fail({.nth = nth, .kind = store::ErrorKind::unavailable, .after = after});
      try {
        tell_ends(authority());
      } catch (const store::Error&) {
      }
      const bool failed = world_.node->store.statements_run() >= nth;
      world_.node->store.fail({});
      tell_ends(authority());
      ASSERT_EQ(told(), ends) << nth << after;
      if (!failed) break;
    }
  EXPECT_GT(ends, 10U);
}

TEST_F(Notices, are_thrown_away_after_as_long_as_what_ended_is_kept) {
  static_cast<void>(issue(days(200)));
  world_.advance(days(89));
  forget_notices(authority());
  EXPECT_EQ(kinds(world_.ann), "created ");
  world_.advance(days(2));
  forget_notices(authority());
  EXPECT_EQ(kinds(world_.ann), "");
}

}  // namespace
}  // namespace latchkey::authority
