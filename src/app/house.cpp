// SPDX-License-Identifier: Apache-2.0
#include "app/house.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/metrics.hpp"
#include "authority/audit_check.hpp"
#include "authority/audit_log.hpp"
#include "authority/mail_settings.hpp"
#include "authority/notice_choices.hpp"
#include "authority/notices.hpp"
#include "authority/policy_reach.hpp"
#include "authority/revocations.hpp"
#include "authority/uses.hpp"
#include "base/cores.hpp"
#include "base/log.hpp"
#include "store/invitations.hpp"
#include "store/password_resets.hpp"
#include "store/sign_ins.hpp"

namespace latchkey::app {
namespace {

// A decision waits on its pool thread for the commit that many share: more threads than cores make that
// commit larger.
constexpr std::size_t pool_threads = 32, pool_waiting = 1024;
constexpr std::chrono::days ended_tokens_kept{90};

http::ServerOptions server_options(const Settings& settings) {
  return {.host = settings.listen.host,
          .port = settings.listen.port,
          .tls = settings.tls,
          .reactors = usable_cores()};
}

// Some of what the background has to do; false: there is nothing now.
bool work_some(authority::Authority& authority) {
  const bool revoked = authority::revoke_some(authority);
  return authority::tell_ends(authority) || revoked;
}

}  // namespace

House::House(const DataDirectory& data, const Settings& settings,
             std::shared_ptr<const api::Services> services)
    : decisions_(data.path(), usable_cores(),
                 [this] {
                   disk_failed_ = true;
                   kill(getpid(), SIGTERM);
                 },
                 {.signature = {},
                  .outgoing = settings.outgoing,
                  .data = data.path(),
                  .told_before_end = settings.told_before_end}),
      git_(decisions_.authority, {.data = data.path(), .repository_quota = settings.repository_quota}),
      portal_(settings.public_url, api::embedded_assets()),
      api_{decisions_.authority, git_, settings.public_url, settings.public_url.starts_with("https:"),
           portal_},
      services_(std::move(services)),
      entry_{settings.public_url, settings.aliases, settings.trusted_proxies, [this] { return !draining_; },
             services_},
      mails_(decisions_.authority, settings.mail, settings.mail_files, settings.public_url),
      webhooks_(decisions_.authority, settings.public_url),
      pool_(pool_threads, pool_waiting),
      server_(server_options(settings), pool_,
              [this, &settings](unsigned reactor) {
                auto& counters = counters_.emplace_back(settings.metrics_listen.has_value());
                return api::make_entry(api_, entry_, decisions_.index.reader(reactor), counters);
              }),
      audit_retention_(settings.audit_retention) {
  authority::begin_mailing(decisions_.authority, settings.mail.has_value());
  if (settings.mail)
    api_.mail_of_file = {.url = settings.mail->url,
                         .tls = std::string(delivery::mail_tls_name(settings.mail->tls)),
                         .user = settings.mail->user,
                         .from = settings.mail->from};
  api_.test_mail = [this](const std::string& recipient) {
    auto sent = mails_.test(recipient);
    return api::Tested{.taken = sent.outcome == delivery::Sent::Outcome::taken,
                       .reply = std::move(sent.words)};
  };
  api_.test_webhook = [this](const store::Organization& organization, const authority::OpenWebhook& webhook) {
    auto tested = webhooks_.test(organization.id, organization.name, webhook);
    return api::Tested{.taken = tested.taken, .reply = std::move(tested.reply)};
  };
  if (!settings.metrics_listen) return;
  const auto& [host, port] = *settings.metrics_listen;
  metrics_.emplace(http::ServerOptions{.host = host, .port = port, .tls = {}}, pool_, [this](unsigned) {
    return metrics_entry({counters_, decisions_.index, decisions_.store, pool_, git_});
  });
  log_info("serving metrics", {{"host", host}, {"port", std::to_string(metrics_->port())}});
}

void House::start() {
  git_.sweep();
  server_.start();
  if (metrics_) metrics_->start();
  deliveries_.emplace(decisions_.authority);
  mails_.start();
  webhooks_.start();
  background_ = std::jthread([this](const std::stop_token& stop) { work_in_background(stop); });
}

// Until there is nothing to do; then it waits for the bell. What fails is logged, and tried again at the next
// ring: the main thread's, if nobody else's.
void House::work_in_background(const std::stop_token& stop) {
  authority::Authority& authority = decisions_.authority;
  const std::stop_callback wake(stop, [&] { authority.background.ring(); });
  while (!stop.stop_requested()) {
    const auto seen = authority.background.rings();
    try {
      while (!stop.stop_requested() && work_some(authority)) {
      }
    } catch (const std::exception& error) {
      log_error("revocation or notices of ends interrupted, they go on later", {{"error", error.what()}});
    }
    if (!stop.stop_requested()) authority.background.wait_after(seen);
  }
}

void House::reload() {
  try {
    server_.reload_tls();
    log_info("certificate read again");
  } catch (const std::exception& error) {
    log_error("certificate not read again, the old one stays", {{"error", error.what()}});
  }
}

void House::fold_uses() {
  if (!fold_turned()) return;  // those first, so that a repeated fold is known by its name
  server_.on_each_reactor([this](unsigned reactor) { counters_[reactor].uses.turn(); });
  fold_turned();
}

// What reactors have handed over. False: not all of it could be folded.
bool House::fold_turned() {
  try {
    for (auto& counters : counters_) authority::fold_uses(decisions_.authority, counters.uses.turned());
    return true;
  } catch (const std::exception& error) {
    log_error("uses not folded, they are tried again", {{"error", error.what()}});
    return false;
  }
}

void House::keep_up() {
  try {
    authority::rest_idle_tokens(decisions_.authority);
    authority::carry_out_policies(decisions_.authority);
    authority::look_at_audit(decisions_.authority);
  } catch (const std::exception& error) {
    log_error("notices, policies or the look at the audit failed, they are tried again",
              {{"error", error.what()}});
  }
}

void House::record_failed_sign_ins() {
  const auto now = std::chrono::steady_clock::now();
  if (now < failed_sign_ins_at_) return;
  failed_sign_ins_at_ = now + std::chrono::minutes(1);
  record_counted_sign_ins();
}

void House::record_counted_sign_ins() {
  try {
    authority::record_failed_sign_ins(decisions_.authority);
  } catch (const std::exception& error) {
    log_error("failed sign-ins not recorded, they are tried again", {{"error", error.what()}});
  }
}

void House::daily() {
  const Time now = decisions_.clock.now();
  decisions_.index.forget_ended_before(now - ended_tokens_kept);
  try {
    authority::decide(decisions_.authority, [&](store::Transaction& transaction) {
      store::delete_sign_ins_ended_before(transaction, now);
      store::delete_invitations_ended_before(transaction, now);
      store::delete_password_resets_ended_before(transaction, now);
      return true;
    });
    authority::shorten_uses(decisions_.authority);
    authority::forget_notices(decisions_.authority);
    authority::tell_weekly(decisions_.authority);
    while (authority::tell_rests(decisions_.authority)) {
    }
    if (audit_retention_) authority::shorten_audit(decisions_.authority, *audit_retention_);
    authority::look_at_audit_again(decisions_.authority);
  } catch (const std::exception& error) {
    log_error("daily clean-up failed", {{"error", error.what()}});
  }
}

void House::drain(std::chrono::seconds limit) {
  draining_ = true;
  server_.drain(limit);
  mails_.stop();
  webhooks_.stop();
  deliveries_.reset();
  record_counted_sign_ins();
  if (!fold_turned()) return;
  for (auto& counters : counters_) counters.uses.turn();  // no reactor runs any more
  fold_turned();
}

}  // namespace latchkey::app
