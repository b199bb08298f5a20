// Goal: streams both ways (exchange.hpp): framing, back-pressure, ends, and what becomes of them when the
// client goes. Method: a real server whose handlers are coroutines, and clients that send bytes and read
// answers.
// SPDX-License-Identifier: Apache-2.0
#include "http/exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>
#include <future>
#include <latch>
#include <thread>

#include "base/refusal.hpp"
#include "http/test_client.hpp"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using Handler = asio::awaitable<void> (*)(std::shared_ptr<Exchange>);

constexpr std::string_view chunked_post = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

Action stream(asio::awaitable<void> (*handler)(std::shared_ptr<Exchange>)) {
  return Stream{.fields = "X-Stream: yes\r\n", .run = [handler](std::shared_ptr<Exchange> exchange) {
                  auto executor = exchange->executor();
                  asio::co_spawn(executor, handler(std::move(exchange)), asio::detached);
                }};
}

// "/now" is answered at once; all else goes to the handler.
std::function<Action(const Request&)> to(Handler handler) {
  return [handler](const Request& request) -> Action {
    if (request.head.path == "/now") return text("now");
    return stream(handler);
  };
}

asio::awaitable<void> echo(std::shared_ptr<Exchange> exchange) {
  std::vector<char> buffer(50'000);
  if (!co_await exchange->begin({.content_type = "application/x-echo", .fields = {}, .body = {}})) co_return;
  while (const auto got = co_await exchange->read(buffer)) {
    if (!co_await exchange->write({buffer.data(), got})) co_return;
  }
  co_await exchange->finish();
}

asio::awaitable<void> collect(std::shared_ptr<Exchange> exchange) {
  std::string all;
  std::array<char, 7> buffer;
  while (const auto got = co_await exchange->read(buffer)) all.append(buffer.data(), got);
  co_await exchange->respond(text(std::string(exchange->request().head.path) + " " + all));
}

asio::awaitable<void> refuse(std::shared_ptr<Exchange> exchange) {
  auto response = text("no");
  response.status = 403;
  co_await exchange->respond(std::move(response));
}

TEST(Exchange, gives_every_answer_the_fields_of_its_stream) {
  for (const auto handler : {collect, echo, refuse}) {
    TestServer server(to(handler));
    EXPECT_THAT(server.client().ask("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n0").head,
                HasSubstr("\r\nX-Stream: yes\r\n"));
  }
}

TEST(Exchange, reads_a_body_of_either_framing_and_answers) {
  TestServer server(to(collect));
  auto client = server.client();
  EXPECT_EQ(client.ask("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n01234567890123456789").body,
            "/a 01234567890123456789");
  EXPECT_EQ(client.ask(std::string(chunked_post) + "b\r\nhello world\r\n1;x\r\n!\r\n0\r\nT: t\r\n\r\n").body,
            "/ hello world!");
  EXPECT_EQ(client.ask("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").body, "/b ");
  EXPECT_EQ(client.ask("GET /now HTTP/1.1\r\nHost: h\r\n\r\n").body, "now");
}

TEST(Exchange, leaves_pipelined_requests_their_turn) {
  TestServer server(to(collect));
  auto client = server.client();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "GET /now HTTP/1.1\r\nHost: h\r\n\r\nPOST /" + std::to_string(i) +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.read_answer().body, "now");
    ASSERT_EQ(client.read_answer().body, "/" + std::to_string(i) + " abc");
  }
}

TEST(Exchange, takes_a_body_byte_by_byte) {
  TestServer server(to(collect));
  auto client = server.client();
  for (const char c : std::string(chunked_post) + "5;x\r\nhello\r\n0\r\n\r\n") client.send({&c, 1});
  EXPECT_EQ(client.read_answer().body, "/ hello");
}

TEST(Exchange, streams_chunked_and_keeps_the_connection) {
  TestServer server(to(echo));
  auto client = server.client();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("transfer-encoding"), "chunked");
    EXPECT_EQ(answer.field("content-length"), "-");
    EXPECT_EQ(answer.field("content-type"), "application/x-echo");
    EXPECT_NE(answer.field("activityid"), "-");
    EXPECT_EQ(answer.body, "hello");
  }
}

TEST(Exchange, streams_to_http_1_0_until_the_end_of_the_connection) {
  TestServer server(to(echo));
  auto client = server.client();
  const auto answer =
      client.ask("POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(answer.field("transfer-encoding"), "-");
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_EQ(answer.body, "hello");
  EXPECT_FALSE(client.was_reset());
}

TEST(Exchange, streams_no_body_to_head) {
  TestServer server(to(echo));
  auto client = server.client();
  EXPECT_EQ(client.ask("HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", true).status, 200);
  EXPECT_EQ(client.ask("GET /now HTTP/1.1\r\nHost: h\r\n\r\n").body, "now");
}

// Bytes on the heap that are not freed. A sanitizer's allocator counts by itself.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));
std::size_t live_bytes() {
  return &__sanitizer_get_current_allocated_bytes != nullptr ? __sanitizer_get_current_allocated_bytes()
                                                             : ::mallinfo2().uordblks;
}

// 100 MB there and back at once: the server may hold neither side whole.
void echo_a_large_body(TestClient& client) {
  constexpr std::size_t block = 1'000'000, blocks = 100;
  const std::string data(block, 'x');
  client.send("POST / HTTP/1.0\r\nContent-Length: " + std::to_string(block * blocks) + "\r\n\r\n");
  const auto before = live_bytes();
  std::jthread sends([&] {
    for (std::size_t i = 0; i < blocks; ++i) client.send(data);
  });
  std::size_t got = 0, most = 0;
  for (auto bytes = client.read_bytes(block); !bytes.empty(); bytes = client.read_bytes(block)) {
    got += bytes.size();
    most = std::max(most, live_bytes());
  }
  EXPECT_GT(got, block * blocks);
  EXPECT_LT(got, block * blocks + 1000);
  EXPECT_LT(most, before + 8'000'000);
}

TEST(Exchange, echoes_a_large_body_in_bounded_memory) {
  TestServer server(to(echo));
  auto client = server.client();
  echo_a_large_body(client);
}

TEST(Exchange, a_refusal_never_leaves_its_body_to_be_read_as_a_request) {
  TestServer server(to(refuse));
  const std::string smuggled = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto head =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n\r\n";
  auto whole = server.client();
  whole.send(head + smuggled + smuggled);
  EXPECT_EQ(whole.read_answer().status, 403);
  EXPECT_EQ(whole.read_answer().body, "now");
  EXPECT_FALSE(whole.has_news_within(0));

  auto partial = server.client();
  const auto answer = partial.ask(head);
  EXPECT_EQ(answer.field("connection"), "close");
  partial.send(smuggled);
  EXPECT_TRUE(partial.is_ended());
}

TEST(Exchange, asks_for_an_expected_body_at_the_first_read) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  TestServer reads(to(collect)), refuses(to(refuse));
  auto client = reads.client();
  EXPECT_EQ(client.ask(head).status, 100);
  EXPECT_EQ(client.ask("hello").body, "/ hello");
  EXPECT_EQ(refuses.client().ask(head).status, 403);
}

TEST(Exchange, broken_framing_ends_in_400_or_a_cut) {
  TestServer collects(to(collect)), echoes(to(echo));
  const auto answer = collects.client().ask(std::string(chunked_post) + "5\r\nhello!\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("connection"), "close");
  auto client = echoes.client();
  client.send(std::string(chunked_post) + "5\r\nhello!\r\n");
  EXPECT_THAT(client.read_to_end(), Not(HasSubstr("\r\n0\r\n\r\n")));
}

asio::awaitable<void> forget(std::shared_ptr<Exchange>) { co_return; }
asio::awaitable<void> begin_and_forget(std::shared_ptr<Exchange> exchange) {
  co_await exchange->begin(text(""));
  co_await exchange->write("half");
}
asio::awaitable<void> begin_and_abort(std::shared_ptr<Exchange> exchange) {
  co_await exchange->begin(text(""));
  co_await exchange->write("half");
  exchange->abort();
}

TEST(Exchange, an_exchange_that_is_dropped_is_a_fault) {
  TestServer server(to(forget));
  auto client = server.client();
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 500);
}

TEST(Exchange, may_end_while_its_handler_still_starts) {
  std::promise<std::string> said;
  TestServer server([&](const Request&) -> Action {
    return Stream{.fields = {},
                  .run = [&said, mine = std::string(100, 'x')](std::shared_ptr<Exchange> exchange) {
                    exchange.reset();
                    said.set_value(mine);  // the handler is still there
                  }};
  });
  EXPECT_EQ(server.client().ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 500);
  EXPECT_EQ(said.get_future().get(), std::string(100, 'x'));
}

TEST(Exchange, half_an_answer_is_never_taken_for_the_whole) {
  for (const auto handler : {begin_and_forget, begin_and_abort}) {
    TestServer server(to(handler));
    for (const std::string version : {"1.1", "1.0"}) {
      auto client = server.client();
      client.send("GET / HTTP/" + version + "\r\nHost: h\r\n\r\n");
      EXPECT_THAT(client.read_to_end(), Not(HasSubstr("\r\n0\r\n\r\n")));
      EXPECT_TRUE(client.was_reset());
    }
  }
}

// Waits for on_gone and says so.
struct Waits {
  std::promise<void> here, gone;
  Action action() {
    return Stream{.fields = {}, .run = [this](std::shared_ptr<Exchange> exchange) {
                    auto* const raw = exchange.get();
                    raw->on_gone([this, exchange = std::move(exchange)] { gone.set_value(); });
                    here.set_value();
                  }};
  }
};

void expect_soon(std::promise<void>& promise) {
  EXPECT_EQ(promise.get_future().wait_for(seconds(20)), std::future_status::ready);
}

TEST(Exchange, tells_when_the_client_goes) {
  Waits waits;
  TestServer server([&](const Request&) { return waits.action(); });
  {
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    expect_soon(waits.here);
  }
  expect_soon(waits.gone);
}

TEST(Exchange, tells_at_the_end_of_a_drain) {
  Waits waits;
  TestServer server([&](const Request&) { return waits.action(); });
  auto client = server.client();
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect_soon(waits.here);
  server->drain(seconds(1));
  expect_soon(waits.gone);
  EXPECT_TRUE(client.is_ended());
}

// What a read that never ends, and a write that nobody takes, come to when the client goes.
struct Outcome {
  static inline std::promise<std::string> said;
};
asio::awaitable<void> read_for_ever(std::shared_ptr<Exchange> exchange) {
  std::vector<char> buffer(1000);
  try {
    while (co_await exchange->read(buffer) > 0) {
    }
    Outcome::said.set_value("end");
  } catch (const boost::system::system_error&) {
    Outcome::said.set_value("error");
  }
}
asio::awaitable<void> write_for_ever(std::shared_ptr<Exchange> exchange) {
  const std::string block(100'000, 'x');
  co_await exchange->begin(text(""));
  while (co_await exchange->write(block)) {
  }
  Outcome::said.set_value("false");
}

std::string outcome_of(Handler handler, const std::function<void(TestClient&)>& and_then,
                       ServerOptions options = {}) {
  Outcome::said = {};
  auto said = Outcome::said.get_future();
  TestServer server(to(handler), std::move(options));
  auto client = server.client();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nabc");
  and_then(client);
  EXPECT_EQ(said.wait_for(seconds(20)), std::future_status::ready);
  return said.get();
}

TEST(Exchange, reading_and_writing_end_when_the_client_goes) {
  const auto goes = [](TestClient& client) { client.close(); };
  EXPECT_EQ(outcome_of(read_for_ever, goes), "error");
  EXPECT_EQ(outcome_of(write_for_ever, goes), "false");
}

TEST(Exchange, reading_and_writing_end_when_the_client_stalls) {
  const auto stalls = [](TestClient&) {};
  EXPECT_EQ(outcome_of(read_for_ever, stalls, {.tls = {}, .progress_limit = seconds(1)}), "error");
  EXPECT_EQ(outcome_of(write_for_ever, stalls, {.tls = {}, .progress_limit = seconds(1)}), "false");
}

asio::awaitable<void> use_the_pool(std::shared_ptr<Exchange> exchange) {
  const auto reactor = std::this_thread::get_id();
  std::string said;
  std::function<void()> job = [&] { said = std::this_thread::get_id() == reactor ? "same thread" : "pool"; };
  co_await exchange->on_pool(job);
  if (std::this_thread::get_id() != reactor) said = "not back";
  job = [] { throw std::runtime_error("of the job"); };
  try {
    co_await exchange->on_pool(job);
  } catch (const std::runtime_error& error) {
    said += std::string(", ") + error.what();
  }
  co_await exchange->respond(text(said));
}

TEST(Exchange, runs_jobs_on_the_pool_and_comes_back) {
  TestServer server(to(use_the_pool));
  EXPECT_EQ(server.client().ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body, "pool, of the job");
}

asio::awaitable<void> need_the_pool(std::shared_ptr<Exchange> exchange) {
  std::string said = "ran";
  try {
    co_await exchange->on_pool([] {});
  } catch (const Refusal& refusal) {
    said = refusal.code() == RefusalCode::busy ? "busy" : "?";
  }
  co_await exchange->respond(text(said));
}

TEST(Exchange, says_busy_when_the_pool_is_full) {
  std::latch may_end(1);
  TestServer server(
      [&](const Request& request) -> Action {
        if (request.head.path == "/stream") return stream(need_the_pool);
        return Work{.run = [&](const Request&) {
          may_end.wait();
          return text("done");
        }};
      },
      {}, 1, 0);
  auto client = server.client();
  // A pool without a queue takes nothing.
  EXPECT_EQ(client.ask("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n").body, "busy");
  may_end.count_down();
}

TEST(Exchange, survives_a_client_that_goes_while_its_job_runs) {
  static std::latch runs(1), may_end(1);
  static std::promise<bool> came_back;
  const Handler handler = [](std::shared_ptr<Exchange> exchange) -> asio::awaitable<void> {
    co_await exchange->on_pool([] {
      runs.count_down();
      may_end.wait();
    });
    came_back.set_value(co_await exchange->begin(text("")));
  };
  TestServer server(to(handler));
  {
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    runs.wait();
  }
  EXPECT_EQ(server.client().ask("GET /now HTTP/1.1\r\nHost: h\r\n\r\n").body, "now");
  may_end.count_down();
  EXPECT_EQ(came_back.get_future().wait_for(seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace latchkey::http
