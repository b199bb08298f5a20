// Goal: an organization's webhook gets what its tokens' owners get, and no other organization's does; its URL
// is nowhere to be read; its administrators, and nobody else, set and see it; a receiver that takes nothing
// holds up its own queue alone. Method: a whole node without a network, a clock that the test moves.
// SPDX-License-Identifier: Apache-2.0
#include "authority/organization_notices.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "authority/notices.hpp"
#include "authority/outbox.hpp"
#include "authority/testing.hpp"
#include "store/notices.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using store::WebhookFormat;
using testing::HasSubstr;
using testing::Not;

constexpr const char* url = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXabcd";

class OrganizationNoticesOf : public testing::Test {
 protected:
  Authority& authority() { return world_.authority(); }
  Actor admin() const { return World::signed_in(world_.admin); }
  void set(std::optional<std::string> to = url, WebhookFormat format = WebhookFormat::slack) {
    set_webhook(authority(), admin(), world_.organization, {.format = format, .url = std::move(to)});
  }
  OrganizationNotices shown(std::int64_t top = 10) {
    return show_organization_notices(authority(), admin(), world_.organization, {}, top);
  }
  std::optional<store::OutboxRow> next(const OrganizationId& organization) {
    return world_.look([&](store::Transaction& transaction) {
      return store::next_to_send(transaction, store::Queue(organization), world_.now());
    });
  }
  std::optional<store::OutboxRow> next() { return next(world_.organization); }
  std::vector<store::Webhook> due() {
    return world_.look(
        [&](store::Transaction& transaction) { return store::due_webhooks(transaction, world_.now()); });
  }
  void block(std::chrono::microseconds asked_for = {}) {
    webhook_blocked(authority(), shown().webhook.value(), next().value(), "503 later", asked_for);
  }
  IssuedToken issue_global() {
    return create_token(authority(), World::signed_in(world_.ann), world_.organization,
                        {.name = "everywhere",
                         .scopes = "vso.code",
                         .valid_to = {},
                         .all_organizations = true,
                         .description = {}});
  }

  World world_;
};

TEST_F(OrganizationNoticesOf, a_token_go_to_the_webhook_of_its_organization_once) {
  static_cast<void>(world_.issue(world_.ann));
  EXPECT_TRUE(due().empty()) << "there is none yet";
  set();
  EXPECT_TRUE(due().empty()) << "what was told before is not sent";
  static_cast<void>(world_.issue(world_.ann));
  ASSERT_EQ(due().size(), 1U);
  const auto row = next().value();
  EXPECT_EQ(row.channel, store::Channel::organization_webhook);
  EXPECT_EQ(row.organization, world_.organization);
  outbox_done(authority(), row);
  EXPECT_FALSE(next());
  world_.restart();
  EXPECT_FALSE(next());
}

TEST_F(OrganizationNoticesOf, a_token_of_all_organizations_go_to_no_webhook) {
  set();
  static_cast<void>(issue_global());
  EXPECT_TRUE(due().empty());
}

TEST_F(OrganizationNoticesOf, a_token_go_to_no_other_organization) {
  set();
  const auto other = OrganizationId::random();
  world_.write([&](store::Transaction& transaction) {
    store::insert_organization(transaction, {.id = other, .name = "other", .created_at = world_.now()});
    store::put_membership(transaction, other, world_.admin, Role::administrator);
  });
  set_webhook(authority(), admin(), other,
              {.format = WebhookFormat::json, .url = "https://other.example.com/"});
  static_cast<void>(world_.issue(world_.ann));
  EXPECT_FALSE(next(other));
  EXPECT_TRUE(next());
}

TEST_F(OrganizationNoticesOf, a_webhook_and_mail_are_two_rows) {
  set();
  world_.write([](store::Transaction& transaction) { store::set_mailing(transaction, true); });
  static_cast<void>(world_.issue(world_.ann));
  const auto mail = world_.look([&](store::Transaction& transaction) {
    return store::next_to_send(transaction, store::Queue(store::Channel::owner_mail), world_.now());
  });
  ASSERT_TRUE(mail && next());
  EXPECT_EQ(mail->notice, next()->notice);
  EXPECT_FALSE(mail->organization);
  outbox_done(authority(), *mail);
  EXPECT_TRUE(next()) << "each goes by itself";
}

TEST_F(OrganizationNoticesOf, keep_the_url_to_themselves) {
  set();
  EXPECT_EQ(shown().webhook->shown, "hooks.slack.com/…abcd");
  EXPECT_THAT(shown().webhook->url, Not(HasSubstr("XXXX")));
  for (const auto& event : world_.audit()) EXPECT_THAT(event.data, Not(HasSubstr("XXXX")));
  const auto event = world_.audit().back();
  EXPECT_EQ(event.action, "Notices.WebhookSet");
  EXPECT_THAT(event.data, HasSubstr("hooks.slack.com"));
  EXPECT_THAT(event.data, Not(HasSubstr("abcd")));
  for (const auto& file : std::filesystem::directory_iterator(world_.directory.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    EXPECT_THAT(std::string(std::istreambuf_iterator(in), {}), Not(HasSubstr("XXXXXXXX"))) << file.path();
  }
  const auto opened = open_webhook(authority(), shown().webhook.value());
  EXPECT_EQ(opened->url.reveal(), url);
  auto stolen = shown().webhook.value();
  stolen.organization = OrganizationId::random();
  EXPECT_FALSE(open_webhook(authority(), stolen)) << "it is sealed for its organization";
}

TEST_F(OrganizationNoticesOf, show_nothing_of_the_end_of_a_short_url) {
  set("https://example.com/hook");
  EXPECT_EQ(shown().webhook->shown, "example.com/…");
}

TEST_F(OrganizationNoticesOf, change_the_format_and_keep_the_url) {
  EXPECT_EQ(refusal_of([&] { return set({}), true; }), RefusalCode::not_found) << "there is none to keep";
  set();
  set({}, WebhookFormat::teams);
  EXPECT_EQ(shown().webhook->format, WebhookFormat::teams);
  EXPECT_EQ(open_webhook(authority(), shown().webhook.value())->url.reveal(), url);
}

TEST_F(OrganizationNoticesOf, refuse_urls_that_the_servers_file_does_not_allow) {
  for (const char* bad :
       {"", "hooks.slack.com", "http://hooks.slack.com/x", "https://127.0.0.1/x", "https://localhost/x",
        "https://[::1]/x", "https://10.0.0.1/x", "https://169.254.169.254/latest",
        "https://user@example.com/", "ftp://example.com/"})
    EXPECT_EQ(refusal_of([&] { return set(bad), true; }), RefusalCode::invalid_value) << bad;
  EXPECT_EQ(refusal_of([&] { return set("https://example.com/" + std::string(2000, 'x')), true; }),
            RefusalCode::invalid_value);
  EXPECT_FALSE(shown().webhook);
}

TEST_F(OrganizationNoticesOf, are_for_the_organizations_administrators_alone) {
  set();
  for (const auto& who : {world_.ann, world_.ben}) {
    const auto actor = World::signed_in(who);
    const auto& organization = world_.organization;
    EXPECT_EQ(
        refusal_of([&] { return show_organization_notices(authority(), actor, organization, {}, 1).more; }),
        RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] {
                return set_webhook(authority(), actor, organization,
                                   {.format = WebhookFormat::json, .url = "x"}),
                       true;
              }),
              RefusalCode::forbidden)
        << "who may not, learns nothing of what would be wrong";
    EXPECT_EQ(refusal_of([&] { return remove_webhook(authority(), actor, organization), true; }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return set_mailbox(authority(), actor, organization, "x"), true; }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return remove_mailbox(authority(), actor, organization), true; }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return retry_all_notices(authority(), actor, organization); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return webhook_to_test(authority(), actor, organization).url.empty(); }),
              RefusalCode::forbidden);
  }
  const auto stranger = World::signed_in(world_.add_user("eve@example.com", {}));
  EXPECT_EQ(refusal_of([&] {
              return show_organization_notices(authority(), stranger, world_.organization, {}, 1).more;
            }),
            RefusalCode::not_found);
}

TEST_F(OrganizationNoticesOf, wait_in_order_for_a_receiver_that_takes_none) {
  set();
  static_cast<void>(world_.issue(world_.ann));
  const auto first = next().value();
  world_.advance(1s);
  static_cast<void>(world_.issue(world_.ben));
  block();
  EXPECT_FALSE(next());
  EXPECT_TRUE(due().empty());
  EXPECT_EQ(shown().queue.queued, 2);
  EXPECT_EQ(shown().queue.first->last_error, "503 later");
  EXPECT_EQ(shown().queue.waiting_until, world_.now() + 1min);
  world_.restart();
  EXPECT_FALSE(next()) << "a restart does not forget it";
  world_.advance(1min);
  EXPECT_EQ(next().value().notice, first.notice) << "the order stays";
}

TEST_F(OrganizationNoticesOf, leave_a_receiver_alone_for_as_long_as_it_asks) {
  set();
  static_cast<void>(world_.issue(world_.ann));
  block(10min);
  EXPECT_EQ(shown().queue.waiting_until, world_.now() + 10min);
  world_.advance(10min);
  block(days(100));
  EXPECT_EQ(shown().queue.waiting_until, world_.now() + days(1)) << "within a bound";
}

TEST_F(OrganizationNoticesOf, go_to_a_webhook_that_was_set_anew_at_once) {
  set();
  static_cast<void>(world_.issue(world_.ann));
  const auto old = shown().webhook.value();
  block();
  set();
  EXPECT_TRUE(next());
  webhook_blocked(authority(), old, next().value(), "from the old one", {});
  EXPECT_TRUE(next()) << "what the old one said last does not hold up the new one";
  webhook_refused(authority(), old, next().value(), "400 from the old one");
  EXPECT_TRUE(next());
  webhook_refused(authority(), shown().webhook.value(), next().value(), "400 " + std::string(600, 'x') + "é");
  EXPECT_EQ(shown().undeliverable.at(0).row.last_error.size(), 500U);
}

TEST_F(OrganizationNoticesOf, are_given_up_together_after_five_days) {
  set();
  static_cast<void>(world_.issue(world_.ann));
  static_cast<void>(world_.issue(world_.ann));
  world_.advance(days(5) + 1s);
  static_cast<void>(world_.issue(world_.ann));
  block();
  EXPECT_EQ(shown().undeliverable.size(), 2U);
  EXPECT_EQ(shown().undeliverable.at(1).row.last_error, "503 later");
  EXPECT_EQ(shown().queue.queued, 1) << "the young one is tried still";
  EXPECT_TRUE(shown(1).more);
  EXPECT_EQ(retry_all_notices(authority(), admin(), world_.organization), 2);
  EXPECT_EQ(world_.audit().back().action, "Notices.Retried");
  EXPECT_TRUE(shown().undeliverable.empty());
  EXPECT_EQ(shown().queue.queued, 3);
  EXPECT_TRUE(next());
}

TEST_F(OrganizationNoticesOf, that_are_refused_are_sent_again_by_their_own_administrators) {
  set();
  static_cast<void>(world_.issue(world_.ann));
  const auto row = next().value();
  webhook_refused(authority(), shown().webhook.value(), row, "400 invalid_blocks");
  EXPECT_FALSE(next());
  EXPECT_EQ(shown().undeliverable.at(0).kind, "created");
  EXPECT_EQ(shown().undeliverable.at(0).token_name, "a token");
  const auto other = OrganizationId::random();
  world_.write([&](store::Transaction& transaction) {
    store::insert_organization(transaction, {.id = other, .name = "other", .created_at = world_.now()});
    store::put_membership(transaction, other, world_.admin, Role::administrator);
  });
  EXPECT_EQ(retry_notices(authority(), admin(), other, std::array{row.notice}), 0);
  EXPECT_EQ(retry_notices(authority(), admin(), world_.organization, std::array{row.notice}), 1);
  EXPECT_EQ(next().value().notice, row.notice);
}

TEST_F(OrganizationNoticesOf, that_wait_are_gone_with_their_webhook) {
  set();
  for (int i = 0; i < 3; ++i) static_cast<void>(world_.issue(world_.ann));
  webhook_refused(authority(), shown().webhook.value(), next().value(), "400");
  block();
  remove_webhook(authority(), admin(), world_.organization);
  EXPECT_EQ(world_.audit().back().action, "Notices.WebhookRemoved");
  const auto after = shown();
  EXPECT_FALSE(after.webhook);
  EXPECT_EQ(after.queue.queued, 0);
  EXPECT_TRUE(after.undeliverable.empty());
  set();
  EXPECT_FALSE(next());
  EXPECT_FALSE(shown().queue.waiting_until);
  const auto events = world_.audit().size();
  remove_webhook(authority(), admin(), world_.organization);
  remove_webhook(authority(), admin(), world_.organization);
  EXPECT_EQ(world_.audit().size(), events + 1) << "what is not there is not removed";
}

TEST_F(OrganizationNoticesOf, owners_who_cant_be_told_have_a_mailbox) {
  set_mailbox(authority(), admin(), world_.organization, "security@example.com");
  EXPECT_EQ(shown().mailbox, "security@example.com");
  EXPECT_EQ(world_.audit().back().action, "Notices.MailboxSet");
  for (const char* bad :
       {"", "security", "a@b@c", "a b@example.com", "<a@example.com>", "a@example.com,b@example.com"})
    EXPECT_EQ(refusal_of([&] { return set_mailbox(authority(), admin(), world_.organization, bad), true; }),
              RefusalCode::invalid_value)
        << bad;
  remove_mailbox(authority(), admin(), world_.organization);
  EXPECT_FALSE(shown().mailbox);
  EXPECT_EQ(world_.audit().back().action, "Notices.MailboxRemoved");
}

TEST_F(OrganizationNoticesOf, a_test_opens_the_url_and_is_told) {
  EXPECT_EQ(
      refusal_of([&] { return webhook_to_test(authority(), admin(), world_.organization).url.empty(); }),
      RefusalCode::not_found);
  set();
  EXPECT_EQ(webhook_to_test(authority(), admin(), world_.organization).url.reveal(), url);
  EXPECT_EQ(world_.audit().back().action, "Notices.WebhookTested");
}

}  // namespace
}  // namespace latchkey::authority
