// Notices: what a person should hear of their tokens. Written in the transaction of the act that they tell
// of, whose audit event says the rest; of an end to come there is no act. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

enum class NoticeKind : std::uint8_t {
  expires_soon = 1,
  created,
  regenerated,
  widened,
  revoked_by_other,
  policy_warning,  // the event is the change of the policy
  revoked_by_policy,
  stream_disabled,  // to administrators, of no token
  expired,
  rests_soon,     // a policy about idle tokens will let it rest
  new_network,    // it was used from where it had never been
  weekly_digest,  // to administrators who want it, of no token
};
// "expiresSoon": as the database and the wire have it.
[[nodiscard]] std::string_view notice_kind_name(NoticeKind);
[[nodiscard]] std::optional<NoticeKind> find_notice_kind(std::string_view name);

struct Notice {
  NoticeId id{};
  UserId user;
  std::optional<TokenId> token{};  // none: stream_disabled, weekly_digest
  NoticeKind kind{};
  std::optional<std::int64_t> event{};  // the audit event's position; none: nobody did anything
  std::int64_t count = 1;               // of revoked_by_other: how many tokens, of which `token` is one
  std::optional<Time> valid_to{};       // what expires_soon, expired and rests_soon tell of
  std::optional<std::string> address{}, agent{};  // of new_network
  Time created_at{};
};
// A policy's second warning of one token is none. More tokens that one act revoked are counted in the notice
// that is there, which is unread again. REQUIRES: all of one instant; a revoked_by_other stands alone.
void insert_notices(Transaction&, std::span<const Notice>);

// A notice with what it is about, as that is now, and what was done, as the audit has it.
struct NoticeShown {
  Notice notice;
  bool read = false;
  std::string name, fingerprint;
  std::optional<OrganizationId> organization;
  std::optional<std::string> organization_name;
  std::optional<std::string> address, agent, data, actor;  // of the event; `actor`: their display name
};
struct NoticeCursor {
  Time created_at;
  NoticeId id;
};
// A person's, the latest first; `after`: those behind it. Without ends that don't come any more.
[[nodiscard]] std::vector<NoticeShown> notices_of(Transaction&, const UserId&,
                                                  const std::optional<NoticeCursor>& after, std::int64_t top);
[[nodiscard]] std::optional<NoticeShown> find_notice(Transaction&, const NoticeId&);  // as long as it holds
inline constexpr std::int64_t unread_most = 100;
[[nodiscard]] std::int64_t count_unread_notices(Transaction&, const UserId&);  // `unread_most`: or more
void read_notice(Transaction&, const UserId&, const NoticeId&, Time now);      // another's: nothing
void read_all_notices(Transaction&, const UserId&, Time now);
// False: there are none left. A bounded number at a time.
[[nodiscard]] bool delete_notices_before(Transaction&, Time);

}  // namespace latchkey::store
