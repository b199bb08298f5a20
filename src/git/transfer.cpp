// SPDX-License-Identifier: Apache-2.0
#include "git/transfer.hpp"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "git/answer.hpp"
#include "git/rules.hpp"

namespace latchkey::git {
namespace {

namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t buffer_size = 65536;
constexpr std::chrono::seconds term_to_kill{10}, window_max{2}, recheck_interval{1}, silence_max{5};

http::Response fault_answer(BodyFault fault) {
  switch (fault) {
    case BodyFault::malformed:
      return plain(400, "The request is broken: it is not what Git sends.");
    case BodyFault::too_large:
      return plain(413, "The request is too large. Push in smaller steps.");
  }
  std::unreachable();
}

std::string packet(char band, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t length = text.size() + 5;
  std::string line;
  for (const int shift : {12, 8, 4, 0}) line += digits[(length >> shift) & 15];
  return line + band + std::string(text);
}

}  // namespace

void Transfer::Event::happen() {
  happened_ = true;
  timer_.cancel();
}

asio::awaitable<void> Transfer::Event::wait() {
  while (!happened_) co_await timer_.async_wait(as_result);
}

Transfer::Transfer(std::shared_ptr<http::Exchange> exchange, Backend backend, TransferOptions options)
    : exchange_(std::move(exchange)),
      options_(std::move(options)),
      process_(std::move(backend.process)),
      body_(options_.service, is_gzip(exchange_->request().head), options_.pack_max),
      input_(exchange_->executor(), asio::local::stream_protocol(), backend.input.release()),
      output_(exchange_->executor(), backend.output.release()),
      errors_(exchange_->executor(), backend.errors.release()),
      ended_(exchange_->executor(), ::fcntl(process_.pidfd(), F_DUPFD_CLOEXEC, 0)),
      clock_(exchange_->executor()),
      killer_(exchange_->executor()),
      window_killer_(exchange_->executor()),
      recheck_(exchange_->executor()),
      fed_(exchange_->executor()),
      output_ended_(exchange_->executor()),
      errors_ended_(exchange_->executor()),
      hook_ended_(exchange_->executor()) {
  if (backend.hook.get() >= 0) {
    hook_.emplace(exchange_->executor(), asio::local::stream_protocol(), backend.hook.release());
  }
}

// Runs `part` beside the others; meanwhile the transfer lives.
void Transfer::start(asio::awaitable<void> part, Event* ended) {
  asio::co_spawn(exchange_->executor(), std::move(part),
                 [self = shared_from_this(), ended](std::exception_ptr fault) {
                   if (ended != nullptr) ended->happen();
                   if (!fault) return;
                   try {
                     std::rethrow_exception(fault);
                   } catch (const std::exception& error) {
                     log_error("a Git request failed", {{"error", error.what()}});
                   }
                   self->end();
                 });
}

asio::awaitable<void> Transfer::run() {
  exchange_->on_gone([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->gone_ = true;
    self->end();
  });
  listed_.emplace(options_.long_requests, options_.subjects, options_.still_good,
                  [executor = exchange_->executor(), weak = weak_from_this()] {
                    asio::post(executor, [weak] {
                      if (const auto self = weak.lock()) self->recheck_.cancel();
                    });
                  });
  start(watch_token(), nullptr);
  start(watch_time(), nullptr);
  start(feed(), &fed_);
  start(take_output(), &output_ended_);
  start(take_errors(), &errors_ended_);
  start(serve_hook(), &hook_ended_);
  co_await output_ended_.wait();
  co_await fed_.wait();
  co_await reap();
}

void Transfer::end() {
  if (std::exchange(ending_, true) || code_ >= 0) return;
  process_.signal_group(SIGTERM);
  start(kill_late(killer_, term_to_kill), nullptr);
}

// The token has ended.
void Transfer::cut() {
  gone_ = true;
  exchange_->abort();
  end();
  if (listed_->window_is_open()) start(kill_late(window_killer_, window_max), nullptr);
}

asio::awaitable<void> Transfer::kill_late(asio::steady_timer& timer, std::chrono::seconds after) {
  timer.expires_after(after);
  const auto [error] = co_await timer.async_wait(as_result);
  // The leader is not reaped before all are gone, so the group's id is still ours.
  if (error) co_return;
  killed_ = true;
  process_.signal_group(SIGKILL);
}

// Each second for deadlines; whatever else could have ended the token cancels the wait.
asio::awaitable<void> Transfer::watch_token() {
  while (listed_ && listed_->still_accepted()) {
    recheck_.expires_after(recheck_interval);
    co_await recheck_.async_wait(as_result);
  }
  if (listed_) cut();
}

asio::awaitable<void> Transfer::watch_time() {
  clock_.expires_after(options_.limit);
  const auto [error] = co_await clock_.async_wait(as_result);
  if (error) co_return;
  fault_ = try_again("This took too long. Fetch or push in smaller steps.");
  end();
  // Who still sends is told at the next bytes; who sends none is not waited for.
  clock_.expires_after(silence_max);
  const auto [over] = co_await clock_.async_wait(as_result);
  if (over || fed_.happened()) co_return;
  gone_ = true;
  exchange_->abort();
}

asio::awaitable<void> Transfer::feed() {
  if (options_.step == GitRequest::Step::exchange) {
    std::vector<char> buffer(buffer_size);
    std::size_t got = 0;
    do {
      try {
        got = co_await exchange_->read(buffer);
      } catch (const boost::system::system_error&) {  // gone, too slow, or its framing is broken: it is over
        gone_ = true;
        end();
      }
    } while (!ending_ && co_await pass_on({buffer.data(), got}));
  }
  input_.close();
}

// An empty text is the end of the body. False: no more is wanted.
asio::awaitable<bool> Transfer::pass_on(std::string_view bytes) {
  std::expected<std::string_view, BodyFault> passed = std::unexpected(BodyFault::malformed);
  if (!bytes.empty() || body_.whole()) passed = body_.feed(bytes);
  if (!passed) {
    fault_ = fault_answer(passed.error());
    end();
    co_return false;
  }
  if (input_.is_open()) {
    const auto [error, sent] = co_await asio::async_write(input_, asio::buffer(*passed), as_result);
    if (error) input_.close();
  }
  // Git may stop reading before the end. If it has said why, the rest is read and dropped, since a client
  // that is still sending would not see it; if it has only ended, the answer is due now.
  co_return !bytes.empty() && (begun_ || !output_ended_.happened());
}

asio::awaitable<void> Transfer::take_output() {
  if (!co_await take_head()) co_return;
  if (output_text_.size() > head_->size && !co_await send(std::string_view(output_text_).substr(head_->size)))
    co_return;
  std::vector<char> buffer(buffer_size);
  for (;;) {
    const auto [error, got] = co_await output_.async_read_some(asio::buffer(buffer), as_result);
    if (error || !co_await send({buffer.data(), got})) co_return;
  }
}

// False: there is no head that can be read.
asio::awaitable<bool> Transfer::take_head() {
  std::array<char, 4096> buffer;
  for (;;) {
    const auto [error, got] = co_await output_.async_read_some(asio::buffer(buffer), as_result);
    if (error) co_return false;
    output_text_.append(buffer.data(), got);
    const auto head = parse_cgi_head(output_text_);
    if (head) {
      head_ = *head;
      co_return true;
    }
    if (head.error() == CgiFault::broken) {
      end();
      co_return false;
    }
  }
}

asio::awaitable<bool> Transfer::send(std::string_view bytes) {
  if (failure()) co_return true;  // read to its end, and not shown
  if (!std::exchange(begun_, true)) {
    if (!co_await exchange_->begin(answer_head())) gone_ = true;
  }
  if (!gone_ && !co_await exchange_->write(bytes)) gone_ = true;
  if (gone_) end();
  co_return !gone_;
}

asio::awaitable<void> Transfer::take_errors() {
  constexpr std::size_t kept_max = 4096;
  std::vector<char> buffer(kept_max);
  for (;;) {
    const auto [error, got] = co_await errors_.async_read_some(asio::buffer(buffer), as_result);
    if (error) co_return;
    errors_text_.append(buffer.data(), std::min(got, kept_max - errors_text_.size()));
  }
}

asio::awaitable<void> Transfer::serve_hook() {
  if (!hook_) co_return;
  std::string line;
  std::array<char, 16> buffer;
  for (;;) {
    const auto [error, got] = co_await hook_->async_read_some(asio::buffer(buffer), as_result);
    if (error) co_return;
    line.append(buffer.data(), got);
    if (line == "committed\n" || line == "aborted\n") {
      moved_ = moved_ || line.starts_with('c');
      listed_->shut_window();
    } else if (line == "prepared\n") {
      if (auto refusal = co_await why_not_move()) refusal_ = std::move(refusal);
      const std::string_view answer = refusal_ ? "no\n" : "yes\n";
      co_await asio::async_write(*hook_, asio::buffer(answer), as_result);
    } else if (line.size() < buffer.size()) {
      continue;
    } else {
      throw std::runtime_error("the hook says what it should not");
    }
    line.clear();
  }
}

// The window is open when there is no reason.
asio::awaitable<std::optional<std::string>> Transfer::why_not_move() {
  auto refusal = co_await options_.may_move();
  if (!listed_->open_window()) {
    refusal = "Your token ended during the push. Nothing was changed; push again with a token that is good.";
  } else if (!refusal && ending_) {
    refusal = "The push was ended.";
  }
  if (refusal) listed_->shut_window();
  co_return refusal;
}

asio::awaitable<void> Transfer::reap() {
  co_await ended_.async_wait(asio::posix::descriptor_base::wait_read, as_result);
  if (!ending_) start(kill_late(killer_, term_to_kill), nullptr);
  co_await errors_ended_.wait();
  co_await hook_ended_.wait();
  clock_.cancel();
  killer_.cancel();
  window_killer_.cancel();
  code_ = process_.wait();
  listed_.reset();
  recheck_.cancel();
}

http::Response Transfer::answer_head() const {
  http::Response head;
  head.content_type = answer_type(options_.step, options_.service);
  head.field("Cache-Control", "no-cache, max-age=0, must-revalidate");
  head.field("Pragma", "no-cache");
  head.field("Expires", "Fri, 01 Jan 1980 00:00:00 GMT");
  return head;
}

std::optional<http::Response> Transfer::failure() const {
  const bool exchange = options_.step == GitRequest::Step::exchange;
  if (fault_) return fault_;
  if (head_ && head_->status >= 400 && head_->status < 500) {
    return plain(head_->status, "Git does not serve this request.");
  }
  const bool head_good =
      head_ && head_->status == 200 && head_->content_type == answer_type(options_.step, options_.service);
  // With a good head and no more than that, Git has found the request wanting before it said anything.
  if (head_good && (begun_ || code_ <= 0)) return std::nullopt;
  if (head_good && exchange) return fault_answer(BodyFault::malformed);
  if (!head_ && code_ < 0) return std::nullopt;
  return plain(500, "The server's Git failed. Tell its administrator; its log says why.");
}

// Git ended the push at the hook's word, between two packets, and says nothing itself: its client is told on
// the band of fatal errors.
asio::awaitable<void> Transfer::tell_refusal() {
  if (!body_.side_band()) {
    if (begun_) {
      exchange_->abort();
    } else {
      co_await exchange_->respond(plain(403, *refusal_));
    }
    co_return;
  }
  constexpr char fatal = 3;
  if (!begun_ && !co_await exchange_->begin(answer_head())) co_return;
  if (co_await exchange_->write(packet(fatal, *refusal_ + "\n"))) co_await exchange_->finish();
}

asio::awaitable<void> Transfer::complete() {
  if (gone_) co_return;  // nobody is there, or the engine has said what was wrong with the framing
  if (refusal_ && !fault_) co_return co_await tell_refusal();
  auto failed = failure();
  // 1 is how a service ends that has told the client itself what is wrong; anything else is cut off.
  const bool cut = begun_ && (failed || code_ > 1);
  if (!fault_ && (cut || (failed && failed->status >= 500))) {
    log_warning("git http-backend failed", {{"code", std::to_string(code_)}, {"errors", errors_text_}});
  }
  if (cut) co_return exchange_->abort();
  if (failed) co_return co_await exchange_->respond(std::move(*failed));
  if (!std::exchange(begun_, true) && !co_await exchange_->begin(answer_head())) co_return;
  co_await exchange_->finish();
}

}  // namespace latchkey::git
