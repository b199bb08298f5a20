// SPDX-License-Identifier: Apache-2.0
#include "verify/shards.hpp"

#include <bit>
#include <cstring>

#include "base/check.hpp"

namespace latchkey::verify {
namespace {

// What every shard begins with: a table that is never written.
constexpr unsigned smallest = 0;
constinit struct alignas(TableRef::classes) {
  std::array<Slot, TableRef::slots_of(smallest)> slots;
} nothing{};

bool is_nothing(TableRef table) noexcept { return table.slots() == nothing.slots.data(); }

}  // namespace

// 160 bits of the digest in two and a half words; the owner fills the third. Whoever steals the database
// needs 2^128 hashes to hit one of 2^32 texts.
struct Shards::Identity {
  static constexpr std::uint64_t digest_part = 0xffff'ffff;
  std::array<std::uint64_t, 3> words{};

  explicit Identity(const Digest& digest) noexcept {
    std::memcpy(words.data(), digest.bytes().data(), 20);
    static_assert(std::endian::native == std::endian::little);
  }
  explicit Identity(const Slot& slot) noexcept {
    for (std::size_t i = 0; i < words.size(); ++i)
      words[i] = slot.identity[i].load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint32_t owner() const noexcept { return static_cast<std::uint32_t>(words[2] >> 32); }
  // The owner aside; in constant time.
  [[nodiscard]] bool is(const Identity& other) const noexcept {
    return ((words[0] ^ other.words[0]) | (words[1] ^ other.words[1]) |
            ((words[2] ^ other.words[2]) & digest_part)) == 0;
  }
};

std::uint64_t Shards::position(const Identity& identity) const noexcept {
  return hash_(std::array{identity.words[0], identity.words[1], identity.words[2] & Identity::digest_part});
}

namespace {

constexpr std::size_t shard_of(std::uint64_t position) noexcept { return position >> 52; }

// The slot of this identity, or the free one where it belongs. For the writer.
template <class Identity>
Slot& slot_for(TableRef table, std::uint64_t position, const Identity& identity) noexcept {
  for (std::size_t i = table.begin(position);; i = table.next(i)) {
    Slot& slot = table.slots()[i];
    if (slot.word.load(std::memory_order_relaxed) == 0 || Identity(slot).is(identity)) return slot;
  }
}

// Identity first, then the word that publishes it.
template <class Identity>
void fill(Slot& slot, const Identity& identity, std::uint64_t word) noexcept {
  for (std::size_t i = 0; i < identity.words.size(); ++i)
    slot.identity[i].store(identity.words[i], std::memory_order_relaxed);
  slot.word.store(word, std::memory_order_release);
}

}  // namespace

Shards::Shards(const UniversalHash& hash) noexcept : hash_(hash) {
  for (auto& table : directory_)
    table.store(TableRef(nothing.slots.data(), smallest).bits(), std::memory_order_relaxed);
}

Shards::~Shards() {
  free_rebuilt();
  for (const auto& table : directory_)
    if (const TableRef own(table.load(std::memory_order_relaxed)); !is_nothing(own)) memory_.free(own);
}

Shards::Found Shards::find(const Digest& digest) const noexcept {
  const Identity identity(digest);
  const std::uint64_t at = position(identity);
  const TableRef table(directory_[shard_of(at)].load(std::memory_order_acquire));
  for (std::size_t i = table.begin(at);; i = table.next(i)) {
    const Slot& slot = table.slots()[i];
    const Word word(slot.word.load(std::memory_order_acquire));
    if (word.empty()) return {};
    if (const Identity found(slot); found.is(identity)) return {word, found.owner()};
  }
}

void Shards::prefetch(const Digest& digest) const noexcept {
  const std::uint64_t at = position(Identity(digest));
  const TableRef table(directory_[shard_of(at)].load(std::memory_order_acquire));
  __builtin_prefetch(&table.slots()[table.begin(at)]);
}

void Shards::reserve(std::size_t texts) {
  const unsigned size_class = TableRef::class_for(texts / count);
  if (size_class == smallest) return;
  memory_.reserve(count, size_class);
  for (auto& table : directory_) {
    LATCHKEY_ASSERT(is_nothing(TableRef(table.load(std::memory_order_relaxed))));
    table.store(memory_.allocate(size_class).bits(), std::memory_order_release);
  }
}

Word Shards::put(const Digest& digest, std::uint32_t owner, Word word) {
  LATCHKEY_ASSERT(!word.empty());
  Identity identity(digest);
  const std::uint64_t at = position(identity);
  const std::size_t shard = shard_of(at);
  const auto table = [&] { return TableRef(directory_[shard].load(std::memory_order_relaxed)); };

  Slot* slot = &slot_for(table(), at, identity);
  const Word before(slot->word.load(std::memory_order_relaxed));
  if (!before.empty()) {
    LATCHKEY_ASSERT(Identity(*slot).owner() == owner);
    slot->word.store(word.bits(), std::memory_order_release);
    return before;
  }
  if (is_nothing(table()) || used_[shard].load(std::memory_order_relaxed) >= table().texts_max()) {
    rebuild(shard, Second{});
    slot = &slot_for(table(), at, identity);
  }
  identity.words[2] |= std::uint64_t{owner} << 32;
  fill(*slot, identity, word.bits());
  used_[shard].fetch_add(1, std::memory_order_relaxed);
  return before;
}

// Into a table of the least size for what has its deadline since then, and one more.
void Shards::rebuild(std::size_t shard, Second since) {
  const TableRef old(directory_[shard].load(std::memory_order_relaxed));
  const auto each_kept = [&](const auto& visit) {
    for (std::size_t i = 0; i < old.size(); ++i) {
      const Word word(old.slots()[i].word.load(std::memory_order_relaxed));
      if (!word.empty() && word.deadline() >= since) visit(Identity(old.slots()[i]), word);
    }
  };
  std::uint32_t kept = 0;
  each_kept([&](const Identity&, Word) { ++kept; });
  const TableRef fresh = memory_.allocate(TableRef::class_for(kept + 1));
  each_kept([&](const Identity& identity, Word word) {
    fill(slot_for(fresh, position(identity), identity), identity, word.bits());
  });
  directory_[shard].store(fresh.bits(), std::memory_order_release);
  used_[shard].store(kept, std::memory_order_relaxed);
  if (!is_nothing(old)) rebuilt_.push_back(old);
}

void Shards::sweep(std::size_t shard, Second before, const std::function<void(Word)>& forgotten) {
  const TableRef table(directory_[shard].load(std::memory_order_relaxed));
  bool any = false;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Word word(table.slots()[i].word.load(std::memory_order_relaxed));
    if (word.empty() || word.deadline() >= before) continue;
    forgotten(word);
    any = true;
  }
  if (any) rebuild(shard, before);
}

void Shards::free_rebuilt() noexcept {
  for (const TableRef table : rebuilt_) memory_.free(table);
  rebuilt_.clear();
}

std::size_t Shards::texts() const noexcept {
  std::size_t texts = 0;
  for (const auto& used : used_) texts += used.load(std::memory_order_relaxed);
  return texts;
}

std::size_t Shards::bytes() const noexcept {
  std::size_t bytes = sizeof *this;
  for (const auto& table : directory_)
    bytes += TableRef(table.load(std::memory_order_relaxed)).size() * sizeof(Slot);
  return bytes;
}

}  // namespace latchkey::verify
