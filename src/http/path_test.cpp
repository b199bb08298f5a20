// Goal: a path means one thing to everyone, and a query is read as clients write it.
// Method: tables.
// SPDX-License-Identifier: Apache-2.0
#include "http/path.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace latchkey::http {
namespace {

using Segments = std::vector<std::string>;

TEST(SplitPath, decodes_each_segment_once) {
  const std::vector<std::pair<std::string, Segments>> table{
      {"/", {}},
      {"/a", {"a"}},
      {"/a/", {"a"}},
      {"/a/b/c", {"a", "b", "c"}},
      {"/a%20b/c", {"a b", "c"}},
      {"/a+b", {"a+b"}},
      {"/%61dmin", {"admin"}},
      {"/%C3%A9/\xC3\xA9", {"\xC3\xA9", "\xC3\xA9"}},
      {"/%2541", {"%41"}},
      {"/a;b=c", {"a;b=c"}},
      {"/...", {"..."}},
      {"/.git/.x", {".git", ".x"}},
      {"/a.", {"a."}},
      {"/$batch/{x}", {"$batch", "{x}"}},
      {"/%F0%9F%98%80", {"\xF0\x9F\x98\x80"}},
  };
  for (const auto& [path, segments] : table) EXPECT_EQ(split_path(path), std::optional(segments)) << path;
}

TEST(SplitPath, refuses_what_could_be_read_in_two_ways) {
  const std::vector<std::string> table{
      "",           "a",          "*",
      "//",         "//a",        "/a//b",
      "/a//",       "/a/./b",     "/a/../b",
      "/..",        "/.",         "/%2e",
      "/%2E%2e",    "/.%2e/a",    "/a%2fb",
      "/a%2Fb",     "/a%5cb",     "/a\\b",
      "/a%00",      "/a%0d%0a",   "/a%1f",
      "/a%7f",      "/a%",        "/a%4",
      "/a%4g",      "/a%%41",     "/%",
      "/%C3",       "/%C3%28",    "/%C0%AF",
      "/%E0%80%AF", "/%ED%A0%80", "/%F4%90%80%80",
      "/%FF",       "/%80",       "/%F0%82%82%AC",
      "/%E9",
  };
  ASSERT_GE(table.size(), 35U);
  for (const auto& path : table) EXPECT_EQ(split_path(path), std::nullopt) << path;
}

TEST(SplitQuery, decodes_names_and_values_in_order) {
  const std::vector<std::pair<std::string, Parameters>> table{
      {"", {}},
      {"a", {{"a", ""}}},
      {"a=", {{"a", ""}}},
      {"=b", {{"", "b"}}},
      {"a=b&c=d", {{"a", "b"}, {"c", "d"}}},
      {"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"&&a=b&", {{"a", "b"}}},
      {"a=b+c%2Bd", {{"a", "b c+d"}}},
      {"%24top=5", {{"$top", "5"}}},
      {"api-version=7.1-preview.1", {{"api-version", "7.1-preview.1"}}},
      {"a=%26%3D", {{"a", "&="}}},
      {"a=%00", {{"a", std::string(1, '\0')}}},
      {"a=/../%2f", {{"a", "/..//"}}},
      {"a=b;c=d", {{"a", "b;c=d"}}},
      {"a?b", {{"a?b", ""}}},
  };
  for (const auto& [query, parameters] : table)
    EXPECT_EQ(split_query(query), std::optional(parameters)) << query;
}

TEST(SplitQuery, refuses_broken_escapes_and_text_that_is_not_utf8) {
  for (const std::string query :
       {"a=%", "a=%4", "a=%zz", "%=a", "a=%FF", "a=%C3", "a=1&b=%C0%80", "%ED%BF%BF=1"}) {
    EXPECT_EQ(split_query(query), std::nullopt) << query;
  }
}

}  // namespace
}  // namespace latchkey::http
