// SPDX-License-Identifier: Apache-2.0
#include "http/exchange.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <exception>

#include "base/log.hpp"
#include "base/refusal.hpp"
#include "http/answer.hpp"
#include "http/connection.hpp"
#include "http/reactor.hpp"

namespace latchkey::http {
namespace asio = boost::asio;
namespace {

constexpr unsigned reads_max = 16;  // that find bytes at once, before others have their turn

// Wakes a coroutine from the queue, never from the stack of who wakes it.
void wake(Reactor& reactor, std::move_only_function<void()>& waiter) {
  if (waiter) reactor.post(std::exchange(waiter, nullptr));
}

void append_chunk(std::string& out, std::string_view bytes) {
  std::array<char, 16> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  out.append(size.data(), end).append("\r\n").append(bytes).append("\r\n");
}

}  // namespace

Exchange::Exchange(Connection& connection)
    : connection_(connection), continue_due_(connection.pending_->request.head.expect_continue) {}

Exchange::~Exchange() {
  if (phase_ == Phase::begun || (phase_ == Phase::open && connection_.wire_.gone())) {
    connection_.close(true);
  } else if (phase_ == Phase::open) {
    log_error("stream_ended_without_an_answer", {{"activity", request().activity.text()}});
    send_answer(
        plain_refusal(500, "The server failed; its log has more under the id in the header ActivityId."));
  }
  connection_.exchange_ = nullptr;
  connection_.reactor_.post([&connection = connection_] { connection.exchange_over(); });
}

const Request& Exchange::request() const noexcept { return connection_.pending_->request; }

asio::any_io_executor Exchange::executor() { return connection_.reactor_.context().get_executor(); }

bool Exchange::usable() const noexcept {
  return phase_ != Phase::over && connection_.wire_.open() && !connection_.wire_.broken();
}

// The connection's word that bytes came or went, or that it is closed.
void Exchange::moved() {
  const auto& wire = connection_.wire_;
  if (wire.readable() || wire.gone()) wake(connection_.reactor_, reader_);
  if (!wire.blocked()) wake(connection_.reactor_, writer_);
  if (wire.gone()) say_gone();
  connection_.set_deadline(true);
}

void Exchange::say_gone() { wake(connection_.reactor_, gone_); }

void Exchange::on_gone(std::move_only_function<void()> gone) {
  if (phase_ == Phase::over) return;
  gone_ = std::move(gone);
  if (connection_.wire_.gone()) say_gone();
}

asio::awaitable<void> Exchange::parked(std::move_only_function<void()>& waiter) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [this, &waiter](auto handler) {
        waiter = std::move(handler);
        connection_.set_deadline(true);
      },
      asio::use_awaitable);
}

asio::awaitable<bool> Exchange::drained() {
  const auto& wire = connection_.wire_;
  while (wire.open() && wire.blocked()) co_await parked(writer_);
  co_return wire.open() && !wire.broken();
}

asio::awaitable<std::size_t> Exchange::read(std::span<char> buffer) {
  if (++reads_ % reads_max == 0) co_await asio::post(executor(), asio::use_awaitable);
  for (;;) {
    if (const auto got = take(buffer)) co_return *got;
    co_await parked(reader_);
  }
}

// What of the body is there; nothing: none now.
std::optional<std::size_t> Exchange::take(std::span<char> buffer) {
  auto& in = connection_.in_;
  auto& body = connection_.pending_->body;
  if (!usable()) throw boost::system::system_error(asio::error::connection_aborted);
  if (std::exchange(continue_due_, false) && !body.done())
    connection_.wire_.send("HTTP/1.1 100 Continue\r\n\r\n");
  std::size_t given = 0;
  for (;;) {
    while (!body.done() && !in.empty() && given < buffer.size()) {
      const auto piece = body.next(in.view(), buffer.size() - given);
      if (!piece) break_off();
      piece->data.copy(buffer.data() + given, piece->data.size());
      given += piece->data.size();
      in.consume(piece->used);
    }
    if (given > 0 || body.done()) return given;
    const auto room = connection_.reactor_.plain();
    const auto got = connection_.wire_.receive(room);
    if (!got) return std::nullopt;
    if (*got == 0) {
      connection_.close(true);
      throw boost::system::system_error(asio::error::eof);
    }
    in.append({room.data(), *got});
  }
}

// The client's framing is broken: nobody knows where its next request would begin.
void Exchange::break_off() {
  if (phase_ == Phase::open) {
    send_answer(plain_refusal(400, "The chunked body can't be read."));
  } else {
    connection_.close(true);
  }
  throw boost::system::system_error(asio::error::invalid_argument);
}

// Answers whole and ends the exchange; what was not read of the body is never taken for a request.
void Exchange::send_answer(const Response& response) {
  phase_ = Phase::over;
  connection_.closing_ = !connection_.skip_body();
  auto& answers = connection_.reactor_.fresh_answers();
  connection_.answer(request(), with_fields(response));
  connection_.wire_.send(answers);
}

// With what every answer of this stream has.
Response Exchange::with_fields(Response response) const {
  response.fields += std::get<Stream>(connection_.pending_->action).fields;
  return response;
}

asio::awaitable<void> Exchange::respond(Response response) {
  gone_ = nullptr;
  if (phase_ != Phase::open || !usable()) co_return;
  send_answer(response);
  co_await drained();
}

asio::awaitable<bool> Exchange::begin(const Response& head) {
  if (phase_ != Phase::open || !usable()) co_return false;
  phase_ = Phase::begun;
  auto& connection = connection_;
  const auto& request_head = request().head;
  head_only_ = request_head.method == Method::head || is_bodiless(head.status);
  framed_ = request_head.minor == 1;
  connection.closing_ = head.close || !framed_ || !request_head.keep_alive || connection.reactor_.draining();
  auto& answers = connection.reactor_.fresh_answers();
  append_stream_head(answers, with_fields(head),
                     {.stamp = connection.reactor_.stamp(),
                      .activity = request().activity,
                      .minor = request_head.minor,
                      .head_only = head_only_,
                      .close = connection.closing_});
  connection.wire_.send(answers);
  co_return co_await drained();
}

asio::awaitable<bool> Exchange::write(std::string_view bytes) {
  if (phase_ != Phase::begun || !usable()) co_return false;
  if (head_only_ || bytes.empty()) co_return true;
  if (framed_) {
    auto& answers = connection_.reactor_.fresh_answers();
    append_chunk(answers, bytes);
    bytes = answers;
  }
  connection_.wire_.send(bytes);
  co_return co_await drained();
}

asio::awaitable<bool> Exchange::finish() {
  gone_ = nullptr;
  if (phase_ != Phase::begun || !usable()) co_return false;
  phase_ = Phase::over;
  connection_.closing_ = connection_.closing_ || !connection_.skip_body();
  if (framed_ && !head_only_) connection_.wire_.send("0\r\n\r\n");
  co_return co_await drained();
}

void Exchange::abort() noexcept {
  phase_ = Phase::over;
  connection_.close(true);
}

namespace {

// A job on its way to the pool and back. The pool's side moves it back whole: what it holds ends on the
// reactor.
struct Trip {
  std::move_only_function<void()> job;
  std::move_only_function<void(std::exception_ptr)> resume;
  std::exception_ptr error;
};

void go(Reactor& reactor, std::shared_ptr<Trip> trip) {
  const auto come_back = [&reactor](std::shared_ptr<Trip> done) {
    reactor.post([done = std::move(done)] { done->resume(done->error); });
  };
  const bool taken = reactor.pool().try_run([trip, come_back]() mutable noexcept {
    try {
      trip->job();
    } catch (...) {
      trip->error = std::current_exception();
    }
    come_back(std::move(trip));
  });
  if (taken) return;
  trip->error =
      std::make_exception_ptr(Refusal(RefusalCode::busy, "The server is busy; repeat in a second."));
  come_back(std::move(trip));
}

}  // namespace

asio::awaitable<void> Exchange::on_pool(std::move_only_function<void()> job) {
  auto trip = std::make_shared<Trip>(std::move(job), nullptr, nullptr);
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(
      [this, &trip](auto handler) {
        trip->resume = std::move(handler);
        go(connection_.reactor_, std::move(trip));
      },
      asio::use_awaitable);
}

}  // namespace latchkey::http
