// Goal: the engine stands when clients are slow, greedy, many or gone, and it ends gracefully.
// Method: a real server on a free port of the loopback with limits set short; each test waits for what must
// happen.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <deque>
#include <latch>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/log.hpp"
#include "http/server.hpp"
#include "http/test_client.hpp"

namespace latchkey::http {
namespace {

using std::chrono::seconds;

TEST(Server, survives_a_client_that_goes_while_its_work_runs) {
  std::latch runs(1), may_end(1);
  TestServer server([&](const Request& request) -> Action {
    if (request.head.path == "/now") return text("now");
    return Work{.run = [&](const Request&) {
      runs.count_down();
      may_end.wait();
      return text(std::string(1 << 20, 'x'));
    }};
  });
  {
    auto client = server.client();
    client.send(get("/work") + get("/now"));
    runs.wait();
  }
  EXPECT_EQ(server.client().ask(get("/now")).body, "now");
  may_end.count_down();
  EXPECT_EQ(server.client().ask(get("/now")).body, "now");
}

TEST(Server, reads_nothing_while_its_answers_wait) {
  std::atomic<int> asked = 0;
  TestServer server([&](const Request& request) -> Action {
    ++asked;
    return text(request.head.path == "/now" ? "now" : std::string(1 << 18, 'x'));
  });
  TestClient greedy(server->port(), 64 * 1024);
  std::string all;
  for (int i = 0; i < 200; ++i) all += get("/large");
  greedy.send(all);
  EXPECT_EQ(server.client().ask(get("/now")).body, "now");
  EXPECT_LT(asked, 100);  // what the kernel's buffers take, not 50 MB
  for (int i = 0; i < 200; ++i) ASSERT_EQ(greedy.read_answer().body.size(), std::size_t{1} << 18) << i;
}

TEST(Server, cuts_slow_heads_idle_connections_and_stalled_bodies) {
  TestServer server(
      route, {.tls = {}, .head_limit = seconds(1), .progress_limit = seconds(1), .idle_limit = seconds(1)});
  auto silent = server.client(), partial = server.client(), idle = server.client(), body = server.client();
  partial.send("GET /now HTTP/1.1\r\nHost: h\r\nX-");
  body.send("POST /work HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(idle.ask(get("/now")).status, 200);
  EXPECT_TRUE(silent.is_ended());
  EXPECT_TRUE(partial.is_ended());
  EXPECT_TRUE(idle.is_ended());
  EXPECT_TRUE(body.is_ended());
}

TEST(Server, a_head_that_trickles_is_cut_all_the_same) {
  TestServer server(route, {.tls = {}, .head_limit = seconds(1)});
  auto client = server.client();
  client.send("GET /now HTTP/1.1\r\nHost: h\r\nX: ");
  while (!client.has_news_within(10)) client.send("a");
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, three_hundred_endless_requests_do_not_slow_an_honest_one) {
  TestServer server(route);
  std::deque<TestClient> endless;
  for (int i = 0; i < 300; ++i) {
    endless.emplace_back(server->port());
    endless.back().send(i % 2 == 0 ? "GET /now HTTP/1.1\r\nX: "
                                   : "POST /work HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx");
  }
  auto honest = server.client();
  for (int i = 0; i < 100; ++i) {
    endless[static_cast<std::size_t>(i)].send("y");
    ASSERT_EQ(honest.ask(get("/now")).status, 200);
  }
}

std::chrono::nanoseconds cpu_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

// Every descriptor that the process may still have; given back at the end.
class Exhaustion {
 public:
  Exhaustion() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{.rlim_cur = 256, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) all_.emplace_back(fd);
  }
  ~Exhaustion() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void leave_one() { all_.pop_back(); }

 private:
  rlimit before_{};
  std::vector<Descriptor> all_;
};

// The client takes the last descriptor: none is left to accept it. UBSan itself needs descriptors to check a
// type that it hasn't seen: so the log is used once before, and nothing is expected meanwhile.
TEST(Server, rests_when_it_is_out_of_descriptors_and_goes_on_later) {
  TestServer server(route);
  log_warning("too_many_connections", {{"advice", "none: a test begins"}});
  auto before = server.client();
  EXPECT_EQ(before.ask(get("/now")).status, 200);
  std::optional<Exhaustion> exhaustion(std::in_place);
  exhaustion->leave_one();
  auto client = server.client();
  client.send(get("/now"));
  const auto start = std::chrono::steady_clock::now();
  const auto start_cpu = cpu_time();
  const bool news = client.has_news_within(500);
  const auto used = cpu_time() - start_cpu;
  const auto passed = std::chrono::steady_clock::now() - start;
  exhaustion.reset();
  EXPECT_FALSE(news);
  EXPECT_LT(used, passed / 4);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(Server, drains_gracefully) {
  std::latch runs(1), may_end(1);
  TestServer server([&](const Request& request) -> Action {
    if (request.head.path == "/now") return text("now");
    return Work{.run = [&](const Request&) {
      runs.count_down();
      may_end.wait();
      return text("done");
    }};
  });
  auto busy = server.client(), idle = server.client();
  EXPECT_EQ(idle.ask(get("/now")).status, 200);
  busy.send(get("/work"));
  runs.wait();
  std::jthread drains([&] { server->drain(seconds(60)); });
  EXPECT_TRUE(idle.is_ended());
  may_end.count_down();
  const auto answer = busy.read_answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(busy.is_ended());
  busy.close();
}

TEST(Server, answers_what_was_sent_before_it_drains) {
  std::latch stands(1), may_go_on(1);
  TestServer server([&](const Request& request) -> Action {
    if (request.head.path == "/stand") {
      stands.count_down();
      may_go_on.wait();  // the whole reactor: what comes meanwhile is not seen before the drain
    }
    return text("done");
  });
  auto blocking = server.client(), waiting = server.client();
  EXPECT_EQ(waiting.ask(get("/")).status, 200);
  blocking.send(get("/stand"));
  stands.wait();
  waiting.send(get("/"));
  std::jthread drains([&] { server->drain(seconds(60)); });
  EXPECT_FALSE(blocking.has_news_within(20));  // a start for the drain; either order must do
  may_go_on.count_down();
  const auto answer = waiting.read_answer();
  EXPECT_EQ(answer.body, "done");
  waiting.close();
  blocking.close();
}

TEST(Server, answers_what_waits_in_the_queue_when_it_drains) {
  Pool pool(1, 1);
  Server server({}, pool, [](unsigned) { return Entry(route); });
  std::deque<TestClient> queued;
  for (int i = 0; i < 40; ++i) {
    queued.emplace_back(server.port());
    queued.back().send(get("/now"));
  }
  server.start();
  std::jthread drains([&] { server.drain(seconds(60)); });
  for (auto& client : queued) {
    EXPECT_EQ(client.read_answer().body, "GET /now ");
    client.close();
  }
}

TEST(Server, cuts_what_is_left_at_the_end_of_a_drain) {
  TestServer server(route);
  auto client = server.client();
  EXPECT_EQ(client.ask(get("/now")).status, 200);
  client.send("POST /work HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(server.client().ask(get("/now")).status, 200);
  server->drain(seconds(0));
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, says_what_to_do_when_the_port_is_taken) {
  for (const unsigned reactors : {1U, 3U}) {
    Pool pool(1, 1);
    const ServerOptions first_options{.tls = {}, .reactors = reactors};
    Server first(first_options, pool, [](unsigned) { return Entry(route); });
    const ServerOptions options{.port = first.port(), .tls = {}, .reactors = reactors};
    try {
      const Server second(options, pool, [](unsigned) { return Entry(route); });
      ADD_FAILURE() << "two servers share a port";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string(error.what()), "port " + std::to_string(first.port()) +
                                               " is taken by another program; choose another with --listen");
    }
  }
}

TEST(Server, shares_its_port_among_its_reactors) {
  std::atomic<unsigned> used = 0;
  Pool pool(1, 1);
  const ServerOptions options{.tls = {}, .reactors = 3};
  Server server(options, pool, [&](unsigned n) -> Entry {
    return [&used, n](const Request&) -> Action {
      used |= 1U << n;
      return text("x");
    };
  });
  server.start();
  for (int i = 0; i < 400 && used != 7; ++i) EXPECT_EQ(TestClient(server.port()).ask(get("/")).status, 200);
  EXPECT_EQ(used, 7U);
}

TEST(Server, refuses_an_address_that_is_not_of_this_machine) {
  Pool pool(1, 1);
  const ServerOptions options{.host = "192.0.2.1", .tls = {}};
  EXPECT_THROW(Server(options, pool, [](unsigned) { return Entry(route); }), std::runtime_error);
}

}  // namespace
}  // namespace latchkey::http
