// Owners: people who own tokens, numbered as the index first hears of them. A number is kept for as long as
// the process lives.
//
// Threads: number() belongs to the writer; readers look up the numbers that words led them to.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>

#include "base/check.hpp"
#include "base/ids.hpp"
#include "verify/segments.hpp"

namespace latchkey::verify {

struct Owner {
  std::atomic<std::uint64_t> word;  // Word; 0 until the owner itself is told of
  UserId id;
};

class Owners {
 public:
  Owners() : numbers_(0, ById{&owners_}, ById{&owners_}) {}
  Owners(const Owners&) = delete;
  Owners& operator=(const Owners&) = delete;

  [[nodiscard]] Owner& operator[](std::uint32_t number) const noexcept { return owners_[number]; }

  [[nodiscard]] std::uint32_t number(const UserId& id) {
    if (const auto known = numbers_.find(id); known != numbers_.end()) return *known;
    const std::uint32_t number = owners_.add();
    LATCHKEY_ASSERT(owners_.size() > number);
    owners_[number].id = id;
    numbers_.insert(number);
    return number;
  }

 private:
  struct ById {
    using is_transparent = void;
    const Segments<Owner>* owners;

    [[nodiscard]] const UserId& id(const UserId& id) const noexcept { return id; }
    [[nodiscard]] const UserId& id(std::uint32_t number) const noexcept { return (*owners)[number].id; }
    std::size_t operator()(const auto& one) const noexcept { return std::hash<UserId>()(id(one)); }
    bool operator()(const auto& one, const auto& other) const noexcept { return id(one) == id(other); }
  };

  Segments<Owner> owners_;
  boost::unordered_flat_set<std::uint32_t, ById, ById> numbers_;
};

}  // namespace latchkey::verify
