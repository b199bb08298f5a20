// Goal: a process that was left fewer cores counts those. Method: a thread that leaves itself one.
// SPDX-License-Identifier: Apache-2.0
#include "base/cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace latchkey {
namespace {

TEST(Cores, are_those_that_a_process_may_run_on) {
  EXPECT_LE(usable_cores(), std::thread::hardware_concurrency());
  unsigned left = 0;
  std::jthread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    left = usable_cores();
  }).join();
  EXPECT_EQ(left, 1U);
}

}  // namespace
}  // namespace latchkey
