// The feed's translation, seen through a load and through live changes: both must make verification believe
// the same.
// SPDX-License-Identifier: Apache-2.0
#include "authority/feed.hpp"

#include <thread>

#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

std::string told(const verify::Verdict& verdict) {
  if (const auto* refused = std::get_if<verify::Refused>(&verdict))
    return std::string(verify::name(refused->reason)) +
           (refused->since ? " " + iso8601(*refused->since) : "");
  if (const auto* principal = std::get_if<verify::Principal>(&verdict))
    return "accepted until " + iso8601(principal->valid_to);
  return "unavailable";
}

TEST(Feed, makes_a_restarted_node_believe_what_the_running_one_did) {
  World world;
  const Actor ann = World::signed_in(world.ann);
  const IssuedToken live = world.issue(world.ann), revoked = world.issue(world.ann),
                    in_grace = world.issue(world.ann), replaced = world.issue(world.ann),
                    of_disabled = world.issue(world.ben);
  world.advance(1h);
  revoke_token(world.authority(), ann, revoked.token.id);
  const IssuedToken successor = regenerate_token(world.authority(), ann, in_grace.token.id, {}, 24h);
  static_cast<void>(regenerate_token(world.authority(), ann, replaced.token.id, {}, 0s));
  world.write([&](store::Transaction& transaction) {
    auto ben = *store::find_user(transaction, world.ben);
    ben.state = store::UserState::disabled;
    store::update_user(transaction, ben);
  });
  world.advance(1min);

  const auto all = [&] {
    std::vector<std::string> verdicts;
    for (const IssuedToken* issued : {&live, &revoked, &in_grace, &successor, &replaced, &of_disabled})
      verdicts.push_back(told(world.node->verdict(issued->text.reveal(), "Halden")));
    return verdicts;
  };
  const auto running = all();
  EXPECT_EQ(running[0].substr(0, 8), "accepted");
  EXPECT_EQ(running[1].substr(0, 7), "revoked");
  EXPECT_EQ(running[2].substr(0, 8), "accepted");
  EXPECT_EQ(running[3].substr(0, 8), "accepted");
  EXPECT_EQ(running[4].substr(0, 8), "replaced");
  EXPECT_EQ(running[5].substr(0, 14), "owner_disabled");
  world.restart();
  EXPECT_EQ(all(), running);
}

TEST(Feed, loads_more_than_one_batch) {
  World world;
  world.write([&](store::Transaction& transaction) {
    for (int i = 0; i < 2'500; ++i)
      store::insert_user(transaction, {.id = UserId::random(),
                                       .email = std::to_string(i) + "@example.com",
                                       .display_name = "somebody",
                                       .password = {},
                                       .password_ends_at = {},
                                       .signed_in_at = {},
                                       .created_at = world.now()});
  });
  const IssuedToken issued = world.issue(world.add_user("last@example.com", Role::reader));
  world.restart();
  EXPECT_TRUE(world.accepts(issued.text));
}

TEST(Feed, has_a_revocation_in_the_index_before_it_is_answered_whoever_asks) {
  World world;
  std::vector<IssuedToken> tokens;
  for (int i = 0; i < 64; ++i) tokens.push_back(world.issue(world.ann));
  std::vector<std::jthread> threads;
  for (std::size_t first = 0; first < 4; ++first)
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < tokens.size(); i += 4)
        revoke_token(world.authority(), World::signed_in(world.ann), tokens[i].token.id);
    });
  threads.clear();
  for (const IssuedToken& issued : tokens) EXPECT_EQ(world.refused(issued.text), verify::Reason::revoked);
  EXPECT_EQ(world.audit().size(), 128U);
}

}  // namespace
}  // namespace latchkey::authority
