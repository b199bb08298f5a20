// Where mail is sent by, as server administrators set it in the portal; the server's own file rules where it
// says anything of that. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

enum class MailSecurity : std::uint8_t {
  start_tls = 1,  // STARTTLS, or nothing is sent
  tls,            // from the start
  never,          // on this machine alone
};
// "startTls": as the database and the wire have it.
[[nodiscard]] std::string mail_security_name(MailSecurity);

struct MailSettings {
  std::string host;
  std::int64_t port = 0;
  MailSecurity tls = MailSecurity::start_tls;
  std::string user{}, password{};  // the password sealed; both empty: nobody signs in
  std::string from;
  Time changed_at{};
};
void put_mail_settings(Transaction&, const MailSettings&);
[[nodiscard]] std::optional<MailSettings> find_mail_settings(Transaction&);
void delete_mail_settings(Transaction&);

}  // namespace latchkey::store
