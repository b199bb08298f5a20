// Mutex and Lock: std::mutex with Clang's thread-safety annotations, so that reading a guarded member without its
// lock does not compile. Condition variables: std::condition_variable_any on the Mutex.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <mutex>

#define LATCHKEY_GUARDED_BY(mutex) __attribute__((guarded_by(mutex)))
#define LATCHKEY_REQUIRES(mutex) __attribute__((requires_capability(mutex)))

namespace latchkey {

class __attribute__((capability("mutex"))) Mutex {
 public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class __attribute__((scoped_lockable)) Lock {
 public:
  explicit Lock(Mutex& mutex) __attribute__((acquire_capability(mutex))) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() __attribute__((release_capability())) { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace latchkey
