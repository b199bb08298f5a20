// Faults: the count of statements, and the failure that a test wants of the nth of them (Store::fail). One
// for all connections of a store. Any thread. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "base/mutex.hpp"
#include "store/store.hpp"

namespace latchkey::store {

class Faults {
 public:
  void set(const Store::Failure& failure) {
    const Lock lock(mutex_);
    failure_ = failure;
    run_ = 0;
  }
  // Counts one statement: how it must fail, if it must.
  [[nodiscard]] std::optional<Store::Failure> next() {
    const Lock lock(mutex_);
    ++run_;
    if (failure_.nth == 0 || run_ < failure_.nth) return std::nullopt;
    if (run_ > failure_.nth && !failure_.from_then_on) return std::nullopt;
    return failure_;
  }
  [[nodiscard]] long run() const {
    const Lock lock(mutex_);
    return run_;
  }

 private:
  mutable Mutex mutex_;
  Store::Failure failure_ LATCHKEY_GUARDED_BY(mutex_);
  long run_ LATCHKEY_GUARDED_BY(mutex_) = 0;
};

}  // namespace latchkey::store
