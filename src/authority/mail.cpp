// SPDX-License-Identifier: Apache-2.0
#include "authority/mail.hpp"

#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/names.hpp"
#include "store/account_mails.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

store::Queue mails() { return store::Queue(store::Channel::owner_mail); }

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

void try_at_once(store::Transaction& transaction, Time now) {
  store::end_waiting(transaction, mails(), now);
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
    MailState state{.queue = store::queue_state(transaction, mails(), now),
                    .undeliverable = store::undeliverable(transaction, mails(), after, top + 1)};
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
    for (const NoticeId& id : ids) count += store::send_again(transaction, mails(), id, now) ? 1 : 0;
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
      const auto count = store::send_some_again(transaction, mails(), now);
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
