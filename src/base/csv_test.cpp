// Goal: a line reads back as it was written, and no cell is a formula. Method: awkward cells, there and back.
// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

TEST(Csv, reads_back_what_it_wrote) {
  const std::vector<std::string> cells{"",    "x",      "",   "a,b", "say \"hi\"", "two\r\nlines", "=1+1",
                                       "'=1", "''",     "-1", "+1",  "@x",         "\tx",          "\rx",
                                       "\"",  "ends\n", ""};
  std::string line = "before\r\n";
  append_csv_line(line, cells);
  ASSERT_TRUE(line.ends_with("\r\n"));
  EXPECT_EQ(parse_csv(std::string_view(line).substr(8, line.size() - 10)), cells);
}

TEST(Csv, writes_no_formula) {
  for (const std::string formula : {"=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
    std::string line;
    append_csv_line(line, std::span(&formula, 1));
    EXPECT_TRUE(line.starts_with('\'') || line.starts_with("\"'")) << line;
  }
}

TEST(Csv, reads_nothing_else) {
  for (const char* line : {"\"open", "\"a\"b", "\"a\" ,b"}) EXPECT_FALSE(parse_csv(line)) << line;
}

}  // namespace
}  // namespace latchkey
