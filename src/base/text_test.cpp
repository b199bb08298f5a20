// Goal: two names that look the same are the same, and no name can act on a screen or a log.
// Method: examples of each rule; every control character and override; every broken kind of UTF-8.
// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

TEST(Normalized, composes) {
  EXPECT_EQ(normalized("A\u0308pfel"), "\u00c4pfel");
  EXPECT_EQ(normalized("\u212b"), "\u00c5");  // ANGSTROM SIGN
  EXPECT_EQ(normalized("\uac00"), normalized("\u1100\u1161"));
  EXPECT_EQ(normalized("plain"), "plain");
  EXPECT_EQ(normalized(""), "");
  EXPECT_EQ(normalized("\ufb01"), "\ufb01");  // a ligature is not NFC's to take apart
}

TEST(Normalized, refuses_control_characters) {
  for (int c = 0; c < 0xa0; ++c) {
    const bool is_control = c < 0x20 || c >= 0x7f;
    std::string text = "a";
    if (c >= 0x80) text += '\xc2';
    text += static_cast<char>(c);
    EXPECT_EQ(normalized(text + "b").has_value(), !is_control) << c;
  }
}

TEST(Normalized, refuses_bidirectional_overrides) {
  for (const auto* c :
       {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_EQ(normalized(std::string("a") + c), std::nullopt);
  }
  EXPECT_TRUE(normalized("\u05d0\u05d1").has_value());  // Hebrew needs none
}

TEST(Normalized, refuses_what_is_not_utf8) {
  for (const auto* text : {"\xff", "a\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xf0\x9f\x98", "M\xfcller"}) {
    EXPECT_EQ(normalized(text), std::nullopt) << text;
  }
}

TEST(Folded, makes_the_cases_of_a_name_one) {
  EXPECT_EQ(folded("Stra\u00dfe"), folded("STRASSE"));
  EXPECT_EQ(folded("\u00c4PFEL"), "\u00e4pfel");
  EXPECT_EQ(folded("\u03a3"), folded("\u03c2"));
  EXPECT_NE(folded("I"), folded("\u0130"));
  EXPECT_EQ(folded("\u0130"), "i\u0307");
}

TEST(Folded, changes_nothing_when_done_again) {
  for (const auto* text :
       {"Stra\u00dfe", "\u0130", "\u0390", "\u1e9e", "\u01c5", "\ufb03", "\u0345\u0301", "Name"}) {
    const std::string once = folded(*normalized(text));
    EXPECT_EQ(folded(once), once) << text;
    EXPECT_EQ(normalized(once), once) << text;
  }
}

TEST(Characters, counts_code_points) {
  EXPECT_EQ(characters(""), 0u);
  EXPECT_EQ(characters("abc"), 3u);
  EXPECT_EQ(characters("\u00e4\u20ac\U0001f600"), 3u);
}

}  // namespace
}  // namespace latchkey
