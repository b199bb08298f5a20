// SPDX-License-Identifier: Apache-2.0
#include "verify/tables.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <memory>
#include <new>

#include "base/check.hpp"

namespace latchkey::verify {
namespace {

constexpr std::align_val_t alignment{TableRef::classes};
constexpr std::size_t huge_page = std::size_t{2} << 20;

constexpr std::size_t bytes_of(unsigned size_class) noexcept {
  return TableRef::slots_of(size_class) * sizeof(Slot);
}
constexpr std::uintptr_t rounded_up(std::uintptr_t value, std::size_t to) noexcept {
  return (value + to - 1) / to * to;
}

}  // namespace

unsigned TableRef::class_for(std::size_t texts) {
  unsigned size_class = 0;
  while (slots_of(size_class) / 5 * 4 < texts) ++size_class;
  LATCHKEY_ASSERT(size_class < classes);
  return size_class;
}

TableRef::TableRef(Slot* slots, unsigned size_class) noexcept
    : bits_(std::bit_cast<std::uintptr_t>(slots) | size_class) {}

Slot* TableRef::slots() const noexcept {
  return std::bit_cast<Slot*>(std::uintptr_t{bits_ & ~std::uint64_t{classes - 1}});
}

TableMemory::~TableMemory() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapped_);
}

void TableMemory::reserve(std::size_t tables, unsigned size_class) {
  LATCHKEY_ASSERT(mapping_ == nullptr);
  const std::size_t bytes = rounded_up(tables * bytes_of(size_class), huge_page);
  void* const mapping =
      ::mmap(nullptr, bytes + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<std::byte*>(mapping);
  mapped_ = bytes + huge_page;
  taken_ =
      rounded_up(std::bit_cast<std::uintptr_t>(mapping), huge_page) - std::bit_cast<std::uintptr_t>(mapping);
  ::madvise(mapping_ + taken_, bytes, MADV_HUGEPAGE);  // a wish: without them it is only slower
}

TableRef TableMemory::allocate(unsigned size_class) {
  const std::size_t bytes = bytes_of(size_class);
  void* memory = nullptr;
  if (mapped_ - taken_ >= bytes) {
    memory = mapping_ + taken_;
    taken_ += bytes;
  } else {
    memory = ::operator new(bytes, alignment);
  }
  auto* const slots = static_cast<Slot*>(memory);
  std::uninitialized_value_construct_n(slots, TableRef::slots_of(size_class));
  return {slots, size_class};
}

void TableMemory::free(TableRef table) noexcept {
  auto* const begin = std::bit_cast<std::byte*>(table.slots());
  const std::size_t bytes = bytes_of(table.size_class());
  if (begin < mapping_ || begin >= mapping_ + mapped_) return ::operator delete(begin, bytes, alignment);
  // Whole pages go back to the system; the addresses stay.
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto from = rounded_up(std::bit_cast<std::uintptr_t>(begin), page);
  const auto to = (std::bit_cast<std::uintptr_t>(begin) + bytes) / page * page;
  if (from < to) ::madvise(std::bit_cast<void*>(from), to - from, MADV_DONTNEED);
}

}  // namespace latchkey::verify
