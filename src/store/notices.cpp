// SPDX-License-Identifier: Apache-2.0
#include "store/notices.hpp"

#include <algorithm>

#include "store/insertion.hpp"
#include "store/outbox.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<NoticeKind>{Code{NoticeKind::expires_soon, "expiresSoon"},
                                              Code{NoticeKind::created, "created"},
                                              Code{NoticeKind::regenerated, "regenerated"},
                                              Code{NoticeKind::widened, "widened"},
                                              Code{NoticeKind::revoked_by_other, "revokedByOther"},
                                              Code{NoticeKind::policy_warning, "policyWarning"},
                                              Code{NoticeKind::revoked_by_policy, "revokedByPolicy"},
                                              Code{NoticeKind::stream_disabled, "streamDisabled"},
                                              Code{NoticeKind::expired, "expired"},
                                              Code{NoticeKind::rests_soon, "restsSoon"},
                                              Code{NoticeKind::new_network, "newNetwork"},
                                              Code{NoticeKind::weekly_digest, "weeklyDigest"}};

namespace {

void read_shown(const Row& row, NoticeShown& one) {
  Notice& notice = one.notice;
  std::optional<std::string> name, fingerprint;
  read_row(row, notice.id, notice.user, notice.token, notice.kind, notice.event, notice.count,
           notice.valid_to, notice.address, notice.agent, notice.created_at, one.read, name, fingerprint,
           one.organization, one.organization_name, one.address, one.agent, one.data, one.actor);
  one.name = std::move(name).value_or("");
  one.fingerprint = std::move(fingerprint).value_or("");
}

// An end that was told of, and that a revocation, another end, a use or a sign-in took the place of, is no
// more.
constexpr std::string_view holds =
    " and (n.kind not in ('expiresSoon', 'restsSoon') or exists (select 1 from tokens h where h.id = n.token "
    "and h.state = 'live' and (n.kind = 'restsSoon' or h.valid_to = n.valid_to) and (n.kind = 'expiresSoon' "
    "or "
    "((h.used_at is null or h.used_at < n.created_at) and not exists (select 1 from users w where w.id = "
    "n.user_id and w.signed_in_at > n.created_at)))))";

const std::string told =
    "select n.id, n.user_id, n.token, n.kind, n.event, n.count, n.valid_to, n.address, n.agent, "
    "n.created_at, "
    "n.read_at is not null, t.name, (select fingerprint from secrets where token = t.id and live_until is "
    "null), "
    "t.organization, o.name, e.address, e.agent, e.data, a.display_name from notices n left join tokens t on "
    "t.id "
    "= n.token left join organizations o on o.id = t.organization left join audit_events e on e.position = "
    "n.event "
    "left join users a on a.id = e.actor where ";

constexpr std::string_view into =
    "insert into notices (id, user_id, token, kind, event, count, valid_to, address, agent, created_at) "
    "values ";
constexpr std::string_view once = " on conflict (token, event) where kind = 'policyWarning' do nothing";
constexpr std::string_view counted =
    " on conflict (user_id, event) where kind = 'revokedByOther' do update set count = notices.count + "
    "excluded.count, read_at = null";

void add(Sql& sql, const Notice& notice) {
  sql.add_row(notice.id, notice.user, notice.token, notice.kind, notice.event, notice.count, notice.valid_to,
              notice.address, notice.agent, notice.created_at);
}

}  // namespace

std::string_view notice_kind_name(NoticeKind kind) { return text_of(kind); }

std::optional<NoticeKind> find_notice_kind(std::string_view name) {
  const auto* const found = std::ranges::find(codes<NoticeKind>, name, &Code<NoticeKind>::text);
  return found == codes<NoticeKind>.end() ? std::nullopt : std::optional(found->value);
}

void insert_notices(Transaction& transaction, std::span<const Notice> notices) {
  if (notices.empty()) return;
  // What one act revoked is counted for a while longer: its mail tells of all.
  constexpr std::chrono::minutes counting{1};
  const bool counts = notices.front().kind == NoticeKind::revoked_by_other;
  insert_rows(transaction, into, notices, add, counts ? counted : once);
  std::vector<NoticeId> ids;
  for (const Notice& notice : notices) ids.push_back(notice.id);
  const Time now = notices.front().created_at;
  put_into_outbox(transaction, ids, counts ? now + counting : now);
}

std::vector<NoticeShown> notices_of(Transaction& transaction, const UserId& user,
                                    const std::optional<NoticeCursor>& after, std::int64_t top) {
  Sql sql(told + "n.user_id = ", user);
  sql.add(holds);
  if (after) sql.add(" and (n.created_at, n.id) < (", after->created_at).add(", ", after->id).add(")");
  sql.add(" order by n.created_at desc, n.id desc limit ", top);
  return transaction.all(sql, read_shown);
}

std::optional<NoticeShown> find_notice(Transaction& transaction, const NoticeId& id) {
  return transaction.one(told + "n.id = $1" + std::string(holds), read_shown, id);
}

std::int64_t count_unread_notices(Transaction& transaction, const UserId& user) {
  return transaction
      .scalar<std::int64_t>(
          std::string("select count(*) from (select 1 from notices n where user_id = $1 and read_at is null")
              .append(holds)
              .append(" limit 100) some"),
          user)
      .value();
  static_assert(unread_most == 100);
}

void read_notice(Transaction& transaction, const UserId& user, const NoticeId& id, Time now) {
  transaction.execute("update notices set read_at = $1 where id = $2 and user_id = $3 and read_at is null",
                      now, id, user);
}

void read_all_notices(Transaction& transaction, const UserId& user, Time now) {
  transaction.execute("update notices set read_at = $1 where user_id = $2 and read_at is null", now, user);
}

bool delete_notices_before(Transaction& transaction, Time time) {
  return transaction.execute(
             "delete from notices where id in (select id from notices where created_at < $1 limit 1000)",
             time) > 0;
}

}  // namespace latchkey::store
