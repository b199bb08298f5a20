// Goal: what people are shown stands in columns and can't steer their terminal. Method: whole tables as
// texts.
// SPDX-License-Identifier: Apache-2.0
#include "app/table.hpp"

#include <gtest/gtest.h>

namespace latchkey::app {
namespace {

TEST(Table, aligns_columns_by_characters_not_bytes) {
  EXPECT_EQ(table({{"NAME", "SCOPES"}, {"Käse", "vso.code"}, {"a longer one", "x"}}),
            "NAME          SCOPES\n"
            "Käse          vso.code\n"
            "a longer one  x\n");
}

TEST(Table, shows_a_lonely_head_when_there_are_no_rows) { EXPECT_EQ(table({{"ID", "NAME"}}), "ID  NAME\n"); }

TEST(Table, leaves_no_blanks_at_the_end_of_a_line) { EXPECT_EQ(table({{"A", "B"}, {"1", ""}}), "A  B\n1\n"); }

TEST(Table, shows_control_characters_as_question_marks) {
  EXPECT_EQ(table({{"\x1b[2Jname\n"}}), "?[2Jname?\n");
}

}  // namespace
}  // namespace latchkey::app
