// Records: what words grant, each content kept once and named by a number that fits into a word. A record
// never changes while a word names it; when none does any more, its number is used again, but only after an
// epoch, since readers may still be looking. (revocation.md 1)
//
// Threads: everything but operator[] belongs to the writer; readers look up the number of a word that they
// loaded with acquire, under a pin.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "verify/segments.hpp"
#include "verify/universal_hash.hpp"
#include "verify/word.hpp"

namespace latchkey::verify {

template <class Record, std::uint64_t (*hash_of)(const UniversalHash&, const Record&) noexcept>
class Records {
 public:
  Records() : numbers_(0, Content{&entries_, &hash_}, Content{&entries_, &hash_}) { entries_.add(); }
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;

  static constexpr std::uint32_t none = 0;  // names the empty record; not counted

  [[nodiscard]] const Record& operator[](std::uint32_t number) const noexcept {
    return entries_[number].record;
  }

  // The number of this content, for one more word.
  [[nodiscard]] std::uint32_t take(const Record& record) {
    const auto known = numbers_.find(record);
    const std::uint32_t number = known != numbers_.end() ? *known : add(record);
    ++entries_[number].words;
    return number;
  }
  // One word less names it.
  void give_back(std::uint32_t number) {
    if (number != none && --entries_[number].words == 0) unnamed_.push_back(number);
  }
  // After an epoch: nobody looks any more at what no word names.
  void reuse() {
    for (const std::uint32_t number : unnamed_) {
      if (entries_[number].words != 0 || numbers_.erase(number) == 0)
        continue;  // named again, or given back twice
      entries_[number].record = Record();
      free_.push_back(number);
    }
    unnamed_.clear();
  }

 private:
  struct Entry {
    Record record{};
    std::uint32_t words = 0;  // how many name it; the writer's
  };
  // Compares and hashes numbers by what they name.
  struct Content {
    using is_transparent = void;
    const Segments<Entry>* entries;
    const UniversalHash* hash;

    [[nodiscard]] const Record& record(const Record& record) const noexcept { return record; }
    [[nodiscard]] const Record& record(std::uint32_t number) const noexcept {
      return (*entries)[number].record;
    }
    std::size_t operator()(const auto& one) const noexcept { return hash_of(*hash, record(one)); }
    bool operator()(const auto& one, const auto& other) const noexcept {
      return record(one) == record(other);
    }
  };

  std::uint32_t add(const Record& record) {
    std::uint32_t number = 0;
    if (free_.empty()) {
      number = entries_.add();
    } else {
      number = free_.back();
      free_.pop_back();
    }
    LATCHKEY_ASSERT(number < Word::records_max);
    entries_[number].record = record;
    numbers_.insert(number);
    return number;
  }

  const UniversalHash hash_;
  Segments<Entry> entries_;
  boost::unordered_flat_set<std::uint32_t, Content, Content> numbers_;
  std::vector<std::uint32_t> unnamed_, free_;
};

}  // namespace latchkey::verify
