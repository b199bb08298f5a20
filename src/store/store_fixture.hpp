// What the tests of this room share: a store in a directory of its own, a clock that stands, builders of
// rows, and the index as the store's changes make it. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "store/audit.hpp"
#include "store/directory.hpp"
#include "store/projects.hpp"
#include "store/sign_ins.hpp"
#include "store/store.hpp"
#include "store/tokens.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

inline bool operator==(const SecretChange& a, const SecretChange& b) {
  const auto fields = [](const SecretChange& c) {
    return std::tie(c.secret, c.digest, c.fingerprint, c.live_until, c.token, c.state, c.ended_at,
                    c.ended_reason, c.owner, c.organization, c.scopes, c.valid_to);
  };
  return fields(a) == fields(b);
}
inline bool operator==(const OwnerChange& a, const OwnerChange& b) {
  return a.id == b.id && a.state == b.state &&
         std::ranges::equal(a.memberships, b.memberships, [](const auto& x, const auto& y) {
           return x.organization == y.organization && x.role == y.role;
         });
}
inline bool operator==(const OrganizationChange& a, const OrganizationChange& b) {
  return std::tie(a.id, a.name_key, a.open) == std::tie(b.id, b.name_key, b.open) &&
         std::ranges::equal(a.open_routes, b.open_routes, [](const auto& x, const auto& y) {
           return x.route == y.route && x.users == y.users;
         });
}

// The subject of a change, as a key.
inline Uuid subject(const Change& change) {
  if (const auto* secret = std::get_if<SecretChange>(&change)) return secret->secret.value();
  if (const auto* owner = std::get_if<OwnerChange>(&change)) return owner->id.value();
  return std::get<OrganizationChange>(change).id.value();
}
using Believed = std::map<Uuid, Change>;

class StoreFixture : public testing::Test, private Settlement {
 protected:
  static constexpr Time now = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
  static constexpr std::chrono::days day{1};

  StoreFixture() {
    std::string path = testing::TempDir() + "latchkey-store-XXXXXX";
    directory = ::mkdtemp(path.data());
    set_log_level(LogLevel::error);  // the failures that tests want would fill the screen
    clock.hold(now);
    open();
  }
  ~StoreFixture() override {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  void open() {
    const Lock lock(mutex);
    loaded.clear();
    applied.clear();
    store.emplace(directory, clock, [this] { ++disk_failures; });
    last = store->start(
        [this](const Change& change) { loaded.push_back(change); },
        [this](std::span<const Change> changes, Position position) { apply(changes, position); });
    believed.clear();
    for (const Change& change : loaded) believed.insert_or_assign(subject(change), change);
  }
  void reopen() {
    store.reset();
    open();
  }

  // A decision, whose value is taken once the index has it.
  template <class Decide>
  auto decide(Decide decision) {
    auto committed = store->transact(std::move(decision));
    EXPECT_GE(last_applied(), committed.position());
    return take(std::move(committed));
  }
  template <class Act>
  void act(Act act) {
    decide([&](Transaction& transaction) {
      act(transaction);
      return true;
    });
  }
  template <class Look>
  auto look(Look look) {
    return store->read(std::move(look));
  }

  Position last_applied() {
    const Lock lock(mutex);
    return last;
  }
  std::vector<Change> take_applied() {
    const Lock lock(mutex);
    return std::exchange(applied, {});
  }
  Believed index() {
    const Lock lock(mutex);
    return believed;
  }
  // What a start would load now.
  Believed in_the_database() {
    return look([this](Transaction& transaction) {
      Believed found;
      load(directory / "latchkey.db", transaction, clock.now() - ended_are_kept,
           [&](const Change& change) { found.insert_or_assign(subject(change), change); });
      return found;
    });
  }
  std::int64_t commits() {
    return look(
        [](Transaction& t) { return *t.scalar<std::int64_t>("select commits from feed where id = 1"); });
  }

  // Rows, as a test that doesn't care would have them.
  Organization an_organization(const std::string& name = "Fabrikam") {
    Organization row{OrganizationId::random(), name, true, now};
    act([&](Transaction& t) { insert_organization(t, row); });
    return row;
  }
  User a_user(const std::string& email = "ada@example.org") {
    User row;
    row.id = UserId::random();
    row.email = row.display_name = email;
    row.created_at = now;
    act([&](Transaction& t) { insert_user(t, row); });
    return row;
  }
  Project a_project(const OrganizationId& organization, const std::string& name = "Garage") {
    Project row;
    row.id = ProjectId::random();
    row.organization = organization;
    row.name = name;
    row.created_at = row.updated_at = now;
    act([&](Transaction& t) { insert_project(t, row); });
    return row;
  }
  static Token token_of(const UserId& owner, const std::string& name = "laptop",
                        Time valid_to = now + 30 * day) {
    Token row;
    row.id = TokenId::random();
    row.owner = owner;
    row.name = name;
    row.scopes = "vso.code_write";
    row.valid_from = row.created_at = now;
    row.valid_to = valid_to;
    row.made_by = "portal";
    row.made_address = "192.0.2.1";
    row.made_agent = "git/2.39";
    return row;
  }
  static TokenSecret secret_of(const TokenId& token) {
    TokenSecret row;
    row.id = SecretId::random();
    row.token = token;
    row.digest = Digest::of(row.id.text());
    row.fingerprint = row.id.text().substr(0, 12);
    row.created_at = now;
    return row;
  }
  Token a_token(const UserId& owner, const std::string& name = "laptop", Time valid_to = now + 30 * day) {
    const Token row = token_of(owner, name, valid_to);
    act([&](Transaction& t) {
      insert_token(t, row);
      insert_secret(t, secret_of(row.id));
    });
    return row;
  }
  static AuditEvent an_event(const std::string& action = "Token.PatCreateEvent") {
    AuditEvent row;
    row.time = now;
    row.action = action;
    row.subject = "subject";
    row.data = "{}";
    row.activity = ActivityId::random();
    row.correlation = row.activity;
    return row;
  }

  std::filesystem::path directory;
  Clock clock;
  std::optional<Store> store;
  std::vector<Change> loaded;
  std::atomic<int> disk_failures = 0;

 private:
  void apply(std::span<const Change> changes, Position position) {
    const Lock lock(mutex);
    // Dense, in commit order.
    EXPECT_EQ(static_cast<std::int64_t>(position), static_cast<std::int64_t>(last) + std::ssize(changes));
    last = position;
    for (const Change& change : changes) {
      applied.push_back(change);
      believed.insert_or_assign(subject(change), change);
    }
  }

  Mutex mutex;
  std::vector<Change> applied;
  Believed believed;
  Position last{};
};

}  // namespace latchkey::store
