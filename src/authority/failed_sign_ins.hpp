// Failed sign-ins in the audit, bounded: whoever guesses passwords must not fill the disk. 100 are recorded
// each by itself, then one in each ten seconds; the rest, and those that the throttle refused, are counted
// and recorded together, once a minute at most. So a day has fewer than 10,000 such events, whatever comes;
// kill -9 takes the count of the last minute. Any thread; memory is fixed.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/throttle.hpp"
#include "base/mutex.hpp"
#include "base/time.hpp"

namespace latchkey::authority {

class FailedSignIns {
 public:
  struct Counted {
    std::int64_t count = 0;
    Time first, last;
    std::vector<std::string> addresses;  // the first ten
  };

  // Whether this one is recorded by itself; else it was counted.
  [[nodiscard]] bool may_record(Time now, std::string_view address);
  void count(Time now, std::string_view address);
  // What was counted, if there is any, for whoever records it.
  [[nodiscard]] std::optional<Counted> take();
  // It could not be recorded.
  void give_back(const Counted& counted);

 private:
  Throttle alone_{{.at_once = 100, .interval = std::chrono::seconds{10}}};
  Mutex mutex_;
  Counted counted_ LATCHKEY_GUARDED_BY(mutex_);
};

struct Authority;
// Records what was counted, as one event. Call once a minute, and at the end.
void record_failed_sign_ins(Authority&);

}  // namespace latchkey::authority
