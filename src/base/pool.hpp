// Pool: the threads on which everything that blocks runs (SQL, argon2id, the file system), and a
// bounded queue. A full pool says no at once; it never queues without bound. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/mutex.hpp"

namespace latchkey {

class Pool {
 public:
  using Job = std::move_only_function<void() noexcept>;

  Pool(std::size_t threads, std::size_t waiting_max);
  // Runs what waits, then ends: a thread that is told to stop works until nothing waits.
  ~Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False when `waiting_max` jobs wait already: nothing was taken.
  [[nodiscard]] bool try_run(Job job);
  // How many jobs wait for a thread now.
  [[nodiscard]] std::size_t waiting();

 private:
  void work(const std::stop_token& stop);

  const std::size_t waiting_max_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> waiting_ LATCHKEY_GUARDED_BY(mutex_);
  std::vector<std::jthread> threads_;  // the last member: they end before what they use
};

}  // namespace latchkey
