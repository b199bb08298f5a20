// SPDX-License-Identifier: Apache-2.0
#include "app/house.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/metrics.hpp"
#include "authority/notices.hpp"
#include "authority/uses.hpp"
#include "base/log.hpp"
#include "store/invitations.hpp"
#include "store/sign_ins.hpp"

namespace latchkey::app {
namespace {

// A decision waits on its pool thread for the commit that many share: more threads than cores make that
// commit larger.
constexpr std::size_t pool_threads = 32, pool_waiting = 1024;
constexpr std::chrono::days ended_tokens_kept{90};

unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }

http::ServerOptions server_options(const Settings& settings) {
  return {
      .host = settings.listen.host, .port = settings.listen.port, .tls = settings.tls, .reactors = cores()};
}

}  // namespace

House::House(const DataDirectory& data, const Settings& settings,
             std::shared_ptr<const api::Services> services)
    : decisions_(data.path(), cores(),
                 [this] {
                   disk_failed_ = true;
                   kill(getpid(), SIGTERM);
                 }),
      git_(decisions_.authority, {.data = data.path()}),
      portal_(settings.public_url, api::embedded_assets()),
      api_{decisions_.authority, git_, settings.public_url, settings.public_url.starts_with("https:"),
           portal_},
      services_(std::move(services)),
      entry_{settings.public_url, settings.aliases, settings.trusted_proxies, [this] { return !draining_; },
             services_},
      pool_(pool_threads, pool_waiting),
      server_(server_options(settings), pool_, [this, &settings](unsigned reactor) {
        auto& counters = counters_.emplace_back(settings.metrics_listen.has_value());
        return api::make_entry(api_, entry_, decisions_.index.reader(reactor), counters);
      }) {
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

void House::tell_ends() {
  try {
    authority::tell_ends(decisions_.authority);
  } catch (const std::exception& error) {
    log_error("ends of tokens not told, they are tried again", {{"error", error.what()}});
  }
}

void House::daily() {
  const Time now = decisions_.clock.now();
  decisions_.index.forget_ended_before(now - ended_tokens_kept);
  try {
    authority::decide(decisions_.authority, [&](store::Transaction& transaction) {
      store::delete_sign_ins_ended_before(transaction, now);
      store::delete_invitations_ended_before(transaction, now);
      return true;
    });
    authority::shorten_uses(decisions_.authority);
    authority::forget_notices(decisions_.authority);
  } catch (const std::exception& error) {
    log_error("daily clean-up failed", {{"error", error.what()}});
  }
}

void House::drain(std::chrono::seconds limit) {
  draining_ = true;
  server_.drain(limit);
  if (!fold_turned()) return;
  for (auto& counters : counters_) counters.uses.turn();  // no reactor runs any more
  fold_turned();
}

}  // namespace latchkey::app
