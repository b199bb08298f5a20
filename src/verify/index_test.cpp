// Goal: the index tells what the last change said. Method: look-ups after each kind of change, by one thread;
// what happens while others look is index_stress_test.cpp's.
// SPDX-License-Identifier: Apache-2.0
#include "verify/index.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "verify/shards.hpp"
#include "verify/world_test.hpp"

namespace latchkey::verify {
namespace {

using namespace std::chrono_literals;

SecretEntry secret_of(std::string_view text, const UserId& owner = UserId::random()) {
  return {.digest = Digest::of(text),
          .state = TokenState::live,
          .deadline = World::now + 1h,
          .owner = owner,
          .organization = std::nullopt,
          .scopes = token::ScopeSet::full()};
}

void apply(Index& index, Change change) { index.writer().apply({&change, 1}); }

TokenState state_of(const Pin& pin, const Digest& digest) {
  return static_cast<TokenState>(pin.look(digest).token.state());
}

TEST(Index, finds_nothing_while_it_is_empty) {
  Index index(1);
  const auto pin = index.reader(0).pin();
  EXPECT_FALSE(pin.trusted());
  EXPECT_TRUE(pin.look(Digest()).token.empty());
}

TEST(Index, finds_each_of_many_by_its_digest) {
  for (const bool reserved : {false, true}) {
    Index index(1);
    if (reserved) index.writer().reserve(50'000);
    std::vector<Change> changes;
    for (int i = 0; i < 60'000; ++i) changes.emplace_back(secret_of(std::to_string(i)));
    index.writer().apply(changes);
    const auto pin = index.reader(0).pin();
    for (int i = 0; i < 60'000; ++i) {
      const auto facts = pin.look(Digest::of(std::to_string(i)));
      ASSERT_FALSE(facts.token.empty());
      ASSERT_EQ(facts.owner->id, std::get<SecretEntry>(changes[static_cast<std::size_t>(i)]).owner);
    }
    EXPECT_TRUE(pin.look(Digest::of("60000")).token.empty());
  }
}

TEST(Index, believes_the_last_of_several_changes_of_one_subject) {
  Index index(1);
  auto secret = secret_of("a");
  std::vector<Change> changes = {secret};
  secret.state = TokenState::revoked;
  changes.emplace_back(secret);
  index.writer().apply(changes);
  EXPECT_EQ(state_of(index.reader(0).pin(), secret.digest), TokenState::revoked);
  secret.state = TokenState::live;
  apply(index, secret);
  EXPECT_EQ(state_of(index.reader(0).pin(), secret.digest), TokenState::live);
}

TEST(Index, tells_what_a_text_grants_and_what_its_owner_may) {
  World world;
  world.apply();
  {
    const auto pin = world.reader.pin();
    const auto facts = pin.look(world.secret.digest);
    EXPECT_EQ(*facts.grant, (Grant{world.secret.scopes, world.organization.id}));
    EXPECT_EQ(facts.owner->id, world.owner.id);
    EXPECT_EQ(*facts.memberships, world.owner.memberships);
    EXPECT_EQ(facts.open->find("halden"), world.organization.id);
    EXPECT_EQ(facts.open->name_of(world.organization.id), "halden");
    EXPECT_EQ(facts.token.deadline(), second_of(world.secret.deadline));
  }
  world.owner.memberships.clear();
  world.apply();
  EXPECT_TRUE(world.reader.pin().look(world.secret.digest).memberships->empty());
  world.owner.enabled = false;
  world.apply();
  EXPECT_EQ(world.reader.pin().look(world.secret.digest).memberships, nullptr);
}

TEST(Index, knows_a_text_before_its_owner) {
  Index index(1);
  const auto secret = secret_of("a");
  apply(index, secret);
  EXPECT_EQ(index.reader(0).pin().look(secret.digest).memberships, nullptr);
  apply(index, OwnerEntry{secret.owner, true, {}});
  EXPECT_NE(index.reader(0).pin().look(secret.digest).memberships, nullptr);
}

TEST(Index, tells_texts_apart_by_160_bits_of_their_digests) {
  Index index(1);
  auto bytes = std::array<std::byte, Digest::size>();
  const auto put = [&](TokenState state) {
    auto secret = secret_of("");
    secret.digest = Digest(bytes);
    secret.owner = UserId();
    secret.state = state;
    apply(index, secret);
  };
  put(TokenState::live);
  for (std::size_t i = 0; i < Digest::size; ++i) {
    bytes[i] ^= std::byte{1};
    EXPECT_EQ(index.reader(0).pin().look(Digest(bytes)).token.empty(), i < 20) << i;
    bytes[i] ^= std::byte{1};
  }
}

TEST(Index, finds_an_organization_under_its_present_name_alone) {
  Index index(1);
  const auto secret = secret_of("x");
  apply(index, secret);
  OrganizationEntry a{OrganizationId::random(), "a", true}, b{OrganizationId::random(), "b", true};
  apply(index, a);
  apply(index, b);
  a.name_key = "c";
  apply(index, a);
  const auto named = [&](std::string_view key) {
    return index.reader(0).pin().look(secret.digest).open->find(key);
  };
  EXPECT_EQ(named("a"), std::nullopt);
  EXPECT_EQ(named("c"), a.id);
  a.name_key = "b";
  apply(index, a);
  EXPECT_EQ(named("b"), std::nullopt);  // two claim it: nobody's, until one has let go
  b.name_key = "c";
  apply(index, b);
  EXPECT_EQ(named("b"), a.id);
  EXPECT_EQ(named("c"), b.id);
  a.open = false;
  apply(index, a);
  EXPECT_EQ(named("b"), std::nullopt);
}

TEST(Index, forgets_only_what_ended_long_ago) {
  Index index(1);
  const auto time = World::now;
  std::vector<Change> changes;
  for (const auto state : {TokenState::live, TokenState::replaced, TokenState::revoked}) {
    for (const auto deadline : {time - 1s, time, time + 1s}) {
      auto secret = secret_of(std::to_string(changes.size()));
      secret.state = state;
      secret.deadline = deadline;
      changes.emplace_back(secret);
    }
  }
  index.writer().apply(changes);
  index.forget_ended_before(time);
  for (std::size_t i = 0; i < Shards::count; ++i) index.writer().apply({});
  const auto pin = index.reader(0).pin();
  for (std::size_t i = 0; i < changes.size(); ++i)
    EXPECT_EQ(pin.look(Digest::of(std::to_string(i))).token.empty(), i % 3 == 0) << i;
}

}  // namespace
}  // namespace latchkey::verify
