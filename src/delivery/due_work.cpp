// SPDX-License-Identifier: Apache-2.0
#include "delivery/due_work.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/priority.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::size_t threads = 4, waiting_max = 1024;
constexpr std::chrono::seconds interval{1};

}  // namespace

DueWork::DueWork(std::string what, Due due)
    : what_(std::move(what)),
      due_(std::move(due)),
      pool_(threads, waiting_max),
      looker_([this](const std::stop_token& stop) { look(stop); }) {}

void DueWork::look(const std::stop_token& stop) {
  stand_behind(Priority::deliveries);
  while (!stop.stop_requested()) {
    try {
      begin_due(stop);
    } catch (const std::exception& error) {
      log_error(what_ + " not looked at, they are tried again", {{"error", error.what()}});
    }
    mutex_.lock();
    woken_.wait_for(mutex_, stop, interval, [] { return false; });
    mutex_.unlock();
  }
}

void DueWork::begin_due(const std::stop_token& stop) {
  for (const Piece& piece : due_()) {
    {
      const Lock lock(mutex_);
      if (!running_.insert(piece.name).second) continue;
    }
    const bool taken = pool_.try_run([this, piece, stop]() noexcept { run(piece, stop); });
    if (taken) continue;
    const Lock lock(mutex_);
    running_.erase(piece.name);
  }
}

void DueWork::run(const Piece& piece, const std::stop_token& stop) noexcept {
  stand_behind(Priority::deliveries);
  try {
    piece.run(stop);
  } catch (const std::exception& error) {
    log_error(what_ + ": what became of one was not written", {{"error", error.what()}});
  }
  const Lock lock(mutex_);
  running_.erase(piece.name);
}

}  // namespace latchkey::delivery
