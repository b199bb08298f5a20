// SPDX-License-Identifier: Apache-2.0
#include "base/priority.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace latchkey {
namespace {

int nice_of_this_thread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

TEST(StandBehind, is_for_the_calling_thread_and_what_it_starts) {
  const int before = nice_of_this_thread();
  std::thread([] {
    stand_behind(Priority::deliveries);
    EXPECT_EQ(nice_of_this_thread(), 15);
    std::thread([] { EXPECT_EQ(nice_of_this_thread(), 15); }).join();
  }).join();
  EXPECT_EQ(nice_of_this_thread(), before);
}

}  // namespace
}  // namespace latchkey
