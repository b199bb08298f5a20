// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <algorithm>
#include <unordered_set>
#include <variant>

#include "authority/authorize.hpp"
#include "base/time_ordered.hpp"
#include "store/ends.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t told_together = 1000;    // in one transaction
constexpr int told_at_most = 4;                 // transactions in a call
constexpr std::chrono::days told_after_end{7};  // who comes back later knows

// Whether a step of those that are told has come, among them the ones that nobody was there to see.
bool came(const store::DueEnd& due, Time now, std::span<const std::chrono::days> told) {
  return std::ranges::any_of(told, [&](auto step) {
    const Time at = store::due_at(due.end.valid_to, step);
    return at >= due.due_at && at <= now;
  });
}

bool is_told(const store::DueEnd& due, Time now, std::span<const std::chrono::days> told) {
  const Time end = due.end.valid_to;
  if (now < end) return came(due, now, told);
  return store::due_at(end, {}) <= now && now - end <= told_after_end;  // before: that row is still to come
}

store::Notice notice_of(const store::End& end, Time now) {
  return {.user = end.owner,
          .token = end.token,
          .kind = end.valid_to <= now ? store::NoticeKind::expired : store::NoticeKind::expires_soon,
          .valid_to = end.valid_to};
}

void notify_all(store::Transaction& transaction, Time now, std::span<store::Notice> notices) {
  for (store::Notice& notice : notices) {
    notice.id = time_ordered<NoticeId>(now);
    notice.created_at = now;
  }
  store::insert_notices(transaction, notices);
}

// Those that hold; of a token whose end moved away and back there may be two.
void tell(store::Transaction& transaction, Time now, std::span<const store::DueEnd> due,
          std::span<const std::chrono::days> told) {
  std::unordered_set<TokenId> seen;
  std::vector<store::End> ends;
  std::vector<store::Notice> notices;
  for (const store::DueEnd& one : due) {
    if (!one.holds || !seen.insert(one.end.token).second) continue;
    ends.push_back(one.end);
    if (is_told(one, now, told)) notices.push_back(notice_of(one.end, now));
  }
  store::plan_ends(transaction, ends, now);
  notify_all(transaction, now, notices);
}

}  // namespace

void notify(store::Transaction& transaction, Time now, store::Notice notice) {
  notify_all(transaction, now, {&notice, 1});
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
      const auto due = store::due_ends(transaction, now, told_together);
      tell(transaction, now, due, authority.settings.told_before_end);
      if (!due.empty()) store::forget_ends_until(transaction, due.back());
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
