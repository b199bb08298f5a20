// Reactor: one core's share of the server: an io_context in which one edge-triggered epoll set with all its
// connections sits as a single descriptor, its listener, the second's tick that keeps the time limits, and
// what its connections share: scratch memory, the date, activity ids. Threads: run() is the reactor's thread,
// and all else happens there, but drain() and post(), which any may call.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/pool.hpp"
#include "base/process.hpp"
#include "base/time.hpp"
#include "http/activity.hpp"
#include "http/message.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"

namespace latchkey::http {

class Connection;

class Reactor {
 public:
  using Seconds = std::chrono::seconds;

  // `tls` is null for plain HTTP. `pool` and `tls` must outlive it.
  Reactor(const ServerOptions& options, Pool& pool, TlsContext* tls, Entry entry, Descriptor listener);
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Serves until drain() is through.
  void run();
  void drain(Seconds limit);
  void post(std::move_only_function<void()> job);

  // For its connections.
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] const ServerOptions& limits() const noexcept { return options_; }
  [[nodiscard]] Pool& pool() noexcept { return pool_; }
  [[nodiscard]] Entry& entry() noexcept { return entry_; }
  [[nodiscard]] Seconds now() const noexcept { return now_; }  // steady; moves once a second
  [[nodiscard]] bool draining() const noexcept { return drain_end_.has_value(); }
  [[nodiscard]] std::string_view stamp() const noexcept { return stamp_; }
  [[nodiscard]] ActivityId next_activity() { return activities_.next(); }
  // Scratch memory, good until the caller returns; `answers` is what was put there since the last
  // fresh_answers().
  [[nodiscard]] std::string& answers() noexcept { return answers_; }
  [[nodiscard]] std::string& fresh_answers() noexcept;
  [[nodiscard]] std::span<char> plain() noexcept { return plain_; }
  // Where a request is read to: to clear 2 KiB for each would cost more than to scan most of them.
  [[nodiscard]] Request& request() noexcept { return request_; }
  // Lets the epoll set tell again what it told of the connection: others get their turn meanwhile.
  void tell_again(Connection& connection);
  // Takes the connection out of the epoll set; its socket may be closed then.
  void forget(int fd) noexcept;
  // Destroys the connection, after whatever runs now.
  void release(Connection& connection);

 private:
  void wait_for_events();
  void take_events();
  bool accept_some();
  void adopt(Descriptor socket, const sockaddr_storage& from);
  void rest_listener();
  void wait_for_tick();
  void tick();
  void cut_late(bool all);
  void begin_drain(Seconds limit);
  void end_if_drained();

  const ServerOptions& options_;
  Pool& pool_;
  TlsContext* const tls_;
  Entry entry_;
  Descriptor listener_;
  bool listener_rests_ = false;  // out of descriptors, until the next tick

  Clock clock_;
  ActivityIds activities_;
  std::string stamp_;  // of every answer of this second
  Seconds now_{};
  std::optional<Seconds> drain_end_;
  std::string answers_;
  Request request_;
  std::vector<char> plain_, sealed_;

  boost::asio::io_context context_{1};
  boost::asio::posix::stream_descriptor epoll_;
  boost::asio::steady_timer timer_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace latchkey::http
