// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "authority/authorize.hpp"
#include "store/ends.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t told_together = 500;     // in one transaction
constexpr int told_at_most = 4;                 // transactions in a call
constexpr std::chrono::days told_after_end{7};  // who comes back later knows

// Time-ordered (as RFC 9562, version 7), so that they are written where the last one was.
NoticeId new_id(Time now) {
  constexpr int time_bytes = 6;
  const NoticeId random = NoticeId::random();
  std::array<std::byte, Uuid::size> bytes{};
  std::ranges::copy(random.value().bytes(), bytes.begin());
  const auto milliseconds = static_cast<std::uint64_t>(microseconds(now)) / 1000;
  for (int i = 0; i < time_bytes; ++i)
    bytes.at(static_cast<std::size_t>(i)) =
        static_cast<std::byte>(milliseconds >> (8 * (time_bytes - 1 - i)));
  return NoticeId(Uuid(bytes));
}

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
  store::insert_notice(transaction,
                       {.id = new_id(now),
                        .user = end.owner,
                        .token = end.token,
                        .kind = ended ? store::NoticeKind::expired : store::NoticeKind::expires_soon,
                        .event = {},
                        .valid_to = end.valid_to,
                        .created_at = now});
}

}  // namespace

void notify(store::Transaction& transaction, Time now, const store::Token& token, store::NoticeKind kind,
            std::int64_t event) {
  store::insert_notice(transaction, {.id = new_id(now),
                                     .user = token.owner,
                                     .token = token.id,
                                     .kind = kind,
                                     .event = event,
                                     .valid_to = {},
                                     .created_at = now});
}

void notify_revoked(store::Transaction& transaction, Time now, const UserId& owner, const TokenId& one,
                    std::int64_t count, std::int64_t event) {
  store::insert_notice(transaction, {.id = new_id(now),
                                     .user = owner,
                                     .token = one,
                                     .kind = store::NoticeKind::revoked_by_other,
                                     .event = event,
                                     .count = count,
                                     .valid_to = {},
                                     .created_at = now});
}

void notify_new_network(store::Transaction& transaction, Time now, const UserId& owner, const TokenId& token,
                        std::string_view address, std::string_view agent) {
  store::insert_notice(transaction, {.id = new_id(now),
                                     .user = owner,
                                     .token = token,
                                     .kind = store::NoticeKind::new_network,
                                     .event = {},
                                     .valid_to = {},
                                     .address = std::string(address),
                                     .agent = std::string(agent),
                                     .created_at = now});
}

void notify_rest(store::Transaction& transaction, Time now, const UserId& owner, const TokenId& token,
                 Time at) {
  store::insert_notice(transaction, {.id = new_id(now),
                                     .user = owner,
                                     .token = token,
                                     .kind = store::NoticeKind::rests_soon,
                                     .event = {},
                                     .valid_to = at,
                                     .created_at = now});
}

void notify_user(store::Transaction& transaction, Time now, const UserId& user, store::NoticeKind kind,
                 std::optional<std::int64_t> event) {
  store::insert_notice(transaction, {.id = new_id(now),
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
