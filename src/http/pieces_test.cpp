// Goal: an answer in pieces comes whole, keeps the connection, holds no more than a piece, and breaks off
// visibly. Method: a real server whose work answers so, and clients that read or don't.
// SPDX-License-Identifier: Apache-2.0
#include "http/pieces.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "http/test_client.hpp"

namespace latchkey::http {
namespace {

std::atomic<int> made;

// "/n": n pieces of 64 KiB after "first"; "/throw": breaks off after one.
Action pieces(const Request& request) {
  const std::string path(request.head.path.substr(1));
  return Work{.run = [path](const Request&) {
    auto response = text("first");
    const int last = path == "throw" ? 1 : std::stoi(path);
    response.more = [i = 0, last, path]() mutable -> std::string {
      if (i == last && path == "throw") throw std::runtime_error("the disk is gone");
      if (i++ == last) return {};
      ++made;
      return std::string(65536, 'x');
    };
    return response;
  }};
}

TEST(Pieces, come_whole_and_keep_the_connection) {
  TestServer server(pieces);
  auto client = server.client();
  for (const int count : {0, 1, 3}) {
    const auto answer = client.ask("GET /" + std::to_string(count) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "first" + std::string(static_cast<std::size_t>(count) * 65536, 'x'));
  }
  EXPECT_EQ(client.ask("HEAD /9 HTTP/1.1\r\nHost: h\r\n\r\n", true).status, 200);
  EXPECT_EQ(client.ask("GET /0 HTTP/1.1\r\nHost: h\r\n\r\n").body, "first");
}

TEST(Pieces, are_made_only_as_they_are_taken) {
  TestServer server(pieces);
  made = 0;
  auto client = server.client();
  client.send("GET /10000 HTTP/1.1\r\nHost: h\r\n\r\n");
  auto other = server.client();
  int before = -1;
  for (int same = 0; same < 200; same = before == made ? same + 1 : 0) {
    before = made;
    EXPECT_EQ(other.ask("GET /0 HTTP/1.1\r\nHost: h\r\n\r\n").body, "first");
  }
  EXPECT_LT(made, 1000);
}

TEST(Pieces, break_off_visibly) {
  TestServer server(pieces);
  auto client = server.client();
  client.send("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_FALSE(client.read_to_end().ends_with("\r\n0\r\n\r\n"));
  EXPECT_TRUE(client.was_reset());
}

}  // namespace
}  // namespace latchkey::http
