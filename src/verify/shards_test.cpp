// Goal: the shards agree with a plain map, whatever the order of puts, rebuilds and sweeps. Method: random
// histories; the seed of a failing one is printed.
// SPDX-License-Identifier: Apache-2.0
#include "verify/shards.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "verify/epoch.hpp"

namespace latchkey::verify {
namespace {

struct Known {
  std::uint32_t owner;
  Word word;
};

class ShardsModel : public testing::TestWithParam<std::size_t> {};

TEST_P(ShardsModel, agrees_with_a_map) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 generator(seed);
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  Shards shards;
  shards.reserve(GetParam());
  std::map<std::uint32_t, Known> model;
  constexpr std::uint32_t texts = 30'000;
  const auto digest = [](std::uint32_t text) { return Digest::of(std::to_string(text)); };
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < texts; ++i) {
      const std::uint32_t text = random() % (texts * 2);
      const auto known = model.find(text);
      const Word word(static_cast<std::uint8_t>(1 + random() % 6), random() % 100, Second{random() % 1000});
      const std::uint32_t owner = known == model.end() ? random() : known->second.owner;
      ASSERT_EQ(shards.put(digest(text), owner, word), known == model.end() ? Word() : known->second.word);
      model.insert_or_assign(text, Known{owner, word});
      if (i % 1000 == 0) shards.free_rebuilt();
    }
    const Second before{100};
    std::size_t forgotten = 0;
    for (std::size_t shard = 0; shard < Shards::count; ++shard)
      shards.sweep(shard, before, [&](Word word) {
        ++forgotten;
        EXPECT_LT(word.deadline(), before);
      });
    EXPECT_EQ(std::erase_if(model, [&](const auto& one) { return one.second.word.deadline() < before; }),
              forgotten);
    for (std::uint32_t text = 0; text < texts * 2; ++text) {
      const auto found = shards.find(digest(text));
      const auto known = model.find(text);
      ASSERT_EQ(found.word, known == model.end() ? Word() : known->second.word);
      if (known != model.end()) ASSERT_EQ(found.owner, known->second.owner);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Reserved, ShardsModel, testing::Values(0, 50'000));

// A hash that puts every text into one shard, so that readers are where its table moves.
UniversalHash into_one_shard() {
  UniversalHash::Keys keys{};
  keys[0] = UniversalHash::Wide{1} << 52;
  return UniversalHash(keys);
}

TEST(ShardsStress, lose_no_text_and_no_change_while_a_table_moves) {
  constexpr std::uint32_t texts_max = 2000, readers = 2;
  constexpr std::uint8_t state = 1;
  Shards shards(into_one_shard());
  Epoch epoch(readers);
  std::vector<std::atomic<std::uint32_t>> answered(texts_max);  // a text's version: its word's deadline
  std::atomic<std::uint32_t> born = 0;
  std::atomic<int> wrong = 0;
  const auto digest = [](std::uint32_t text) { return Digest::of(std::to_string(text)); };
  const auto read = [&](unsigned reader) {
    std::mt19937 random(reader);
    for (std::uint32_t now = born; now < texts_max; now = born) {
      if (now == 0) continue;
      const auto text = static_cast<std::uint32_t>(random() % now);
      const Digest asked = digest(text);
      const std::uint32_t version = answered[text];
      epoch.pin(reader);
      const auto found = shards.find(asked);
      if (found.word.state() != state || found.owner != text ||
          static_cast<std::uint32_t>(found.word.deadline()) < version)
        ++wrong;
      epoch.unpin(reader);
      if (random() % 16 == 0) std::this_thread::yield();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned reader = 0; reader < readers; ++reader) threads.emplace_back(read, reader);
    std::mt19937 random(readers);
    for (std::uint32_t text = 0; text < texts_max; ++text) {
      const auto changed = static_cast<std::uint32_t>(random() % (text + 1));
      shards.put(digest(text), text, Word(state, 0, Second{1}));
      shards.put(digest(texts_max + text), text, Word(state, 0, Second{}));
      shards.sweep(0, Second{1}, [](Word) {});  // the second goes: the table moves
      const std::uint32_t version = answered[changed] + 2;
      shards.put(digest(changed), changed, Word(state, 0, Second{version}));
      epoch.advance();
      shards.free_rebuilt();
      answered[changed] = version;
      born = text + 1;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(TableRef, has_room_for_what_its_class_was_chosen_for) {
  unsigned last = 0;
  for (std::size_t texts = 1; texts < 100'000; texts += 1 + texts / 50) {
    const unsigned size_class = TableRef::class_for(texts);
    EXPECT_GE(size_class, last);
    EXPECT_GE(TableRef::slots_of(size_class) / 5 * 4, texts);
    if (size_class > 0) EXPECT_LT(TableRef::slots_of(size_class - 1) / 5 * 4, texts);
    last = size_class;
  }
}

}  // namespace
}  // namespace latchkey::verify
