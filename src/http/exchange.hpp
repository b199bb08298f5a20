// Exchange: one request's body and answer as streams, for handlers that must not hold them whole (Git). Lives
// on its reactor: every call, and every continuation, happens there. Includes Asio: only git/ and http/ may
// use it.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "http/message.hpp"

namespace latchkey::http {

class Connection;

class Exchange {
 public:
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  [[nodiscard]] const Request& request() const noexcept;
  [[nodiscard]] boost::asio::any_io_executor executor();

  // The next bytes of the body, without its framing; 0: its end. Throws boost::system::system_error when the
  // client is gone, too slow, or breaks the framing: the exchange is then over.
  boost::asio::awaitable<std::size_t> read(std::span<char> buffer);
  // Sends a whole answer. What was not read of the body is never taken for a request. Then the exchange is
  // over.
  boost::asio::awaitable<void> respond(Response response);
  // Or: sends the head (status, content type and fields of `head`), then bytes as they come, then the end.
  // Each waits while the client does not take them (back-pressure). False: the client is gone.
  boost::asio::awaitable<bool> begin(const Response& head);
  boost::asio::awaitable<bool> write(std::string_view bytes);
  boost::asio::awaitable<bool> finish();
  // Ends the connection at once, mid-answer, so that the client can't take what it has for the whole.
  void abort() noexcept;
  // Calls `gone` once, on the reactor, when the client has closed or the server stops: whoever waits for
  // something else than this exchange learns of it here.
  void on_gone(std::move_only_function<void()> gone);
  // Runs `job` on the pool and comes back to the reactor; throws Refusal{busy} when the pool is full, and
  // what the job throws.
  boost::asio::awaitable<void> on_pool(std::move_only_function<void()> job);

 private:
  // The engine's side (http/exchange.cpp, http/connection.cpp).
  friend class Connection;
  enum class Phase : std::uint8_t { open = 1, begun, over };
  explicit Exchange(Connection& connection);
  void moved();
  [[nodiscard]] bool waits() const noexcept { return reader_ || writer_; }
  [[nodiscard]] bool usable() const noexcept;
  void say_gone();
  std::optional<std::size_t> take(std::span<char> buffer);
  void send_answer(const Response& response);
  [[nodiscard]] Response with_fields(Response response) const;
  [[noreturn]] void break_off();
  boost::asio::awaitable<void> parked(std::move_only_function<void()>& waiter);
  boost::asio::awaitable<bool> drained();

  Connection& connection_;
  Phase phase_ = Phase::open;
  bool continue_due_;       // the client waits for 100 before it sends the body
  bool framed_ = false;     // the answer is chunked
  bool head_only_ = false;  // the answer has no body
  unsigned reads_ = 0;
  std::move_only_function<void()> reader_, writer_, gone_;
};

}  // namespace latchkey::http
