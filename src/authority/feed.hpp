// The feed carries what is committed from the store to the index, in order; only through it can an answer
// leave.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <span>
#include <utility>

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

  // The value of a decision, once the index has everything up to its position. Any pool thread.
  template <class T>
  [[nodiscard]] T settle(store::Committed<T>&& committed) {
    wait_for(committed.position());
    return take(std::move(committed));
  }

 private:
  void apply(std::span<const store::Change> changes, store::Position last);  // the store's writer thread
  void wait_for(store::Position position) const;

  verify::Index::Writer writer_;
  std::atomic<store::Position> applied_{};
};

}  // namespace latchkey::authority
