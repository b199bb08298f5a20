// Goal: the head of a CGI answer is read strictly and within a bound. Method: heads as http-backend writes
// them, and each way to break them. SPDX-License-Identifier: Apache-2.0
#include "git/backend.hpp"

#include <gtest/gtest.h>

#include <string>

namespace latchkey::git {
namespace {

constexpr std::string_view good =
    "Expires: Fri, 01 Jan 1980 00:00:00 GMT\r\nCache-Control: no-cache\r\n"
    "Content-Type: application/x-git-upload-pack-result\r\n\r\n";

TEST(ParseCgiHead, reads_what_git_writes) {
  const auto text = std::string(good) + "0008NAK\n\r\n\r\n";
  const auto head = parse_cgi_head(text);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->content_type, "application/x-git-upload-pack-result");
  EXPECT_EQ(head->size, good.size());
}

TEST(ParseCgiHead, reads_a_status) {
  const auto head = parse_cgi_head("Status: 404 Not Found\r\nPragma: no-cache\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 404);
  EXPECT_EQ(head->content_type, "");
}

TEST(ParseCgiHead, waits_for_the_whole) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(parse_cgi_head(good.substr(0, size)), std::unexpected(CgiFault::incomplete)) << size;
  }
}

TEST(ParseCgiHead, refuses_what_is_no_head) {
  for (const std::string_view text :
       {"Status: 200 OK\nPragma: x\r\n\r\n", "Status\r\n\r\n", ": x\r\n\r\n", "Sta tus: 200\r\n\r\n",
        " Status: 200\r\n\r\n", "Status: 200\r\nStatus: 200\r\n\r\n",
        "Content-Type: a\r\nContent-Type: b\r\n\r\n", "Status: 99 x\r\n\r\n", "Status: 600\r\n\r\n",
        "Status: 200x\r\n\r\n", "Status: \r\n\r\n", "Status: -404\r\n\r\n", "Pragma: a\x01\r\n\r\n",
        "Pragma: a\rb\r\n\r\n"}) {
    EXPECT_EQ(parse_cgi_head(text), std::unexpected(CgiFault::broken)) << text;
  }
}

TEST(ParseCgiHead, is_bounded) {
  const std::string endless = "Pragma: " + std::string(CgiHead::size_max, 'x');
  EXPECT_EQ(parse_cgi_head(endless), std::unexpected(CgiFault::broken));
  EXPECT_EQ(parse_cgi_head(endless + "\r\n\r\n"), std::unexpected(CgiFault::broken));
}

}  // namespace
}  // namespace latchkey::git
