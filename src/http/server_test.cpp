// Goal: the engine's promises to clients (server.hpp): framing, order, limits, ends.
// Method: a real server on a free port of the loopback, and clients that send bytes and read answers.
// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <regex>
#include <set>
#include <stdexcept>
#include <thread>

#include "http/test_client.hpp"

namespace latchkey::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, answers_with_date_activity_and_length) {
  TestServer server(route);
  auto client = server.client();
  const auto first = client.ask(get("/now"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "GET /now ");
  EXPECT_THAT(first.head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(first.field("content-type"), "text/plain");
  EXPECT_EQ(first.field("content-length"), "9");
  EXPECT_EQ(first.field("connection"), "-");
  EXPECT_TRUE(std::regex_match(first.field("date"),
                               std::regex("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT")));
  const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(first.field("activityid"), uuid));
  EXPECT_NE(client.ask(get("/now")).field("activityid"), first.field("activityid"));
}

TEST(Server, tells_the_handler_the_activity_of_the_answer_and_the_peer) {
  TestServer server([](const Request& request) -> Action {
    return text(request.activity.text() + " " + request.peer->address +
                (request.peer->loopback ? " loopback" : "") + (request.peer->secure ? " secure" : ""));
  });
  const auto answer = server.client().ask(get("/"));
  EXPECT_EQ(answer.body, answer.field("activityid") + " 127.0.0.1 loopback");
}

TEST(Server, keeps_the_connection_for_many_requests) {
  TestServer server(route);
  auto client = server.client();
  for (int i = 0; i < 700; ++i) {  // more than one supply of activity ids
    const auto path = "/now" + std::to_string(i);
    ASSERT_EQ(client.ask(get(path)).body, "GET " + path + " ");
  }
}

TEST(Server, runs_a_job_on_each_reactor_and_waits_for_all) {
  Pool pool(1, 8);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::multiset<unsigned> reactors;
  Server server({.tls = {}, .reactors = 3}, pool, [](unsigned) -> Entry { return route; });
  server.start();
  for (int i = 0; i < 2; ++i)
    server.on_each_reactor([&](unsigned n) {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
      reactors.insert(n);
    });
  EXPECT_EQ(reactors, (std::multiset<unsigned>{0, 0, 1, 1, 2, 2}));
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(Server, answers_pipelined_requests_in_order) {
  TestServer server(route);
  auto client = server.client();
  std::string all;
  for (int i = 0; i < 300; ++i) all += get("/now" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(client.read_answer().body, "GET /now" + std::to_string(i) + " ");
}

TEST(Server, answers_pipelined_requests_of_every_kind_in_order) {
  TestServer server(route);
  auto client = server.client();
  client.send(get("/now1") + post("/work2", "two") + get("/now3") + get("/work4") + post("/now5", "five") +
              "POST /work6 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsix\r\n0\r\n\r\n" +
              get("/now7"));
  for (const std::string body : {"GET /now1 ", "POST /work2 two", "GET /now3 ", "GET /work4 ", "POST /now5 ",
                                 "POST /work6 six", "GET /now7 "}) {
    EXPECT_EQ(client.read_answer().body, body);
  }
}

TEST(Server, asks_for_a_request_only_when_its_turn_has_come) {
  std::latch may_end(1);
  std::atomic<int> asked = 0;
  TestServer server([&](const Request& request) -> Action {
    ++asked;
    if (request.head.path == "/now") return text("now");
    return Work{.run = [&](const Request&) {
      may_end.wait();
      return text(std::to_string(asked.load()));
    }};
  });
  auto client = server.client();
  client.send(get("/wait") + get("/now"));
  auto other = server.client();
  EXPECT_EQ(other.ask(get("/now")).body, "now");  // the reactor had its turn
  may_end.count_down();
  EXPECT_EQ(client.read_answer().body, "2");
  EXPECT_EQ(client.read_answer().body, "now");
  EXPECT_EQ(asked, 3);
}

TEST(Server, takes_a_head_byte_by_byte) {
  TestServer server(route);
  auto client = server.client();
  for (const char c : get("/now") + post("/work", "slow")) client.send({&c, 1});
  EXPECT_EQ(client.read_answer().body, "GET /now ");
  EXPECT_EQ(client.read_answer().body, "POST /work slow");
}

TEST(Server, answers_head_like_get_without_the_body) {
  TestServer server(route);
  auto client = server.client();
  for (const std::string path : {"/now", "/work"}) {
    const auto head = client.ask("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n", true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.field("content-length"), std::to_string(std::string("HEAD  ").size() + path.size()));
  }
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

TEST(Server, sends_204_without_body_and_length) {
  TestServer server(route);
  auto client = server.client();
  EXPECT_EQ(client.ask(get("/none")).field("content-length"), "-");
  EXPECT_EQ(client.ask(get("/now")).body, "GET /now ");
}

TEST(Server, serves_http_1_0) {
  TestServer server(route);
  auto client = server.client();
  const auto kept = client.ask("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.field("connection"), "keep-alive");
  const auto last = client.ask("GET /now HTTP/1.0\r\n\r\n");
  EXPECT_EQ(last.body, "GET /now ");
  EXPECT_EQ(last.field("connection"), "close");
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, closes_when_either_side_wants_it) {
  TestServer server(route);
  for (const auto& bytes :
       {get("/now", "Connection: close\r\n"), get("/close"), get("/work", "Connection: close\r\n")}) {
    auto client = server.client();
    const auto answer = client.ask(bytes + get("/never"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.is_ended());
    EXPECT_FALSE(client.was_reset());
  }
}

TEST(Server, answers_a_client_that_has_ended_its_sending) {
  TestServer server(route);
  auto client = server.client();
  client.send(get("/now") + post("/work", "last"));
  client.end_sending();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().body, "POST /work last");
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, ignores_an_offered_upgrade) {
  TestServer server(route);
  auto client = server.client();
  const auto fields = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  EXPECT_EQ(client.ask(get("/now", fields)).status, 200);
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

TEST(Server, refuses_a_bad_head_in_a_sentence_and_closes) {
  TestServer server(route);
  auto client = server.client();
  const auto answer = client.ask(
      "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx" + get("/now"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_EQ(answer.field("content-type"), "text/plain; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("Content-Length"));
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, refuses_an_oversized_head) {
  TestServer server(route);
  EXPECT_EQ(server.client().ask(get("/now", "X: " + std::string(20000, 'a') + "\r\n")).status, 431);
  EXPECT_EQ(server.client().ask("GET /" + std::string(20000, 'a')).status, 414);
}

TEST(Server, never_takes_the_body_of_an_early_answer_for_a_request) {
  TestServer server(route);
  const std::string smuggled = get("/now/smuggled");
  auto whole = server.client();
  whole.send(post("/now", smuggled) + get("/now/next"));
  EXPECT_EQ(whole.read_answer().body, "POST /now ");
  EXPECT_EQ(whole.read_answer().body, "GET /now/next ");

  auto partial = server.client();
  const auto answer = partial.ask(
      "POST /now HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n\r\n");
  EXPECT_EQ(answer.field("connection"), "close");
  partial.send(smuggled);
  EXPECT_TRUE(partial.is_ended());
}

TEST(Server, an_early_refusal_reaches_a_client_that_still_sends) {
  TestServer server(route);
  auto client = server.client();
  client.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(8000000, 'x')));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(client.is_ended());
  EXPECT_FALSE(client.was_reset());
}

TEST(Server, bounds_the_body_of_work) {
  TestServer server(route);
  EXPECT_EQ(server.client().ask(post("/small", "0123456789")).body, "POST /small 0123456789");
  EXPECT_EQ(server.client().ask(post("/small", "0123456789a")).status, 413);
  const std::string chunked = "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(server.client().ask(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n").body,
            "POST /small 0123456789");
  EXPECT_EQ(server.client().ask(chunked + "5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n").status, 413);
  EXPECT_EQ(server.client().ask(chunked + "+5\r\n01234\r\n0\r\n\r\n").status, 400);
}

TEST(Server, takes_a_large_body_whole) {
  TestServer server(route);
  std::string body(1 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 26);
  EXPECT_EQ(server.client().ask(post("/work", body)).body, "POST /work " + body);
}

TEST(Server, asks_for_an_expected_body_only_when_it_reads_it) {
  TestServer server(route);
  const std::string head = " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  auto read = server.client();
  read.send("POST /work" + head);
  EXPECT_EQ(read.read_answer().status, 100);
  EXPECT_EQ(read.ask("body").body, "POST /work body");

  auto refused = server.client();
  EXPECT_EQ(refused.ask("POST /now" + head).status, 200);
  EXPECT_TRUE(refused.is_ended());
}

TEST(Server, gives_work_a_head_of_its_own) {
  TestServer server([](const Request&) -> Action {
    return Work{.run = [](const Request& request) {
      return text(std::string(request.head.host) + "|" + std::string(request.head.authorization) + "|" +
                  std::string(request.head.query) + "|" +
                  std::string(request.head.field("x-y").value_or("none")));
    }};
  });
  auto client = server.client();
  const auto first = "GET /?q HTTP/1.1\r\nHost: host\r\nAuthorization: secret\r\nX-Y: z\r\n\r\n";
  client.send(first + get("/?" + std::string(200, 'o')));
  EXPECT_EQ(client.read_answer().body, "host|secret|q|z");
  EXPECT_EQ(client.read_answer().body, "h||" + std::string(200, 'o') + "|none");
}

TEST(Server, answers_500_when_work_throws) {
  TestServer server([](const Request&) -> Action {
    return Work{.run = [](const Request&) -> Response { throw std::runtime_error("a private detail"); }};
  });
  auto client = server.client();
  const auto answer = client.ask(get("/"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("private")));
}

TEST(Server, says_busy_when_the_pool_is_full) {
  std::latch may_end(1);
  std::atomic<int> running = 0;
  TestServer server(
      [&](const Request&) -> Action {
        return Work{.run = [&](const Request&) {
          ++running;
          running.notify_all();
          may_end.wait();
          return text("done");
        }};
      },
      {}, 1, 1);
  auto runs = server.client(), waits = server.client(), refused = server.client();
  runs.send(get("/"));
  running.wait(0);
  // Of two more one waits and one is refused; the refused connection stays.
  waits.send(get("/"));
  refused.send(get("/") + get("/"));
  auto answer = refused.read_answer();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.field("retry-after"), "1");
  EXPECT_EQ(answer.field("connection"), "-");
  may_end.count_down();
  EXPECT_EQ(runs.read_answer().body, "done");
}

TEST(Response, fields_can_not_split_an_answer) {
  Response response;
  response.field("X", "a\r\nSet-Cookie: b\tc\x7f");
  EXPECT_EQ(response.fields, "X: a  Set-Cookie: b c \r\n");
}

}  // namespace
}  // namespace latchkey::http
