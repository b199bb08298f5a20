// Goal: every byte asked for is random. Method: a span longer than one read of the kernel is filled to its
// last byte, and bytes beside it are left alone. SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace latchkey {
namespace {

TEST(FillRandom, fills_all_of_the_span_and_nothing_else) {
  std::vector<std::byte> bytes(100'002, std::byte{0});
  fill_random(std::span(bytes).subspan(1, 100'000));
  EXPECT_EQ(bytes.front(), std::byte{0});
  EXPECT_EQ(bytes.back(), std::byte{0});
  for (std::size_t at = 1; at + 100 < bytes.size(); at += 100) {
    EXPECT_FALSE(std::all_of(bytes.begin() + at, bytes.begin() + at + 100,
                             [](std::byte b) { return b == std::byte{}; }));
  }
}

TEST(FillRandom, takes_an_empty_span) { fill_random({}); }

}  // namespace
}  // namespace latchkey
