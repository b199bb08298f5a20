// Goal: the index tells what the last change said, and never what a change forbade once apply() has returned
// (P1). Method: look-ups after each kind of change; then readers that verify and stay pinned while the writer
// revokes: an acceptance that is still held, or that began after, when apply() has returned is a broken
// promise.
// SPDX-License-Identifier: Apache-2.0
#include "verify/index.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "verify/world_test.hpp"

namespace latchkey::verify {
namespace {

using namespace std::chrono_literals;

SecretEntry secret_of(std::string_view text, const UserId& owner) {
  return {.digest = Digest::of(text),
          .fingerprint = {},
          .state = TokenState::live,
          .deadline = World::now + 1h,
          .token = TokenId::random(),
          .owner = owner,
          .organization = std::nullopt,
          .scopes = token::ScopeSet::full(),
          .valid_to = World::now + 1h};
}

void apply(Index& index, Change change) { index.writer().apply({&change, 1}); }

TEST(Index, finds_nothing_while_it_is_empty) {
  Index index(1);
  const auto pin = index.reader(0).pin();
  EXPECT_FALSE(pin.trusted());
  EXPECT_FALSE(pin.secret(Digest()));
  EXPECT_FALSE(pin.owner(UserId::random()));
  EXPECT_FALSE(pin.organization(OrganizationId::random()));
  EXPECT_FALSE(pin.organization(""));
}

TEST(Index, finds_each_of_many_by_its_digest) {
  Index index(1);
  std::vector<Change> changes;
  for (int i = 0; i < 5000; ++i) changes.emplace_back(secret_of(std::to_string(i), UserId::random()));
  index.writer().apply(changes);
  const auto pin = index.reader(0).pin();
  for (int i = 0; i < 5000; ++i) {
    const auto* found = pin.secret(Digest::of(std::to_string(i)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->token, std::get<SecretEntry>(changes[static_cast<std::size_t>(i)]).token);
  }
  EXPECT_FALSE(pin.secret(Digest::of("5000")));
}

TEST(Index, believes_the_last_of_several_changes_of_one_subject) {
  Index index(1);
  auto secret = secret_of("a", UserId::random());
  std::vector<Change> changes = {secret};
  secret.state = TokenState::revoked;
  changes.emplace_back(secret);
  index.writer().apply(changes);
  EXPECT_EQ(index.reader(0).pin().secret(secret.digest)->state, TokenState::revoked);
  secret.state = TokenState::live;
  apply(index, secret);
  EXPECT_EQ(index.reader(0).pin().secret(secret.digest)->state, TokenState::live);
}

TEST(Index, replaces_an_owners_memberships) {
  Index index(1);
  OwnerEntry owner{UserId::random(), true, {{OrganizationId::random(), Role::reader}}};
  apply(index, owner);
  owner.memberships.clear();
  apply(index, owner);
  EXPECT_TRUE(index.reader(0).pin().owner(owner.id)->memberships.empty());
}

TEST(Index, finds_an_organization_under_its_present_name_alone) {
  Index index(1);
  OrganizationEntry a{OrganizationId::random(), "a", true}, b{OrganizationId::random(), "b", true};
  apply(index, a);
  apply(index, b);
  a.name_key = "c";
  apply(index, a);
  {
    const auto pin = index.reader(0).pin();
    EXPECT_FALSE(pin.organization("a"));
    EXPECT_EQ(pin.organization("c")->id, a.id);
    EXPECT_EQ(pin.organization(a.id)->name_key, "c");
  }
  a.name_key = "b";  // two exchange their names in one batch
  b.name_key = "c";
  const Change exchange[] = {a, b};
  index.writer().apply(exchange);
  const auto pin = index.reader(0).pin();
  EXPECT_EQ(pin.organization("b")->id, a.id);
  EXPECT_EQ(pin.organization("c")->id, b.id);
}

TEST(Index, forgets_only_what_ended_long_ago) {
  Index index(1);
  const auto time = World::now;
  std::vector<Change> changes;
  for (const auto state : {TokenState::live, TokenState::replaced, TokenState::revoked}) {
    for (const auto deadline : {time - 1s, time, time + 1s}) {
      auto secret = secret_of(std::to_string(changes.size()), UserId::random());
      secret.state = state;
      secret.deadline = deadline;
      changes.emplace_back(secret);
    }
  }
  index.writer().apply(changes);
  index.writer().forget_ended_before(time);
  const auto pin = index.reader(0).pin();
  for (std::size_t i = 0; i < changes.size(); ++i)
    EXPECT_EQ(pin.secret(Digest::of(std::to_string(i))) != nullptr, i % 3 != 0) << i;
}

TEST(Index, does_not_wait_for_readers_that_are_not_pinned) {
  Index index(16);
  std::vector<Index::Reader> readers;
  for (unsigned i = 0; i < 16; ++i) readers.push_back(index.reader(i));
  apply(index, secret_of("a", UserId::random()));
  EXPECT_TRUE(readers.back().pin().secret(Digest::of("a")));
}

TEST(Index, keeps_the_writer_waiting_while_a_reader_is_pinned) {
  World world;
  world.apply();
  world.writer.trust();
  std::atomic<bool> begun = false, applied = false;
  std::thread revoker;
  {
    Credential credential;
    credential.read(world.header(), true);
    const auto pin = world.reader.pin();
    ASSERT_TRUE(std::holds_alternative<Principal>(verify(credential, pin, World::now, {})));
    revoker = std::thread([&] {
      world.secret.state = TokenState::revoked;
      begun = true;
      begun.notify_one();
      world.apply();
      applied = true;
    });
    begun.wait(false);
    for (int i = 0; i < 1000; ++i) {
      std::this_thread::yield();
      ASSERT_TRUE(std::holds_alternative<Principal>(verify(credential, pin, World::now, {})));
    }
    EXPECT_FALSE(applied);
  }
  revoker.join();
  EXPECT_TRUE(std::holds_alternative<Refused>(world.verdict()));
}

// One token's life in the stress test: what the writer has answered, and what a reader presents.
struct Life {
  SecretEntry secret;
  Credential credential;
  std::atomic<bool> revoked = false;  // apply() has returned
};

struct Stress {
  static constexpr unsigned readers = 3;
  static constexpr std::size_t tokens = 3000;

  Stress() {
    std::vector<Change> changes = {owner};
    for (auto& life : lives) {
      const auto issued = token::issue(World::now);
      life.secret = secret_of(issued.text.reveal(), owner.id);
      life.credential.read("Bearer " + std::string(issued.text.reveal()), true);
      changes.emplace_back(life.secret);
    }
    index.writer().apply(changes);
    index.writer().trust();
  }

  // Around the token that the writer revokes at the moment, verifies until all are.
  void read(unsigned number) {
    auto reader = index.reader(number);
    while (at.load() < tokens) {
      auto& life = lives[std::min(at.load() + number % 2, tokens - 1)];
      const bool revoked_before = life.revoked;
      {
        const auto pin = reader.pin();
        const bool accepted = std::holds_alternative<Principal>(verify(life.credential, pin, World::now, {}));
        for (int i = 0; i < 3; ++i) std::this_thread::yield();  // lets the writer run while the pin is held
        if (accepted && revoked_before) ++started_after;
        if (accepted && life.revoked) ++returned_after;
        accepted ? ++acceptances : ++refusals;
      }
      std::this_thread::yield();
    }
  }

  void write() {
    auto writer = index.writer();
    for (std::size_t i = 0; i < tokens; at = ++i) {
      lives[i].secret.state = TokenState::revoked;
      std::vector<Change> changes = {lives[i].secret};
      for (int fresh = 0; fresh < 3; ++fresh)  // so that tables grow and move meanwhile
        changes.emplace_back(secret_of(std::to_string(i) + "." + std::to_string(fresh), owner.id));
      writer.apply(changes);
      lives[i].revoked = true;
    }
  }

  OwnerEntry owner{UserId::random(), true, {}};
  Index index{readers};
  std::vector<Life> lives = std::vector<Life>(tokens);
  std::atomic<std::size_t> at = 0;
  std::atomic<int> started_after = 0, returned_after = 0, acceptances = 0, refusals = 0;
};

TEST(IndexStress, no_acceptance_outlives_the_answer_of_a_revocation) {
  Stress stress;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < Stress::readers; ++i) threads.emplace_back([&, i] { stress.read(i); });
    stress.write();
  }
  EXPECT_EQ(stress.started_after, 0);
  EXPECT_EQ(stress.returned_after, 0);
  EXPECT_GT(stress.acceptances, 0);
  EXPECT_GT(stress.refusals, 0);
}

}  // namespace
}  // namespace latchkey::verify
