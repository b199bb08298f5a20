// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <algorithm>
#include <variant>

#include "authority/authorize.hpp"
#include "base/time_ordered.hpp"
#include "store/ends.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t told_together = 500;     // in one transaction
constexpr int told_at_most = 4;                 // transactions in a call
constexpr std::chrono::days told_after_end{7};  // who comes back later knows

// Whether a step of those that are told has come, among them the ones that nobody was there to see.
bool came(const store::DueEnd& end, Time now, std::span<const std::chrono::days> told) {
  return std::ranges::any_of(
      told, [&](auto step) { return end.valid_to - step >= end.due_at && end.valid_to - step <= now; });
}

void tell_end(store::Transaction& transaction, Time now, const store::DueEnd& end,
              std::span<const std::chrono::days> told) {
  store::plan_end(transaction, end.owner, end.token, end.valid_to, now);
  const bool ended = end.valid_to <= now;
  if (ended ? now - end.valid_to > told_after_end : !came(end, now, told)) return;
  notify(transaction, now,
         {.user = end.owner,
          .token = end.token,
          .kind = ended ? store::NoticeKind::expired : store::NoticeKind::expires_soon,
          .valid_to = end.valid_to});
}

}  // namespace

void notify(store::Transaction& transaction, Time now, store::Notice notice) {
  notice.id = time_ordered<NoticeId>(now);
  notice.created_at = now;
  store::insert_notice(transaction, notice);
}

void notify(store::Transaction& transaction, Time now, const store::Token& token, store::NoticeKind kind,
            std::int64_t event) {
  notify(transaction, now, {.user = token.owner, .token = token.id, .kind = kind, .event = event});
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
  const auto any = [&](store::Transaction& transaction) {
    return !store::due_ends(transaction, authority.clock.now(), 1).empty();
  };
  for (int i = 0; i < told_at_most; ++i) {
    if (!authority.store.read(any)) return false;
    decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      const auto ends = store::due_ends(transaction, now, told_together);
      for (const store::DueEnd& end : ends)
        if (end.holds) tell_end(transaction, now, end, authority.settings.told_before_end);
      if (!ends.empty()) store::forget_ends_until(transaction, ends.back());
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
