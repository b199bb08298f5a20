// The feed carries what is committed from the store to the index, in order; only through it can an answer
// leave: when the index has it, and no ref moves any more under what it ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <span>
#include <utility>

#include "authority/long_requests.hpp"
#include "authority/password_uses.hpp"
#include "store/change.hpp"
#include "store/store.hpp"
#include "verify/index.hpp"

namespace latchkey::authority {

class Feed : private store::Settlement {
 public:
  explicit Feed(verify::Index::Writer writer) noexcept : writer_(writer) {}

  // Loads the index from the store, starts the store's writer, and lets the index be believed. Once, at
  // start.
  void start(store::Store& store);

  // What it tells of changes. Any thread.
  [[nodiscard]] LongRequests& long_requests() noexcept { return long_requests_; }

  [[nodiscard]] PasswordUses& password_uses() noexcept { return password_uses_; }

  // The value of a decision, once the index has everything up to its position and the windows of what that
  // ended are shut. Any pool thread.
  template <class T>
  [[nodiscard]] T settle(store::Committed<T>&& committed) {
    wait_for(committed.position());
    long_requests_.wait_for_windows(committed.position());
    return take(std::move(committed));
  }

 private:
  void apply(std::span<const store::Change> changes, store::Position last);  // the store's writer thread
  void wait_for(store::Position position) const;

  verify::Index::Writer writer_;
  PasswordUses password_uses_;
  LongRequests long_requests_;
  std::atomic<store::Position> applied_{};
};

}  // namespace latchkey::authority
