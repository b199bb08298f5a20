// Goal: a notice lies in the outbox exactly when mail is on and once, as long as it holds; what fails waits,
// longer each time, and is given up after five days; a server that takes nothing is asked for one mail alone;
// an administrator, and nobody else, sends again. Method: a whole node without a network, a clock that the
// test moves.
// SPDX-License-Identifier: Apache-2.0
#include "authority/mail.hpp"

#include <gmock/gmock.h>

#include "authority/notices.hpp"
#include "authority/outbox.hpp"
#include "authority/revocations.hpp"
#include "authority/testing.hpp"
#include "store/notices.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;
using testing::Not;

class Outbox : public testing::Test {
 protected:
  Outbox() { set_mailing(authority(), true); }
  Authority& authority() { return world_.authority(); }
  Actor admin() const { return World::signed_in(world_.admin); }
  std::optional<store::OutboxRow> next() {
    return world_.look([&](store::Transaction& transaction) {
      return store::next_to_send(transaction, store::Queue(store::Channel::owner_mail), world_.now());
    });
  }
  MailState state() { return show_mail(authority(), admin(), {}, 10); }
  // Fails the next one until its time is not yet come; how long it must wait then.
  std::chrono::microseconds wait_after(void (*fail)(Authority&, store::OutboxRow, std::string_view)) {
    fail(authority(), next().value(), "451 later");
    const Time begin = world_.now();
    while (!next()) world_.advance(1s);
    return world_.now() - begin;
  }

  World world_;
};

TEST_F(Outbox, has_each_notice_once_where_mail_is_on) {
  const auto issued = world_.issue(world_.ann);
  const auto first = next();
  ASSERT_TRUE(first);
  outbox_done(authority(), *first);
  EXPECT_FALSE(next());
  world_.restart();
  EXPECT_FALSE(next());
  set_mailing(authority(), false);
  static_cast<void>(world_.issue(world_.ann));
  EXPECT_FALSE(next());
  set_mailing(authority(), true);
  EXPECT_FALSE(next()) << "what was told while mail was off is not sent afterwards";
}

TEST_F(Outbox, has_what_one_act_revoked_once_and_when_all_is_counted) {
  for (int i = 0; i < 300; ++i) static_cast<void>(world_.issue(world_.ann));
  while (next()) outbox_done(authority(), *next());
  static_cast<void>(start_revocation(authority(), admin(), {},
                                     {.search = {.match = {}}, .owner = "ann@example.com"}, "leaked"));
  while (revoke_some(authority())) {
  }
  EXPECT_FALSE(next()) << "it may be counted still";
  world_.advance(1min);
  const auto row = next();
  ASSERT_TRUE(row);
  const auto told = world_.look(
      [&](store::Transaction& transaction) { return store::find_notice(transaction, row->notice); });
  EXPECT_EQ(told->notice.count, 300);
  outbox_done(authority(), *row);
  EXPECT_FALSE(next());
}

TEST_F(Outbox, has_what_was_queued_after_a_restart_in_order) {
  static_cast<void>(world_.issue(world_.ann));
  const auto first = next().value();
  world_.advance(1s);
  static_cast<void>(world_.issue(world_.ben));
  world_.restart();
  EXPECT_EQ(next().value().notice, first.notice);
}

TEST_F(Outbox, has_nothing_to_say_of_an_end_that_holds_no_more) {
  const auto token =
      create_token(
          authority(), World::signed_in(world_.ann), world_.organization,
          {.name = "t", .scopes = "vso.code", .valid_to = world_.now() + days(30), .description = {}})
          .token;
  outbox_done(authority(), next().value());
  world_.advance(days(24));
  static_cast<void>(tell_ends(authority()));
  const auto told = next().value();
  const auto notice = [&] {
    return world_.look(
        [&](store::Transaction& transaction) { return store::find_notice(transaction, told.notice); });
  };
  EXPECT_EQ(notice().value().notice.kind, store::NoticeKind::expires_soon);
  revoke_token(authority(), World::signed_in(world_.ann), token.id, world_.organization);
  EXPECT_FALSE(notice());
}

TEST_F(Outbox, puts_off_longer_each_time_and_never_beyond_four_hours) {
  static_cast<void>(world_.issue(world_.ann));
  EXPECT_EQ(wait_after(outbox_put_off), 1min);
  EXPECT_EQ(wait_after(outbox_put_off), 2min);
  EXPECT_EQ(wait_after(outbox_put_off), 4min);
  EXPECT_EQ(back_off(100, 4h), 4h);
  EXPECT_EQ(back_off(1, 4h), 1min);
}

TEST_F(Outbox, gives_up_after_five_days_with_the_servers_words) {
  static_cast<void>(world_.issue(world_.ann));
  world_.advance(days(5) - 1s);
  outbox_put_off(authority(), next().value(), "451 later");
  ASSERT_TRUE(state().undeliverable.empty());
  world_.advance(2min);
  outbox_put_off(authority(), next().value(), "451 still\r\nlater\x1b[31m");
  ASSERT_EQ(state().undeliverable.size(), 1U);
  EXPECT_EQ(state().undeliverable[0].row.last_error, "451 still  later [31m");
  EXPECT_EQ(state().undeliverable[0].email, "ann@example.com");
  EXPECT_EQ(state().undeliverable[0].kind, "created");
  world_.advance(days(1));
  EXPECT_FALSE(next());
}

TEST_F(Outbox, waits_as_a_whole_for_a_server_that_takes_nothing) {
  static_cast<void>(world_.issue(world_.ann));
  const auto first = next().value();
  world_.advance(1s);
  static_cast<void>(world_.issue(world_.ben));
  outbox_blocked(authority(), first, "connection refused");
  EXPECT_FALSE(next());
  EXPECT_EQ(state().queue.queued, 2);
  EXPECT_EQ(state().queue.first->last_error, "connection refused");
  EXPECT_EQ(state().queue.waiting_until, world_.now() + 1min);
  world_.restart();
  EXPECT_FALSE(next()) << "a restart does not forget it";
  world_.advance(1min);
  EXPECT_EQ(next().value().notice, first.notice) << "the order stays";
  for (int i = 0; i < 10; ++i) outbox_blocked(authority(), *next(), "still"), world_.advance(15min);
  EXPECT_TRUE(next()) << "it is never asked less often than each quarter of an hour";
}

TEST_F(Outbox, puts_a_refused_one_aside_and_goes_on) {
  static_cast<void>(world_.issue(world_.ann));
  static_cast<void>(world_.issue(world_.ben));
  const auto first = next().value();
  outbox_refused(authority(), first, "550 no such user");
  ASSERT_TRUE(next());
  EXPECT_NE(next().value().notice, first.notice);
}

TEST_F(Outbox, sends_again_what_an_administrator_names) {
  static_cast<void>(world_.issue(world_.ann));
  static_cast<void>(world_.issue(world_.ben));
  const auto first = next().value();
  outbox_refused(authority(), first, "550");
  outbox_refused(authority(), next().value(), "550");
  EXPECT_EQ(retry_mails(authority(), admin(), std::array{first.notice, NoticeId::random()}), 1);
  EXPECT_EQ(next().value().notice, first.notice);
  EXPECT_EQ(next().value().attempts, 0);
  EXPECT_EQ(retry_all_mails(authority(), admin()), 1);
  EXPECT_TRUE(state().undeliverable.empty());
  EXPECT_EQ(world_.audit().back().action, "Mail.Retried");
}

TEST_F(Outbox, tries_what_waits_at_once_when_it_is_told_to) {
  static_cast<void>(world_.issue(world_.ann));
  outbox_put_off(authority(), next().value(), "451");
  static_cast<void>(world_.issue(world_.ben));
  outbox_blocked(authority(), next().value(), "down");
  EXPECT_FALSE(next());
  EXPECT_EQ(retry_all_mails(authority(), admin()), 0);
  outbox_done(authority(), next().value());
  EXPECT_TRUE(next());
}

TEST_F(Outbox, is_for_server_administrators_alone) {
  const auto ann = World::signed_in(world_.ann);
  EXPECT_EQ(refusal_of([&] { return show_mail(authority(), ann, {}, 10).more; }), RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return retry_all_mails(authority(), ann); }), RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return retry_mails(authority(), ann, {}); }), RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              record_test_mail(authority(), ann, "eve@example.com");
              return true;
            }),
            RefusalCode::forbidden);
}

TEST_F(Outbox, list_goes_on_behind_its_last_one) {
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(world_.issue(world_.ann));
    outbox_refused(authority(), next().value(), "550");
    world_.advance(1s);
  }
  const auto page = show_mail(authority(), admin(), {}, 3);
  ASSERT_TRUE(page.more && page.undeliverable.size() == 3);
  const auto& last = page.undeliverable.back().row;
  const auto rest =
      show_mail(authority(), admin(), store::UndeliverableCursor{last.created_at, last.notice}, 3);
  EXPECT_TRUE(!rest.more && rest.undeliverable.size() == 2);
}

// A secret is nowhere in a row of the outbox, whatever a server answers.
TEST_F(Outbox, keeps_no_text_of_a_token_that_a_server_quotes) {
  const auto issued = world_.issue(world_.ann);
  outbox_refused(authority(), next().value(), "550 what is " + std::string(issued.text.reveal()));
  EXPECT_THAT(state().undeliverable[0].row.last_error, HasSubstr("[token]"));
  EXPECT_THAT(state().undeliverable[0].row.last_error, Not(HasSubstr(std::string(issued.text.reveal()))));
}

}  // namespace
}  // namespace latchkey::authority
