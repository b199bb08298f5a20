// The composition root: the whole server, wired from the ground up, each room given what it stands on. It is
// taken down in the opposite order. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <string>

#include "api/entry.hpp"
#include "app/data_directory.hpp"
#include "app/decisions.hpp"
#include "app/settings.hpp"
#include "base/pool.hpp"
#include "git/git.hpp"
#include "http/server.hpp"

namespace latchkey::app {

class House {
 public:
  // Opens the database, loads the index, binds the port. Throws std::runtime_error (store::Error among them)
  // with one sentence that says what to do. REQUIRES: a port other than 0 and a public URL.
  House(const DataDirectory& data, const Settings& settings, std::shared_ptr<const api::Services> services);

  [[nodiscard]] authority::Authority& authority() noexcept { return decisions_.authority; }
  // Sweeps what a crash left behind, then accepts.
  void start();
  // Reads certificate and key again; logs, and keeps the old ones, on an error.
  void reload();
  // What the settings file says since it was read again.
  [[nodiscard]] api::ServicesInForce& services() noexcept { return services_; }
  // Throws away sign-ins and ended tokens that are too old to be told of. Logs an error: the next day tries
  // again.
  void daily();
  void drain(std::chrono::seconds limit);

 private:
  Decisions decisions_;
  git::Git git_;
  api::Api api_;
  std::atomic<bool> draining_ = false;
  api::ServicesInForce services_;
  api::EntryOptions entry_;
  Pool pool_;
  http::Server server_;
};

}  // namespace latchkey::app
