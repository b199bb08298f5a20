// SPDX-License-Identifier: Apache-2.0
#include "base/pool.hpp"

#include "base/priority.hpp"

namespace latchkey {

Pool::Pool(std::size_t threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

bool Pool::try_run(Job job) {
  {
    const Lock lock(mutex_);
    if (waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

std::size_t Pool::waiting() {
  const Lock lock(mutex_);
  return waiting_.size();
}

void Pool::work(const std::stop_token& stop) {
  stand_behind(Priority::decisions);
  for (;;) {
    Job job;
    {
      const Lock lock(mutex_);
      if (!changed_.wait(mutex_, stop, [this]() LATCHKEY_REQUIRES(mutex_) { return !waiting_.empty(); }))
        return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job();
  }
}

}  // namespace latchkey
