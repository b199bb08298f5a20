// Goal: what pushes leave is swept when the last push of a repository ends, and never while one runs. Method:
// pushes that begin and end by hand, and a sweep that counts.
// SPDX-License-Identifier: Apache-2.0
#include "git/pushes.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace latchkey::git {
namespace {

struct Sweep {
  int times = 0;
  bool killed = false;
  std::function<void(bool)> counting() {
    return [this](bool one_was_killed) {
      ++times;
      killed = one_was_killed;
    };
  }
};

TEST(Pushes, sweep_when_the_last_ends) {
  Pushes pushes;
  const auto house = RepositoryId::random(), barn = RepositoryId::random();
  Sweep in_house, in_barn;
  std::optional<Pushes::Running> first(std::in_place, pushes, house), second(std::in_place, pushes, house);
  Pushes::Running other(pushes, barn);
  other.end(false, in_barn.counting());
  EXPECT_EQ(in_barn.times, 1);
  EXPECT_FALSE(in_barn.killed);
  first->end(true, in_house.counting());
  EXPECT_EQ(in_house.times, 0);
  first.reset();
  second->end(false, in_house.counting());
  EXPECT_EQ(in_house.times, 1);
  EXPECT_TRUE(in_house.killed);  // the first
}

TEST(Pushes, count_one_that_was_never_ended_properly) {
  Pushes pushes;
  const auto house = RepositoryId::random();
  Sweep sweep;
  Pushes::Running last(pushes, house);
  {
    const Pushes::Running gone(pushes, house);
  }
  last.end(false, sweep.counting());
  EXPECT_EQ(sweep.times, 1);
}

}  // namespace
}  // namespace latchkey::git
