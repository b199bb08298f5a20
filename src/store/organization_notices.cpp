// SPDX-License-Identifier: Apache-2.0
#include "store/organization_notices.hpp"

#include <algorithm>

#include "store/outbox.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<WebhookFormat>{Code{WebhookFormat::teams, "teams"},
                                                 Code{WebhookFormat::slack, "slack"},
                                                 Code{WebhookFormat::json, "json"}};

namespace {

void read_webhook(const Row& row, Webhook& webhook) {
  read_row(row, webhook.organization, webhook.format, webhook.url, webhook.shown, webhook.updated_at);
}

}  // namespace

std::string_view webhook_format_name(WebhookFormat format) { return text_of(format); }

std::optional<WebhookFormat> find_webhook_format(std::string_view name) {
  const auto* const found = std::ranges::find(codes<WebhookFormat>, name, &Code<WebhookFormat>::text);
  return found == codes<WebhookFormat>.end() ? std::nullopt : std::optional(found->value);
}

void put_webhook(Transaction& transaction, const Webhook& webhook) {
  transaction.execute(
      "insert into organization_webhooks (organization, format, url, shown, updated_at) values ($1, $2, $3, "
      "$4, $5) on conflict (organization) do update set format = excluded.format, url = excluded.url, shown "
      "= "
      "excluded.shown, updated_at = excluded.updated_at",
      webhook.organization, webhook.format, webhook.url, webhook.shown, webhook.updated_at);
}

void delete_webhook(Transaction& transaction, const OrganizationId& organization) {
  transaction.execute("delete from organization_webhooks where organization = $1", organization);
}

std::optional<Webhook> find_webhook(Transaction& transaction, const OrganizationId& organization) {
  return transaction.one(
      "select organization, format, url, shown, updated_at from organization_webhooks where organization = "
      "$1",
      read_webhook, organization);
}

std::vector<Webhook> due_webhooks(Transaction& transaction, Time now) {
  std::vector<Webhook> due;
  for (const OrganizationId& one : queues_of_webhooks(transaction)) {
    if (!next_to_send(transaction, Queue(one), now)) continue;
    if (auto webhook = find_webhook(transaction, one)) due.push_back(*std::move(webhook));
  }
  return due;
}

void put_mailbox(Transaction& transaction, const OrganizationId& organization, std::string_view address) {
  transaction.execute(
      "insert into organization_mailboxes (organization, address) values ($1, $2) on conflict (organization) "
      "do update set address = excluded.address",
      organization, address);
}

void delete_mailbox(Transaction& transaction, const OrganizationId& organization) {
  transaction.execute("delete from organization_mailboxes where organization = $1", organization);
}

std::optional<std::string> find_mailbox(Transaction& transaction, const OrganizationId& organization) {
  return transaction.scalar<std::string>("select address from organization_mailboxes where organization = $1",
                                         organization);
}

}  // namespace latchkey::store
