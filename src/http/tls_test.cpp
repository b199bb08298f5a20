// Goal: everything that works in the clear works over TLS, and certificates can be changed under load.
// Method: self-signed pairs in a temporary directory, a real server, OpenSSL clients.
// SPDX-License-Identifier: Apache-2.0
#include "http/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include "base/random.hpp"
#include "http/exchange.hpp"
#include "http/self_signed.hpp"
#include "http/test_client.hpp"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;

class TlsServer : public testing::Test {
 protected:
  TlsServer() {
    std::string made = std::filesystem::temp_directory_path() / "latchkey-tls-XXXXXX";
    directory_ = ::mkdtemp(made.data());
    files_ = {directory_ / "certificate.pem", directory_ / "key.pem"};
    make_self_signed(files_, {"first.example"}, Clock().now());
    options_.tls = files_;
  }
  ~TlsServer() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
  TlsFiles files_;
  ServerOptions options_;
};

asio::awaitable<void> echo(std::shared_ptr<Exchange> exchange) {
  std::vector<char> buffer(50'000);
  if (!co_await exchange->begin(text(""))) co_return;
  while (const auto got = co_await exchange->read(buffer)) {
    if (!co_await exchange->write({buffer.data(), got})) co_return;
  }
  co_await exchange->finish();
}

Action tls_route(const Request& request) {
  if (request.head.path == "/echo") {
    return Stream{.fields = {}, .run = [](std::shared_ptr<Exchange> exchange) {
                    auto executor = exchange->executor();
                    asio::co_spawn(executor, echo(std::move(exchange)), asio::detached);
                  }};
  }
  if (request.head.path == "/large") return text(std::string(3'000'000, 'x'));
  if (request.head.path == "/now") return text(request.peer->secure ? "secure" : "plain");
  return Work{.run = [](const Request& work) { return text(std::string(work.body)); }};
}

TEST_F(TlsServer, serves_both_versions_and_none_older) {
  TestServer server(tls_route, options_);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsTestClient client(server->port(), version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.version(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
    EXPECT_EQ(client.ask(get("/now")).body, "secure");
  }
  EXPECT_FALSE(TlsTestClient(server->port(), TLS1_1_VERSION).connected());
}

TEST_F(TlsServer, answers_pipelined_requests_work_and_large_answers) {
  TestServer server(tls_route, options_);
  TlsTestClient client(server->port());
  std::string body(700'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 26);
  std::string all;
  for (int i = 0; i < 100; ++i) all += get("/now");
  client.send(all + "POST /work HTTP/1.1\r\nHost: h\r\nContent-Length: 700000\r\n\r\n" + body +
              get("/large") + get("/now"));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.read_answer().body, "secure");
  EXPECT_EQ(client.read_answer().body, body);
  EXPECT_EQ(client.read_answer().body.size(), 3'000'000U);
  EXPECT_EQ(client.read_answer().body, "secure");
}

TEST_F(TlsServer, reads_every_record_that_came_while_it_was_busy) {
  std::latch may_end(1);
  TestServer server(
      [&](const Request& request) -> Action {
        if (request.head.path == "/now") return text("now");
        return Work{.run = [&](const Request&) {
          may_end.wait();
          return text("work");
        }};
      },
      options_);
  TlsTestClient client(server->port());
  client.send(get("/work"));
  for (int i = 0; i < 5; ++i) client.send(get("/now"));
  may_end.count_down();
  EXPECT_EQ(client.read_answer().body, "work");
  for (int i = 0; i < 5; ++i) ASSERT_EQ(client.read_answer().body, "now") << i;
}

TEST_F(TlsServer, streams_a_large_body_there_and_back) {
  TestServer server(tls_route, options_);
  TlsTestClient client(server->port());
  // A client of OpenSSL can't send and receive on two threads: it sends in blocks that fit the sockets'
  // buffers.
  constexpr std::size_t block = 100'000, blocks = 200;
  std::string data(block, '\0');
  fill_random(std::as_writable_bytes(std::span(data)));
  client.send("POST /echo HTTP/1.0\r\nContent-Length: " + std::to_string(block * blocks) + "\r\n\r\n");
  std::string head;
  while (!head.ends_with("\r\n\r\n")) head += client.read_bytes(1);
  for (std::size_t i = 0; i < blocks; ++i) {
    client.send(data);
    ASSERT_EQ(client.read_bytes(block), data) << i;
  }
  EXPECT_TRUE(client.is_ended());
}

TEST_F(TlsServer, ends_a_connection_with_close_notify) {
  TestServer server(tls_route, options_);
  TlsTestClient client(server->port());
  client.send("GET /now HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "secure");
  EXPECT_TRUE(client.is_ended());
  EXPECT_TRUE(client.was_notified());
}

TEST_F(TlsServer, closes_on_who_speaks_no_tls_and_on_who_says_nothing) {
  options_.head_limit = std::chrono::seconds(1);
  TestServer server(tls_route, options_);
  auto plain = server.client(), silent = server.client();
  plain.send(get("/now"));
  EXPECT_THAT(plain.read_to_end(), testing::Not(HasSubstr("200")));
  EXPECT_TRUE(silent.is_ended());
}

TEST_F(TlsServer, reads_a_new_certificate_while_connections_stay) {
  TestServer server(tls_route, options_);
  TlsTestClient old(server->port());
  EXPECT_THAT(old.certificate(), HasSubstr("first.example"));
  make_self_signed(files_, {"second.example"}, Clock().now());
  server->reload_tls();
  EXPECT_THAT(TlsTestClient(server->port()).certificate(), HasSubstr("second.example"));
  EXPECT_EQ(old.ask(get("/now")).body, "secure");
}

TEST_F(TlsServer, keeps_the_old_certificate_when_the_new_one_is_broken) {
  TestServer server(tls_route, options_);
  std::ofstream(files_.certificate) << "garbage";
  EXPECT_THROW(server->reload_tls(), std::runtime_error);
  EXPECT_THAT(TlsTestClient(server->port()).certificate(), HasSubstr("first.example"));
}

TEST_F(TlsServer, says_which_file_is_wrong) {
  const auto complaint = [&](const TlsFiles& files) -> std::string {
    try {
      const TlsContext context(files);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(complaint(files_), "none");
  EXPECT_THAT(complaint({directory_ / "missing", files_.key}), HasSubstr("missing"));
  EXPECT_THAT(complaint({files_.certificate, files_.certificate}), HasSubstr("the key"));
  const TlsFiles other{directory_ / "other.pem", directory_ / "other.key"};
  make_self_signed(other, {"other"}, Clock().now());
  EXPECT_THAT(complaint({files_.certificate, other.key}), HasSubstr("belongs to the certificate"));
}

TEST_F(TlsServer, drains) {
  TestServer server(tls_route, options_);
  TlsTestClient client(server->port());
  EXPECT_EQ(client.ask(get("/now")).status, 200);
  server->drain(std::chrono::seconds(20));
  EXPECT_TRUE(client.is_ended());
}

}  // namespace
}  // namespace latchkey::http
