// A load generator that costs less than the servers it loads, so that with one core each the server is the
// bound and not the generator: io_uring, one system call a turn, no parsing after the first answer.
//
//   http_load [options] HOST:PORT PATH      prints one JSON object: rate, p50_us, p99_us, status,
//   answer_bytes
//
// Closed loop: each connection asks again when it has its answers. With --rate open loop: requests are due at
// fixed times, whoever is late or not, and latency counts from when a request was due (no coordinated
// omission). With
// --reconnect each request has a connection of its own, which the server closes.
//
// Every answer must be as long as the first and have its status, else the run fails: only fixed answers can
// be loaded.
// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ring.hpp"

namespace {

using Steady = std::chrono::steady_clock;
using Micros = std::chrono::duration<double, std::micro>;
using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;
using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

constexpr std::chrono::microseconds nap{100};

struct Options {
  std::string address, path, host, method = "GET", body_file, each_file, paths_file;
  std::vector<std::string> headers;
  double seconds = 2, rate = 0;
  std::size_t connections = 32, depth = 1;
  bool tls = false, reconnect = false;
};

[[noreturn]] void fail(const std::string& why) { throw std::runtime_error(why); }

std::ifstream open_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail("can't read " + path);
  return file;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  auto file = open_file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// One request for each line of the files of paths or of header lines, or the one request if there is no file.
std::vector<std::string> requests_of(const Options& options) {
  std::string head = " HTTP/1.1\r\n";
  head += "Host: " + (options.host.empty() ? options.address : options.host) + "\r\n";
  for (const auto& header : options.headers) head += header + "\r\n";
  if (options.reconnect) head += "Connection: close\r\n";
  std::string body;
  if (!options.body_file.empty()) {
    auto file = open_file(options.body_file);
    body.assign(std::istreambuf_iterator(file), {});
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  const std::vector paths =
      options.paths_file.empty() ? std::vector{options.path} : lines_of(options.paths_file);
  std::vector<std::string> headers{""};
  if (!options.each_file.empty()) {
    headers = lines_of(options.each_file);
    for (std::string& header : headers) header += "\r\n";
  }
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < std::max(paths.size(), headers.size()); ++i)
    requests.push_back(options.method + " " + paths[i % paths.size()] + head + headers[i % headers.size()] +
                       "\r\n" + body);
  return requests;
}

// What is sent at once: `depth` requests in a row, a batch beginning at each of them.
std::vector<std::string> batches_of(const std::vector<std::string>& requests, std::size_t depth) {
  std::vector<std::string> batches(requests.size());
  for (std::size_t i = 0; i < batches.size(); ++i)
    for (std::size_t j = 0; j < depth; ++j) batches[i] += requests[(i + j) % requests.size()];
  return batches;
}

struct Answer {
  std::string status;  // three digits
  std::size_t size = 0;
};

// In microseconds, the last one for all that took longer.
class Latencies {
 public:
  void count(Steady::duration took) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    ++counts_[std::min<std::size_t>(micros, counts_.size() - 1)];
    ++total_;
  }
  [[nodiscard]] std::size_t quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t passed = 0;
    for (std::size_t micros = 0; micros < counts_.size(); ++micros)
      if ((passed += counts_[micros]) > wanted) return micros;
    return counts_.size() - 1;
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  void clear() { *this = {}; }

 private:
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(2'000'000);
  std::uint64_t total_ = 0;
};

struct Connection {
  int socket = -1;
  Ssl ssl{nullptr, SSL_free};
  std::string sealed;        // the batch as TLS sends it
  std::size_t awaited = 0;   // bytes of answers; 0: idle
  Steady::time_point since;  // when the batch was due
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), batches_(batches_of(requests_of(options), options.depth)) {
    const auto colon = options.address.rfind(':');
    if (colon == std::string::npos || batches_.empty())
      fail("an address is HOST:PORT, and there must be requests");
    server_.sin_family = AF_INET;
    server_.sin_port = htons(static_cast<std::uint16_t>(std::stoi(options.address.substr(colon + 1))));
    server_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (options.tls) tls_.reset(SSL_CTX_new(TLS_client_method()));
    first_answer();
    connections_.resize(options.connections);
  }

  void run() {
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      if (!options_.reconnect) open(i);
      idle_.push_back(i);
    }
    // A tenth comes first and is not counted: caches and the servers' own pools fill.
    turn_until(Steady::now() + std::chrono::duration_cast<Steady::duration>(Micros(options_.seconds * 1e5)));
    const std::uint64_t before = latencies_.total();
    latencies_.clear();
    const auto start = Steady::now();
    const auto end =
        turn_until(start + std::chrono::duration_cast<Steady::duration>(Micros(options_.seconds * 1e6)));
    std::printf(
        "{\"rate\": %.0f, \"answers\": %llu, \"p50_us\": %zu, \"p99_us\": %zu, \"status\": %s, "
        "\"answer_bytes\": %zu}\n",
        static_cast<double>(latencies_.total() * options_.depth) * 1e6 / Micros(end - start).count(),
        static_cast<unsigned long long>((before + latencies_.total()) * options_.depth),
        latencies_.quantile(0.5), latencies_.quantile(0.99), answer_.status.c_str(), answer_.size);
  }

 private:
  int connected() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&server_), sizeof server_) != 0)
      fail("nobody listens there");
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
  }

  // The handshake blocks; what comes after goes through memory, as the ring alone reads and writes the
  // socket.
  Ssl shaken(int socket) const {
    Ssl ssl(SSL_new(tls_.get()), SSL_free);
    SSL_set_fd(ssl.get(), socket);
    if (SSL_connect(ssl.get()) != 1) fail("the TLS handshake failed");
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    return ssl;
  }

  void open(std::size_t i) {
    connections_[i].socket = connected();
    if (tls_) connections_[i].ssl = shaken(connections_[i].socket);
    ring_.receive(connections_[i].socket, i);
  }

  // Learns status and length, on a connection of its own.
  void first_answer() {
    const std::string request = requests_of(options_).front();
    Connection once;
    once.socket = connected();
    if (tls_) once.ssl = shaken(once.socket);
    ring_.receive(once.socket, 0);
    send(once, request);
    std::string got;
    bool ended = false;
    while (!ended) {
      ring_.turn(true, [&](std::size_t, std::string_view bytes) {
        ended = bytes.empty();
        got += opened(once, bytes);
      });
      if (const auto end = got.find("\r\n\r\n"); answer_.size == 0 && end != std::string::npos)
        learn(got.substr(0, end + 4));
      if (answer_.size != 0 && got.size() >= answer_.size) ::shutdown(once.socket, SHUT_RDWR);
    }
    if (answer_.size == 0 || got.size() != answer_.size)
      fail("the server closed the connection before it had answered");
    ::close(once.socket);
  }
  void learn(std::string head) {
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
    answer_ = {head.substr(9, 3), head.size()};
    if (const auto length = head.find("\ncontent-length:"); length != std::string::npos)
      answer_.size += std::stoul(head.substr(length + 16));
    else if (head.contains("transfer-encoding"))
      fail("answers in chunks are not for this generator");
  }

  void send(Connection& connection, std::string_view batch) {
    if (connection.ssl) {
      SSL_write(connection.ssl.get(), batch.data(), static_cast<int>(batch.size()));
      BIO* const out = SSL_get_wbio(connection.ssl.get());
      connection.sealed.resize(BIO_ctrl_pending(out));
      BIO_read(out, connection.sealed.data(), static_cast<int>(connection.sealed.size()));
      batch = connection.sealed;
    }
    ring_.send(connection.socket, batch);
  }

  // The bytes of answers in what arrived.
  std::string_view opened(Connection& connection, std::string_view bytes) {
    if (!connection.ssl) return bytes;
    BIO_write(SSL_get_rbio(connection.ssl.get()), bytes.data(), static_cast<int>(bytes.size()));
    plain_.resize(bytes.size());
    std::size_t size = 0;
    for (int more = 0; size < plain_.size(); size += more) {
      more = SSL_read(connection.ssl.get(), plain_.data() + size, static_cast<int>(plain_.size() - size));
      if (more <= 0) break;
    }
    return std::string_view(plain_).substr(0, size);
  }

  void ask(std::size_t i, Steady::time_point due) {
    if (options_.reconnect) open(i);
    Connection& connection = connections_[i];
    connection.awaited = answer_.size * options_.depth;
    connection.since = due;
    send(connection, batches_[next_]);
    next_ = (next_ + options_.depth) % batches_.size();
  }

  void take(std::size_t i, std::string_view bytes, Steady::time_point now) {
    Connection& connection = connections_[i];
    if (bytes.empty()) {
      if (!options_.reconnect || connection.awaited != 0) fail("the server closed a connection");
      ::close(connection.socket);
      return done(i, now);
    }
    const std::string_view plain = opened(connection, bytes);
    if (plain.empty()) return;  // a record that is not whole yet, or a session ticket
    if (connection.awaited == answer_.size * options_.depth && plain.size() > 12 &&
        plain.substr(9, 3) != answer_.status)
      fail("an answer with another status: " + std::string(plain.substr(0, 12)));
    if (plain.size() > connection.awaited) fail("answers of varying length");
    connection.awaited -= plain.size();
    if (connection.awaited == 0 && !options_.reconnect) done(i, now);
  }
  void done(std::size_t i, Steady::time_point now) {
    latencies_.count(now - connections_[i].since);
    idle_.push_back(i);
  }

  // Asks as often as it is time to.
  void ask_what_is_due(Steady::time_point now) {
    if (options_.rate == 0) {
      for (; !idle_.empty(); idle_.pop_front()) ask(idle_.front(), now);
      return;
    }
    const auto gap = std::chrono::duration_cast<Steady::duration>(Micros(1e6 / options_.rate));
    for (; due_ <= now && !idle_.empty(); due_ += gap, idle_.pop_front()) ask(idle_.front(), due_);
  }

  Steady::time_point turn_until(Steady::time_point end) {
    auto now = Steady::now();
    if (due_ == Steady::time_point()) due_ = now;
    while (now < end) {
      ask_what_is_due(now);
      // An open loop rests only where that can't make it late.
      if (options_.rate > 0 && due_ - now > 4 * nap) ring_.rest(nap);
      ring_.turn(options_.rate == 0,
                 [&](std::size_t i, std::string_view bytes) { take(i, bytes, now = Steady::now()); });
      now = Steady::now();
    }
    return now;
  }

  const Options& options_;
  const std::vector<std::string> batches_;
  sockaddr_in server_{};
  SslContext tls_{nullptr, SSL_CTX_free};
  Ring ring_;
  Answer answer_;
  std::vector<Connection> connections_;
  std::deque<std::size_t> idle_;
  std::size_t next_ = 0;
  Steady::time_point due_;
  Latencies latencies_;
  std::string plain_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("loads an HTTP server on loopback and prints rate and latency as JSON");
  app.add_option("address", options.address, "HOST:PORT; the host is only for the Host header")->required();
  app.add_option("path", options.path)->required();
  app.add_option("--seconds", options.seconds);
  app.add_option("--connections", options.connections);
  app.add_option("--depth", options.depth, "requests pipelined on a connection");
  app.add_option("--rate", options.rate,
                 "requests a second in all, due at fixed times; one at a time on a connection");
  app.add_flag("--reconnect", options.reconnect, "a new connection for each request");
  app.add_flag("--tls", options.tls);
  app.add_option("--method", options.method);
  app.add_option("--host", options.host, "another Host header");
  app.add_option("--header", options.headers, "a header line, as often as wanted")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--body", options.body_file, "a file");
  app.add_option("--each", options.each_file, "a file of header lines: requests with each of them, in turn");
  app.add_option("--paths", options.paths_file, "a file of paths, instead of the one: each of them, in turn");
  CLI11_PARSE(app, argc, argv);
  try {
    if ((options.reconnect || options.rate > 0) && options.depth > 1)
      fail("--depth is for keep-alive in a closed loop");
    Load(options).run();
  } catch (const std::exception& error) {
    std::cerr << "http_load: " << error.what() << '\n';
    return 1;
  }
}
