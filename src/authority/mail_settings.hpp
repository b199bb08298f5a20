// Mail settings as decisions: by which server mail is sent, where the server's own file doesn't say it. They
// hold from the next mail on. The mail server's own words are shown, so it may not stand in a private network
// unless the file allows that (outgoing.hpp); whether an address may be connected to is asked once more when
// it is. Pool threads; delivery's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/mail_settings.hpp"

namespace latchkey::authority {

// Once, at the start: whether notices are mailed. `by_file`: the server's own file names a mail server.
void begin_mailing(Authority&, bool by_file);

struct MailSettingsRequest {
  std::string host;
  std::optional<std::int64_t> port{};  // none: the usual one
  store::MailSecurity tls = store::MailSecurity::start_tls;
  std::string user{};                // empty: nobody signs in
  std::optional<Secret> password{};  // none: the one that is there stays, if it goes nowhere else
  std::string from;
};
// For server administrators. The password is sealed, and never told.
[[nodiscard]] std::optional<store::MailSettings> show_mail_settings(Authority&, const Actor&);
store::MailSettings set_mail_settings(Authority&, const Actor&, const MailSettingsRequest&);
// No mail is sent from then on; what is queued stays so.
void forget_mail_settings(Authority&, const Actor&);

// For delivery/. Nothing: the key that it was sealed under is not there any more.
[[nodiscard]] std::optional<Secret> mail_password(Authority&, const store::MailSettings&);

}  // namespace latchkey::authority
