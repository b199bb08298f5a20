// Connection: one client's requests in order, from bytes to bytes (server.hpp). In the stages `head` and
// `body` it reads by itself; in `pool` and `exchange` somebody else has the turn, and what was pipelined
// waits.
//
// Lifetime: its reactor owns it and keeps it until it is closed and neither pool nor exchange has it; those
// two may therefore hold a plain pointer. Belongs to its reactor's thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/buffer.hpp"
#include "http/message.hpp"
#include "http/pending.hpp"
#include "http/wire.hpp"

namespace latchkey::http {

class Reactor;

class Connection {
 public:
  using Seconds = std::chrono::seconds;

  Connection(Reactor& reactor, Wire wire, Peer peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int fd() const noexcept { return wire_.fd(); }
  // What the epoll set says.
  void note(std::uint32_t events);
  [[nodiscard]] bool is_late(Seconds now) const noexcept { return deadline_ < now; }
  // From now on each answer is the last; an idle connection ends at once.
  void begin_drain();
  // Closes at once, whatever is under way; the client can't take half an answer for the whole.
  void cut();

 private:
  friend class Exchange;
  enum class Stage : std::uint8_t { head = 1, body, pool, exchange, linger };

  [[nodiscard]] bool is_reading() const noexcept {
    return (stage_ == Stage::head || stage_ == Stage::body) && !closing_;
  }
  [[nodiscard]] bool is_away() const noexcept { return stage_ == Stage::pool || stage_ == Stage::exchange; }

  void serve();
  void resume();
  void settle();
  void arrived(std::string_view bytes);
  [[nodiscard]] std::size_t process(std::string_view bytes);
  [[nodiscard]] std::size_t take_head(std::string_view bytes);
  [[nodiscard]] std::size_t take_body(std::string_view bytes);
  void set_deadline(bool progressed);
  void linger();
  void close(bool reset);

  [[nodiscard]] std::size_t answer_now(const Request& request, const Response& response,
                                       std::string_view rest);
  void answer(const Request& request, const Response& response);
  void begin_pending();
  void answer_pending(const Response& response);
  void run_work();
  void work_done();
  void start_stream();
  void exchange_over();
  [[nodiscard]] bool skip_body();
  void leave_stage();

  Reactor& reactor_;
  Wire wire_;
  Peer peer_;
  Buffer in_;  // came, and isn't used yet
  Stage stage_ = Stage::head;
  bool closing_ = false;  // the last answer is given
  bool partial_ = true;   // a head has begun: its time runs
  bool stalled_ = false;  // `in_` waits for answers to leave
  bool fresh_ = true;     // no request came yet
  Seconds deadline_;
  std::unique_ptr<Pending> pending_;
  Exchange* exchange_ = nullptr;
};

}  // namespace latchkey::http
