// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <variant>

#include "authority/authorize.hpp"
#include "store/token_search.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t told_together = 200;  // in one transaction
constexpr int told_at_most = 10;             // transactions in a call

std::vector<store::UntoldEnd> untold(store::Transaction& transaction, Time now, std::int64_t top) {
  return store::untold_ends(transaction, now - store::soon, now + store::soon, top);
}

}  // namespace

void notify(store::Transaction& transaction, Time now, const store::Token& token, store::NoticeKind kind,
            std::int64_t event) {
  store::insert_notice(transaction, {.id = NoticeId::random(),
                                     .user = token.owner,
                                     .token = token.id,
                                     .kind = kind,
                                     .event = event,
                                     .valid_to = {},
                                     .created_at = now});
}

void notify_user(store::Transaction& transaction, Time now, const UserId& user, store::NoticeKind kind,
                 std::int64_t event) {
  store::insert_notice(transaction, {.id = NoticeId::random(),
                                     .user = user,
                                     .token = {},
                                     .kind = kind,
                                     .event = event,
                                     .valid_to = {},
                                     .created_at = now});
}

NoticesShown list_notices(Authority& authority, const Actor& actor,
                          const std::optional<store::NoticeCursor>& after, std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::see_own_tokens);
    NoticesShown shown{.notices = store::notices_of(transaction, actor.user, after, top + 1),
                       .unread = store::count_unread_notices(transaction, actor.user)};
    shown.more = std::ssize(shown.notices) > top;
    if (shown.more) shown.notices.pop_back();
    return shown;
  });
}

void read_notices(Authority& authority, const Actor& actor, std::span<const NoticeId> ids) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    for (const NoticeId& id : ids) store::read_notice(transaction, actor.user, id, now);
    return std::monostate{};
  });
}

void read_all_notices(Authority& authority, const Actor& actor) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    store::read_all_notices(transaction, actor.user, now);
    return std::monostate{};
  });
}

bool tell_ends(Authority& authority) {
  for (int i = 0; i < told_at_most; ++i) {
    const auto any = [&](store::Transaction& transaction) {
      return !untold(transaction, authority.clock.now(), 1).empty();
    };
    if (!authority.store.read(any)) return false;
    decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      for (const store::UntoldEnd& end : untold(transaction, now, told_together)) {
        store::insert_notice(transaction, {.id = NoticeId::random(),
                                           .user = end.owner,
                                           .token = end.token,
                                           .kind = store::NoticeKind::expires_soon,
                                           .event = {},
                                           .valid_to = end.valid_to,
                                           .created_at = now});
        store::set_end_told(transaction, end);
      }
      return std::monostate{};
    });
  }
  return true;
}

void forget_notices(Authority& authority) {
  const Time before = authority.clock.now() - store::ended_are_kept;
  while (decide(authority, [&](store::Transaction& transaction) {
    return store::delete_notices_before(transaction, before);
  })) {
  }
}

}  // namespace latchkey::authority
