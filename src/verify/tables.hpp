// The tables of the index: slots, the sizes that a table may have, and where their memory comes from.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace latchkey::verify {

// Two in a cache line. A word of 0: nobody's.
struct Slot {
  std::atomic<std::uint64_t> word;
  std::array<std::atomic<std::uint64_t>, 3> identity;
};
static_assert(sizeof(Slot) == 32 && std::atomic<std::uint64_t>::is_always_lock_free);

// A table's address, with its size class in the low 6 bits: what one atomic store publishes. Sizes grow by a
// seventh to a quarter.
class TableRef {
 public:
  static constexpr unsigned classes = 64;
  static constexpr std::size_t slots_of(unsigned size_class) noexcept {
    return std::size_t{4 + (size_class & 3)} << (size_class >> 2) << 2;
  }
  // The smallest class that so many texts fill to at most four fifths. REQUIRES: there is one.
  [[nodiscard]] static unsigned class_for(std::size_t texts);

  TableRef(Slot* slots, unsigned size_class) noexcept;
  explicit TableRef(std::uint64_t bits) noexcept : bits_(bits) {}

  [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }
  [[nodiscard]] unsigned size_class() const noexcept { return bits_ & (classes - 1); }
  [[nodiscard]] Slot* slots() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return slots_of(size_class()); }
  [[nodiscard]] std::size_t texts_max() const noexcept { return size() / 5 * 4; }

  // Where the search for a position begins, and where it goes on. The top bits of the position choose the
  // shard; the 32 after them, the slot.
  [[nodiscard]] std::size_t begin(std::uint64_t position) const noexcept {
    return (position << 12 >> 32) * size() >> 32;
  }
  [[nodiscard]] std::size_t next(std::size_t slot) const noexcept {
    return slot + 1 == size() ? 0 : slot + 1;
  }

 private:
  std::uint64_t bits_;
};

// Gives tables, all empty, and takes them back. What is known to be wanted at once comes from one mapping of
// huge pages, where the system has them.
class TableMemory {
 public:
  TableMemory() noexcept = default;
  ~TableMemory();
  TableMemory(const TableMemory&) = delete;
  TableMemory& operator=(const TableMemory&) = delete;

  // The next `tables` of this class come from one mapping. Once at most.
  void reserve(std::size_t tables, unsigned size_class);
  [[nodiscard]] TableRef allocate(unsigned size_class);
  void free(TableRef table) noexcept;

 private:
  std::byte* mapping_ = nullptr;
  std::size_t mapped_ = 0, taken_ = 0;
};

}  // namespace latchkey::verify
