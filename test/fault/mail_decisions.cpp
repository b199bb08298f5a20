// The decisions about mail: a link for a new password, by which server it is sent, and where an organization
// hears of its tokens itself.
// SPDX-License-Identifier: Apache-2.0
#include "authority/account_mails.hpp"
#include "authority/mail.hpp"
#include "authority/mail_settings.hpp"
#include "authority/organization_notices.hpp"
#include "authority/password_resets.hpp"
#include "decisions.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

MailSettingsRequest by(const std::string& host) {
  return {.host = host + ".example.com",
          .user = "latchkey",
          .password = Secret("a mail password"),
          .from = "latchkey@example.com"};
}

void set_webhook_of(Scene& scene) {
  set_webhook(scene.authority(), scene.as_admin, scene.organization,
              {.format = store::WebhookFormat::slack, .url = "https://" + scene.name + ".example.com/hook"});
}
void set_mailbox_of(Scene& scene) {
  set_mailbox(scene.authority(), scene.as_admin, scene.organization, scene.name + "@example.com");
}
OrganizationNotices notices_of(Scene& scene) {
  return show_organization_notices(scene.authority(), scene.as_admin, scene.organization, {}, 1);
}

std::int64_t mails_of_accounts(Scene& scene) {
  return scene.look(
      [](store::Transaction& transaction) { return store::account_mail_queue(transaction).queued; });
}

void begin_with_link(Scene& scene) {
  scene.begin_with_user(Role::reader);
  const store::AccountMail mail{.id = store::AccountMailId::random(),
                                .user = scene.user,
                                .kind = store::AccountMailKind::password_reset,
                                .created_at = scene.now()};
  scene.cookie = begin_account_mail(scene.authority(), mail).value().code.reveal();
}

}  // namespace

std::vector<Decision> mail_decisions() {
  return {
      {"ask_password_reset",
       [](Scene& scene) {
         set_mailing(scene.authority(), true);
         scene.write([&](store::Transaction& transaction) {
           while (const auto mail = store::next_account_mail(transaction, scene.now()))
             store::delete_account_mail(transaction, mail->id);
         });
       },
       [](Scene& scene) {
         Throttle all(asks_rate);
         ask_password_reset(scene.authority(), all, "ann@example.com",
                            {.address = scene.name, .agent = {}, .activity = {}});
       },
       [](Scene& scene) { return mails_of_accounts(scene) > 0; }},
      {"choose_password", begin_with_link,
       [](Scene& scene) {
         scene.cookie = choose_password(scene.authority(), scene.cookie, Secret("another long password"), {})
                            .cookie.reveal();
       },
       [](Scene& scene) {
         return scene.look([&](store::Transaction& transaction) {
           return store::find_user(transaction, scene.user)->signed_in_at.has_value();
         });
       },
       true, true},
      {"set_mail_settings", [](Scene&) {},
       [](Scene& scene) { set_mail_settings(scene.authority(), scene.as_admin, by(scene.name)); },
       [](Scene& scene) {
         const auto settings = show_mail_settings(scene.authority(), scene.as_admin);
         return settings && settings->host == scene.name + ".example.com";
       }},
      {"forget_mail_settings",
       [](Scene& scene) { set_mail_settings(scene.authority(), scene.as_admin, by(scene.name)); },
       [](Scene& scene) { forget_mail_settings(scene.authority(), scene.as_admin); },
       [](Scene& scene) { return !show_mail_settings(scene.authority(), scene.as_admin); }},
      {"set_webhook", [](Scene&) {}, set_webhook_of,
       [](Scene& scene) {
         const auto webhook = notices_of(scene).webhook;
         return webhook && webhook->shown.contains(scene.name);
       }},
      {"remove_webhook", set_webhook_of,
       [](Scene& scene) { remove_webhook(scene.authority(), scene.as_admin, scene.organization); },
       [](Scene& scene) { return !notices_of(scene).webhook; }},
      {"set_mailbox", [](Scene&) {}, set_mailbox_of,
       [](Scene& scene) { return notices_of(scene).mailbox == scene.name + "@example.com"; }},
      {"remove_mailbox", set_mailbox_of,
       [](Scene& scene) { remove_mailbox(scene.authority(), scene.as_admin, scene.organization); },
       [](Scene& scene) { return !notices_of(scene).mailbox; }},
  };
}

}  // namespace latchkey::authority
