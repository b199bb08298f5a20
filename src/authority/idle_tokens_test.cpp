// Goal: owners hear a week before a policy lets a token rest, once until it is used or they sign in. Method:
// a whole node without a network, a clock that the test moves.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "authority/notices.hpp"
#include "authority/policy_reach.hpp"
#include "authority/sessions.hpp"
#include "authority/testing.hpp"
#include "store/uses.hpp"

namespace latchkey::authority {
namespace {

constexpr std::chrono::days day{1};
constexpr std::chrono::seconds second{1};

struct IdleTokens : testing::Test {
  IssuedToken create() {
    return create_token(
        world.authority(), World::signed_in(world.ann), world.organization,
        {.name = "a token", .scopes = "vso.code", .valid_to = world.now() + 200 * day, .description = {}});
  }
  void use(const IssuedToken& issued) {
    world.write([&](store::Transaction& transaction) {
      store::add_use(transaction, {.token = issued.token.id,
                                   .fingerprint = issued.token.fingerprint,
                                   .outcome = std::string(store::accepted),
                                   .count = 1,
                                   .first_at = world.now(),
                                   .last_at = world.now()});
    });
  }
  std::vector<store::NoticeShown> tell() {
    while (tell_rests(world.authority())) {
    }
    auto notices = list_notices(world.authority(), World::signed_in(world.ann), {}, 100).notices;
    std::erase_if(notices, [](const auto& one) { return one.notice.kind != store::NoticeKind::rests_soon; });
    return notices;
  }

  World world;
};

TEST_F(IdleTokens, AreToldOfAWeekBeforeTheyRest) {
  const auto idle = create(), used = create();
  set_policy(world.authority(), World::signed_in(world.admin), world.organization,
             {.name = "idle-days", .value = "30", .exceptions = {world.ben}});
  world.advance(23 * day - second);
  use(used);
  EXPECT_EQ(tell().size(), 0U);
  world.advance(second);
  EXPECT_EQ(tell().size(), 1U);
  world.restart();
  const auto told = tell();
  ASSERT_EQ(told.size(), 1U) << "once";
  EXPECT_EQ(told[0].notice.token, idle.token.id);
  EXPECT_EQ(told[0].notice.valid_to, idle.token.valid_from + 30 * day);
  world.advance(second);
  use(idle);
  EXPECT_EQ(tell().size(), 0U) << "it does not rest any more";
  world.advance(23 * day);
  EXPECT_EQ(tell().size(), 2U) << "both, since their last use";
  world.advance(second);
  static_cast<void>(sign_in(world.authority(), "ann@example.com", Secret(std::string(World::password)),
                            World::signed_in(world.ann).origin, {}, ""));
  EXPECT_EQ(tell().size(), 0U) << "who is here has awake tokens";
}

TEST_F(IdleTokens, OfWhoIsExceptedAreNotToldOf) {
  static_cast<void>(create());
  set_policy(world.authority(), World::signed_in(world.admin), world.organization,
             {.name = "idle-days", .value = "30", .exceptions = {world.ann}});
  world.advance(25 * day);
  EXPECT_EQ(tell().size(), 0U);
}

}  // namespace
}  // namespace latchkey::authority
