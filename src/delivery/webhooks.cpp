// SPDX-License-Identifier: Apache-2.0
#include "delivery/webhooks.hpp"

#include <algorithm>
#include <memory>

#include "authority/outbox.hpp"
#include "base/log.hpp"
#include "delivery/delivery.hpp"
#include "delivery/letter.hpp"
#include "delivery/outgoing_request.hpp"
#include "delivery/webhook_message.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::size_t tests_at_once = 4;

// In one turn, of which there is one each second. People read a channel, and Slack takes one message a
// second.
int at_once(store::WebhookFormat format) { return format == store::WebhookFormat::json ? 100 : 1; }

// What is to be sent.
struct Next {
  store::OutboxRow row;
  store::Webhook webhook;
  std::optional<Card> card{};  // none: what it would say is true no more, or not of this organization
};

std::optional<Next> next_of(store::Transaction& transaction, const OrganizationId& organization,
                            const std::string& public_url, Time now) {
  auto webhook = store::find_webhook(transaction, organization);
  if (!webhook) return {};
  auto row = store::next_to_send(transaction, store::Queue(organization), now);
  if (!row) return {};
  Next next{.row = *std::move(row), .webhook = *std::move(webhook)};
  const auto shown = store::find_notice(transaction, next.row.notice);
  if (!shown || shown->organization != organization) return next;
  const auto owner = store::find_user(transaction, shown->notice.user).value();
  const Recipient whose{.to = {.name = owner.display_name, .address = owner.email}};
  next.card = card_of(told_of(transaction, *shown, whose, public_url, now), next.row.notice.text());
  return next;
}

Answered send(const authority::Outgoing& outgoing, const authority::OpenWebhook& webhook, const Card& card) {
  return exchange(outgoing, std::string(webhook.url.reveal()), {"Content-Type: application/json", "Expect:"},
                  {}, webhook_message(webhook.format, card));
}

bool is_taken(const Answered& answered) { return answered.status >= 200 && answered.status <= 299; }

// Whether it is the message that is not wanted, and others may be.
bool is_refused(const Answered& answered) {
  return answered.status == 400 || answered.status == 413 || answered.status == 422;
}

std::string words_of(const Answered& answered, std::string_view url) {
  std::string words = std::to_string(answered.status);
  if (!answered.words.empty()) words += " " + answered.words;
  return plain_line(words_without(std::move(words), url));
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

std::string words_without(std::string words, std::string_view url) {
  constexpr std::size_t known_to_all = 8;  // "services", "triggers", "workflow"
  const auto parsed = authority::parse_outgoing_url(url);
  std::string_view rest = parsed ? std::string_view(parsed->path) : url;
  if (rest.size() > 1) replace_all(words, rest, "…");
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find_first_of("/?&=%"));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part.size() > known_to_all) replace_all(words, part, "…");
  }
  return words;
}

bool send_next_to_webhook(authority::Authority& authority, const OrganizationId& organization,
                          const std::string& public_url) {
  auto next = authority.store.read([&](store::Transaction& transaction) {
    return next_of(transaction, organization, public_url, authority.clock.now());
  });
  if (!next) return false;
  if (!next->card) {
    outbox_done(authority, next->row);
    return true;
  }
  const auto webhook = open_webhook(authority, next->webhook);
  Answered answered;
  std::string words = "the URL can't be opened: the file stream-key is another one. Set the webhook again.";
  if (webhook) {
    try {
      answered = send(authority.settings.outgoing, *webhook, *next->card);
      words = words_of(answered, webhook->url.reveal());
    } catch (const Undelivered& error) {
      words = words_without(error.what(), webhook->url.reveal());
    }
  }
  if (is_taken(answered)) {
    outbox_done(authority, next->row);
    return true;
  }
  log_warning("a webhook did not take a notice",
              {{"organization", organization.text()}, {"error", authority::kept_words(words)}});
  if (is_refused(answered)) {
    webhook_refused(authority, next->webhook, std::move(next->row), words);
    return true;
  }
  webhook_blocked(authority, next->webhook, std::move(next->row), words, answered.retry_after);
  return false;
}

Webhooks::Webhooks(authority::Authority& authority, std::string public_url)
    : authority_(authority), public_url_(std::move(public_url)) {}

void Webhooks::start() {
  work_.emplace("webhooks for notices", [this] { return due(); });
}

void Webhooks::stop() { work_.reset(); }

std::vector<DueWork::Piece> Webhooks::due() {
  const auto webhooks = authority_.store.read([&](store::Transaction& transaction) {
    return store::due_webhooks(transaction, authority_.clock.now());
  });
  std::vector<DueWork::Piece> pieces;
  for (const auto& webhook : webhooks)
    pieces.push_back({.name = webhook.organization.text(),
                      .run = [this, organization = webhook.organization,
                              most = at_once(webhook.format)](const std::stop_token& stop) {
                        for (int i = 0; i < most && !stop.stop_requested(); ++i)
                          if (!send_next_to_webhook(authority_, organization, public_url_)) break;
                      }});
  return pieces;
}

Webhooks::Tested Webhooks::test(const OrganizationId& organization, std::string_view name,
                                const authority::OpenWebhook& webhook) {
  {
    const Lock lock(mutex_);
    if (tested_.size() >= tests_at_once || !tested_.insert(organization).second)
      return {.taken = false, .reply = "Another test is on its way: wait for it."};
  }
  const auto done = [&](const OrganizationId* tested) {
    const Lock lock(mutex_);
    tested_.erase(*tested);
  };
  const std::unique_ptr<const OrganizationId, decltype(done)> guard(&organization, done);
  try {
    const auto answered = send(authority_.settings.outgoing, webhook, test_card(name, public_url_));
    return {.taken = is_taken(answered),
            .reply = authority::kept_words(words_of(answered, webhook.url.reveal()))};
  } catch (const Undelivered& error) {
    return {.taken = false,
            .reply = authority::kept_words(words_without(error.what(), webhook.url.reveal()))};
  }
}

}  // namespace latchkey::delivery
