// Transfer: one exchange between a client and its `git http-backend`, both ways at once, each side waiting
// for the other (back-pressure), and the questions of the hook meanwhile.
//
// It ends when all processes of the group have (each of them holds the pipe of errors or the hook's socket:
// their ends say so), and only then is the answer completed. A client that goes away, a broken body, or too
// long a time ends the group: SIGTERM, so that Git removes its locks and quarantines, and SIGKILL ten seconds
// later. A token that ends does too, and cuts the connection; between the hook's yes and the end of the ref's
// move SIGKILL comes two seconds later, since the answer to who ended the token waits for that.
//
// Lives on the exchange's reactor.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "authority/long_requests.hpp"
#include "git/backend.hpp"
#include "git/body.hpp"
#include "git/git.hpp"
#include "http/exchange.hpp"

namespace latchkey::git {

// Whether refs may move now: nothing, or the sentence that says why not.
using MayMove = std::function<boost::asio::awaitable<std::optional<std::string>>()>;

struct TransferOptions {
  GitRequest::Step step{};
  Service service{};
  std::uint64_t pack_max = 0;
  std::chrono::seconds limit{};  // for all of it
  MayMove may_move;
  authority::LongRequests& long_requests;
  authority::LongRequest::Subjects subjects;
  std::function<bool()> still_good;
};

class Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(std::shared_ptr<http::Exchange> exchange, Backend backend, TransferOptions options);

  // Runs the processes to their end. Then complete() is to be called.
  boost::asio::awaitable<void> run();
  // Whether a ref has moved.
  [[nodiscard]] bool moved() const noexcept { return moved_; }
  // Whether SIGKILL was needed: locks may be left.
  [[nodiscard]] bool killed() const noexcept { return killed_; }
  // Completes the answer.
  boost::asio::awaitable<void> complete();

 private:
  // Something that happens once and is waited for.
  class Event {
   public:
    explicit Event(const boost::asio::any_io_executor& executor)
        : timer_(executor, boost::asio::steady_timer::time_point::max()) {}
    void happen();
    [[nodiscard]] bool happened() const noexcept { return happened_; }
    boost::asio::awaitable<void> wait();

   private:
    boost::asio::steady_timer timer_;
    bool happened_ = false;
  };

  void start(boost::asio::awaitable<void> part, Event* ended);
  boost::asio::awaitable<void> feed();
  boost::asio::awaitable<bool> pass_on(std::string_view bytes);
  boost::asio::awaitable<void> take_output();
  boost::asio::awaitable<bool> take_head();
  boost::asio::awaitable<bool> send(std::string_view bytes);
  boost::asio::awaitable<void> take_errors();
  boost::asio::awaitable<void> serve_hook();
  boost::asio::awaitable<void> watch_time();
  boost::asio::awaitable<void> watch_token();
  boost::asio::awaitable<std::optional<std::string>> why_not_move();
  boost::asio::awaitable<void> kill_late(boost::asio::steady_timer& timer, std::chrono::seconds after);
  boost::asio::awaitable<void> reap();
  boost::asio::awaitable<void> tell_refusal();
  // What is answered instead of what Git said, if anything.
  [[nodiscard]] std::optional<http::Response> failure() const;
  [[nodiscard]] http::Response answer_head() const;
  void end();
  void cut();

  std::shared_ptr<http::Exchange> exchange_;
  TransferOptions options_;
  Process process_;
  Body body_;
  boost::asio::local::stream_protocol::socket input_;
  boost::asio::posix::stream_descriptor output_, errors_, ended_;
  std::optional<boost::asio::local::stream_protocol::socket> hook_;
  boost::asio::steady_timer clock_, killer_, window_killer_, recheck_;
  std::optional<authority::LongRequest> listed_;  // while processes run
  Event fed_, output_ended_, errors_ended_, hook_ended_;

  std::string output_text_, errors_text_;
  std::optional<CgiHead> head_;
  std::optional<http::Response> fault_;  // of the body, or of time
  std::optional<std::string> refusal_;   // what the hook was told
  int code_ = -1;
  bool begun_ = false, ending_ = false, gone_ = false, moved_ = false, killed_ = false;
};

}  // namespace latchkey::git
