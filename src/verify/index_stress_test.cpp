// Goal: what is promised of the index holds while a writer creates, narrows, ends and forgets, tables grow
// and move, and records are used again. Method: readers that note what had been answered before they pinned,
// what they saw, and what had begun when they had seen it; each such history is held against the promises.
// Under ThreadSanitizer a store or load of a weaker order than the design's is a race with the plain memory
// that it publishes; under AddressSanitizer a table that is freed too early is read after its end.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "verify/world_test.hpp"

namespace latchkey::verify {
namespace {

using namespace std::chrono_literals;

std::uint32_t below(std::mt19937& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>(random()) % bound;
}

// A text's life, in order; each is a change of its own.
enum Stage : int { unborn, wide, narrow, ended };

struct Life {
  Digest digest;
  std::uint32_t number = 0;
  std::atomic<int> begun = unborn, answered = unborn;
};

class Stress {
 public:
  static constexpr unsigned readers = 3;
  static constexpr std::uint32_t lives_max = 1000, owners_max = 7;

  Stress() {
    std::vector<Change> changes;
    for (auto& owner : owners) changes.emplace_back(owner = {UserId::random(), true, {}});
    for (std::uint32_t i = 0; i < lives_max; ++i) {
      lives[i].number = i;
      lives[i].digest = Digest::of(std::to_string(i));
    }
    index.writer().apply(changes);
    index.writer().trust();
  }

  void run() {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < readers; ++i) threads.emplace_back([this, i] { read(i); });
    write();
  }

  std::atomic<int> wrong_order = 0, outlived = 0, wrong_rights = 0, acceptances = 0, refusals = 0;

 private:
  // Rights that no other text has: grants come and go with their texts.
  static token::ScopeSet scopes(std::uint32_t number, Stage stage) {
    token::ScopeSet set;
    for (std::size_t bit = 0; bit < 16; ++bit)
      if ((number >> bit & 1) != 0) set.add(token::Scope(bit));
    if (stage == wide) set.add(token::Scope(20));
    return set;
  }
  [[nodiscard]] const OwnerEntry& owner_of(const Life& life) const {
    return owners[life.number % owners_max];
  }
  [[nodiscard]] SecretEntry entry(const Life& life, Stage stage) const {
    return {.digest = life.digest,
            .state = stage == ended ? TokenState::revoked : TokenState::live,
            .deadline = World::now,
            .owner = owner_of(life).id,
            .organization = {},
            .scopes = scopes(life.number, stage)};
  }

  // Where the facts say that the life stands; wrong rights are no stage of it.
  [[nodiscard]] int seen(const Life& life, const Facts& facts) const {
    if (facts.token.empty()) return unborn;
    if (facts.owner->id != owner_of(life).id || facts.memberships == nullptr) return -1;
    if (!accepts(static_cast<TokenState>(facts.token.state()))) return ended;
    for (const Stage stage : {wide, narrow})
      if (facts.grant->scopes == scopes(life.number, stage)) return stage;
    return -1;
  }

  // Around the life that the writer is at, and anywhere else, until all have ended.
  void read(unsigned number) {
    auto reader = index.reader(number);
    std::mt19937 random(number);
    for (std::uint32_t now = at; now < lives_max; now = at) {
      const bool near = below(random, 2) == 0;
      const auto& life =
          lives[near ? std::min(now + below(random, 2), lives_max - 1) : below(random, lives_max)];
      const int answered = life.answered;
      {
        const auto pin = reader.pin();
        const int stage = seen(life, pin.look(life.digest));
        const int begun = life.begun;
        if (stage < 0)
          ++wrong_rights;
        else if (stage < answered || stage > begun)
          ++wrong_order;
        (stage == wide || stage == narrow ? acceptances : refusals)++;
        for (unsigned i = below(random, 4); i > 0; --i)
          std::this_thread::yield();  // held: the writer may run
        if ((stage == wide || stage == narrow) && life.answered > stage) ++outlived;
      }
      if (below(random, 4) == 0) std::this_thread::yield();
    }
  }

  void write() {
    std::mt19937 random(readers);
    std::uint32_t fillers = 0;
    for (std::uint32_t i = 0; i < lives_max; at = ++i) {
      for (const Stage stage : {wide, narrow, ended}) {
        std::vector<Change> changes;
        // Others come, and are forgotten soon, so that tables grow and move: before and after the change.
        const auto fill = [&] {
          for (std::uint32_t n = below(random, 20); n > 0; --n) {
            auto filler = entry(lives[i], ended);
            filler.digest = Digest::of("filler" + std::to_string(fillers++));
            filler.deadline = first_second + 1s;
            changes.emplace_back(filler);
          }
        };
        fill();
        changes.emplace_back(entry(lives[i], stage));
        fill();
        if (below(random, 64) == 0) index.forget_ended_before(first_second + 2s);
        lives[i].begun = stage;
        index.writer().apply(changes);
        lives[i].answered = stage;
      }
    }
  }

  std::array<OwnerEntry, owners_max> owners;
  Index index{readers};
  std::vector<Life> lives = std::vector<Life>(lives_max);
  std::atomic<std::uint32_t> at = 0;
};

TEST(IndexStress, is_never_behind_an_answer_nor_gives_one_text_anothers_rights) {
  Stress stress;
  stress.run();
  EXPECT_EQ(stress.wrong_order, 0);
  EXPECT_EQ(stress.outlived, 0);
  EXPECT_EQ(stress.wrong_rights, 0);
  EXPECT_GT(stress.acceptances, 0);
  EXPECT_GT(stress.refusals, 0);
}

// A reactor is held in its pin by the test, with an acceptance in its hand: the answer waits for it.
TEST(IndexStress, no_answer_leaves_while_an_acceptance_is_held) {
  World world;
  world.apply();
  world.writer.trust();
  std::atomic<int> stamp = 0;
  int unpinned_at = 0, answered_at = 0;
  std::atomic<bool> begun = false;
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
      answered_at = ++stamp;
    });
    begun.wait(false);
    // Until the writer has stored, which a new look shows; then long enough for an answer to leave.
    while (std::holds_alternative<Principal>(verify(credential, pin, World::now, {})))
      std::this_thread::yield();
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    unpinned_at = ++stamp;
  }
  revoker.join();
  EXPECT_LT(unpinned_at, answered_at);
  EXPECT_TRUE(std::holds_alternative<Refused>(world.verdict()));
}

// Token, owner and organization are ended and widened at random, several in a batch. An acceptance must be
// right at one instant between the last answer before it and the last change begun when it returned.
class Toggles {
 public:
  static constexpr unsigned readers = 2;
  static constexpr int batches = 4000;

  void run() {
    log[0] = 0b111;
    const Change changes[] = {world.organization, world.owner, world.secret};
    index.writer().apply(changes);
    index.writer().trust();
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < readers; ++i)
      threads.emplace_back([this, reader = index.reader(i)]() mutable { read(reader); });
    write();
  }
  std::atomic<int> never_right = 0, acceptances = 0;

 private:
  void read(Index::Reader& reader) {
    while (!done) {
      const int low = answered;
      bool accepted = false;
      {
        const auto pin = reader.pin();
        accepted = std::holds_alternative<Principal>(
            verify(world.secret.digest, pin, World::now, {.organization_key = "halden"}));
      }
      const int high = begun;
      if (!accepted) continue;
      ++acceptances;
      bool right = false;
      for (int i = low; i <= high; ++i) right = right || log[static_cast<std::size_t>(i)] == 0b111;
      if (!right) ++never_right;
    }
  }

  // Bits: token, owner, organization.
  Change change_of(int subject, bool good) {
    if (subject == 0) {
      world.secret.state = good ? TokenState::live : TokenState::revoked;
      return world.secret;
    }
    if (subject == 1) {
      world.owner.enabled = good;
      return world.owner;
    }
    world.organization.open = good;
    return world.organization;
  }

  void write() {
    std::mt19937 random(1);
    int at = 0;
    for (int batch = 0; batch < batches; ++batch) {
      std::vector<Change> changes;
      for (std::uint32_t n = 1 + below(random, 6); n > 0; --n) {
        std::uint8_t state = log[static_cast<std::size_t>(at)];
        const int subject = static_cast<int>(below(random, 3));
        state ^= static_cast<std::uint8_t>(1 << subject);
        if (state == 0b111 && below(random, 8) != 0) continue;  // seldom all good: then an acceptance tells
        changes.push_back(change_of(subject, (state >> subject & 1) != 0));
        log[static_cast<std::size_t>(++at)] = state;
      }
      begun = at;
      index.writer().apply(changes);
      answered = at;
    }
    done = true;
  }

  World world;  // its entries: the index has more readers here
  Index index{readers};
  std::vector<std::uint8_t> log = std::vector<std::uint8_t>(batches * 6 + 1);
  std::atomic<int> begun = 0, answered = 0;
  std::atomic<bool> done = false;
};

TEST(IndexStress, accepts_only_what_was_right_at_one_instant) {
  Toggles toggles;
  toggles.run();
  EXPECT_EQ(toggles.never_right, 0);
  EXPECT_GT(toggles.acceptances, 0);
}

}  // namespace
}  // namespace latchkey::verify
