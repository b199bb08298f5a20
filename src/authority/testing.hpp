// For tests only: a whole node without a network: a real store in a directory of its own, a real index and
// feed, a clock that stands still, an organization "halden" with three people, and the ways to look at all of
// it.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "authority/authority.hpp"
#include "authority/tokens.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/audit.hpp"
#include "store/directory.hpp"
#include "verify/verify.hpp"

namespace latchkey::authority {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "latchkey-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What a process is made of.
struct Node {
  Node(const std::filesystem::path& directory, const Clock& clock)
      : store(directory, clock),
        clock_(clock),
        authority{store, feed, clock, {.signature = {}, .outgoing = {}, .data = directory}} {
    feed.start(store);
  }
  [[nodiscard]] verify::Verdict verdict(std::string_view text, std::string_view organization) {
    verify::Credential credential;
    credential.read("Bearer " + std::string(text), true);
    const std::string key = folded(organization);
    return verify::verify(credential, reader.pin(), clock_.never_back(),
                          {.organization_key = key, .scope = {}, .needs_full = false});
  }

  verify::Index index{1};
  verify::Index::Reader reader = index.reader(0);
  Feed feed{index.writer()};
  store::Store store;  // after the index: its writer thread ends first
  const Clock& clock_;
  Authority authority;
};

class World {
 public:
  static constexpr std::string_view password = "correct horse battery";
  static constexpr std::string_view organization_name = "halden";

  World() {
    clock.hold(*parse_time("2026-11-24T08:00:00Z"));
    start();
    add_organization();
    admin = add_user("admin@example.com", Role::administrator, true);
    ann = add_user("ann@example.com", Role::contributor);
    ben = add_user("ben@example.com", Role::reader);
  }

  void start() { node = std::make_unique<Node>(directory.path(), clock); }
  void restart() {
    node.reset();
    start();
  }
  void advance(std::chrono::microseconds by) { clock.hold(clock.now() + by); }
  [[nodiscard]] Time now() const { return clock.now(); }
  [[nodiscard]] Authority& authority() { return node->authority; }

  // Straight into the store, without a decision: what a test begins with.
  UserId add_user(std::string_view email, std::optional<Role> role, bool server_administrator = false) {
    static const std::string kept = hash_password(Secret(std::string(password)));
    const store::User user{.id = UserId::random(),
                           .email = std::string(email),
                           .display_name = std::string(email.substr(0, email.find('@'))),
                           .password = kept,
                           .password_ends_at = {},
                           .server_administrator = server_administrator,
                           .signed_in_at = {},
                           .created_at = now()};
    write([&](store::Transaction& transaction) {
      store::insert_user(transaction, user);
      if (role) store::put_membership(transaction, organization, user.id, *role);
    });
    return user.id;
  }
  template <class Write>
  void write(Write write_rows) {
    decide(authority(), [&](store::Transaction& transaction) {
      write_rows(transaction);
      return std::monostate{};
    });
  }
  template <class Look>
  auto look(Look look_at) {
    return node->store.read(std::move(look_at));
  }

  [[nodiscard]] static Actor signed_in(const UserId& user) {
    return {.user = user,
            .token = {},
            .strong = true,
            .origin = {.address = "192.0.2.7", .agent = "a test", .activity = {}}};
  }
  [[nodiscard]] static Actor under(const IssuedToken& issued) {
    return {.user = issued.token.owner, .token = token::parse(issued.text.reveal()).value(), .origin = {}};
  }
  [[nodiscard]] IssuedToken issue(const UserId& owner, std::string_view scopes = "vso.code_write") {
    return create_token(
        authority(), signed_in(owner), organization,
        {.name = "a token", .scopes = std::string(scopes), .valid_to = {}, .description = {}});
  }

  // Whether requests with this text get in.
  [[nodiscard]] bool accepts(const Secret& text) {
    return std::holds_alternative<verify::Principal>(node->verdict(text.reveal(), organization_name));
  }
  [[nodiscard]] std::optional<verify::Reason> refused(const Secret& text) {
    const auto verdict = node->verdict(text.reveal(), organization_name);
    const auto* refusal = std::get_if<verify::Refused>(&verdict);
    return refusal != nullptr ? std::optional(refusal->reason) : std::nullopt;
  }
  [[nodiscard]] std::vector<store::AuditEvent> audit() {
    return look([](store::Transaction& transaction) {
      std::vector<store::AuditEvent> events;
      store::each_audit_event(transaction, 0, 1'000'000,
                              [&](const store::AuditEvent& event) { events.push_back(event); });
      return events;
    });
  }

  TemporaryDirectory directory;
  Clock clock;
  std::unique_ptr<Node> node;
  OrganizationId organization;
  UserId admin, ann, ben;

 private:
  void add_organization() {
    organization = OrganizationId::random();
    write([&](store::Transaction& transaction) {
      store::insert_organization(
          transaction, {.id = organization, .name = std::string(organization_name), .created_at = now()});
    });
  }
};

// The code with which `act` is refused; none if it isn't.
template <class Act>
std::optional<RefusalCode> refusal_of(Act act) {
  try {
    static_cast<void>(act());
  } catch (const Refusal& refusal) {
    return refusal.code();
  }
  return std::nullopt;
}

}  // namespace latchkey::authority
