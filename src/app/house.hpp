// The composition root: the whole server, wired from the ground up, each room given what it stands on. It is
// taken down in the opposite order. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "api/counters.hpp"
#include "api/entry.hpp"
#include "api/portal.hpp"
#include "app/data_directory.hpp"
#include "app/decisions.hpp"
#include "app/settings.hpp"
#include "base/pool.hpp"
#include "delivery/delivery.hpp"
#include "delivery/mails.hpp"
#include "delivery/webhooks.hpp"
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
  // Folds what reactors counted of tokens' uses into rows. Logs an error: what was not folded is tried again.
  void fold_uses();
  // Lets idle tokens rest and carries out what policies say for now, a bounded number of each. Logs an error:
  // the next time tries again.
  void keep_up();
  // Has the background look again for work that failed or was started by another.
  void stir_background() noexcept { decisions_.authority.background.ring(); }
  // Those that were only counted, once a minute. Logs an error: the next time tries again.
  void record_failed_sign_ins();
  // Tells of tokens that will rest, and the weekly digests. Throws away sign-ins, notices, ended tokens and
  // details of uses that are too old to be told of. Logs an error: the next day tries again.
  void daily();
  // Ends gracefully, and folds the last uses.
  void drain(std::chrono::seconds limit);
  // The disk failed a commit: the process was told to end (SIGTERM), and must not end as if all were well.
  [[nodiscard]] bool disk_failed() const noexcept { return disk_failed_; }

 private:
  bool fold_turned();
  void work_in_background(const std::stop_token& stop);
  void record_counted_sign_ins();

  std::atomic<bool> disk_failed_ = false;
  Decisions decisions_;
  git::Git git_;
  api::Portal portal_;
  api::Api api_;
  std::atomic<bool> draining_ = false;
  api::ServicesInForce services_;
  api::EntryOptions entry_;
  std::deque<api::Counters> counters_;  // by reactor
  delivery::Mails mails_;               // outlives the pool, on which a test mail may wait for its server
  delivery::Webhooks webhooks_;         // so does this
  Pool pool_;
  http::Server server_;
  std::optional<http::Server> metrics_;
  std::optional<std::chrono::days> audit_retention_;
  std::chrono::steady_clock::time_point failed_sign_ins_at_;
  // The last two: they end before what they use.
  std::optional<delivery::Deliveries> deliveries_;
  std::jthread background_;
};

}  // namespace latchkey::app
