// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <latch>
#include <thread>
#include <vector>

#include "http/connection.hpp"
#include "http/listener.hpp"
#include "http/reactor.hpp"
#include "http/tls.hpp"

namespace latchkey::http {

struct Server::Reactors {
  explicit Reactors(const ServerOptions& from) : options(from) {
    if (options.tls) tls.emplace(*options.tls);
  }

  const ServerOptions options;
  std::optional<TlsContext> tls;
  std::uint16_t port = 0;
  std::vector<std::unique_ptr<Reactor>> all;
  std::vector<std::jthread> threads;
};

Server::Server(const ServerOptions& options, Pool& pool, const std::function<Entry(unsigned)>& entry)
    : reactors_(std::make_unique<Reactors>(options)) {
  auto listeners = listen_on(options.host, options.port, options.reactors);
  reactors_->port = listeners.port;
  for (unsigned n = 0; n < options.reactors; ++n) {
    reactors_->all.push_back(std::make_unique<Reactor>(reactors_->options, pool,
                                                       reactors_->tls ? &*reactors_->tls : nullptr, entry(n),
                                                       std::move(listeners.sockets[n])));
  }
}

Server::~Server() { drain(std::chrono::seconds(0)); }

std::uint16_t Server::port() const noexcept { return reactors_->port; }

void Server::start() {
  for (auto& reactor : reactors_->all) reactors_->threads.emplace_back([&reactor] { reactor->run(); });
}

void Server::on_each_reactor(const std::function<void(unsigned)>& job) {
  std::latch done(reactors_->options.reactors);
  for (unsigned n = 0; n < reactors_->options.reactors; ++n) {
    reactors_->all[n]->post([&, n] {
      job(n);
      done.count_down();
    });
  }
  done.wait();
}

void Server::drain(std::chrono::seconds limit) {
  if (reactors_->threads.empty()) return;
  for (auto& reactor : reactors_->all) reactor->drain(limit);
  reactors_->threads.clear();  // joins
}

void Server::reload_tls() {
  if (reactors_->tls) reactors_->tls->reload();
}

}  // namespace latchkey::http
