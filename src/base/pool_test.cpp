// Goal: a pool runs each job it took exactly once, says no when full, and ends only after what waits has run.
// Method: jobs that wait on latches, so that each state is reached and not hoped for.
// SPDX-License-Identifier: Apache-2.0
#include "base/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>

namespace latchkey {
namespace {

TEST(Pool, says_no_when_as_many_wait_as_may_and_takes_nothing) {
  std::latch started(1), release(1);
  std::atomic<int> ran = 0;
  Pool pool(1, 2);
  ASSERT_TRUE(pool.try_run([&]() noexcept {
    started.count_down();
    release.wait();
  }));
  started.wait();  // it runs: it no longer waits in the queue
  EXPECT_TRUE(pool.try_run([&]() noexcept { ++ran; }));
  EXPECT_TRUE(pool.try_run([&]() noexcept { ++ran; }));
  EXPECT_FALSE(pool.try_run([&]() noexcept { ran += 100; }));
  std::latch last(1);
  release.count_down();
  while (!pool.try_run([&]() noexcept { last.count_down(); })) std::this_thread::yield();
  last.wait();
  EXPECT_EQ(ran, 2);
}

TEST(Pool, runs_what_waits_before_it_ends) {
  std::atomic<int> ran = 0;
  {
    std::latch started(1), release(1);
    Pool pool(1, 100);
    ASSERT_TRUE(pool.try_run([&]() noexcept {
      started.count_down();
      release.wait();
      ++ran;
    }));
    started.wait();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.try_run([&]() noexcept { ++ran; }));
    release.count_down();
  }
  EXPECT_EQ(ran, 101);
}

TEST(Pool, runs_as_many_jobs_at_once_as_it_has_threads) {
  std::latch all(3);
  Pool pool(3, 3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pool.try_run([&]() noexcept { all.arrive_and_wait(); }));
  all.wait();
}

TEST(Pool, lets_a_job_add_a_job_and_takes_jobs_that_only_move) {
  std::atomic<int> ran = 0;
  {
    Pool pool(2, 1000);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(pool.try_run([&, one = std::make_unique<int>(1)]() noexcept {
        ran += *one;
        if (!pool.try_run([&]() noexcept { ++ran; })) ran -= 1000;
      }));
    }
  }
  EXPECT_EQ(ran, 200);
}

}  // namespace
}  // namespace latchkey
