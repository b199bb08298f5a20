// SPDX-License-Identifier: Apache-2.0
#include "store/notice_choices.hpp"

#include <algorithm>
#include <string>

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

struct Chosen {
  std::string unwanted;
  bool weekly_digest = false;
};
void read_chosen(const Row& row, Chosen& chosen) { read_row(row, chosen.unwanted, chosen.weekly_digest); }

}  // namespace

NoticeChoices notice_choices(Transaction& transaction, const UserId& user) {
  const auto chosen = transaction.one("select unwanted, weekly_digest from notice_choices where user_id = $1",
                                      read_chosen, user);
  if (!chosen) return {};
  NoticeChoices choices{.weekly_digest = chosen->weekly_digest};
  // A kind that this version does not know is none that it could send.
  for (std::string_view rest = chosen->unwanted; !rest.empty();) {
    const auto one = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (const auto kind = find_notice_kind(one)) choices.unwanted.push_back(*kind);
  }
  return choices;
}

void put_notice_choices(Transaction& transaction, const UserId& user, const NoticeChoices& choices) {
  std::string unwanted;
  for (const NoticeKind kind : choices.unwanted)
    unwanted.append(unwanted.empty() ? "" : " ").append(notice_kind_name(kind));
  transaction.execute(
      "insert into notice_choices (user_id, unwanted, weekly_digest) values ($1, $2, $3) on conflict "
      "(user_id) "
      "do update set unwanted = excluded.unwanted, weekly_digest = excluded.weekly_digest",
      user, unwanted, std::int64_t{choices.weekly_digest});
}

std::vector<UserId> take_due_digests(Transaction& transaction, Time now, std::chrono::seconds each) {
  constexpr auto read_id = [](const Row& row, UserId& id) { read_row(row, id); };
  const auto due = transaction.all<UserId>(
      "select user_id from notice_choices where weekly_digest = 1 and digest_at <= $1", read_id, now - each);
  for (const UserId& user : due)
    transaction.execute("update notice_choices set digest_at = $1 where user_id = $2", now, user);
  return due;
}

void put_calendar_link(Transaction& transaction, const UserId& user, const Digest& code, Time now) {
  transaction.execute(
      "insert into calendar_links (user_id, digest, created_at) values ($1, $2, $3) on conflict (user_id) do "
      "update set digest = excluded.digest, created_at = excluded.created_at",
      user, code, now);
}

std::optional<Time> calendar_link_made_at(Transaction& transaction, const UserId& user) {
  return transaction.scalar<Time>("select created_at from calendar_links where user_id = $1", user);
}

std::optional<UserId> find_calendar_link(Transaction& transaction, const Digest& code) {
  return transaction.scalar<UserId>("select user_id from calendar_links where digest = $1", code);
}

bool delete_calendar_link(Transaction& transaction, const UserId& user) {
  return transaction.execute("delete from calendar_links where user_id = $1", user) > 0;
}

}  // namespace latchkey::store
