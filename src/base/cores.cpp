// SPDX-License-Identifier: Apache-2.0
#include "base/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace latchkey {

unsigned usable_cores() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return std::max(1U, static_cast<unsigned>(CPU_COUNT(&set)));
  return std::max(1U, std::thread::hardware_concurrency());  // more cores than the set has room for
}

}  // namespace latchkey
