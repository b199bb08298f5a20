// SPDX-License-Identifier: Apache-2.0
#include "store/account_mails.hpp"

#include "store/outbox.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<AccountMailKind>{
    Code{AccountMailKind::password_reset, "passwordReset"},
    Code{AccountMailKind::password_changed, "passwordChanged"}};

namespace {

void read_account_mail(const Row& row, AccountMail& mail) {
  read_row(row, mail.id, mail.user, mail.kind, mail.address, mail.attempts, mail.last_error, mail.next_at,
           mail.created_at);
}

}  // namespace

void put_account_mail(Transaction& transaction, const AccountMail& mail) {
  transaction.execute(
      "insert into account_mails (id, user_id, kind, address, attempts, last_error, next_at, created_at) "
      "select $1, $2, $3, $4, 0, '', $5, $5 from settings where name = 'mail'",
      mail.id, mail.user, mail.kind, mail.address, mail.created_at);
}

std::optional<AccountMail> next_account_mail(Transaction& transaction, Time now) {
  auto mail = transaction.one(
      "select id, user_id, kind, address, attempts, last_error, next_at, created_at from account_mails "
      "where next_at <= $1 order by next_at, id limit 1",
      read_account_mail, now);
  if (mail && is_waiting(transaction, Queue(Channel::owner_mail), now)) return {};
  return mail;
}

void set_account_mail_failed(Transaction& transaction, const AccountMail& mail) {
  transaction.execute("update account_mails set attempts = $1, next_at = $2, last_error = $3 where id = $4",
                      mail.attempts, mail.next_at, mail.last_error, mail.id);
}

void delete_account_mail(Transaction& transaction, const AccountMailId& id) {
  transaction.execute("delete from account_mails where id = $1", id);
}

void try_account_mails_at_once(Transaction& transaction, Time now) {
  transaction.execute("update account_mails set next_at = $1 where next_at > $1", now);
}

AccountMailQueue account_mail_queue(Transaction& transaction) {
  AccountMailQueue queue{
      .queued =
          transaction
              .scalar<std::int64_t>("select count(*) from (select 1 from account_mails where next_at > 0 "
                                    "limit 10000) some")
              .value()};
  static_assert(counted_most == 10'000);
  // Those that failed have the later times.
  queue.last_error =
      transaction
          .scalar<std::string>("select last_error from account_mails order by next_at desc, id desc limit 1")
          .value_or("");
  return queue;
}

}  // namespace latchkey::store
