// Mails: sends what lies in the outbox for owners, one at a time, in order; before it, since people wait for
// them, mails about accounts.
//
// What became of a mail is committed before the next one is begun, so that a crash can double one at most:
// the one that the server took just before. It bears the same Message-ID. A server that takes nothing is
// asked again later, for one mail; that of a recipient who is refused for now waits alone. A link for a new
// password is made when its mail is sent, anew with each attempt, so such a mail has another Message-ID each
// time: who drops a second one of the same must not drop the only good link.
//
// By which server is looked up before each mail, unless the server's own file says it; without one nothing is
// sent, and what is queued waits.
//
// Threads: one, between start() and stop(). test(): any.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "authority/outbox.hpp"
#include "base/mutex.hpp"
#include "delivery/message.hpp"
#include "delivery/smtp.hpp"
#include "delivery/templates.hpp"
#include "store/mail_settings.hpp"

namespace latchkey::delivery {

class Mails {
 public:
  // `of_file`: the server that the server's own file names; none: the one that administrators set.
  // `public_url`: without a trailing slash. Throws std::runtime_error with one sentence, as read_password()
  // and Templates do.
  Mails(authority::Authority& authority, std::optional<MailServer> of_file, MailFiles files,
        std::string public_url);
  ~Mails();
  Mails(const Mails&) = delete;
  Mails& operator=(const Mails&) = delete;

  // Sends a mail that says it is a test, over a connection of its own; one at a time, since who asks waits.
  [[nodiscard]] Sent test(const std::string& recipient);
  void start();
  void stop();  // waits for the mail that is on its way, a minute at most

 private:
  struct Line;  // to one mail server
  [[nodiscard]] std::unique_ptr<Line> line_by_file() const;
  [[nodiscard]] std::unique_ptr<Line> line_by(const store::MailSettings& settings) const;
  [[nodiscard]] std::unique_ptr<Line> line_for_test() const;
  [[nodiscard]] bool take_settings();
  void work(const std::stop_token& stop);
  bool send_next();
  bool send_next_notice();
  [[nodiscard]] std::optional<bool> send_next_of_accounts();  // none: there is none
  [[nodiscard]] Sent send(Line& line, const Letter& letter, const Mailbox& to, const std::string& id) const;

  authority::Authority& authority_;
  const std::optional<MailServer> of_file_;
  const MailFiles files_;
  const std::string public_url_, host_;
  const Templates templates_;
  std::unique_ptr<Line> line_;  // the thread's; null: there is none
  std::optional<Time> seen_;    // when the settings that it is made of were changed
  std::atomic_flag testing_;
  Mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread thread_;  // the last member: it ends before what it uses
};

}  // namespace latchkey::delivery
