// SPDX-License-Identifier: Apache-2.0
#include "base/priority.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace latchkey {

void stand_behind(Priority priority) noexcept {
  // To the kernel a thread is a process of its own. It refuses no lower priority.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), static_cast<int>(priority));
}

}  // namespace latchkey
