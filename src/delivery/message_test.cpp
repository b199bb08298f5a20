// Goal: whatever stands in a field, a mail has the headers that it should have and no other, lines that any
// server takes, and says what it was given. Method: texts that were hard elsewhere, and random ones, read
// back by a small decoder of the test's own (test/contract/mail_test.py has Python's).
// SPDX-License-Identifier: Apache-2.0
#include "delivery/message.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "base/encoding.hpp"

namespace latchkey::delivery {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    EXPECT_NE(end, text.npos) << "a line without its end";
    if (end == text.npos) break;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 2);
  }
  return lines;
}

std::string base64_decoded(std::string text) {
  std::erase(text, '=');
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return base64url_decoded(text).value();
}

// A folded field's text (RFC 2047: what stands between encoded words is nothing).
std::string unfolded(std::string_view field) {
  std::string text, out;
  for (const auto& line : lines_of(field)) text += line;
  text.erase(0, text.find(": ") + 2);
  if (!text.starts_with("=?UTF-8?B?")) return text;
  for (std::size_t at = 0; (at = text.find("=?UTF-8?B?", at)) != text.npos; ++at)
    out += base64_decoded(text.substr(at + 10, text.find("?=", at + 10) - at - 10));
  return out;
}

std::string quoted_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && text.substr(i, 3) == "=\r\n") {
      i += 2;
    } else if (text[i] == '=') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else if (text.substr(i, 2) != "\r\n") {
      out += text[i];
    } else {
      out += '\n';
      ++i;
    }
  }
  return out;
}

bool is_safe_line(const std::string& line) {
  return line.size() <= 78 && std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string random_text(std::mt19937& random) {
  constexpr std::array<std::string_view, 18> pieces{"a",          " ",
                                                    "  ",         "\r\nBcc: x@example.com",
                                                    "\n",         "é",
                                                    "漢",         "🗝",
                                                    "=?UTF-8?B?", "\"",
                                                    "\\",         "<",
                                                    "\u202E",     "\u2066",
                                                    "\xFF",       "\x01",
                                                    "word.",      std::string_view("\0", 1)};
  std::string text;
  for (auto left = random() % 60; left > 0; --left) text += pieces.at(random() % pieces.size());
  return text;
}

TEST(Message, header_has_whatever_text_on_short_lines_and_as_it_was) {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    const auto text = random_text(random);
    const auto field = header_field("Subject", text);
    const auto lines = lines_of(field);
    for (std::size_t n = 0; n < lines.size(); ++n) {
      EXPECT_TRUE(is_safe_line(lines[n])) << lines[n];
      EXPECT_EQ(lines[n].starts_with(' '), n > 0)
          << field;  // a line that begins otherwise is a field of its own
    }
    EXPECT_EQ(unfolded(field), plain_line(text));
  }
}

TEST(Message, header_of_plain_words_stays_readable) {
  EXPECT_EQ(header_field("Subject", "Token created: Release pipeline"),
            "Subject: Token created: Release pipeline\r\n");
  const std::string long_one =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
  const auto folded = header_field("Subject", long_one);
  EXPECT_THAT(folded, HasSubstr("\r\n "));
  EXPECT_EQ(unfolded(folded), long_one);
}

TEST(Message, quoted_printable_gives_back_what_it_took) {
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    const auto text = random_text(random);
    const auto encoded = quoted_printable(text);
    for (const auto& line : lines_of(encoded + "\r\n")) {
      EXPECT_LE(line.size(), 76U);
      EXPECT_TRUE(is_safe_line(line) && !line.ends_with(' ') && !line.starts_with('.')) << line;
    }
    EXPECT_EQ(quoted_decoded(encoded), text);
  }
}

TEST(Message, plain_line_turns_no_direction_and_breaks_nowhere) {
  EXPECT_EQ(plain_line("a\u202Eb\u2066c\u200Fd\u061Ce"), "abcde");
  EXPECT_EQ(plain_line("a\r\nb\tc\x7F"
                       "d\u2028e\u0085f"),
            "a  b c d e f");
  EXPECT_EQ(plain_line("a\xFF\xC3"), "a\uFFFD\uFFFD");
  EXPECT_EQ(plain_line("\xC0\xAF\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Message, address_that_could_be_more_than_one_is_none) {
  for (const char* good : {"ann@example.com", "a.b+c'd@x", "anné@example.com"})
    EXPECT_TRUE(is_mail_address(good));
  for (const char* bad :
       {"", "ann", "@x", "a@", "a@b@c", "a b@x", "a@x\r\nRCPT TO:<b@x>", "a@x>", "<a@x", "a,b@x", "a\"b@x"})
    EXPECT_FALSE(is_mail_address(bad)) << bad;
}

TEST(Message, mail_is_two_alternatives_with_the_headers_that_it_needs) {
  const auto text =
      message({.from = {.name = "Latchkey", .address = "latchkey@example.com"},
               .to = {.name = "Ann \"A\"\r\nBcc: eve@example.com", .address = "ann@example.com"},
               .subject = "x\r\nX-Evil: 1",
               .id = "1@example.com",
               .date = *parse_time("2026-11-24T08:00:00Z"),
               .text = "Hello\n",
               .html = "<p>Hello</p>\n"});
  EXPECT_THAT(text, HasSubstr("Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n"));
  EXPECT_THAT(text, HasSubstr("Auto-Submitted: auto-generated\r\n"));
  EXPECT_THAT(text, HasSubstr("Message-ID: <1@example.com>\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("\r\nBcc:")));
  EXPECT_THAT(text, Not(HasSubstr("\r\nX-Evil")));
  for (const auto& line : lines_of(text)) EXPECT_TRUE(is_safe_line(line)) << line;
}

}  // namespace
}  // namespace latchkey::delivery
