// Owners: people who own tokens, numbered as the index first hears of them. A number is kept for as long as
// the process lives.
//
// Threads: operator[] is the readers', for the numbers that words led them to; bytes() is anybody's;
// everything else belongs to the writer.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/ids.hpp"
#include "verify/segments.hpp"

namespace latchkey::verify {

struct Owner {
  std::atomic<std::uint64_t> word;          // Word; 0 until the owner itself is told of
  std::atomic<const char*> account = none;  // the name under which services know the owner; ends with a NUL
  UserId id;

  static constexpr const char* none = "";
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
    count_.store(numbers_.size(), std::memory_order_relaxed);
    return number;
  }

  // What readers hold of the name before lives until free_renamed().
  void name(std::uint32_t number, std::string_view account) {
    if (owners_[number].account.load(std::memory_order_relaxed) == account) return;
    auto text = std::make_unique<char[]>(account.size() + 1);
    std::ranges::copy(account, text.get());
    accounts_.resize(std::max<std::size_t>(accounts_.size(), number + 1));
    owners_[number].account.store(text.get(), std::memory_order_release);
    renamed_.push_back(std::exchange(accounts_[number], std::move(text)));
  }
  // After an epoch.
  void free_renamed() noexcept { renamed_.clear(); }

  // Without the texts of the names.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return count_.load(std::memory_order_relaxed) *
           (sizeof(Owner) + sizeof(accounts_[0]) + sizeof(std::uint32_t));
  }

 private:
  struct ById {
    using is_transparent = void;
    const Segments<Owner>* owners;

    [[nodiscard]] const UserId* id(const UserId& id) const noexcept { return &id; }
    [[nodiscard]] const UserId* id(std::uint32_t number) const noexcept { return &(*owners)[number].id; }
    std::size_t operator()(const auto& one) const noexcept { return std::hash<UserId>()(*id(one)); }
    bool operator()(const auto& one, const auto& other) const noexcept { return *id(one) == *id(other); }
  };

  Segments<Owner> owners_;
  boost::unordered_flat_set<std::uint32_t, ById, ById> numbers_;
  std::atomic<std::size_t> count_ = 0;
  std::vector<std::unique_ptr<char[]>> accounts_, renamed_;
};

}  // namespace latchkey::verify
