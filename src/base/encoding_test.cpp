// Goal: encodings as their RFCs define them. Method: the RFCs' vectors; all bytes there and back;
// broken escapes.
// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

using namespace std::string_view_literals;

std::string every_byte() {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
  return text;
}

TEST(Hex, writes_two_lower_case_digits_a_byte) {
  EXPECT_EQ(hex(std::as_bytes(std::span("\x00\x7f\xab\xff"sv))), "007fabff");
  EXPECT_EQ(hex({}), "");
}

TEST(Base64, gives_the_vectors_of_rfc_4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xfb\xff\xbf"), "+/+/");
}

TEST(Base64, has_no_padding_and_no_plus_or_slash_for_urls) {
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("\xfb\xff\xbf"), "-_-_");
}

TEST(Base64, of_urls_reads_back_what_it_wrote_and_nothing_else) {
  for (const auto& bytes : {std::string(), std::string("f"), std::string("foobar"), every_byte()})
    EXPECT_EQ(base64url_decoded(base64url(bytes)), bytes);
  for (const auto* text : {"Zg==", "+/+/", "Zg\n", "Z", "Zh"})
    EXPECT_EQ(base64url_decoded(text), std::nullopt) << text;
}

TEST(PercentEncoded, leaves_only_unreserved_characters_alone) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b+/%?"), "a%20b%2B%2F%25%3F");
  EXPECT_EQ(percent_encoded("\xc3\xa4\x00"sv), "%C3%A4%00");
}

TEST(PercentDecoded, gives_back_every_byte) {
  EXPECT_EQ(percent_decoded(percent_encoded(every_byte())), every_byte());
}

TEST(PercentDecoded, decodes_once_and_leaves_the_plus) {
  EXPECT_EQ(percent_decoded("%2541"), "%41");
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
  EXPECT_EQ(percent_decoded("%c3%A4"), "\xc3\xa4");
}

TEST(PercentDecoded, gives_nothing_for_a_broken_escape) {
  for (const auto* text : {"%", "%4", "a%", "%4g", "%g4", "%%41", "% 1", "%+1", "%-1"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

TEST(SameAscii, looks_past_the_case_of_ascii_letters_alone) {
  EXPECT_TRUE(same_ascii("Content-TYPE", "content-type"));
  EXPECT_FALSE(same_ascii("content-type", "content-typ"));
  EXPECT_FALSE(same_ascii("@[", "`{"));
  EXPECT_FALSE(same_ascii("\xc3\x84", "\xc3\xa4"));
}

}  // namespace
}  // namespace latchkey
