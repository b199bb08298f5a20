// Goal: a broken invariant ends the process and says where, in every build. Method: death tests.
// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <gtest/gtest.h>

namespace {

TEST(AssertDeathTest, ends_the_process_and_names_the_expression_and_its_place) {
  EXPECT_DEATH(LATCHKEY_ASSERT(1 + 1 == 3), "check_test.cpp:.*1 \\+ 1 == 3");
}

TEST(Assert, does_nothing_when_the_expression_holds_and_evaluates_it_once) {
  int evaluations = 0;
  LATCHKEY_ASSERT(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

}  // namespace
