// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <sys/epoll.h>

#include <exception>

#include "base/log.hpp"
#include "http/answer.hpp"
#include "http/exchange.hpp"
#include "http/head.hpp"
#include "http/pieces.hpp"
#include "http/reactor.hpp"

namespace latchkey::http {
namespace {

constexpr std::size_t batch_max = 256 * 1024;  // bytes of answers that are gathered before they are sent
constexpr int receives_max = 4;                // of one connection, before others have their turn
constexpr std::chrono::seconds linger_limit{10};
constexpr std::chrono::seconds never = std::chrono::seconds::max();

}  // namespace

Connection::Connection(Reactor& reactor, Wire wire, Peer peer)
    : reactor_(reactor),
      wire_(std::move(wire)),
      peer_(std::move(peer)),
      deadline_(reactor.now() + reactor.limits().head_limit) {}

void Connection::note(std::uint32_t events) {
  if (wire_.note(events)) set_deadline(false);
  if (exchange_ != nullptr) exchange_->moved();
  if (is_away()) return;
  if (stalled_ && !wire_.blocked()) {
    resume();
  } else {
    serve();
    settle();
  }
}

// Reads while there is something to read and nobody else has the turn.
void Connection::serve() {
  for (int left = receives_max; is_reading() && wire_.readable() && !wire_.blocked(); --left) {
    if (left == 0) return reactor_.tell_again(*this);
    const auto bytes = reactor_.plain();
    const auto got = wire_.receive(bytes);
    if (!got) return;
    if (*got == 0) return close(false);
    arrived({bytes.data(), *got});
  }
}

// Goes on after a wait: first with what came meanwhile.
void Connection::resume() {
  stalled_ = wire_.blocked();
  if (is_reading() && !stalled_) {
    const auto used = process(in_.view());
    in_.consume(used);
    set_deadline(true);
  }
  serve();
  settle();
}

void Connection::settle() {
  if (!wire_.open() || is_away()) return;
  if (wire_.broken()) return close(false);
  if (closing_ && stage_ != Stage::linger) {
    stage_ = Stage::linger;
    in_.clear();
    wire_.finish();
    set_deadline(true);
  }
  if (stage_ == Stage::linger) linger();
}

// What still comes is read and thrown away: closing before it would reset the connection, and the reset can
// overtake the last answer.
void Connection::linger() {
  for (int left = receives_max; wire_.readable(); --left) {
    if (left == 0) return reactor_.tell_again(*this);
    const auto got = wire_.receive(reactor_.plain());
    if (!got) return;
    if (*got == 0) {
      if (wire_.finished()) close(false);
      return;
    }
  }
}

void Connection::arrived(std::string_view bytes) {
  std::size_t used = 0;
  if (in_.empty()) {
    used = process(bytes);
    in_.append(bytes.substr(used));
  } else {
    in_.append(bytes);
    // A head that was partial still is until a line ends: whoever sends byte by byte costs no scan for each.
    const bool pointless =
        stage_ == Stage::head && bytes.find('\n') == std::string_view::npos && in_.view().size() < head_max;
    if (!pointless) {
      used = process(in_.view());
      in_.consume(used);
    }
  }
  set_deadline(used > 0);
}

// Gives the client new time for what is awaited of it now. `progressed`: a request was done; without that a
// head that has begun gets none.
void Connection::set_deadline(bool progressed) {
  const auto& limits = reactor_.limits();
  const auto now = reactor_.now();
  const bool awaited = stage_ == Stage::body || (exchange_ != nullptr && exchange_->waits());
  if (wire_.blocked() || awaited) {
    deadline_ = now + limits.progress_limit;
  } else if (is_away()) {
    deadline_ = never;
  } else if (stage_ == Stage::linger) {
    deadline_ = now + linger_limit;
  } else if (in_.empty()) {
    partial_ = false;
    deadline_ = now + limits.idle_limit;
  } else if (!partial_ || progressed) {
    partial_ = true;
    deadline_ = now + limits.head_limit;
  }
}

// Answers every whole request of `bytes` in order, all in one send; returns how many bytes are done with.
std::size_t Connection::process(std::string_view bytes) {
  auto& answers = reactor_.fresh_answers();
  std::size_t used = 0;
  while (used < bytes.size() && is_reading()) {
    const auto rest = bytes.substr(used);
    const auto step = stage_ == Stage::head ? take_head(rest) : take_body(rest);
    if (step == 0) break;
    used += step;
    if (answers.size() < batch_max) continue;
    wire_.send(answers);
    answers.clear();
    stalled_ = wire_.blocked();
    if (stalled_) break;
  }
  if (!answers.empty()) wire_.send(answers);
  return used;
}

std::size_t Connection::take_head(std::string_view bytes) {
  Request& request = reactor_.request();
  const auto scan = scan_head(bytes, request.head);
  if (scan.outcome == Scan::Outcome::partial) return 0;
  fresh_ = false;
  request.peer = &peer_;
  request.activity = reactor_.next_activity();
  if (scan.outcome == Scan::Outcome::refused) {
    answer(request, plain_refusal(scan.status, scan.sentence));
    return bytes.size();
  }
  auto action = reactor_.entry()(request);
  const auto* kept = std::get_if<Kept>(&action);
  if (const auto* response = kept ? kept->response : std::get_if<Response>(&action)) {
    return scan.used + answer_now(request, *response, bytes.substr(scan.used));
  }
  pending_ = std::make_unique<Pending>(bytes.substr(0, scan.used), request, std::move(action));
  begin_pending();
  return scan.used;
}

// Answers before the body was read. A body that is here whole is skipped; otherwise the connection ends,
// since nobody knows whether the rest will come (clients.md 4: some announce a body and never send it).
std::size_t Connection::answer_now(const Request& request, const Response& response, std::string_view rest) {
  std::size_t skipped = 0;
  Body body(request.head);
  while (!body.done() && skipped < rest.size()) {
    const auto piece = body.next(rest.substr(skipped), rest.size());
    if (!piece) break;
    skipped += piece->used;
  }
  closing_ = !body.done();
  answer(request, response);
  return skipped;
}

void Connection::answer(const Request& request, const Response& response) {
  closing_ = closing_ || response.close || !request.head.keep_alive || reactor_.draining();
  append_answer(reactor_.answers(), response,
                {.stamp = reactor_.stamp(),
                 .activity = request.activity,
                 .minor = request.head.minor,
                 .head_only = request.head.method == Method::head,
                 .close = closing_});
}

void Connection::begin_pending() {
  if (std::holds_alternative<Stream>(pending_->action)) {
    stage_ = Stage::exchange;
    reactor_.post([this] { start_stream(); });
    return;
  }
  const auto& head = pending_->request.head;
  if (head.content_length.value_or(0) > std::get<Work>(pending_->action).body_max) {
    return answer_pending(plain_refusal(413, "The body is too large."));
  }
  if (!head.has_body()) return run_work();
  pending_->content.reserve(head.content_length.value_or(0));  // what may hold secrets is not copied about
  stage_ = Stage::body;
  if (head.expect_continue) reactor_.answers().append("HTTP/1.1 100 Continue\r\n\r\n");
}

void Connection::answer_pending(const Response& response) {
  answer(pending_->request, response);
  leave_stage();
}

void Connection::leave_stage() {
  stage_ = Stage::head;
  pending_.reset();
}

std::size_t Connection::take_body(std::string_view bytes) {
  const auto piece = pending_->body.next(bytes, bytes.size());
  if (!piece) {
    answer_pending(plain_refusal(400, "The chunked body can't be read."));
    return bytes.size();
  }
  if (pending_->content.size() + piece->data.size() > std::get<Work>(pending_->action).body_max) {
    answer_pending(plain_refusal(413, "The body is too large."));
    return bytes.size();
  }
  pending_->content.append(piece->data);
  if (pending_->body.done()) run_work();
  return piece->used;
}

namespace {

Response run(const Request& request, Work& work) noexcept {
  std::string fault = "of an unknown kind";
  try {
    return work.run(request);
  } catch (const std::exception& error) {
    fault = error.what();
  } catch (...) {
  }
  log_error("request_failed", {{"activity", request.activity.text()}, {"fault", fault}});
  return plain_refusal(500, "The server failed; its log has more under the id in the header ActivityId.");
}

}  // namespace

void Connection::run_work() {
  pending_->request.body = pending_->content;
  if (auto& work = std::get<Work>(pending_->action); work.on_reactor)
    return answer_pending(run(pending_->request, work));
  stage_ = Stage::pool;
  const bool taken = reactor_.pool().try_run([this]() noexcept {
    pending_->response = run(pending_->request, std::get<Work>(pending_->action));
    reactor_.post([this] { work_done(); });
  });
  if (taken) return;
  auto busy = plain_refusal(503, "The server is busy; repeat in a second.");
  busy.close = false;
  answer_pending(std::move(busy.field("Retry-After", "1")));
}

void Connection::work_done() {
  if (!wire_.open()) {
    leave_stage();
    return reactor_.release(*this);
  }
  if (pending_->response.more) {
    pending_->action = in_pieces(std::move(pending_->response));
    stage_ = Stage::exchange;
    return start_stream();
  }
  auto& answers = reactor_.fresh_answers();
  answer(pending_->request, pending_->response);
  leave_stage();
  wire_.send(answers);
  resume();
}

void Connection::start_stream() {
  if (!wire_.open()) return exchange_over();
  // Exchange's constructor is private.
  std::shared_ptr<Exchange> exchange(new Exchange(*this));
  exchange_ = exchange.get();
  std::get<Stream>(pending_->action).run(std::move(exchange));
}

// Posted by the exchange's end: the pipelined successor is not served from its stack.
void Connection::exchange_over() {
  leave_stage();
  if (!wire_.open()) return reactor_.release(*this);
  resume();
}

// Skips what is left of the pending request's body, if it has come whole.
bool Connection::skip_body() {
  auto& body = pending_->body;
  while (!body.done() && !in_.empty()) {
    const auto piece = body.next(in_.view(), in_.view().size());
    if (!piece) return false;
    in_.consume(piece->used);
  }
  return body.done();
}

void Connection::begin_drain() {
  if (!is_away()) note(EPOLLIN);  // bytes that came, and whose edge was not told yet
  if (!wire_.open() || stage_ != Stage::head || wire_.blocked() || !in_.empty()) return;
  if (!fresh_) return close(false);
  deadline_ = std::min(deadline_, reactor_.now() + Seconds(1));  // its first request may be on the way
}

void Connection::cut() { close(stage_ == Stage::exchange); }

void Connection::close(bool reset) {
  if (!wire_.open()) return;
  reactor_.forget(wire_.fd());
  wire_.close(reset);
  if (exchange_ != nullptr) exchange_->moved();
  if (!is_away()) reactor_.release(*this);
}

}  // namespace latchkey::http
