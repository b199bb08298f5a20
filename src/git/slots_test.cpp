// Goal: processes are bounded for a user and in all, and a slot comes back. Method: take until it says no.
// SPDX-License-Identifier: Apache-2.0
#include "git/slots.hpp"

#include <gtest/gtest.h>

namespace latchkey::git {
namespace {

TEST(Slots, bound_a_user_and_all) {
  Slots slots(3, 2);
  const auto ada = UserId::random(), bob = UserId::random();
  auto first = slots.take(ada);
  const auto second = slots.take(ada);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(slots.take(ada));
  auto third = slots.take(bob);
  ASSERT_TRUE(third);
  EXPECT_FALSE(slots.take(bob));
  first.reset();
  EXPECT_TRUE(slots.take(bob));
  third.reset();
  EXPECT_TRUE(slots.take(ada));
}

}  // namespace
}  // namespace latchkey::git
