// SPDX-License-Identifier: Apache-2.0
#include "authority/organization_notices.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/mail_address.hpp"
#include "authority/names.hpp"
#include "authority/outgoing_places.hpp"
#include "base/log.hpp"
#include "base/refusal.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t url_longest = 2000;
// Of a URL that is long enough for its end to reveal nothing.
constexpr std::size_t shown_of_end = 4, hidden_at_least = 16;

std::string sealed_for(const OrganizationId& organization) {
  return "webhook for notices of " + organization.text();
}

OutgoingUrl checked_url(const Outgoing& outgoing, const std::string& text) {
  std::string_view fault = fault_of_url(outgoing, text);
  if (text.size() > url_longest) fault = "is too long";
  if (!fault.empty())
    throw Refusal(RefusalCode::invalid_value, "The webhook's URL " + std::string(fault) + ".", "url");
  return parse_outgoing_url(text).value();
}

std::string shown_of(const OutgoingUrl& url) {
  if (url.path.size() < hidden_at_least + shown_of_end) return url.host + "/…";
  return url.host + "/…" + url.path.substr(url.path.size() - shown_of_end);
}

std::string host_of(const store::Webhook& webhook) {
  return webhook.shown.substr(0, webhook.shown.find('/'));
}

boost::json::object told(const store::Webhook& webhook) {
  return {{"Format", store::webhook_format_name(webhook.format)}, {"Host", host_of(webhook)}};
}

store::Webhook known_webhook(store::Transaction& transaction, const OrganizationId& organization) {
  auto webhook = store::find_webhook(transaction, organization);
  if (!webhook)
    throw Refusal(RefusalCode::not_found, "The organization has no webhook for notices. Set one first.",
                  "url");
  return *std::move(webhook);
}

// What a webhook that was removed had left, when a crash came between.
void empty_queue(Authority& authority, const OrganizationId& organization) {
  while (decide(authority, [&](store::Transaction& transaction) {
    return !store::find_webhook(transaction, organization) &&
           store::empty_some(transaction, store::Queue(organization));
  })) {
  }
}

void require_administrator(store::Transaction& transaction, Authority& authority, const Actor& actor,
                           const OrganizationId& organization) {
  authorize(transaction, authority.clock.now(), actor, Act::administer_organization, organization);
}

}  // namespace

OrganizationNotices show_organization_notices(Authority& authority, const Actor& actor,
                                              const OrganizationId& organization,
                                              const std::optional<store::UndeliverableCursor>& after,
                                              std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    require_administrator(transaction, authority, actor, organization);
    const store::Queue queue(organization);
    OrganizationNotices shown{.webhook = store::find_webhook(transaction, organization),
                              .mailbox = store::find_mailbox(transaction, organization),
                              .mailing = store::is_mailing(transaction),
                              .queue = store::queue_state(transaction, queue, authority.clock.now()),
                              .undeliverable = store::undeliverable(transaction, queue, after, top + 1)};
    shown.more = std::ssize(shown.undeliverable) > top;
    if (shown.more) shown.undeliverable.pop_back();
    return shown;
  });
}

void set_webhook(Authority& authority, const Actor& actor, const OrganizationId& organization,
                 const WebhookRequest& request) {
  static_cast<void>(authority.store.read([&](store::Transaction& transaction) {
    require_administrator(transaction, authority, actor, organization);
    return std::monostate{};
  }));
  empty_queue(authority, organization);
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    auto webhook =
        request.url ? store::Webhook{.organization = organization, .url = {}, .shown = {}, .updated_at = {}}
                    : known_webhook(transaction, organization);
    if (request.url) {
      webhook.shown = shown_of(checked_url(authority.settings.outgoing, *request.url));
      webhook.url = authority.stream_secrets.seal(Secret(*request.url), sealed_for(organization));
    }
    webhook.format = request.format;
    const auto before = store::find_webhook(transaction, organization);
    webhook.updated_at = before ? std::max(now, before->updated_at + std::chrono::microseconds(1)) : now;
    store::put_webhook(transaction, webhook);
    store::end_waiting(transaction, store::Queue(organization), now);
    record(transaction, now, actor, organization, "Notices.WebhookSet", organization.text(), told(webhook));
    return std::monostate{};
  });
}

void remove_webhook(Authority& authority, const Actor& actor, const OrganizationId& organization) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    const auto webhook = store::find_webhook(transaction, organization);
    if (!webhook) return std::monostate{};
    store::delete_webhook(transaction, organization);
    record(transaction, now, actor, organization, "Notices.WebhookRemoved", organization.text(),
           told(*webhook));
    return std::monostate{};
  });
  // It is gone, whatever becomes of this: nothing that is left goes to another, and it goes with its notices.
  try {
    empty_queue(authority, organization);
  } catch (const store::Error& error) {
    log_warning("webhook_queue_left",
                {{"error", error.what()}, {"advice", "nothing of it is sent; remove the webhook once more"}});
  }
}

void set_mailbox(Authority& authority, const Actor& actor, const OrganizationId& organization,
                 std::string_view text) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    const std::string address = checked_text(text, {"The email address", "address", 254, 3});
    if (!is_mail_address(address))
      throw Refusal(RefusalCode::invalid_value, "The email address must look like name@example.com.",
                    "address");
    store::put_mailbox(transaction, organization, address);
    record(transaction, now, actor, organization, "Notices.MailboxSet", organization.text(),
           {{"Address", address}});
    return std::monostate{};
  });
}

void remove_mailbox(Authority& authority, const Actor& actor, const OrganizationId& organization) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    const auto address = store::find_mailbox(transaction, organization);
    if (!address) return std::monostate{};
    store::delete_mailbox(transaction, organization);
    record(transaction, now, actor, organization, "Notices.MailboxRemoved", organization.text(),
           {{"Address", *address}});
    return std::monostate{};
  });
}

std::int64_t retry_notices(Authority& authority, const Actor& actor, const OrganizationId& organization,
                           std::span<const NoticeId> ids) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    const store::Queue queue(organization);
    std::int64_t count = 0;
    for (const NoticeId& id : ids) count += store::send_again(transaction, queue, id, now) ? 1 : 0;
    store::end_waiting(transaction, queue, now);
    record(transaction, now, actor, organization, "Notices.Retried", organization.text(), {{"Count", count}});
    return count;
  });
}

std::int64_t retry_all_notices(Authority& authority, const Actor& actor, const OrganizationId& organization) {
  std::int64_t all = 0;
  for (;;) {
    const auto some = decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      require_administrator(transaction, authority, actor, organization);
      const store::Queue queue(organization);
      const auto count = store::send_some_again(transaction, queue, now);
      if (count > 0) return count;
      store::end_waiting(transaction, queue, now);
      record(transaction, now, actor, organization, "Notices.Retried", organization.text(), {{"Count", all}});
      return count;
    });
    if (some == 0) return all;
    all += some;
  }
}

OpenWebhook webhook_to_test(Authority& authority, const Actor& actor, const OrganizationId& organization) {
  const auto webhook = decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    require_administrator(transaction, authority, actor, organization);
    auto known = known_webhook(transaction, organization);
    record(transaction, now, actor, organization, "Notices.WebhookTested", organization.text(), told(known));
    return known;
  });
  if (auto opened = open_webhook(authority, webhook)) return *std::move(opened);
  throw Refusal(
      RefusalCode::invalid_value,
      "The webhook's URL can't be opened: the file stream-key is another one. Set the webhook again.", "url");
}

std::optional<OpenWebhook> open_webhook(Authority& authority, const store::Webhook& webhook) {
  auto url = authority.stream_secrets.open(webhook.url, sealed_for(webhook.organization));
  if (!url) return std::nullopt;
  return OpenWebhook{.format = webhook.format, .url = *std::move(url)};
}

}  // namespace latchkey::authority
