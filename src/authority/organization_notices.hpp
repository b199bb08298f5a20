// Where an organization hears of its tokens itself: the webhook that gets what owners get, and the mailbox
// for those whose owners can't be told. For the organization's administrators. A webhook's URL lets whoever
// has it post: it is sealed, and never shown again. Pool threads; delivery's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/organization_notices.hpp"
#include "store/outbox.hpp"

namespace latchkey::authority {

struct WebhookRequest {
  store::WebhookFormat format{};
  std::optional<std::string> url{};  // none: it stays
};
struct OrganizationNotices {
  std::optional<store::Webhook> webhook{};
  std::optional<std::string> mailbox{};
  bool mailing = false;                               // whether anything is mailed
  store::QueueState queue{};                          // the webhook's
  std::vector<store::Undeliverable> undeliverable{};  // the latest first
  bool more = false;
};
[[nodiscard]] OrganizationNotices show_organization_notices(
    Authority&, const Actor&, const OrganizationId&, const std::optional<store::UndeliverableCursor>& after,
    std::int64_t top);
// What waits goes there at once. Of what was told before there was a webhook, nothing does.
void set_webhook(Authority&, const Actor&, const OrganizationId&, const WebhookRequest&);
void remove_webhook(Authority&, const Actor&, const OrganizationId&);  // and what waits; none: nothing
void set_mailbox(Authority&, const Actor&, const OrganizationId&, std::string_view address);
void remove_mailbox(Authority&, const Actor&, const OrganizationId&);  // none: nothing
// Those of the undeliverable; returns how many. What waits is tried at once too.
std::int64_t retry_notices(Authority&, const Actor&, const OrganizationId&, std::span<const NoticeId>);
std::int64_t retry_all_notices(Authority&, const Actor&, const OrganizationId&);

struct OpenWebhook {
  store::WebhookFormat format{};
  Secret url;
};
// For a test of it, which the audit tells. Refusal: there is none.
[[nodiscard]] OpenWebhook webhook_to_test(Authority&, const Actor&, const OrganizationId&);
// Nothing: the file with the key is another one.
[[nodiscard]] std::optional<OpenWebhook> open_webhook(Authority&, const store::Webhook&);

}  // namespace latchkey::authority
