// Goal: guesses of a network are slowed, and nothing else is. Method: requests as values through the real
// entry, with a clock that stands still.
// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

constexpr std::string_view projects = "/halden/_apis/projects";
const http::Peer proxy{.address = "10.1.2.3", .loopback = false, .secure = false};

class Guesses : public ::testing::Test {
 protected:
  // A request with a credential that was never issued, through a proxy from `address`.
  Answer guess(std::string_view address) {
    return ask(address, Desk::bearer(token::issue(desk_.world.now()).text.reveal()));
  }
  Answer ask(std::string_view address, Fields fields) {
    fields.emplace_back("X-Forwarded-For", address);
    return desk_.ask({.target = std::string(projects), .fields = std::move(fields), .peer = proxy});
  }
  // Until the answer is another one.
  int guesses_left(std::string_view address) {
    int count = 0;
    while (guess(address).status == 401) ++count;
    return count;
  }

  Desk desk_;
};

TEST_F(Guesses, beyond_the_networks_bucket_are_told_to_wait) {
  EXPECT_EQ(guesses_left("192.0.2.7"), authority::guess_rate.at_once);
  const auto answer = guess("192.0.2.7");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.field("Retry-After"), "60");
  EXPECT_EQ(answer.text("/typeKey"), "RequestBlockedException");
  EXPECT_EQ(guess("192.0.2.8").status, 401);
  desk_.world.advance(authority::guess_rate.interval);
  EXPECT_EQ(guesses_left("192.0.2.7"), 1);
}

TEST_F(Guesses, of_every_kind_count_alike) {
  auto wrong_checksum = std::string(token::issue(desk_.world.now()).text.reveal());
  wrong_checksum[3] = wrong_checksum[3] == 'a' ? 'b' : 'a';
  const Fields kinds[] = {Desk::bearer(wrong_checksum),
                          Desk::basic("a password", "ann"),
                          {{"Authorization", "Basic %%%"}},
                          {{"Authorization", "Negotiate abc"}}};
  for (int i = 0; i < authority::guess_rate.at_once; ++i)
    EXPECT_EQ(ask("192.0.2.7", kinds[i % 4]).status, 401);
  const auto slowed = guess("192.0.2.7");
  for (const auto& fields : kinds) {
    const auto answer = ask("192.0.2.7", fields);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.body, slowed.body);
    EXPECT_EQ(answer.fields, slowed.fields);
  }
}

TEST_F(Guesses, slow_no_good_token_of_the_same_address_nor_who_has_none) {
  const auto good = desk_.token(desk_.world.ann, "vso.project");
  const auto ended = desk_.world.issue(desk_.world.ann);
  authority::revoke_token(desk_.world.authority(), authority::World::signed_in(desk_.world.ann),
                          ended.token.id);
  for (int i = 0; i < 5 * authority::guess_rate.at_once; ++i) {
    guess("192.0.2.7");
    EXPECT_EQ(ask("192.0.2.7", good).status, 200);
  }
  EXPECT_EQ(guess("192.0.2.7").status, 429);
  EXPECT_EQ(ask("192.0.2.7", {}).status, 401);  // Git always asks so first
  const auto told = ask("192.0.2.7", Desk::bearer(ended.text.reveal()));
  EXPECT_EQ(told.status, 401);
  EXPECT_TRUE(told.text("/message").contains("was revoked"));
}

TEST_F(Guesses, count_by_the_v6_network_and_not_for_who_only_asks_about_them) {
  EXPECT_EQ(guesses_left("2001:db8:0:1::1"), authority::guess_rate.at_once);
  EXPECT_EQ(guess("2001:db8:0:1:ffff::2").status, 429);
  EXPECT_EQ(guess("2001:db8:0:2::1").status, 401);
  auto caller = desk_.token(desk_.world.admin, "latchkey.verify");
  caller.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  for (int i = 0; i < 2 * authority::guess_rate.at_once; ++i)
    EXPECT_EQ(desk_
                  .ask({.method = http::Method::post,
                        .target = "/oauth/introspect",
                        .fields = caller,
                        .body = "token=guess"})
                  .status,
              200);
}

}  // namespace
}  // namespace latchkey::api
