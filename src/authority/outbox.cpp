// SPDX-License-Identifier: Apache-2.0
#include "authority/outbox.hpp"

#include <algorithm>
#include <variant>

#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::chrono::minutes first_wait{1};
constexpr std::chrono::hours longest_wait{4};
constexpr std::size_t words_most = 500;

// `tell`: writes what the row has become.
template <class Tell>
void fail(Authority& authority, store::OutboxRow& row, std::string_view why, Tell tell) {
  row.last_error = kept_words(why);
  ++row.attempts;
  decide(authority, [&](store::Transaction& transaction) {
    tell(transaction, authority.clock.now());
    return std::monostate{};
  });
}

bool is_given_up(const store::OutboxRow& row, Time now) { return now >= row.created_at + tried_for; }

// The row stays the first, so that no other is tried meanwhile, and the order stays.
void block(store::Transaction& transaction, Time now, const store::OutboxRow& row,
           std::chrono::microseconds asked_for) {
  const auto wait = std::max(back_off(row.attempts, longest_wait_for_receiver),
                             std::min<std::chrono::microseconds>(asked_for, longest_wait_asked_for));
  store::set_waiting(transaction, store::queue_of(row), now + wait);
  if (!is_given_up(row, now)) return store::set_failed(transaction, row);
  store::set_undeliverable(transaction, row);
  store::set_undeliverable_before(transaction, row, now - tried_for);  // it took none of those either
}

bool is_current(store::Transaction& transaction, const store::Webhook& webhook) {
  const auto current = store::find_webhook(transaction, webhook.organization);
  return current && current->updated_at == webhook.updated_at;
}

}  // namespace

std::string kept_words(std::string_view why) {
  auto most = std::min(why.size(), words_most);
  while (most > 0 && most < why.size() && (static_cast<unsigned char>(why[most]) & 0xC0U) == 0x80U) --most;
  std::string words = masked(why.substr(0, most));
  std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return words;
}

std::chrono::microseconds back_off(std::int64_t attempts, std::chrono::microseconds longest) noexcept {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
  return std::min<std::chrono::microseconds>(first_wait * (std::int64_t{1} << doublings), longest);
}

void outbox_done(Authority& authority, const store::OutboxRow& row) {
  decide(authority, [&](store::Transaction& transaction) {
    store::delete_from_outbox(transaction, row);
    return std::monostate{};
  });
}

void outbox_refused(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why,
       [&](store::Transaction& transaction, Time) { store::set_undeliverable(transaction, row); });
}

void outbox_put_off(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why, [&](store::Transaction& transaction, Time now) {
    if (is_given_up(row, now)) return store::set_undeliverable(transaction, row);
    row.next_at = now + back_off(row.attempts, longest_wait);
    store::set_failed(transaction, row);
  });
}

void outbox_blocked(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why,
       [&](store::Transaction& transaction, Time now) { block(transaction, now, row, {}); });
}

void webhook_refused(Authority& authority, const store::Webhook& sent_to, store::OutboxRow row,
                     std::string_view why) {
  fail(authority, row, why, [&](store::Transaction& transaction, Time) {
    if (is_current(transaction, sent_to)) store::set_undeliverable(transaction, row);
  });
}

void webhook_blocked(Authority& authority, const store::Webhook& sent_to, store::OutboxRow row,
                     std::string_view why, std::chrono::microseconds asked_for) {
  fail(authority, row, why, [&](store::Transaction& transaction, Time now) {
    if (is_current(transaction, sent_to)) block(transaction, now, row, asked_for);
  });
}

}  // namespace latchkey::authority
