// SPDX-License-Identifier: Apache-2.0
#include "delivery/mails.hpp"

#include <memory>
#include <optional>
#include <stdexcept>

#include "authority/account_mails.hpp"
#include "authority/mail_settings.hpp"
#include "base/log.hpp"
#include "base/priority.hpp"
#include "delivery/letter.hpp"
#include "store/transaction.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::chrono::seconds interval{1};

// The public URL's host: of Message-IDs, and how the server is greeted.
std::string host_of(const std::string& public_url) {
  auto host = authority::parse_outgoing_url(public_url)
                  .value_or(authority::OutgoingUrl{.host = "localhost", .path = {}})
                  .host;
  return host.contains(':') ? "localhost" : host;
}

// What is to be sent, or why it can't be.
struct Next {
  store::OutboxRow row;
  bool to_be_sent = false;  // false: what it would say is true no more, or its reader wants no such mail
  std::expected<Recipient, std::string> to{};
  Told told{};
};

std::optional<Next> next_of(store::Transaction& transaction, const std::string& public_url, Time now) {
  auto row = store::next_to_send(transaction, store::Queue(store::Channel::owner_mail), now);
  if (!row) return {};
  Next next{.row = *std::move(row)};
  const auto shown = store::find_notice(transaction, next.row.notice);
  if (!shown) return next;
  next.to = recipient_of(transaction, *shown);
  // What its owner did not want was theirs to choose: who reads it in their place gets all.
  next.to_be_sent = (next.to && !next.to->instead.empty()) || is_wanted(transaction, *shown);
  if (next.to) next.told = told_of(transaction, *shown, *next.to, public_url, now);
  return next;
}

MailServer server_of(const store::MailSettings& settings) {
  using enum store::MailSecurity;
  const auto host = settings.host.contains(':') ? "[" + settings.host + "]" : settings.host;
  return {.url = (settings.tls == tls ? "smtps://" : "smtp://") + host + ":" + std::to_string(settings.port),
          .user = settings.user,
          .from = settings.from,
          .tls = settings.tls == never ? MailTls::never : MailTls::required};
}

// A server may quote what it refused.
std::string without(std::string words, const Secret& code) {
  if (!code.empty() && words.contains(code.reveal())) words = "(its words held the link)";
  return words;
}

}  // namespace

struct Mails::Line {
  Line(const MailServer& server, Secret password, const Mails& mails, const authority::Outgoing* bounds)
      : from(server.from), smtp(server, std::move(password), mails.files_.ca, mails.host_, bounds) {}

  const std::string from;
  Smtp smtp;
};

Mails::Mails(authority::Authority& authority, std::optional<MailServer> of_file, MailFiles files,
             std::string public_url)
    : authority_(authority),
      of_file_(std::move(of_file)),
      files_(std::move(files)),
      public_url_(std::move(public_url)),
      host_(host_of(public_url_)),
      templates_(files_.templates),
      line_(of_file_ ? line_by_file() : nullptr) {}

Mails::~Mails() = default;

std::unique_ptr<Mails::Line> Mails::line_by_file() const {
  const MailServer& server = *of_file_;
  Secret password = server.user.empty() ? Secret() : read_password(server.password_file);
  return std::make_unique<Line>(server, std::move(password), *this, nullptr);
}

std::unique_ptr<Mails::Line> Mails::line_by(const store::MailSettings& settings) const {
  auto password = authority::mail_password(authority_, settings);
  if (!password)
    throw std::runtime_error("the mail server's password can't be read, its key is gone: give it again");
  return std::make_unique<Line>(server_of(settings), *std::move(password), *this,
                                &authority_.settings.outgoing);
}

// Whether there is a server to send by.
bool Mails::take_settings() {
  if (of_file_) return true;
  const auto settings = authority_.store.read(store::find_mail_settings);
  if (settings && seen_ == settings->changed_at) return line_ != nullptr;
  line_.reset();
  seen_.reset();
  if (!settings) return false;
  seen_ = settings->changed_at;  // what can't be used is told of once
  line_ = line_by(*settings);
  return true;
}

void Mails::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Mails::stop() { thread_ = {}; }

void Mails::work(const std::stop_token& stop) {
  stand_behind(Priority::deliveries);
  while (!stop.stop_requested()) {
    try {
      while (!stop.stop_requested() && send_next()) {
      }
    } catch (const std::exception& error) {
      log_error("mails not sent, they are tried again", {{"error", error.what()}});
    }
    if (line_) line_->smtp.rest();
    mutex_.lock();
    woken_.wait_for(mutex_, stop, interval, [] { return false; });
    mutex_.unlock();
  }
}

// Whether to go on at once.
bool Mails::send_next() {
  if (!take_settings()) return false;
  const auto sent = send_next_of_accounts();
  return sent ? *sent : send_next_notice();
}

std::optional<bool> Mails::send_next_of_accounts() {
  const auto mail = authority_.store.read([&](store::Transaction& transaction) {
    return store::next_account_mail(transaction, authority_.clock.now());
  });
  if (!mail) return {};
  const auto next = authority::begin_account_mail(authority_, *mail);
  if (!next) return true;
  const Mailbox to{.name = next->user.display_name, .address = next->user.email};
  if (!is_mail_address(to.address)) {
    authority::account_mail_was_refused(authority_, *mail);
    return true;
  }
  const bool again = mail->kind == store::AccountMailKind::password_reset;
  const std::string id = again ? Uuid::random().text() : mail->id.text();
  const auto told = told_of(*mail, *next, to, public_url_, authority_.clock.now());
  const Sent sent = send(*line_, templates_.render(told.kind, told.values), to, id);
  switch (sent.outcome) {
    case Sent::Outcome::taken:
      authority::account_mail_was_sent(authority_, *mail);
      return true;
    case Sent::Outcome::refused:
      // Without the server's words: it may have quoted a link.
      log_warning("a mail about an account was refused", {{"user", next->user.id.text()}});
      authority::account_mail_was_refused(authority_, *mail);
      return true;
    case Sent::Outcome::put_off:
    case Sent::Outcome::unreachable:
      break;
  }
  const bool all = sent.outcome == Sent::Outcome::unreachable;
  log_warning("a mail about an account was not delivered, it is tried again",
              {{"user", next->user.id.text()}});
  authority::account_mail_failed(authority_, *mail, without(sent.words, next->code), all);
  return !all;
}

bool Mails::send_next_notice() {
  auto next = authority_.store.read([&](store::Transaction& transaction) {
    return next_of(transaction, public_url_, authority_.clock.now());
  });
  if (!next) return false;
  if (!next->to_be_sent) {
    outbox_done(authority_, next->row);
    return true;
  }
  if (!next->to) {
    outbox_refused(authority_, std::move(next->row), next->to.error());
    return true;
  }
  const std::string id = next->row.notice.text();
  const auto letter =
      templates_.render(next->told.kind, next->told.values, next->told.moot || next->told.instead);
  Sent sent = send(*line_, letter, next->to->to, id);
  if (next->told.instead) sent.words = next->to->to.address + ", in its owner's place: " + sent.words;
  if (sent.outcome != Sent::Outcome::taken)
    log_warning("a mail was not delivered", {{"notice", id}, {"error", sent.words}});
  switch (sent.outcome) {
    case Sent::Outcome::taken:
      outbox_done(authority_, next->row);
      return true;
    case Sent::Outcome::refused:
      outbox_refused(authority_, std::move(next->row), sent.words);
      return true;
    case Sent::Outcome::put_off:
      outbox_put_off(authority_, std::move(next->row), sent.words);
      return true;
    case Sent::Outcome::unreachable:
      outbox_blocked(authority_, std::move(next->row), sent.words);
      return false;
  }
  return false;
}

Sent Mails::send(Line& line, const Letter& letter, const Mailbox& to, const std::string& id) const {
  return line.smtp.send(to.address, message({.from = {.name = "Latchkey", .address = line.from},
                                             .to = to,
                                             .subject = letter.subject,
                                             .id = id + "@" + host_,
                                             .date = authority_.clock.now(),
                                             .text = letter.text,
                                             .html = letter.html}));
}

std::unique_ptr<Mails::Line> Mails::line_for_test() const {
  if (of_file_) return line_by_file();
  const auto settings = authority_.store.read(store::find_mail_settings);
  if (!settings) throw std::runtime_error("there is no mail server any more");
  return line_by(*settings);
}

Sent Mails::test(const std::string& recipient) {
  using enum Sent::Outcome;
  if (testing_.test_and_set())
    return {.outcome = unreachable, .words = "another test mail is on its way: wait for it"};
  const std::unique_ptr<std::atomic_flag, void (*)(std::atomic_flag*)> done(
      &testing_, [](auto* flag) { flag->clear(); });
  const Mailbox to{.name = {}, .address = recipient};
  const auto letter = templates_.render("test", common_values(to, public_url_, authority_.clock.now()));
  std::unique_ptr<Line> line;
  try {
    line = line_for_test();
  } catch (const std::runtime_error& error) {
    return {.outcome = unreachable, .words = error.what()};
  }
  return send(*line, letter, to, Uuid::random().text());
}

}  // namespace latchkey::delivery
