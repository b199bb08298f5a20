// Goal: a path that two programs could read differently has no reading here. Method: the table that the real
// proxies are tried with too (test/path_tricks.txt), and what the table can't spell: bytes that are not
// printable.
// SPDX-License-Identifier: Apache-2.0
#include "api/proxied_path.hpp"

#include <gtest/gtest.h>

#include <string>

#include "api/path_tricks_test.hpp"

namespace latchkey::api {
namespace {

std::optional<std::string> read(std::string_view target) {
  PathBuffer buffer;
  const auto path = read_proxied_path(target, buffer);
  return path ? std::optional<std::string>(*path) : std::nullopt;
}

TEST(ProxiedPath, is_decoded_once_in_lower_case_without_query_and_trailing_slash) {
  EXPECT_EQ(read("/"), "/");
  EXPECT_EQ(read("/?"), "/");
  EXPECT_EQ(read("/A/b"), "/a/b");
  EXPECT_EQ(read("/a/b/"), "/a/b");
  EXPECT_EQ(read("/a?b/../c;d#"), "/a");
  EXPECT_EQ(read("/a%20b/%C3%A9/%7Ex%2Bx+y"), "/a b/é/~x+x+y");
  EXPECT_EQ(read("/.well-known/a..b/.c"), "/.well-known/a..b/.c");
  EXPECT_EQ(read("/@scope/name:1.0,2=3&4!$'()*|{}\"<>^`"), "/@scope/name:1.0,2=3&4!$'()*|{}\"<>^`");
}

TEST(ProxiedPath, is_not_read_where_two_programs_could_disagree) {
  int refused = 0;
  for (const auto& trick : path_tricks()) {
    EXPECT_EQ(read(trick.target).has_value(), trick.readable) << trick.target;
    refused += !trick.readable;
  }
  EXPECT_GE(refused, 80);
}

TEST(ProxiedPath, holds_no_byte_that_is_not_visible) {
  for (int c = 0; c < 256; ++c) {
    const std::string raw = std::string("/a") + static_cast<char>(c) + "b";
    if (c <= ' ' || c >= 127) EXPECT_FALSE(read(raw)) << c;
  }
  EXPECT_FALSE(read("/\xc3\xa9")) << "not encoded";
  EXPECT_FALSE(read(std::string_view("/a\0/b", 5)));
  EXPECT_FALSE(read(""));
}

TEST(ProxiedPath, is_bounded) {
  EXPECT_TRUE(read("/" + std::string(proxied_path_longest - 1, 'a')));
  EXPECT_FALSE(read("/" + std::string(proxied_path_longest, 'a')));
}

}  // namespace
}  // namespace latchkey::api
