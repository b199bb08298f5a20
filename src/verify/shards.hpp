// Shards: where a text's word is found by its digest. 4,096 tables of slots, by the top bits of the position
// hash; a table that fills up is rebuilt larger, alone. A slot's identity is written before its word and
// never changes while its table lives: no reader sees half of one, or one for another. (revocation.md 1)
//
// At most four fifths of a table are full. 40 to 50 bytes a text.
//
// Threads: find() and prefetch() under a pin; everything else belongs to the one writer.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/digest.hpp"
#include "verify/tables.hpp"
#include "verify/universal_hash.hpp"
#include "verify/word.hpp"

namespace latchkey::verify {

class Shards {
 public:
  static constexpr std::size_t count = 4096;

  struct Found {
    Word word;  // empty: there is no such text
    std::uint32_t owner = 0;
  };

  explicit Shards(const UniversalHash& hash = UniversalHash()) noexcept;
  ~Shards();
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  [[nodiscard]] Found find(const Digest& digest) const noexcept;
  // Fetches what find() will look at.
  void prefetch(const Digest& digest) const noexcept;

  // Makes room for so many texts at once. REQUIRES: there is none yet.
  void reserve(std::size_t texts);
  // Stores the word; returns the one that was there (empty: none). REQUIRES: the word is not empty; the text
  // has always been this owner's.
  Word put(const Digest& digest, std::uint32_t owner, Word word);
  // Rebuilds a shard without what has a deadline before this, if that is anything; hands each word of it to
  // `forgotten`.
  void sweep(std::size_t shard, Second before, const std::function<void(Word)>& forgotten);
  // After an epoch: frees the tables that were rebuilt before it.
  void free_rebuilt() noexcept;

  // Any thread.
  [[nodiscard]] std::size_t texts() const noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  struct Identity;
  [[nodiscard]] std::uint64_t position(const Identity& identity) const noexcept;
  void rebuild(std::size_t shard, Second since);

  const UniversalHash hash_;
  std::array<std::atomic<std::uint64_t>, count> directory_;  // TableRef
  std::array<std::atomic<std::uint32_t>, count> used_{};     // changed by the writer alone
  TableMemory memory_;
  std::vector<TableRef> rebuilt_;
};

}  // namespace latchkey::verify
