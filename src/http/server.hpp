// http/ turns bytes into requests and answers into bytes: connections, TLS, framing, time limits,
// back-pressure. It knows nothing of tokens.
//
// Shape (toolchain.md 9): one reactor for each core, each an io_context with one edge-triggered epoll set in
// which all its connections sit; listeners share the port by SO_REUSEPORT. A connection turns bytes into
// bytes: receive, scan strictly, ask the reactor's Entry, answer; all answers of one receive leave in one
// send. What must wait runs on the pool or as a coroutine on the same connection, and reading stops
// meanwhile. TLS is a filter over memory BIOs.
//
// Limits (security.md, Requests): a header block of 16 KiB within 15 s; progress at least every 60 s; 75 s
// idle. Every answer bears Date and ActivityId. HEAD answers like GET, without the body.
//
// Threads: the constructor, start(), drain() and stop() belong to one thread; reactors run on their own.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/pool.hpp"
#include "http/message.hpp"

namespace latchkey::http {

struct TlsFiles {
  std::string certificate, key;  // PEM
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, or a name that resolves to one
  std::uint16_t port = 0;          // 0: any free one
  std::optional<TlsFiles> tls;
  unsigned reactors = 1;
  std::chrono::seconds head_limit{15}, progress_limit{60}, idle_limit{75};
};

class Server {
 public:
  // Binds. Throws std::runtime_error with one sentence that says what to do: the port is taken, the
  // certificate can't be read, ... `entry(n)` makes the request entry of reactor n.
  Server(const ServerOptions& options, Pool& pool, const std::function<Entry(unsigned)>& entry);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  // Accepts from now on.
  void start();
  // Runs `job(n)` on the thread of each reactor n, between its requests; returns when all have. REQUIRES:
  // started, and no drain yet.
  void on_each_reactor(const std::function<void(unsigned)>& job);
  // Graceful end: accepts what is queued, then no more; answers what is under way with Connection: close,
  // ends idle connections; whatever is left after `limit` is cut. Returns when every connection is closed.
  void drain(std::chrono::seconds limit);
  // Reads certificate and key again; keeps the old ones and throws on an error.
  void reload_tls();

 private:
  struct Reactors;
  std::unique_ptr<Reactors> reactors_;
};

}  // namespace latchkey::http
