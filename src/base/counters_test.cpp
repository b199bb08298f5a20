// Goal: counters count what many threads add, and a histogram puts each value where its bounds say.
// SPDX-License-Identifier: Apache-2.0
#include "base/counters.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace latchkey {
namespace {

constexpr std::array<std::uint64_t, 3> bounds{1, 10, 100};

TEST(Histogram, puts_a_value_into_the_first_bucket_that_holds_it) {
  Histogram<bounds> histogram;
  for (const std::uint64_t value : {0, 1, 2, 10, 11, 100, 101, 5000}) histogram.add(value);
  for (std::size_t bucket = 0; bucket < histogram.size; ++bucket)
    EXPECT_EQ(histogram.count(bucket), 2U) << bucket;
  EXPECT_EQ(histogram.sum(), 5225U);
}

TEST(Histogram, loses_nothing_that_threads_add_at_once) {
  Histogram<bounds> histogram;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 10'000; ++n) histogram.add(7);
      });
  }
  EXPECT_EQ(histogram.count(1), 40'000U);
  EXPECT_EQ(histogram.sum(), 280'000U);
}

}  // namespace
}  // namespace latchkey
