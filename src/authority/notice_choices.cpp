// SPDX-License-Identifier: Apache-2.0
#include "authority/notice_choices.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/codes.hpp"
#include "authority/notices.hpp"
#include "base/refusal.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t calendar_most = 1000;

bool administers_something(store::Transaction& transaction, const UserId& user) {
  const auto memberships = store::memberships_of(transaction, user);
  return store::find_user(transaction, user).value().server_administrator ||
         std::ranges::any_of(memberships, [](const auto& one) { return one.role == Role::administrator; });
}

[[noreturn]] void refuse_link() {
  throw Refusal(RefusalCode::not_found, "There is no such calendar any more.", "code");
}

}  // namespace

bool may_be_unwanted(store::NoticeKind kind) noexcept {
  using enum store::NoticeKind;
  return kind == expires_soon || kind == expired || kind == rests_soon || kind == policy_warning ||
         kind == stream_disabled;
}

NoticeChoicesShown show_notice_choices(Authority& authority, const Actor& actor) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::see_own_tokens);
    return NoticeChoicesShown{.choices = store::notice_choices(transaction, actor.user),
                              .administrator = administers_something(transaction, actor.user),
                              .calendar_made_at = store::calendar_link_made_at(transaction, actor.user)};
  });
}

void choose_notices(Authority& authority, const Actor& actor, const store::NoticeChoices& choices) {
  if (!std::ranges::all_of(choices.unwanted, may_be_unwanted))
    throw Refusal(RefusalCode::invalid_value,
                  "Notices that may tell of somebody else's doing can't be switched off.", "unwanted");
  decide(authority, [&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::see_own_tokens);
    store::put_notice_choices(transaction, actor.user, choices);
    return std::monostate{};
  });
}

Secret make_calendar_link(Authority& authority, const Actor& actor) {
  Secret code = new_code();
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    store::put_calendar_link(transaction, actor.user, Digest::of(code.reveal()), now);
    record(transaction, now, actor, {}, "Calendar.LinkCreate", actor.user.text());
    return std::monostate{};
  });
  return code;
}

void end_calendar_link(Authority& authority, const Actor& actor) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    if (!store::delete_calendar_link(transaction, actor.user)) refuse_link();
    record(transaction, now, actor, {}, "Calendar.LinkEnd", actor.user.text());
    return std::monostate{};
  });
}

Calendar calendar_of(Authority& authority, std::string_view code, const Origin& origin) {
  take_code_attempt(authority, origin);
  auto calendar = authority.store.read([&](store::Transaction& transaction) {
    const auto owner = store::find_calendar_link(transaction, Digest::of(code));
    const auto user = owner ? store::find_user(transaction, *owner) : std::nullopt;
    if (!user || user->state != store::UserState::enabled) refuse_link();
    const auto memberships = store::memberships_of(transaction, *owner);
    return Calendar{
        .ends = store::ending_tokens(transaction, *owner, authority.clock.now(), Time::max(), calendar_most),
        .organization = memberships.empty() ? "" : memberships.front().organization.name};
  });
  authority.password_attempts.give_back({}, origin.address);
  return calendar;
}

void tell_weekly(Authority& authority) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    for (const UserId& user : store::take_due_digests(transaction, now, std::chrono::weeks(1)))
      if (administers_something(transaction, user))
        notify(transaction, now, {.user = user, .kind = store::NoticeKind::weekly_digest});
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
