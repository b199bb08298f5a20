// Goal: what is looked at eight bytes at a time is judged like byte by byte. Method: every byte at every
// place of texts around the size of a word, against the table and the obvious loop.
// SPDX-License-Identifier: Apache-2.0
#include "http/chars.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "http/message.hpp"

namespace latchkey::http {
namespace {

// Calls `visit` with every text of `size` letters of which one is another byte, or two are.
template <class Visit>
void each_odd_text(std::size_t size, const Visit& visit) {
  for (unsigned byte = 0; byte < 256; ++byte)
    for (std::size_t at = 0; at < size; ++at)
      for (const char second : {'m', '\t', '\x80', '\x7f', '\x1f'}) {
        std::string text(size, 'm');
        text.back() = second;
        text[at] = static_cast<char>(byte);
        visit(text);
      }
}

TEST(ValueSize, is_that_of_the_table_wherever_a_byte_stands) {
  for (const std::size_t size : {1U, 7U, 8U, 9U, 16U, 21U})
    each_odd_text(size, [](const std::string& text) {
      const auto wrong = std::ranges::find_if_not(text, [](char c) { return is(value_chars, c); });
      const auto control =
          std::ranges::find_if_not(text, [](char c) { return is(value_chars, c) && c != '\t'; });
      ASSERT_EQ(value_size(text), wrong - text.begin());
      ASSERT_EQ(printable_size(text), control - text.begin());
    });
  EXPECT_EQ(value_size(""), 0U);
}

TEST(IsLower, forgives_the_case_of_ascii_letters_and_nothing_else) {
  for (const std::size_t size : {1U, 8U, 13U})
    for (unsigned other = 0; other < 256; ++other)
      each_odd_text(size, [&](const std::string& text) {
        std::string lower(size, 'm');
        lower.back() = text.back();
        lower.front() = static_cast<char>(other);
        if (std::ranges::any_of(lower, [](char c) { return c >= 'A' && c <= 'Z'; })) return;
        const bool same = std::ranges::equal(
            text, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        ASSERT_EQ(is_lower(text, lower), same) << text << " " << lower;
      });
  EXPECT_TRUE(is_lower("X-Original-METHOD", "x-original-method"));
  EXPECT_FALSE(is_lower("X-Original-Method", "x-original-metho"));
}

TEST(ResponseField, replaces_control_characters_and_no_others) {
  Response response;
  response.field("A", "one\r\nB: two\t\x7f \xc3\xa9").field("C", "three four five six");
  EXPECT_EQ(response.fields, "A: one  B: two   \xc3\xa9\r\nC: three four five six\r\n");
}

}  // namespace
}  // namespace latchkey::http
