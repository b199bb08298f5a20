// Goal: every byte asked for is random. Method: the beginning, middle and end of a long span are looked at,
// and the bytes beside it. That the kernel may give less than was asked for can't be brought about here.
// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace latchkey {
namespace {

TEST(FillRandom, fills_all_of_the_span_and_nothing_else) {
  constexpr std::size_t size = 100'000;
  std::vector<std::byte> bytes(size + 2);
  fill_random(std::span(bytes).subspan(1, size));
  EXPECT_EQ(bytes.front(), std::byte{0});
  EXPECT_EQ(bytes.back(), std::byte{0});
  for (const std::size_t at : {std::size_t{1}, size / 2, size - 99}) {
    const auto part = std::span(bytes).subspan(at, 100);
    EXPECT_FALSE(std::ranges::all_of(part, [](std::byte byte) { return byte == std::byte{0}; })) << at;
  }
}

TEST(FillRandom, takes_an_empty_span) { fill_random({}); }

}  // namespace
}  // namespace latchkey
