// Goal: a chunked body ends where its sender meant it to end, or is refused.
// Method: tables of bodies; each is decoded whole and byte by byte, which must agree, and with a bounded
// piece size.
// SPDX-License-Identifier: Apache-2.0
#include "http/chunked.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace latchkey::http {
namespace {

// What a decoder makes of `bytes`: the body, or nothing where it refuses or wants more; what it left unread.
struct Decoded {
  std::optional<std::string> body;
  std::string rest;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(std::string_view bytes, std::size_t feed, std::size_t max) {
  ChunkedDecoder decoder;
  std::string body;
  while (!bytes.empty() && !decoder.done()) {
    const auto piece = decoder.next(bytes.substr(0, feed), max);
    if (!piece) return {};
    EXPECT_LE(piece->data.size(), max);
    body += piece->data;
    bytes.remove_prefix(piece->used);
  }
  if (!decoder.done()) return {};
  return {body, std::string(bytes)};
}

Decoded decode_every_way(const std::string& bytes) {
  const auto whole = decode(bytes, bytes.size(), SIZE_MAX);
  EXPECT_EQ(decode(bytes, 1, SIZE_MAX), whole) << bytes;
  EXPECT_EQ(decode(bytes, bytes.size(), 1), whole) << bytes;
  EXPECT_EQ(decode(bytes, 3, 2), whole) << bytes;
  return whole;
}

TEST(ChunkedDecoder, takes_good_bodies_and_leaves_what_follows) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"0\r\n\r\n", ""},
      {"5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
      {"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
      {"a\r\n0123456789\r\n00\r\n\r\n", "0123456789"},
      {"00000005\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5;name=value\r\nhello\r\n0;x\r\n\r\n", "hello"},
      {"5;a=\"b c\"\r\nhello\r\n0\r\n\r\n", "hello"},
      {"4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"},
      {"0\r\nTrailer: x\r\nAuthorization: Basic a\r\n\r\n", ""},
  };
  for (const auto& [bytes, body] : table) {
    const auto decoded = decode_every_way(bytes + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(decoded.body, body) << bytes;
    EXPECT_EQ(decoded.rest, "GET / HTTP/1.1\r\n") << bytes;
  }
}

TEST(ChunkedDecoder, refuses_odd_spellings_and_broken_framing) {
  const std::string tail = "\r\nhello\r\n0\r\n\r\n";
  const std::vector<std::string> table{
      "0x5" + tail,
      "+5" + tail,
      "-5" + tail,
      " 5" + tail,
      "5 " + tail,
      "5\t" + tail,
      "\r\n5" + tail,
      "5h" + tail,
      "000000005" + tail,
      "FFFFFFFFF" + tail,
      "5 ;a" + tail,
      ";a" + tail,
      "5;a\nb" + tail,
      std::string("5;\0", 3) + tail,
      "5;" + std::string(ChunkedDecoder::extension_max + 1, 'a') + tail,
      "5\nhello\r\n0\r\n\r\n",
      "5\rhello\r\n0\r\n\r\n",
      "5\r\nhello0\r\n\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhello\r0\r\n\r\n",
      "5\r\nhello!\r\n0\r\n\r\n",
      "4\r\nhello\r\n0\r\n\r\n",
      "0\r\n\n",
      "0\r\n\rX",
      "5\r\nhelloX\n0\r\n\r\n",
      "5\r\nhello\rX0\r\n\r\n",
      "0\r\nA: x\rX\r\n\r\n",
      "0\n\n",
      "0\r\n folded: x\r\n\r\n",
      "0\r\n: x\r\n\r\n",
      "0\r\nno colon\r\n\r\n",
      "0\r\nA : x\r\n\r\n",
      "0\r\nA: x\n\r\n",
      "0\r\nA: x\r\r\n\r\n",
      std::string("0\r\nA: \0\r\n\r\n", 11),
      "0\r\nA: " + std::string(ChunkedDecoder::trailer_max, 'a') + "\r\n\r\n",
      "G" + tail,
      "\"5\"" + tail,
      "5,5" + tail,
  };
  for (const auto& bytes : table) EXPECT_EQ(decode_every_way(bytes), Decoded{}) << bytes;
}

TEST(ChunkedDecoder, waits_for_the_rest) {
  const std::string whole = "5;x\r\nhello\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    ChunkedDecoder decoder;
    std::string_view rest = std::string_view(whole).substr(0, n);
    while (!rest.empty()) {
      const auto piece = decoder.next(rest, SIZE_MAX);
      ASSERT_TRUE(piece.has_value());
      rest.remove_prefix(piece->used);
    }
    EXPECT_FALSE(decoder.done()) << n;
  }
}

TEST(ChunkedDecoder, bounds_extensions_for_each_chunk_not_in_all) {
  std::string bytes;
  for (int i = 0; i < 10; ++i) bytes += "1;" + std::string(ChunkedDecoder::extension_max, 'a') + "\r\nx\r\n";
  EXPECT_EQ(decode_every_way(bytes + "0\r\n\r\n").body, "xxxxxxxxxx");
}

}  // namespace
}  // namespace latchkey::http
