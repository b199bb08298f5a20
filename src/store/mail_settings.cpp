// SPDX-License-Identifier: Apache-2.0
#include "store/mail_settings.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {

template <>
inline constexpr std::array codes<MailSecurity>{Code{MailSecurity::start_tls, "startTls"},
                                                Code{MailSecurity::tls, "tls"},
                                                Code{MailSecurity::never, "never"}};

namespace {

void read_mail_settings(const Row& row, MailSettings& settings) {
  read_row(row, settings.host, settings.port, settings.tls, settings.user, settings.password, settings.from,
           settings.changed_at);
}

}  // namespace

std::string mail_security_name(MailSecurity security) { return std::string(text_of(security)); }

void put_mail_settings(Transaction& transaction, const MailSettings& settings) {
  transaction.execute(
      "insert into mail_settings (id, host, port, tls, user_name, password, sender, changed_at) "
      "values (1, $1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set host = excluded.host, "
      "port = excluded.port, tls = excluded.tls, user_name = excluded.user_name, "
      "password = excluded.password, sender = excluded.sender, changed_at = excluded.changed_at",
      settings.host, settings.port, settings.tls, settings.user, settings.password, settings.from,
      settings.changed_at);
}

std::optional<MailSettings> find_mail_settings(Transaction& transaction) {
  return transaction.one(
      "select host, port, tls, user_name, password, sender, changed_at from mail_settings where id = 1",
      read_mail_settings);
}

void delete_mail_settings(Transaction& transaction) {
  transaction.execute("delete from mail_settings where id = 1");
}

}  // namespace latchkey::store
