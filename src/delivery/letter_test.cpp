// Goal: a mail says what its reader must know of the token as it is when it is sent, leads to the pages that
// act, and holds no secret. Method: decisions on a whole node without a network; what told_of() makes of
// their notices.
// SPDX-License-Identifier: Apache-2.0
#include "delivery/letter.hpp"

#include <gmock/gmock.h>

#include "authority/directory.hpp"
#include "authority/organization_notices.hpp"
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

TEST_F(LetterOf, a_week_tells_the_figures_of_what_its_reader_administers) {
  const auto make = [&](std::string scopes, std::chrono::days lasts) {
    static_cast<void>(create_token(
        world.authority(), World::signed_in(world.ann), world.organization,
        {.name = "one", .scopes = std::move(scopes), .valid_to = world.now() + lasts, .description = {}}));
  };
  make("app_token", std::chrono::days(31));
  make("vso.code", std::chrono::days(31));
  make("vso.code", std::chrono::days(31));
  make("vso.code", std::chrono::days(29));
  const auto digest_for = [&](const UserId& reader) {
    world.advance(std::chrono::seconds(1));
    return world.look([&](store::Transaction& transaction) {
      store::NoticeShown shown;
      shown.notice = {.user = reader, .kind = store::NoticeKind::weekly_digest, .created_at = world.now()};
      return told_of(transaction, shown, recipient_of(transaction, shown).value(), public_url, world.now());
    });
  };
  const auto said = digest_for(world.admin);
  EXPECT_EQ(said.kind, "weeklyDigest");
  const auto& texts = said.values.texts;
  EXPECT_EQ(texts.at("organization"), "halden");
  EXPECT_EQ(texts.at("live"), "4");
  EXPECT_EQ(texts.at("ending"), "1");
  EXPECT_EQ(texts.at("unused"), "4");
  EXPECT_EQ(texts.at("full"), "1");
  EXPECT_EQ(texts.at("inventory_url"), std::string(public_url) + "/halden/_settings/tokens");
  const auto letter = Templates({}).render(said.kind, said.values);
  EXPECT_EQ(letter.subject, "Tokens of halden that end within 30 days: 1");
  EXPECT_THAT(letter.text,
              HasSubstr("Live tokens: 4. Of them end within 30 days: 1; were never used: 4; have "
                        "full access: 1."));
  EXPECT_THAT(letter.html, HasSubstr(">See the inventory</a>"));
  EXPECT_THAT(letter.html,
              HasSubstr(R"(href="https://latchkey.example.com/tokens/halden/_settings/tokens")"));
  EXPECT_THAT(letter.html, Not(HasSubstr("Not yours?")));
  const auto root = world.add_user("root@example.com", {}, true);
  const auto of_server = digest_for(root);
  EXPECT_EQ(of_server.values.texts.at("organization"), "all organizations");
  EXPECT_EQ(of_server.values.texts.at("live"), "4");
}

TEST_F(LetterOf, a_week_is_for_nobody_who_administers_nothing_any_more) {
  const auto wanted = [&] {
    return world.look([&](store::Transaction& transaction) {
      store::NoticeShown shown;
      shown.notice = {.user = world.admin, .kind = store::NoticeKind::weekly_digest};
      return is_wanted(transaction, shown);
    });
  };
  const auto change = [&](bool of_server, Role role) {
    world.write([&](store::Transaction& transaction) {
      auto user = store::find_user(transaction, world.admin).value();
      user.server_administrator = of_server;
      store::update_user(transaction, user);
      store::put_membership(transaction, world.organization, world.admin, role);
    });
  };
  EXPECT_TRUE(wanted());
  change(true, Role::reader);
  EXPECT_TRUE(wanted());
  change(false, Role::administrator);
  EXPECT_TRUE(wanted());
  change(false, Role::contributor);
  EXPECT_FALSE(wanted());
}

TEST_F(LetterOf, a_forgotten_password_holds_the_link_and_no_choice) {
  const store::AccountMail mail{.id = store::AccountMailId::random(),
                                .user = world.ann,
                                .kind = store::AccountMailKind::password_reset,
                                .address = "192.0.2.7",
                                .created_at = world.now()};
  const auto begun = authority::begin_account_mail(world.authority(), mail);
  ASSERT_TRUE(begun);
  const Mailbox to{.name = "Ann", .address = "ann@example.com"};
  const auto said = told_of(mail, *begun, to, public_url, world.now());
  const auto letter = Templates({}).render(said.kind, said.values);
  const std::string link = std::string(public_url) + "/_password#" + std::string(begun->code.reveal());
  EXPECT_THAT(letter.text, HasSubstr(link + "\n"));
  EXPECT_THAT(letter.html, HasSubstr("href=\"" + link + "\""));
  EXPECT_THAT(letter.text, HasSubstr("from 192.0.2.7"));
  EXPECT_THAT(letter.text, HasSubstr("until 24 November 2026, 09:00 UTC"));
  EXPECT_THAT(letter.subject, Not(HasSubstr(std::string(begun->code.reveal()))));
  for (const auto& part : {letter.text, letter.html})
    EXPECT_THAT(part, Not(HasSubstr("Choose which notices")));
}

TEST_F(LetterOf, a_changed_password_holds_a_way_back_and_no_code) {
  const store::AccountMail mail{.id = store::AccountMailId::random(),
                                .user = world.ann,
                                .kind = store::AccountMailKind::password_changed,
                                .created_at = world.now()};
  const auto begun = authority::begin_account_mail(world.authority(), mail);
  ASSERT_TRUE(begun);
  const auto said =
      told_of(mail, *begun, {.name = "Ann", .address = "ann@example.com"}, public_url, world.now());
  EXPECT_EQ(said.kind, "passwordChanged");
  const auto letter = Templates({}).render(said.kind, said.values);
  EXPECT_THAT(letter.html, HasSubstr(std::string(public_url) + "/_forgot\""));
  EXPECT_THAT(letter.text, Not(HasSubstr("_password#")));
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
  EXPECT_EQ(recipient().value().to.address, "ann@example.com");
  set([](store::User& user) { user.email = "ann@example.com>\"evil"; });
  EXPECT_THAT(recipient().error(), HasSubstr("no address"));
  set([](store::User& user) { user.state = store::UserState::disabled; });
  EXPECT_EQ(recipient().error(), "its owner is disabled");
  authority::set_mailbox(world.authority(), World::signed_in(world.admin), world.organization,
                         "security@example.com");
  EXPECT_EQ(recipient().value().to.address, "security@example.com");
  EXPECT_EQ(recipient().value().instead, "its owner is disabled");
  set([](store::User& user) { user.state = store::UserState::enabled, user.email = "no address"; });
  EXPECT_EQ(recipient().value().to.address, "security@example.com");
  set([](store::User& user) { user.email = "ann@example.com"; });
  EXPECT_EQ(recipient().value().to.address, "ann@example.com") << "who can be told is";
}

TEST_F(LetterOf, an_owner_who_cant_be_told_says_whose_token_it_is) {
  const auto token = world.issue(world.ann).token;
  authority::set_mailbox(world.authority(), World::signed_in(world.admin), world.organization,
                         "security@example.com");
  world.write([&](store::Transaction& transaction) {
    auto user = store::find_user(transaction, world.ann).value();
    user.state = store::UserState::disabled;
    user.display_name = "Ann <b>";
    store::update_user(transaction, user);
  });
  const auto said = told();
  EXPECT_TRUE(said.instead);
  const auto letter = Templates({}).render(said.kind, said.values, true);
  EXPECT_THAT(letter.text,
              testing::StartsWith("Ann <b> (ann@example.com) owns a token and could not be told: "
                                  "its owner is disabled. This came to the mailbox of halden"));
  EXPECT_THAT(letter.text,
              HasSubstr("Sent by Latchkey at latchkey.example.com/tokens to security@example.com,"));
  EXPECT_THAT(letter.html, HasSubstr("<bdi>Ann &lt;b&gt;</bdi>"));
  const std::string page =
      std::string(public_url) + "/halden/_settings/tokens?status=all&q=" + token.fingerprint;
  EXPECT_THAT(letter.text, HasSubstr(page));
  for (const auto& part : {letter.text, letter.html}) {
    EXPECT_THAT(part, Not(HasSubstr("_usersSettings"))) << "its owner's pages don't open for others";
    EXPECT_THAT(part, Not(HasSubstr("you own this token")));
    EXPECT_THAT(part, Not(HasSubstr("Not yours?")));
  }
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
