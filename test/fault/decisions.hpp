// The decisions whose storage calls fail in turn (fault_test.cpp), each with its happy path written once.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authority/projects.hpp"
#include "authority/testing.hpp"
#include "store/sign_ins.hpp"
#include "store/streams.hpp"

namespace latchkey::authority {

using namespace std::chrono_literals;

// The world in which one decision is run again and again, and what its happy path speaks of.
struct Scene : World {
  Scene() {
    static_cast<void>(
        create_project(authority(), as_admin, organization, {.name = "Shop", .description = {}}));
  }
  // Each run has names of its own, and an instant.
  void next_run() {
    advance(1s);
    name = "n" + std::to_string(++runs);
  }
  // Remembers a text, so that what verification says of it is looked at for ever after.
  void keep(IssuedToken issued) {
    token = issued.token.id;
    texts.emplace_back(token, std::move(issued.text));
  }
  void begin_with_token() { keep(issue(ann)); }
  void begin_with_project() {
    static_cast<void>(create_project(authority(), as_admin, organization, {.name = name, .description = {}}));
  }
  void begin_with_user(std::optional<Role> role) { user = add_user(name + "@example.com", role); }
  void begin_with_session(const UserId& whose) {
    cookie = "cookie of " + name;
    write([&](store::Transaction& transaction) {
      store::insert_sign_in(transaction, {.id = SignInId::random(),
                                          .digest = Digest::of(cookie),
                                          .user = whose,
                                          .address = {},
                                          .agent = {},
                                          .seen_at = now(),
                                          .strong_at = now(),
                                          .ends_at = now() + 24h,
                                          .created_at = now()});
    });
  }

  const Actor as_admin = signed_in(admin), as_ann = signed_in(ann);
  int runs = 0;
  std::string name, cookie;
  TokenId token;
  UserId user;
  OrganizationId other;
  RepositoryId repository;
  store::StreamId stream;
  std::int64_t build = 0;
  GroupId group;
  std::int64_t pool = 0, agent = 0, queue = 0;
  std::vector<std::pair<TokenId, Secret>> texts;
};

struct Decision {
  std::string_view name;
  std::function<void(Scene&)> begin;  // makes what the decision needs
  std::function<void(Scene&)> act;
  std::function<bool(Scene&)> done;  // what holds afterwards
  bool tells = true;                 // writes an event: all that change something do
  bool hashes = false;               // a password, which takes its time
};
inline std::ostream& operator<<(std::ostream& out, const Decision& decision) { return out << decision.name; }

[[nodiscard]] std::vector<Decision> group_decisions();  // group_decisions.cpp
[[nodiscard]] std::vector<Decision> mail_decisions();   // mail_decisions.cpp
[[nodiscard]] std::vector<Decision> all_decisions();

}  // namespace latchkey::authority
