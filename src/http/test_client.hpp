// For the tests of http/ alone: a running server, and a blocking client over a real socket that reads answers
// apart. A client gives up after 20 s of silence, so that a broken server is a failure and not a hang.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <charconv>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/pool.hpp"
#include "base/process.hpp"
#include "http/chars.hpp"
#include "http/server.hpp"

namespace latchkey::http {

struct Answer {
  int status = 0;
  std::string head, body;

  // The value of the first field of that name, or "-".
  [[nodiscard]] std::string field(std::string_view lower_name) const {
    std::string_view rest = head;
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(std::min(rest.size(), line.size() + 2));
      const auto colon = line.find(':');
      if (colon != std::string_view::npos && is_lower(line.substr(0, colon), lower_name)) {
        return std::string(without_blanks(line.substr(colon + 1)));
      }
    }
    return "-";
  }
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receive_buffer > 0)
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      ADD_FAILURE() << "connect";
  }
  virtual ~TestClient() = default;

  // False: the server takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = put(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  Answer ask(std::string_view bytes, bool head_only = false) {
    send(bytes);
    return read_answer(head_only);
  }
  // One answer; status 0: the connection ended before it was whole.
  Answer read_answer(bool head_only = false) {
    Answer answer;
    if (!fill([](std::string_view in) { return in.find("\r\n\r\n") != std::string_view::npos; }))
      return answer;
    answer.head = take(in_.find("\r\n\r\n") + 4);
    const bool whole = head_only || read_body(answer);
    if (whole) std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
    return answer;
  }
  // Everything up to the end of the connection.
  std::string read_to_end() {
    fill([](std::string_view) { return false; });
    return std::exchange(in_, {});
  }
  // Exactly n bytes, or fewer at the end.
  std::string read_bytes(std::size_t n) {
    fill([n](std::string_view in) { return in.size() >= n; });
    return take(std::min(n, in_.size()));
  }
  // Whether the server ended the connection, in order or by a reset, without another byte.
  bool is_ended() { return in_.empty() && read_to_end().empty() && !silent_; }
  // Whether the server sent something, or ended, within that many milliseconds.
  bool has_news_within(int milliseconds) {
    pollfd wait{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, milliseconds) != 0;
  }
  bool was_reset() const { return reset_; }
  void end_sending() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.reset(); }

 protected:
  virtual ssize_t get(char* to, std::size_t n) { return ::recv(socket_.get(), to, n, 0); }
  virtual ssize_t put(std::string_view bytes) {
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  template <class Done>
  bool fill(Done done) {
    std::string some(64 * 1024, '\0');
    while (!done(in_)) {
      errno = 0;
      const auto got = get(some.data(), some.size());
      if (got <= 0) {
        silent_ = got < 0 && errno == EAGAIN;
        reset_ = reset_ || (got < 0 && errno == ECONNRESET);
        if (silent_) ADD_FAILURE() << "the server is silent";
        return false;
      }
      in_.append(some, 0, static_cast<std::size_t>(got));
    }
    return true;
  }
  std::string take(std::size_t n) {
    auto taken = in_.substr(0, n);
    in_.erase(0, n);
    return taken;
  }
  bool read_body(Answer& answer) {
    if (answer.head.starts_with("HTTP/1.1 100") || answer.head.starts_with("HTTP/1.1 204")) return true;
    if (answer.field("transfer-encoding") == "chunked") return read_chunks(answer);
    if (answer.field("content-length") == "-") {
      answer.body = read_to_end();
      return true;
    }
    const auto size = std::stoul(answer.field("content-length"));
    answer.body = read_bytes(size);
    return answer.body.size() == size;
  }
  bool read_chunks(Answer& answer) {
    for (;;) {
      if (!fill([](std::string_view in) { return in.find("\r\n") != std::string_view::npos; })) return false;
      const auto line = take(in_.find("\r\n") + 2);
      const auto size = std::stoul(line, nullptr, 16);
      const auto chunk = read_bytes(size + 2);
      if (chunk.size() != size + 2) return false;
      if (size == 0) return true;
      answer.body.append(chunk, 0, size);
    }
  }

  Descriptor socket_;
  std::string in_;
  bool silent_ = false, reset_ = false;
};

// The same over TLS. No certificate is checked: `certificate()` shows what the server has.
class TlsTestClient : public TestClient {
 public:
  explicit TlsTestClient(std::uint16_t port, int max_version = 0) : TestClient(port) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (max_version != 0) {
      SSL_CTX_set_min_proto_version(context_.get(), max_version);
      SSL_CTX_set_max_proto_version(context_.get(), max_version);
    }
    SSL_CTX_set_security_level(context_.get(), 0);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), fd());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool was_notified() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
  [[nodiscard]] std::string certificate() const {
    const std::unique_ptr<X509, decltype(&X509_free)> mine(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    std::string subject(200, '\0');
    X509_NAME_oneline(X509_get_subject_name(mine.get()), subject.data(), static_cast<int>(subject.size()));
    return subject.c_str();
  }

 protected:
  ssize_t get(char* to, std::size_t n) override { return SSL_read(ssl_.get(), to, static_cast<int>(n)); }
  ssize_t put(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(),
                     static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
};

inline std::string get(const std::string& path, const std::string& fields = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}
inline std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

inline Response text(std::string body) {
  return {.content_type = "text/plain", .fields = {}, .body = std::move(body)};
}

// Says the path and, where it was read, the body.
inline Response echo(const Request& request) {
  return text(std::string(request.head.method_text) + " " + std::string(request.head.path) + " " +
              std::string(request.body));
}

// "/now…" is answered at once, "/none" without a body, all else on the pool.
inline Action route(const Request& request) {
  if (request.head.path == "/none")
    return Response{.status = 204, .content_type = {}, .fields = {}, .body = "lost"};
  if (request.head.path == "/close") {
    Response last = echo(request);
    last.close = true;
    return last;
  }
  if (request.head.path.starts_with("/now")) return echo(request);
  if (request.head.path == "/small") return Work{.body_max = 10, .run = echo};
  return Work{.run = echo};
}

// A server of one reactor whose requests all go to `entry`, and its pool.
class TestServer {
 public:
  explicit TestServer(std::function<Action(const Request&)> entry, ServerOptions options = {},
                      std::size_t threads = 2, std::size_t waiting_max = 16)
      : pool_(std::make_unique<Pool>(threads, waiting_max)),
        server_(options, *pool_, [entry](unsigned) { return Entry(entry); }) {
    server_.start();
  }
  Server* operator->() { return &server_; }
  TestClient client() { return TestClient(server_.port()); }

 private:
  std::unique_ptr<Pool> pool_;
  Server server_;
};

}  // namespace latchkey::http
