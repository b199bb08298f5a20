// SPDX-License-Identifier: Apache-2.0
#include "authority/mail.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/names.hpp"
#include "store/account_mails.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

using store::Channel;

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

void record_retry(store::Transaction& transaction, Time now, const Actor& actor, std::int64_t count) {
  record(transaction, now, actor, {}, "Mail.Retried", "mail", {{"Count", count}});
}

}  // namespace

void set_mailing(Authority& authority, bool on) {
  decide(authority, [&](store::Transaction& transaction) {
    store::set_mailing(transaction, on);
    return std::monostate{};
  });
}

std::chrono::microseconds back_off(std::int64_t attempts, std::chrono::microseconds longest) noexcept {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
  return std::min<std::chrono::microseconds>(first_wait * (std::int64_t{1} << doublings), longest);
}

std::string kept_words(std::string_view why) {
  std::string words = masked(why.substr(0, words_most));
  std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return words;
}

void mail_is_done(Authority& authority, const store::OutboxRow& row) {
  decide(authority, [&](store::Transaction& transaction) {
    store::delete_from_outbox(transaction, row);
    return std::monostate{};
  });
}

void mail_refused(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why,
       [&](store::Transaction& transaction, Time) { store::set_undeliverable(transaction, row); });
}

void mail_put_off(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why, [&](store::Transaction& transaction, Time now) {
    if (is_given_up(row, now)) return store::set_undeliverable(transaction, row);
    row.next_at = now + back_off(row.attempts, longest_wait);
    store::set_failed(transaction, row);
  });
}

// The row stays the first, so that no other is tried meanwhile, and the order stays.
void mail_server_failed(Authority& authority, store::OutboxRow row, std::string_view why) {
  fail(authority, row, why, [&](store::Transaction& transaction, Time now) {
    store::set_waiting(transaction, row.channel, now + back_off(row.attempts, longest_wait_for_server));
    if (is_given_up(row, now)) return store::set_undeliverable(transaction, row);
    store::set_failed(transaction, row);
  });
}

void try_at_once(store::Transaction& transaction, Time now) {
  store::end_waiting(transaction, Channel::owner_mail, now);
  store::try_account_mails_at_once(transaction, now);
}

void record_test_mail(Authority& authority, const Actor& actor, std::string_view address) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    record(transaction, now, actor, {}, "Mail.Tested", "mail", {{"Address", email_address(address)}});
    return std::monostate{};
  });
}

MailState show_mail(Authority& authority, const Actor& actor,
                    const std::optional<store::UndeliverableCursor>& after, std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    MailState state{.queue = store::queue_state(transaction, Channel::owner_mail, now),
                    .undeliverable = store::undeliverable(transaction, Channel::owner_mail, after, top + 1)};
    state.more = std::ssize(state.undeliverable) > top;
    if (state.more) state.undeliverable.pop_back();
    const auto accounts = store::account_mail_queue(transaction);
    state.queue.queued = std::min(state.queue.queued + accounts.queued, store::counted_most);
    if (state.queue.first) state.last_error = state.queue.first->last_error;
    if (state.last_error.empty()) state.last_error = accounts.last_error;
    return state;
  });
}

std::int64_t retry_mails(Authority& authority, const Actor& actor, std::span<const NoticeId> ids) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    std::int64_t count = 0;
    for (const NoticeId& id : ids)
      count += store::send_again(transaction, Channel::owner_mail, id, now) ? 1 : 0;
    try_at_once(transaction, now);
    record_retry(transaction, now, actor, count);
    return count;
  });
}

std::int64_t retry_all_mails(Authority& authority, const Actor& actor) {
  std::int64_t all = 0;
  for (;;) {
    const auto some = decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      authorize(transaction, now, actor, Act::administer_server);
      const auto count = store::send_some_again(transaction, Channel::owner_mail, now);
      if (count > 0) return count;
      try_at_once(transaction, now);
      record_retry(transaction, now, actor, all);
      return count;
    });
    if (some == 0) return all;
    all += some;
  }
}

}  // namespace latchkey::authority
