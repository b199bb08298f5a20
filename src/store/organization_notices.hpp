// Where an organization hears of its tokens itself, beside their owners: a webhook, and a mailbox for those
// whose owners can't be told. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

// What the receiver understands.
enum class WebhookFormat : std::uint8_t { teams = 1, slack, json };
// "teams": as the database and the wire have it.
[[nodiscard]] std::string_view webhook_format_name(WebhookFormat);
[[nodiscard]] std::optional<WebhookFormat> find_webhook_format(std::string_view name);

struct Webhook {
  OrganizationId organization;
  WebhookFormat format{};
  std::string url;    // sealed: whoever has it may post
  std::string shown;  // what may be seen of it
  Time updated_at;
};
void put_webhook(Transaction&, const Webhook&);  // instead of the one before
void delete_webhook(Transaction&, const OrganizationId&);
[[nodiscard]] std::optional<Webhook> find_webhook(Transaction&, const OrganizationId&);
// Those for which something is to be sent.
[[nodiscard]] std::vector<Webhook> due_webhooks(Transaction&, Time now);

void put_mailbox(Transaction&, const OrganizationId&, std::string_view address);
void delete_mailbox(Transaction&, const OrganizationId&);
[[nodiscard]] std::optional<std::string> find_mailbox(Transaction&, const OrganizationId&);

}  // namespace latchkey::store
