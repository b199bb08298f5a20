// Ways in by a code: the set-up of an empty server, and invitations; what each is good for, how long, and how
// often.
// SPDX-License-Identifier: Apache-2.0
#include "authority/invitations.hpp"

#include "authority/directory.hpp"
#include "authority/people.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

const Origin somewhere{.address = "192.0.2.7", .agent = "a test", .activity = {}};
constexpr std::string_view own = "a password of my own";

NewUser invitee(std::string email) { return {.email = std::move(email), .display_name = {}, .password = {}}; }

class Invited : public ::testing::Test {
 protected:
  CreatedUser create(std::string email = "carl@example.com") {
    return create_user(world_.authority(), admin_, invitee(std::move(email)));
  }
  std::optional<RefusalCode> accepting(const Secret& code, std::string_view password = own) {
    return refusal_of([&] {
      return accept_invitation(world_.authority(), code.reveal(), Secret(std::string(password)), somewhere);
    });
  }
  std::optional<RefusalCode> signing_in(std::string_view password) {
    return refusal_of([&] {
      return sign_in(world_.authority(), "carl@example.com", Secret(std::string(password)), somewhere);
    });
  }
  World world_;
  const Actor admin_ = World::signed_in(world_.admin);
};

TEST_F(Invited, take_a_password_and_are_signed_in) {
  const auto created = create();
  ASSERT_TRUE(created.invitation);
  EXPECT_EQ(created.user.display_name, "carl");
  EXPECT_EQ(created.invitation->ends_at, world_.now() + invitation_lasts);
  EXPECT_EQ(invited(world_.authority(), created.invitation->code.reveal(), somewhere).email,
            "carl@example.com");
  EXPECT_EQ(accepting(created.invitation->code, "too short"), RefusalCode::invalid_value);
  const auto begun = accept_invitation(world_.authority(), created.invitation->code.reveal(),
                                       Secret(std::string(own)), somewhere);
  EXPECT_TRUE(begun.session.strong);
  EXPECT_EQ(find_session(world_.authority(), begun.cookie.reveal())->user.id, created.user.id);
  EXPECT_EQ(world_.audit().back().action, "User.AcceptInvitation");
  EXPECT_EQ(world_.audit().size(), 2U);
  EXPECT_EQ(accepting(created.invitation->code), RefusalCode::not_found) << "once";
  EXPECT_EQ(signing_in(own), std::nullopt);
}

TEST_F(Invited, have_seven_days) {
  const auto created = create();
  world_.advance(invitation_lasts);
  EXPECT_EQ(accepting(created.invitation->code), RefusalCode::not_found);
}

TEST_F(Invited, have_the_newest_link_alone) {
  const auto created = create();
  const auto again = invite(world_.authority(), admin_, created.user.id);
  EXPECT_EQ(accepting(created.invitation->code), RefusalCode::not_found);
  EXPECT_EQ(accepting(again.code), std::nullopt);
}

TEST_F(Invited, lose_it_when_they_are_disabled) {
  const auto created = create();
  set_user_enabled(world_.authority(), admin_, created.user.id, false);
  EXPECT_EQ(accepting(created.invitation->code), RefusalCode::not_found);
  set_user_enabled(world_.authority(), admin_, created.user.id, true);
  EXPECT_EQ(accepting(created.invitation->code), RefusalCode::not_found);
}

TEST_F(Invited, keep_their_password_until_they_take_another) {
  static_cast<void>(create_user(world_.authority(), admin_,
                                {.email = "carl@example.com",
                                 .display_name = "Carl",
                                 .password = Secret(std::string(World::password))}));
  const auto before =
      sign_in(world_.authority(), "carl@example.com", Secret(std::string(World::password)), somewhere);
  const auto link = invite(world_.authority(), admin_, before.session.user.id);
  EXPECT_EQ(signing_in(World::password), std::nullopt);
  EXPECT_EQ(accepting(link.code), std::nullopt);
  EXPECT_EQ(signing_in(World::password), RefusalCode::not_signed_in);
  EXPECT_EQ(find_session(world_.authority(), before.cookie.reveal()), std::nullopt);
}

TEST_F(Invited, are_guessed_by_nobody) {
  for (int i = 0; i < password_rate.at_once; ++i)
    EXPECT_EQ(accepting(Secret(std::to_string(i))), RefusalCode::not_found);
  EXPECT_EQ(accepting(Secret("once more")), RefusalCode::too_many_attempts);
}

TEST_F(Invited, are_so_by_server_administrators_alone) {
  EXPECT_EQ(refusal_of([&] { return invite(world_.authority(), World::signed_in(world_.ben), world_.ann); }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return invite(world_.authority(), admin_, UserId::random()); }),
            RefusalCode::not_found);
}

class Unset : public ::testing::Test {
 protected:
  Unset() { clock_.hold(*parse_time("2026-11-24T08:00:00Z")); }
  std::optional<RefusalCode> setting_up(std::string_view code, std::string organization = "Halden") {
    return refusal_of([&] {
      set_up(node_.authority, code,
             {.organization = std::move(organization),
              .email = "olga@example.com",
              .password = Secret(std::string(own)),
              .display_name = "Olga N."},
             somewhere);
      return 0;
    });
  }
  TemporaryDirectory directory_;
  Clock clock_;
  Node node_{directory_.path(), clock_};
};

TEST_F(Unset, begins_with_a_good_code_once) {
  EXPECT_EQ(setting_up(""), RefusalCode::not_found) << "nothing was opened";
  const Secret code = node_.authority.set_up.open(clock_.now());
  EXPECT_EQ(code.reveal().size(), 43U);
  EXPECT_EQ(setting_up("another"), RefusalCode::not_found);
  EXPECT_EQ(setting_up(code.reveal(), "not a name"), RefusalCode::invalid_value) << "and may be repeated";
  EXPECT_TRUE(node_.authority.set_up.is_open());
  EXPECT_EQ(setting_up(code.reveal()), std::nullopt);
  EXPECT_FALSE(node_.authority.set_up.is_open());
  EXPECT_EQ(setting_up(code.reveal(), "Other"), RefusalCode::not_found);
  const auto begun = sign_in(node_.authority, "olga@example.com", Secret(std::string(own)), somewhere);
  EXPECT_TRUE(begun.session.user.server_administrator);
  EXPECT_EQ(begun.session.user.display_name, "Olga N.");
  EXPECT_EQ(memberships_of(node_.authority, begun.session.user.id).front().organization.name, "Halden");
}

TEST_F(Unset, waits_for_half_an_hour) {
  const Secret code = node_.authority.set_up.open(clock_.now());
  clock_.hold(clock_.now() + set_up_lasts);
  EXPECT_EQ(setting_up(code.reveal()), RefusalCode::not_found);
  EXPECT_TRUE(node_.authority.set_up.is_open()) << "it still waits, for another link";
}

TEST_F(Unset, is_guessed_by_nobody) {
  const Secret code = node_.authority.set_up.open(clock_.now());
  for (int i = 0; i < password_rate.at_once; ++i)
    EXPECT_EQ(setting_up(std::to_string(i)), RefusalCode::not_found);
  EXPECT_EQ(setting_up(code.reveal()), RefusalCode::too_many_attempts);
}

}  // namespace
}  // namespace latchkey::authority
