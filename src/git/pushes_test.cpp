// Goal: quarantines are listed when the last push of a repository ends, and never while one runs. Method:
// pushes that begin and end by hand, and a list that counts.
// SPDX-License-Identifier: Apache-2.0
#include "git/pushes.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace latchkey::git {
namespace {

TEST(Pushes, list_when_the_last_ends) {
  Pushes pushes;
  const auto house = RepositoryId::random(), barn = RepositoryId::random();
  const auto list = [] { return Pushes::Paths{"left"}; };
  std::optional<Pushes::Running> first(std::in_place, pushes, house), second(std::in_place, pushes, house);
  Pushes::Running other(pushes, barn);
  EXPECT_EQ(other.end(list).size(), 1u);
  EXPECT_TRUE(first->end(list).empty());
  first.reset();
  EXPECT_EQ(second->end(list).size(), 1u);
}

TEST(Pushes, count_one_that_was_never_ended_properly) {
  Pushes pushes;
  const auto house = RepositoryId::random();
  Pushes::Running last(pushes, house);
  {
    const Pushes::Running gone(pushes, house);
  }
  EXPECT_EQ(last.end([] { return Pushes::Paths{"left"}; }).size(), 1u);
}

}  // namespace
}  // namespace latchkey::git
