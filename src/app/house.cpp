// SPDX-License-Identifier: Apache-2.0
#include "app/house.hpp"

#include <algorithm>
#include <thread>

#include "base/log.hpp"
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

House::House(const DataDirectory& data, const Settings& settings)
    : decisions_(data.path(), cores()),
      git_(decisions_.authority, {.data = data.path()}),
      api_{decisions_.authority, git_, settings.public_url, settings.public_url.starts_with("https:")},
      entry_{settings.public_url, settings.aliases, settings.trusted_proxies, [this] { return !draining_; }},
      pool_(pool_threads, pool_waiting),
      server_(server_options(settings), pool_, [this](unsigned reactor) {
        return api::make_entry(api_, entry_, decisions_.index.reader(reactor));
      }) {}

void House::start() {
  git_.sweep();
  server_.start();
}

void House::reload() {
  try {
    server_.reload_tls();
    log_info("certificate read again");
  } catch (const std::exception& error) {
    log_error("certificate not read again, the old one stays", {{"error", error.what()}});
  }
}

void House::daily() {
  const Time now = decisions_.clock.now();
  decisions_.index.forget_ended_before(now - ended_tokens_kept);
  try {
    authority::decide(decisions_.authority, [&](store::Transaction& transaction) {
      store::delete_sign_ins_ended_before(transaction, now);
      return true;
    });
  } catch (const std::exception& error) {
    log_error("daily clean-up failed", {{"error", error.what()}});
  }
}

void House::drain(std::chrono::seconds limit) {
  draining_ = true;
  server_.drain(limit);
}

}  // namespace latchkey::app
