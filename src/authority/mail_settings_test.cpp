// Goal: only server administrators say by which server mail is sent; it leads into no private network that
// the server's own file doesn't open, nor over the network in the clear; the password is never readable, and
// never follows to another place. Method: a whole node without a network.
// SPDX-License-Identifier: Apache-2.0
#include "authority/mail_settings.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "authority/mail.hpp"
#include "authority/outbox.hpp"
#include "authority/password_resets.hpp"
#include "authority/testing.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

using store::MailSecurity;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view secret = "a mail password that nobody may see";

class SetMail : public ::testing::Test {
 protected:
  Authority& authority() { return world_.authority(); }
  static MailSettingsRequest request() {
    return {.host = "mail.example.com",
            .user = "latchkey",
            .password = Secret(std::string(secret)),
            .from = "latchkey@example.com"};
  }
  store::MailSettings set(const MailSettingsRequest& wanted) {
    return set_mail_settings(authority(), admin_, wanted);
  }
  // The field that is refused; empty: none is.
  std::string refused(MailSettingsRequest wanted) {
    try {
      static_cast<void>(set(wanted));
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code(), RefusalCode::invalid_value);
      return refusal.field();
    }
    return {};
  }
  std::string refused(void (*change)(MailSettingsRequest&)) {
    auto wanted = request();
    change(wanted);
    return refused(std::move(wanted));
  }
  void allow(std::string_view network) {
    authority().settings.outgoing.allowed_networks.push_back(Network::parse(network).value());
  }

  World world_;
  const Actor admin_ = World::signed_in(world_.admin);
};

TEST_F(SetMail, holds_at_once_and_after_a_restart_until_it_is_taken_back) {
  EXPECT_FALSE(sends_mail(authority()));
  const auto settings = set(request());
  EXPECT_EQ(settings.port, 587);
  EXPECT_TRUE(sends_mail(authority()));
  EXPECT_EQ(world_.audit().back().action, "Mail.SettingsUpdated");
  world_.restart();
  begin_mailing(authority(), false);
  EXPECT_TRUE(sends_mail(authority()));
  EXPECT_EQ(mail_password(authority(), show_mail_settings(authority(), admin_).value())->reveal(), secret);
  static_cast<void>(world_.issue(world_.ann));
  forget_mail_settings(authority(), admin_);
  EXPECT_FALSE(sends_mail(authority()));
  EXPECT_FALSE(show_mail_settings(authority(), admin_));
  EXPECT_EQ(world_.audit().back().action, "Mail.SettingsRemoved");
  EXPECT_EQ(show_mail(authority(), admin_, {}, 1).queue.queued, 1) << "what is queued stays so";
  begin_mailing(authority(), false);
  EXPECT_FALSE(sends_mail(authority()));
  begin_mailing(authority(), true);
  EXPECT_TRUE(sends_mail(authority())) << "by the server's own file";
}

TEST_F(SetMail, has_the_usual_ports) {
  allow("127.0.0.0/8");
  auto wanted = request();
  wanted.tls = MailSecurity::tls;
  EXPECT_EQ(set(wanted).port, 465);
  wanted.tls = MailSecurity::never;
  wanted.host = "localhost";
  EXPECT_EQ(set(wanted).port, 25);
  wanted.port = 2525;
  EXPECT_EQ(set(wanted).port, 2525);
}

TEST_F(SetMail, leads_into_no_private_network_unless_the_file_opens_it) {
  const auto to = [&](std::string host) {
    auto wanted = request();
    wanted.host = std::move(host);
    return refused(std::move(wanted));
  };
  for (const char* host : {"10.0.0.1", "127.0.0.1", "localhost", "LOCALHOST", "::1", "169.254.169.254",
                           "::ffff:10.0.0.1", "192.168.1.1", "fd00::1"})
    EXPECT_EQ(to(host), "host") << host;
  EXPECT_EQ(to("93.184.215.14"), "");
  allow("10.0.0.0/8");
  EXPECT_EQ(to("10.0.0.1"), "");
  EXPECT_EQ(to("127.0.0.1"), "host");
}

TEST_F(SetMail, goes_in_the_clear_on_this_machine_alone) {
  allow("0.0.0.0/0");
  allow("::/0");
  const auto to = [&](std::string host) {
    auto wanted = request();
    wanted.host = std::move(host);
    wanted.tls = MailSecurity::never;
    return refused(std::move(wanted));
  };
  for (const char* host : {"mail.example.com", "10.0.0.1", "localhost.example.com", "128.0.0.1"})
    EXPECT_EQ(to(host), "tls") << host;
  for (const char* host : {"localhost", "127.0.0.1", "127.3.2.1", "::1"}) EXPECT_EQ(to(host), "") << host;
}

TEST_F(SetMail, takes_no_value_that_makes_a_line_of_its_own) {
  EXPECT_EQ(refused([](auto& wanted) { wanted.host = "mail.example.com/x"; }), "host");
  EXPECT_EQ(refused([](auto& wanted) { wanted.host = "user@mail.example.com"; }), "host");
  EXPECT_EQ(refused([](auto& wanted) { wanted.host = "mail.example.com:25"; }), "host");
  EXPECT_EQ(refused([](auto& wanted) { wanted.host = "mail\r\n.example.com"; }), "host");
  EXPECT_EQ(refused([](auto& wanted) { wanted.host = ""; }), "host");
  EXPECT_EQ(refused([](auto& wanted) { wanted.port = 0; }), "port");
  EXPECT_EQ(refused([](auto& wanted) { wanted.port = 65536; }), "port");
  EXPECT_EQ(refused([](auto& wanted) { wanted.from = "a@b>\r\nRCPT TO:<c@d"; }), "from");
  EXPECT_EQ(refused([](auto& wanted) { wanted.from = "Latchkey <a@b>"; }), "from");
  EXPECT_EQ(refused([](auto& wanted) { wanted.from = ""; }), "from");
  EXPECT_EQ(refused([](auto& wanted) { wanted.user = "a\nb"; }), "user");
  EXPECT_EQ(refused([](auto& wanted) { wanted.password.emplace("a\r\nb"); }), "password");
  EXPECT_EQ(refused([](auto& wanted) { wanted.password.emplace(std::string(1001, 'x')); }), "password");
  EXPECT_EQ(refused([](auto& wanted) { wanted.user = ""; }), "user") << "a password of nobody";
  EXPECT_FALSE(show_mail_settings(authority(), admin_));
}

TEST_F(SetMail, keeps_the_password_where_nothing_else_changes) {
  static_cast<void>(set(request()));
  auto wanted = request();
  wanted.password.reset();
  wanted.from = "other@example.com";
  EXPECT_EQ(mail_password(authority(), set(wanted))->reveal(), secret);
  wanted.password.emplace("");
  EXPECT_EQ(mail_password(authority(), set(wanted))->reveal(), secret) << "an empty one is none";
}

TEST_F(SetMail, wants_the_password_again_where_it_would_go_elsewhere) {
  EXPECT_EQ(refused([](auto& wanted) { wanted.password.reset(); }), "password") << "there is none yet";
  static_cast<void>(set(request()));
  const auto changes = {
      +[](MailSettingsRequest& wanted) { wanted.host = "evil.example.com"; },
      +[](MailSettingsRequest& wanted) { wanted.port = 2525; },
      +[](MailSettingsRequest& wanted) { wanted.tls = MailSecurity::tls; },
      +[](MailSettingsRequest& wanted) { wanted.user = "other"; },
  };
  for (const auto change : changes) {
    auto wanted = request();
    wanted.password.reset();
    change(wanted);
    EXPECT_EQ(refused(std::move(wanted)), "password");
  }
  auto nobody = request();
  nobody.user.clear();
  nobody.password.reset();
  EXPECT_TRUE(set(nobody).password.empty());
  auto again = request();
  again.password.reset();
  EXPECT_EQ(refused(std::move(again)), "password") << "it was thrown away";
}

TEST_F(SetMail, shows_the_password_nowhere) {
  static_cast<void>(set(request()));
  EXPECT_THAT(world_.audit().back().data, HasSubstr("mail.example.com"));
  EXPECT_THAT(world_.audit().back().data, Not(HasSubstr(std::string(secret))));
  for (const auto& entry : std::filesystem::directory_iterator(world_.directory.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator(file), {});
    EXPECT_FALSE(bytes.contains(secret)) << entry.path();
  }
  auto other = show_mail_settings(authority(), admin_).value();
  other.password[other.password.size() / 2] = other.password[other.password.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(mail_password(authority(), other));
}

TEST_F(SetMail, ends_the_waiting_for_the_server_before) {
  static_cast<void>(set(request()));
  static_cast<void>(world_.issue(world_.ann));
  const auto next = [&] {
    return world_.look([&](store::Transaction& transaction) {
      return store::next_to_send(transaction, store::Queue(store::Channel::owner_mail), world_.now());
    });
  };
  outbox_blocked(authority(), next().value(), "down");
  EXPECT_FALSE(next());
  static_cast<void>(set(request()));
  EXPECT_TRUE(next());
}

TEST_F(SetMail, is_for_server_administrators_alone) {
  const auto ann = World::signed_in(world_.ann);
  EXPECT_EQ(refusal_of([&] { return set_mail_settings(authority(), ann, request()).port; }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return show_mail_settings(authority(), ann).has_value(); }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              forget_mail_settings(authority(), ann);
              return true;
            }),
            RefusalCode::forbidden);
}

}  // namespace
}  // namespace latchkey::authority
