// Goal: a mail says what its reader must know of the token as it is when it is sent, leads to the pages that
// act, and holds no secret. Method: decisions on a whole node without a network; what told_of() makes of
// their notices.
// SPDX-License-Identifier: Apache-2.0
#include "delivery/letter.hpp"

#include <gmock/gmock.h>

#include "authority/directory.hpp"
#include "authority/testing.hpp"
#include "store/outbox.hpp"
#include "store/transaction.hpp"
#include "store/uses.hpp"

namespace latchkey::delivery {
namespace {

using authority::World;
using testing::HasSubstr;
using testing::Not;

constexpr const char* public_url = "https://latchkey.example.com/tokens";

class LetterOf : public testing::Test {
 protected:
  Told told() {
    return world.look([&](store::Transaction& transaction) {
      const auto shown = store::notices_of(transaction, world.ann, {}, 1).at(0);
      return told_of(transaction, shown, recipient_of(transaction, shown).value(), public_url, world.now());
    });
  }
  void use(const TokenId& token, std::string agent, std::string address, std::string outcome = "accepted") {
    world.write([&](store::Transaction& transaction) {
      store::add_use(transaction, {.token = token,
                                   .address = std::move(address),
                                   .agent = std::move(agent),
                                   .outcome = std::move(outcome),
                                   .count = 1,
                                   .first_at = world.now(),
                                   .last_at = world.now()});
    });
    world.advance(std::chrono::seconds(1));
  }
  World world;
};

TEST_F(LetterOf, a_creation_tells_what_was_made_and_where_to_act) {
  const auto issued = world.issue(world.ann, "vso.code_write vso.build");
  const auto said = told();
  EXPECT_EQ(said.kind, "created");
  const auto& texts = said.values.texts;
  EXPECT_EQ(texts.at("name"), "a token");
  EXPECT_EQ(texts.at("fingerprint"), issued.token.fingerprint);
  EXPECT_EQ(texts.at("organization"), "halden");
  EXPECT_EQ(texts.at("scopes"), "Build (Read), Code (Read & write)");
  EXPECT_EQ(texts.at("made_at"), "24 November 2026, 08:00 UTC");
  EXPECT_EQ(texts.at("made_address"), "192.0.2.7");
  const std::string page =
      std::string(public_url) + "/halden/_usersSettings/tokens/" + issued.token.id.text();
  EXPECT_EQ(texts.at("detail_url"), page);
  EXPECT_EQ(texts.at("revoke_url"), page + "/revoke");
  EXPECT_EQ(texts.at("regenerate_url"), page + "/regenerate");
  EXPECT_EQ(texts.at("password_url"), std::string(public_url) + "/halden/_usersSettings/sessions");
  const auto letter = Templates({}).render(said.kind, said.values);
  for (const auto& part : {letter.subject, letter.text, letter.html})
    EXPECT_THAT(part, Not(HasSubstr(std::string(issued.text.reveal().substr(0, 20)))));
}

TEST_F(LetterOf, a_token_names_the_three_that_used_it_last) {
  const auto token = world.issue(world.ann).token;
  for (const char* host : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"})
    use(token.id, "git/2.47", host);
  use(token.id, "git/2.47", "192.0.2.3");
  use(token.id, "evil", "203.0.113.9", "expired");
  const auto uses = told().values.uses;
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].second, "192.0.2.3");
  EXPECT_EQ(uses[1].second, "192.0.2.4");
  EXPECT_EQ(uses[2].second, "192.0.2.2");
  EXPECT_EQ(told().values.texts.count("used"), 1U);
}

TEST_F(LetterOf, a_token_that_was_revoked_since_offers_nothing_to_do) {
  const auto token = world.issue(world.ann).token;
  EXPECT_FALSE(told().moot);
  EXPECT_EQ(told().values.texts.count("revocable"), 1U);
  revoke_token(world.authority(), World::signed_in(world.ann), token.id, world.organization);
  EXPECT_TRUE(told().moot);
  EXPECT_EQ(told().values.texts.count("revocable"), 0U);
}

TEST_F(LetterOf, a_revocation_by_another_names_them) {
  const auto token = world.issue(world.ann).token;
  world.advance(std::chrono::seconds(1));
  revoke_tokens_of_others(world.authority(), World::signed_in(world.admin), world.organization,
                          std::array{token.id});
  EXPECT_EQ(told().kind, "revokedByOther");
  EXPECT_EQ(told().values.texts.at("actor"), "admin");
  EXPECT_FALSE(told().moot);
}

TEST_F(LetterOf, a_recipient_who_is_gone_is_nobody) {
  static_cast<void>(world.issue(world.ann));
  const auto recipient = [&] {
    return world.look([&](store::Transaction& transaction) {
      return recipient_of(transaction, store::notices_of(transaction, world.ann, {}, 1).at(0));
    });
  };
  const auto set = [&](auto change) {
    world.write([&](store::Transaction& transaction) {
      auto user = store::find_user(transaction, world.ann).value();
      change(user);
      store::update_user(transaction, user);
    });
  };
  EXPECT_EQ(recipient().value().address, "ann@example.com");
  set([](store::User& user) { user.email = "ann@example.com>\"evil"; });
  EXPECT_THAT(recipient().error(), HasSubstr("no address"));
  set([](store::User& user) { user.state = store::UserState::disabled; });
  EXPECT_EQ(recipient().error(), "its owner is disabled");
}

TEST_F(LetterOf, a_date_is_read_one_way_only) {
  EXPECT_EQ(long_date(*parse_time("2027-01-14T00:00:00Z")), "Thursday, 14 January 2027, 00:00 UTC");
  EXPECT_EQ(date_and_time(*parse_time("2028-02-29T23:59:59.5Z")), "29 February 2028, 23:59 UTC");
}

TEST_F(LetterOf, scopes_are_words) {
  EXPECT_EQ(scopes_in_words("app_token"), "Full access");
  EXPECT_EQ(scopes_in_words("vso.code"), "Code (Read)");
  EXPECT_EQ(scopes_in_words("unknown.scope"), "unknown.scope");
}

}  // namespace
}  // namespace latchkey::delivery
