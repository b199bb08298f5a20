// Signing in by password, and the sessions that follow: what is good, for how long, and what ends it.
// SPDX-License-Identifier: Apache-2.0
#include "authority/sessions.hpp"

#include "authority/directory.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

const Origin somewhere{.address = "192.0.2.7", .agent = "a test", .activity = {}};

Secret good_password() { return Secret(std::string(World::password)); }

std::optional<RefusalCode> signing_in(World& world, std::string_view user, std::string password,
                                      const Origin& origin = somewhere) {
  return refusal_of([&] { return sign_in(world.authority(), user, Secret(std::move(password)), origin); });
}

TEST(SignIn, gives_a_cookie_that_finds_the_session) {
  World world;
  const NewSession begun = sign_in(world.authority(), "Ann@Example.com", good_password(), somewhere);
  EXPECT_EQ(begun.cookie.reveal().size(), 43U);
  EXPECT_EQ(begun.session.user.id, world.ann);
  EXPECT_TRUE(begun.session.strong);
  const auto found = find_session(world.authority(), begun.cookie.reveal());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user.id, world.ann);
  EXPECT_EQ(found->user.signed_in_at, world.now());
  EXPECT_EQ(find_session(world.authority(), "no such cookie"), std::nullopt);
}

TEST(SignIn, says_the_same_to_wrong_passwords_unknown_users_and_disabled_ones) {
  World world;
  set_user_enabled(world.authority(), World::signed_in(world.admin), world.ben, false);
  EXPECT_EQ(signing_in(world, "ann@example.com", "wrong horse battery"), RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in(world, "nobody@example.com", std::string(World::password)),
            RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in(world, "ben@example.com", std::string(World::password)), RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in(world, "\xff\xfe", std::string(World::password)), RefusalCode::not_signed_in);
}

TEST(SignIn, is_throttled_by_account_and_network_together) {
  World world;
  for (int i = 0; i < password_rate.at_once; ++i)
    EXPECT_TRUE(world.authority().password_attempts.take(world.now(), "ann@example.com", "192.0.2.7"));
  EXPECT_EQ(signing_in(world, "ANN@example.com", std::string(World::password)),
            RefusalCode::too_many_attempts);
  EXPECT_EQ(signing_in(world, "ben@example.com", std::string(World::password)), std::nullopt);
  const Origin elsewhere{.address = "198.51.100.1", .agent = {}, .activity = {}};
  EXPECT_EQ(signing_in(world, "ann@example.com", std::string(World::password), elsewhere), std::nullopt);
  world.advance(password_rate.interval);
  EXPECT_EQ(signing_in(world, "ann@example.com", std::string(World::password)), std::nullopt);
}

TEST(SignIn, writes_one_event_and_so_does_signing_out) {
  World world;
  const NewSession begun = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  ASSERT_EQ(world.audit().size(), 1U);
  EXPECT_EQ(world.audit().back().action, "Session.SignIn");
  EXPECT_EQ(world.audit().back().address, "192.0.2.7");
  sign_out(world.authority(), begun.cookie.reveal(), somewhere);
  EXPECT_EQ(world.audit().back().action, "Session.SignOut");
  EXPECT_EQ(find_session(world.authority(), begun.cookie.reveal()), std::nullopt);
  sign_out(world.authority(), begun.cookie.reveal(), somewhere);
  EXPECT_EQ(world.audit().size(), 2U);
}

TEST(SignIn, ends_the_one_that_the_same_browser_had) {
  World world;
  const NewSession other = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  const NewSession old = sign_in(world.authority(), "ben@example.com", good_password(), somewhere);
  const NewSession begun =
      sign_in(world.authority(), "ann@example.com", good_password(), somewhere, {}, old.cookie.reveal());
  EXPECT_EQ(find_session(world.authority(), old.cookie.reveal()), std::nullopt);
  EXPECT_TRUE(find_session(world.authority(), other.cookie.reveal()).has_value());
  EXPECT_TRUE(find_session(world.authority(), begun.cookie.reveal()).has_value());
  EXPECT_EQ(world.audit().size(), 3U);
}

TEST(SignIns, are_listed_to_their_user_and_end_one_by_one_or_all_others) {
  World world;
  const Actor ann = World::signed_in(world.ann), ben = World::signed_in(world.ben);
  const NewSession first = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  world.advance(1min);
  const NewSession second = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  world.advance(1min);
  const NewSession third = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  static_cast<void>(sign_in(world.authority(), "ben@example.com", good_password(), somewhere));
  const auto listed = list_sign_ins(world.authority(), ann);
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(listed.front().id, third.session.id);
  EXPECT_EQ(listed.front().address, "192.0.2.7");
  EXPECT_EQ(end_of(listed.front()), world.now() + 12h);

  const auto ending = [&](const Actor& actor, const SignInId& id) {
    return refusal_of([&] {
      end_sign_in(world.authority(), actor, id);
      return 0;
    });
  };
  EXPECT_EQ(ending(ben, first.session.id), RefusalCode::not_found);
  EXPECT_EQ(ending(World::under(world.issue(world.ann, "app_token")), first.session.id),
            RefusalCode::forbidden);
  EXPECT_EQ(ending(ann, first.session.id), std::nullopt);
  EXPECT_EQ(find_session(world.authority(), first.cookie.reveal()), std::nullopt);
  EXPECT_TRUE(find_session(world.authority(), second.cookie.reveal()).has_value());
  end_other_sign_ins(world.authority(), ann, third.session.id);
  EXPECT_EQ(find_session(world.authority(), second.cookie.reveal()), std::nullopt);
  EXPECT_TRUE(find_session(world.authority(), third.cookie.reveal()).has_value());
  EXPECT_EQ(list_sign_ins(world.authority(), ben).size(), 1U);
  world.advance(12h);
  EXPECT_TRUE(list_sign_ins(world.authority(), ann).empty());
}

TEST(FindSession, is_strong_for_an_hour) {
  World world;
  const NewSession begun = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  world.advance(1h - 1s);
  EXPECT_TRUE(find_session(world.authority(), begun.cookie.reveal())->strong);
  world.advance(1s);
  EXPECT_FALSE(find_session(world.authority(), begun.cookie.reveal())->strong);
}

TEST(FindSession, ends_after_twelve_idle_hours) {
  World world;
  const NewSession begun = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  world.advance(12h - 1s);
  EXPECT_TRUE(find_session(world.authority(), begun.cookie.reveal()).has_value());
  world.advance(12h - 1s);
  EXPECT_TRUE(find_session(world.authority(), begun.cookie.reveal()).has_value());
  world.advance(12h);
  EXPECT_EQ(find_session(world.authority(), begun.cookie.reveal()), std::nullopt);
}

TEST(SignIn, replaces_the_password_that_it_was_given) {
  World world;
  const auto signing_in = [&](std::string_view current, std::optional<std::string_view> next = {}) {
    return refusal_of([&] {
      std::optional<Secret> replacement;
      if (next) replacement.emplace(std::string(*next));
      return sign_in(world.authority(), "ann@example.com", Secret(std::string(current)), somewhere,
                     replacement);
    });
  };
  EXPECT_EQ(signing_in("wrong horse battery", "another long password"), RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in(World::password, "short"), RefusalCode::invalid_value);
  EXPECT_EQ(signing_in(World::password, World::password), RefusalCode::invalid_value);
  EXPECT_EQ(signing_in(World::password), std::nullopt);  // none of these changed anything
  EXPECT_EQ(signing_in(World::password, "another long password"), std::nullopt);
  EXPECT_EQ(signing_in(World::password), RefusalCode::not_signed_in);
  EXPECT_EQ(signing_in("another long password"), std::nullopt);
}

class FirstPassword : public ::testing::Test {
 protected:
  static constexpr std::string_view first = "the first password";

  void SetUp() override {
    reset_password(world_.authority(), "ann@example.com", Secret(std::string(first)), somewhere);
  }
  std::optional<RefusalCode> signing_in(const std::optional<Secret>& next = {}) {
    return refusal_of([&] {
      return sign_in(world_.authority(), "ann@example.com", Secret(std::string(first)), somewhere, next);
    });
  }
  World world_;
};

TEST_F(FirstPassword, is_good_for_the_sign_in_that_replaces_it) {
  EXPECT_EQ(signing_in(), RefusalCode::new_password_required);
  world_.advance(first_password_lasts - 1s);
  EXPECT_EQ(signing_in(Secret("another long password")), std::nullopt);
  EXPECT_EQ(signing_in(Secret("yet another password")), RefusalCode::not_signed_in);
  world_.advance(1h);  // what replaced it lasts
  EXPECT_NO_THROW(static_cast<void>(
      sign_in(world_.authority(), "ann@example.com", Secret("another long password"), somewhere)));
}

TEST_F(FirstPassword, ends_after_half_an_hour) {
  world_.advance(first_password_lasts);
  EXPECT_EQ(signing_in(Secret("another long password")), RefusalCode::not_signed_in);
}

TEST_F(FirstPassword, takes_the_place_of_a_lost_one_and_ends_its_sessions) {
  const NewSession begun = sign_in(world_.authority(), "ben@example.com", good_password(), somewhere);
  reset_password(world_.authority(), "BEN@example.com", Secret(std::string(first)), somewhere);
  EXPECT_EQ(find_session(world_.authority(), begun.cookie.reveal()), std::nullopt);
  EXPECT_EQ(
      refusal_of([&] { return sign_in(world_.authority(), "ben@example.com", good_password(), somewhere); }),
      RefusalCode::not_signed_in);
  EXPECT_EQ(refusal_of([&] {
              reset_password(world_.authority(), "nobody@example.com", Secret(std::string(first)), somewhere);
              return 0;
            }),
            RefusalCode::not_found);
}

TEST(FindSession, ends_after_seven_days_however_busy) {
  World world;
  const NewSession begun = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  for (int hours = 0; hours < 7 * 24; hours += 8) {
    EXPECT_TRUE(find_session(world.authority(), begun.cookie.reveal()).has_value()) << hours;
    world.advance(8h);
  }
  EXPECT_EQ(find_session(world.authority(), begun.cookie.reveal()), std::nullopt);
}

TEST(FindSession, is_ended_by_a_password_change_and_by_disabling_its_user) {
  World world;
  const NewSession first = sign_in(world.authority(), "ann@example.com", good_password(), somewhere);
  const NewSession second = sign_in(world.authority(), "ann@example.com", good_password(), somewhere,
                                    Secret("another long password"));
  EXPECT_EQ(find_session(world.authority(), first.cookie.reveal()), std::nullopt);
  EXPECT_TRUE(find_session(world.authority(), second.cookie.reveal()).has_value());
  const Actor admin = World::signed_in(world.admin);
  set_user_enabled(world.authority(), admin, world.ann, false);
  set_user_enabled(world.authority(), admin, world.ann, true);
  EXPECT_EQ(find_session(world.authority(), second.cookie.reveal()), std::nullopt);
}

}  // namespace
}  // namespace latchkey::authority
