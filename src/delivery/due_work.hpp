// Work that becomes due: a thread looks for it each second, and a few others do it, pieces of one name one
// after another, of different names beside one another. The destructor waits for what is being done.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "base/pool.hpp"

namespace latchkey::delivery {

class DueWork {
 public:
  struct Piece {
    std::string name;
    std::function<void(const std::stop_token&)> run;  // what it throws is logged: it becomes due again
  };
  using Due = std::function<std::vector<Piece>()>;

  // `what` names it in the log.
  DueWork(std::string what, Due due);
  ~DueWork() = default;
  DueWork(const DueWork&) = delete;
  DueWork& operator=(const DueWork&) = delete;

 private:
  void look(const std::stop_token& stop);
  void begin_due(const std::stop_token& stop);
  void run(const Piece& piece, const std::stop_token& stop) noexcept;

  const std::string what_;
  const Due due_;
  Mutex mutex_;
  std::condition_variable_any woken_;
  std::set<std::string> running_ LATCHKEY_GUARDED_BY(mutex_);
  Pool pool_;
  std::jthread looker_;  // the last member: it ends before the pool
};

}  // namespace latchkey::delivery
