// The services in force: one for the process, replaced as a whole when the settings file is read again, while
// each reactor goes on with a view of its own. A view looks at one counter for each request, and takes the
// lock only after a replacement.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "api/services.hpp"
#include "base/mutex.hpp"

namespace latchkey::api {

class ServicesInForce {
 public:
  // `services` are never null.
  explicit ServicesInForce(std::shared_ptr<const Services> services) : services_(std::move(services)) {}

  // When it returns, no request that is received later is decided by the ones before. Any thread, like all
  // here.
  void replace(std::shared_ptr<const Services> services) {
    const Lock lock(mutex_);
    services_ = std::move(services);
    objection_.clear();
    replacements_.fetch_add(1, std::memory_order_release);
  }
  // The file was read again and is wrong: the ones before stay, and /readyz says why.
  void keep(std::string objection) {
    const Lock lock(mutex_);
    objection_ = std::move(objection);
  }
  // Why the last reading of the file is not in force; empty: it is.
  [[nodiscard]] std::string objection() const {
    const Lock lock(mutex_);
    return objection_;
  }

  class View {  // belongs to a reactor
   public:
    explicit View(const ServicesInForce& all) : all_(all) { look(); }
    // Good until the next call.
    [[nodiscard]] const Services& now() {
      if (all_.replacements_.load(std::memory_order_acquire) != seen_) look();
      return *services_;
    }

   private:
    void look() {
      const Lock lock(all_.mutex_);
      seen_ = all_.replacements_.load(std::memory_order_relaxed);
      services_ = all_.services_;
    }
    const ServicesInForce& all_;
    std::uint64_t seen_ = 0;
    std::shared_ptr<const Services> services_;
  };

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const Services> services_ LATCHKEY_GUARDED_BY(mutex_);
  std::string objection_ LATCHKEY_GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> replacements_ = 0;
};

}  // namespace latchkey::api
