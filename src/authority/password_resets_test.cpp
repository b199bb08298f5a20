// Goal: a link for a new password works once, for an hour, for an enabled user, and is the last one that was
// mailed; whoever asks learns nothing, whoever is named; nobody is mailed twice within a quarter of an hour.
// Method: a whole node without a network, a clock that the test moves, mails begun as delivery/ does.
// SPDX-License-Identifier: Apache-2.0
#include "authority/password_resets.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "authority/account_mails.hpp"
#include "authority/directory.hpp"
#include "authority/invitations.hpp"
#include "authority/mail.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view own = "a password of my own";

class Forgetting : public ::testing::Test {
 protected:
  Forgetting() { set_mailing(authority(), true); }
  Authority& authority() { return world_.authority(); }
  // From another network each time, as different people do.
  Origin somewhere() {
    return {.address = "192.0.2." + std::to_string(++asked_), .agent = "a test", .activity = {}};
  }
  void ask(std::string_view email = "ann@example.com") {
    ask_password_reset(authority(), all_, email, somewhere());
  }
  std::optional<store::AccountMail> next() {
    return world_.look(
        [&](store::Transaction& transaction) { return store::next_account_mail(transaction, world_.now()); });
  }
  // What the mail server takes next; nothing is left afterwards.
  std::optional<AccountLetter> sent() {
    std::optional<AccountLetter> letter;
    while (const auto mail = next()) {
      auto begun = begin_account_mail(authority(), *mail);
      if (!begun) continue;
      EXPECT_FALSE(letter) << "one at most";
      letter = std::move(begun);
      account_mail_was_sent(authority(), *mail);
    }
    return letter;
  }
  std::optional<Secret> link(std::string_view email = "ann@example.com") {
    ask(email);
    auto letter = sent();
    return letter ? std::optional(std::move(letter->code)) : std::nullopt;
  }
  std::optional<RefusalCode> choosing(const Secret& code, std::string_view password = own) {
    return refusal_of([&] {
      return choose_password(authority(), code.reveal(), Secret(std::string(password)), somewhere());
    });
  }
  std::optional<RefusalCode> signing_in(std::string_view password) {
    return refusal_of(
        [&] { return sign_in(authority(), "ann@example.com", Secret(std::string(password)), somewhere()); });
  }
  std::string database() {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(world_.directory.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator(file), {});
    }
    return all;
  }

  World world_;
  Throttle all_{asks_rate};
  int asked_ = 0;
};

TEST_F(Forgetting, leads_to_another_password_and_ends_every_sign_in) {
  const auto before =
      sign_in(authority(), "ann@example.com", Secret(std::string(World::password)), somewhere());
  const auto token = world_.issue(world_.ann);
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(signing_in(World::password), std::nullopt) << "to ask changes nothing";
  EXPECT_EQ(resetting(authority(), code->reveal(), somewhere()).email, "ann@example.com");
  EXPECT_EQ(choosing(*code, "too short"), RefusalCode::invalid_value);
  const auto begun = choose_password(authority(), code->reveal(), Secret(std::string(own)), somewhere());
  EXPECT_TRUE(begun.session.strong);
  EXPECT_TRUE(find_session(authority(), begun.cookie.reveal()));
  EXPECT_FALSE(find_session(authority(), before.cookie.reveal()));
  EXPECT_EQ(signing_in(World::password), RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in(own), std::nullopt);
  EXPECT_TRUE(world_.accepts(token.text)) << "tokens are not touched";
}

TEST_F(Forgetting, tells_the_owner_that_the_password_is_another_one) {
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(choosing(*code), std::nullopt);
  const auto mail = next();
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->kind, store::AccountMailKind::password_changed);
  const auto letter = sent();
  ASSERT_TRUE(letter);
  EXPECT_TRUE(letter->code.empty());
  EXPECT_EQ(letter->user.id, world_.ann);
}

TEST_F(Forgetting, makes_a_link_that_is_good_once) {
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(choosing(*code), std::nullopt);
  EXPECT_EQ(choosing(*code), RefusalCode::not_found);
}

TEST_F(Forgetting, makes_a_link_that_is_good_for_an_hour) {
  const auto code = link();
  ASSERT_TRUE(code);
  world_.advance(reset_lasts - 1us);
  EXPECT_TRUE(resetting(authority(), code->reveal(), somewhere()).password);
  world_.advance(1us);
  EXPECT_EQ(choosing(*code), RefusalCode::not_found);
}

TEST_F(Forgetting, makes_the_link_before_good_for_nothing) {
  const auto first = link();
  world_.advance(resets_apart);
  const auto second = link();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(choosing(*first), RefusalCode::not_found);
  EXPECT_EQ(choosing(*second), std::nullopt);
}

TEST_F(Forgetting, mails_one_account_once_in_a_quarter_of_an_hour) {
  const auto first = link();
  ASSERT_TRUE(first);
  world_.advance(resets_apart - 1us);
  EXPECT_FALSE(link());
  EXPECT_FALSE(link("ANN@example.com")) << "whatever the case";
  EXPECT_TRUE(resetting(authority(), first->reveal(), somewhere()).password) << "the first one stays good";
  EXPECT_TRUE(link("ben@example.com")) << "others have their own";
  world_.advance(1us);
  EXPECT_TRUE(link());
}

TEST_F(Forgetting, mails_no_sooner_for_a_link_that_was_used) {
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(choosing(*code), std::nullopt);
  static_cast<void>(sent());
  EXPECT_FALSE(link());
}

TEST_F(Forgetting, is_for_enabled_users_who_have_a_password) {
  const auto admin = World::signed_in(world_.admin);
  const auto invited =
      create_user(authority(), admin, {.email = "new@example.com", .display_name = {}, .password = {}});
  set_user_enabled(authority(), admin, world_.ann, false);
  EXPECT_FALSE(link());
  EXPECT_FALSE(link("new@example.com"));
  EXPECT_FALSE(link("nobody@example.com"));
  EXPECT_FALSE(link("\xff"));
}

TEST_F(Forgetting, loses_its_link_when_the_user_is_disabled) {
  const auto admin = World::signed_in(world_.admin);
  const auto code = link();
  ASSERT_TRUE(code);
  set_user_enabled(authority(), admin, world_.ann, false);
  EXPECT_EQ(choosing(*code), RefusalCode::not_found);
  set_user_enabled(authority(), admin, world_.ann, true);
  EXPECT_EQ(choosing(*code), RefusalCode::not_found);
}

// Who has found the way into somebody's mail must not keep a way into the account.
TEST_F(Forgetting, loses_its_link_when_the_password_changes_by_any_way) {
  const auto admin = World::signed_in(world_.admin);
  const std::vector<std::function<void()>> ways{
      [&] {
        static_cast<void>(sign_in(authority(), "ann@example.com", Secret(std::string(World::password)),
                                  somewhere(), Secret("another long password")));
      },
      [&] {
        const auto invitation = invite(authority(), admin, world_.ann);
        static_cast<void>(accept_invitation(authority(), invitation.code.reveal(),
                                            Secret("one more long password"), somewhere()));
      },
      [&] { reset_password(authority(), "ann@example.com", Secret("a first password"), somewhere()); }};
  for (const auto& way : ways) {
    world_.advance(resets_apart);
    const auto code = link();
    ASSERT_TRUE(code);
    way();
    EXPECT_EQ(choosing(*code), RefusalCode::not_found);
    const auto told = sent();
    ASSERT_TRUE(told);
    EXPECT_TRUE(told->code.empty()) << "and the owner hears of it";
  }
  world_.advance(resets_apart);
  const auto invitation = invite(authority(), admin, world_.ann);
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(choosing(*code), std::nullopt);
  EXPECT_EQ(refusal_of([&] { return invited(authority(), invitation.code.reveal(), somewhere()); }),
            RefusalCode::not_found)
      << "an invitation that waited is a way too";
}

TEST_F(Forgetting, makes_a_new_link_when_the_mail_is_tried_again) {
  ask();
  const auto mail = next();
  ASSERT_TRUE(mail);
  const auto first = begin_account_mail(authority(), *mail);
  ASSERT_TRUE(first);
  account_mail_failed(authority(), *mail, "451 later", false);
  EXPECT_FALSE(next());
  world_.restart();
  world_.advance(1min);
  const auto second = sent();
  ASSERT_TRUE(second) << "an ask that was answered is not forgotten";
  EXPECT_EQ(choosing(first->code), RefusalCode::not_found);
  EXPECT_EQ(choosing(second->code), std::nullopt);
}

TEST_F(Forgetting, is_given_up_when_its_link_would_have_ended) {
  ask();
  world_.advance(reset_lasts);
  EXPECT_FALSE(sent());
  EXPECT_FALSE(next());
}

TEST_F(Forgetting, waits_for_a_server_that_takes_nothing_and_is_seen_to_wait) {
  ask();
  ask("ben@example.com");
  account_mail_failed(authority(), next().value(), "connection refused", true);
  EXPECT_FALSE(next()) << "of all of them one is tried";
  const auto state = show_mail(authority(), World::signed_in(world_.admin), {}, 10);
  EXPECT_EQ(state.queue.queued, 2);
  EXPECT_EQ(state.last_error, "connection refused");
  EXPECT_TRUE(state.queue.waiting_until);
  static_cast<void>(retry_all_mails(authority(), World::signed_in(world_.admin)));
  EXPECT_TRUE(next());
}

TEST_F(Forgetting, makes_the_same_rows_whoever_is_named) {
  set_user_enabled(authority(), World::signed_in(world_.admin), world_.ben, false);
  for (const auto* email :
       {"ann@example.com", "ben@example.com", "nobody@example.com", "\xff", "ann@example.com"}) {
    const auto events = world_.audit().size();
    ask(email);
    ASSERT_EQ(world_.audit().size(), events + 1) << email;
    EXPECT_EQ(world_.audit().back().action, "User.AskPasswordReset");
  }
  EXPECT_EQ(show_mail(authority(), World::signed_in(world_.admin), {}, 10).queue.queued, 5);
}

TEST_F(Forgetting, is_audited_without_what_was_typed) {
  ask("nobody@example.com");
  EXPECT_TRUE(world_.audit().back().subject.empty());
  EXPECT_THAT(world_.audit().back().data, ::testing::HasSubstr("no account"));
  EXPECT_FALSE(database().contains("nobody@example.com"));
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_EQ(choosing(*code), std::nullopt);
  EXPECT_EQ(world_.audit().back().action, "User.ResetPasswordByMail");
}

TEST_F(Forgetting, keeps_no_code_readable) {
  const auto code = link();
  ASSERT_TRUE(code);
  EXPECT_TRUE(database().contains("ann@example.com"));
  EXPECT_FALSE(database().contains(code->reveal()));
}

TEST_F(Forgetting, is_asked_for_ten_times_from_one_network) {
  const Origin one{.address = "198.51.100.7", .agent = {}, .activity = {}};
  const auto asking = [&](const Origin& origin) {
    return refusal_of([&] {
      ask_password_reset(authority(), all_, "ann@example.com", origin);
      return 0;
    });
  };
  for (int i = 0; i < password_rate.at_once; ++i) EXPECT_EQ(asking(one), std::nullopt);
  EXPECT_EQ(asking(one), RefusalCode::too_many_attempts);
  EXPECT_EQ(asking(somewhere()), std::nullopt);
  EXPECT_EQ(refusal_of([&] {
              return sign_in(authority(), "ben@example.com", Secret(std::string(World::password)), one);
            }),
            std::nullopt)
      << "who asked too often can sign in";
}

TEST_F(Forgetting, is_asked_for_a_bounded_number_of_times_by_all) {
  for (int i = 0; i < asks_rate.at_once; ++i) ask("nobody@example.com");
  EXPECT_EQ(refusal_of([&] {
              ask();
              return 0;
            }),
            RefusalCode::too_many_attempts);
}

TEST_F(Forgetting, needs_mail) {
  set_mailing(authority(), false);
  EXPECT_FALSE(sends_mail(authority()));
  EXPECT_EQ(refusal_of([&] {
              ask();
              return 0;
            }),
            RefusalCode::invalid_value);
  EXPECT_FALSE(next());
}

TEST_F(Forgetting, is_guessed_by_nobody) {
  const Origin one{.address = "198.51.100.8", .agent = {}, .activity = {}};
  const auto guessing = [&] { return refusal_of([&] { return resetting(authority(), "a guess", one); }); };
  for (int i = 0; i < password_rate.at_once; ++i) EXPECT_EQ(guessing(), RefusalCode::not_found);
  EXPECT_EQ(guessing(), RefusalCode::too_many_attempts);
}

}  // namespace
}  // namespace latchkey::authority
