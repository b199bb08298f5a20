// authority/ decides what changes: tokens, people, organizations, projects, repositories, builds, sign-ins.
// Nobody else writes.
//
// Each decision is one transaction: it checks that its actor may (authorize.hpp), reads, checks, writes its
// rows and exactly one audit event, and leaves through decide(), the one success exit: after the commit and
// after the index has it. A "no" is a Refusal. Retrying any decision is safe.
//
// Blocking: pool threads only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authority/bell.hpp"
#include "authority/failed_sign_ins.hpp"
#include "authority/feed.hpp"
#include "authority/outgoing.hpp"
#include "authority/policy_cache.hpp"
#include "authority/proven_passwords.hpp"
#include "authority/set_up.hpp"
#include "authority/throttle.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/sealer.hpp"
#include "base/time.hpp"
#include "store/store.hpp"
#include "token/text.hpp"

namespace latchkey::authority {

struct Settings {
  token::Signature signature;                                               // what new tokens bear
  Outgoing outgoing{};                                                      // where streams may lead
  std::filesystem::path data = {};                                          // the data directory
  std::vector<std::chrono::days> told_before_end = {std::chrono::days(7)};  // which of store::end_steps
};

// What decisions are made with.
struct Authority {
  store::Store& store;
  Feed& feed;
  const Clock& clock;
  Settings settings;
  Throttle password_attempts{password_rate};
  SetUp set_up{};
  Bell background{};  // there is work that a thread of the server's own does (revocations.hpp)
  FailedSignIns failed_sign_ins{};
  Sealer stream_secrets{settings.data / "stream-key"};
  ProvenPasswords proven_passwords{};
  PolicyCache policies{};
};

// Where somebody acts as an administrator: in an organization; none: on the server.
using Place = std::optional<OrganizationId>;

// Where a request came from: kept with what it did. `agent` is masked and cut before it gets here.
struct Origin {
  std::string address, agent;
  ActivityId activity;
};

// The right of who sends a password with each request (passwords.hpp): as long as it is this one, in this
// organization alone.
struct ByPassword {
  OrganizationId organization;
  Digest kept;  // of what is kept of it
};

// Who acts, and by what right.
struct Actor {
  UserId user;
  std::optional<token::Fingerprint> token;  // under a token, with this text of it; none: signed in (or the
                                            // server's own command line)
  bool strong = false;                      // signed in not longer than an hour ago
  std::string_view made_by = "api";         // tokens.made_by: "portal", "api", "command line", "client"
  Origin origin;
  std::optional<ByPassword> password{};  // beside no token: by it; it may what a token with full access may
};

// The one success exit.
template <class Decide>
auto decide(Authority& authority, Decide decision) {
  return authority.feed.settle(authority.store.transact(std::move(decision)));
}

}  // namespace latchkey::authority
