// SPDX-License-Identifier: Apache-2.0
#include "store/password_resets.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

const std::string select = "select user_id, digest, ends_at, sent_at from password_resets where ";

void read_password_reset(const Row& row, PasswordReset& reset) {
  read_row(row, reset.user, reset.digest, reset.ends_at, reset.sent_at);
}

}  // namespace

void put_password_reset(Transaction& transaction, const PasswordReset& reset) {
  transaction.execute(
      "insert into password_resets (user_id, digest, ends_at, sent_at) values ($1, $2, $3, $4) "
      "on conflict (user_id) do update set digest = excluded.digest, ends_at = excluded.ends_at, "
      "sent_at = excluded.sent_at",
      reset.user, reset.digest, reset.ends_at, reset.sent_at);
}

std::optional<PasswordReset> find_password_reset(Transaction& transaction, const Digest& digest) {
  return transaction.one(select + "digest = $1", read_password_reset, digest);
}

std::optional<PasswordReset> password_reset_of(Transaction& transaction, const UserId& user) {
  return transaction.one(select + "user_id = $1", read_password_reset, user);
}

void set_password_reset_sent(Transaction& transaction, const UserId& user, Time sent_at) {
  transaction.execute("update password_resets set sent_at = $1 where user_id = $2", sent_at, user);
}

void end_password_reset(Transaction& transaction, const UserId& user) {
  transaction.execute("update password_resets set digest = null where user_id = $1", user);
}

void delete_password_resets_ended_before(Transaction& transaction, Time time) {
  transaction.execute("delete from password_resets where ends_at < $1", time);
}

}  // namespace latchkey::store
