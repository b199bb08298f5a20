// What a mail says of a notice: made when it is sent, of the notice, its token, its event and the ledger of
// uses. No secret is in any of them (P2); links come from the public URL alone. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <expected>
#include <string>

#include "authority/account_mails.hpp"
#include "delivery/message.hpp"
#include "delivery/templates.hpp"
#include "store/notices.hpp"

namespace latchkey::store {
class Transaction;
}

namespace latchkey::delivery {

// Whether whom it is for wants mail of such notices, and may have it still.
[[nodiscard]] bool is_wanted(store::Transaction&, const store::NoticeShown&);
struct Recipient {
  Mailbox to;
  std::string instead{};  // why it is not its owner, whose place the organization's mailbox takes
};
// Who gets the mail of a notice; or why nobody.
[[nodiscard]] std::expected<Recipient, std::string> recipient_of(store::Transaction&,
                                                                 const store::NoticeShown&);

// What Templates::render() needs of a notice.
struct Told {
  std::string_view kind;
  Values values;
  bool moot = false;     // its token was revoked since: nothing is left to be done
  bool instead = false;  // its reader is not its owner, whose pages they can't open
};
[[nodiscard]] Told told_of(store::Transaction&, const store::NoticeShown&, const Recipient& recipient,
                           const std::string& public_url, Time now);
// The same of a mail about an account. The link of a reset has its code in the fragment: no server, proxy or
// log ever sees it.
[[nodiscard]] Told told_of(const store::AccountMail&, const authority::AccountLetter&, const Mailbox& to,
                           const std::string& public_url, Time now);
// What every mail has.
[[nodiscard]] Values common_values(const Mailbox& to, const std::string& public_url, Time now);

// "14 January 2027, 00:00 UTC"; "Thursday, 14 January 2027, 00:00 UTC".
[[nodiscard]] std::string date_and_time(Time time);
[[nodiscard]] std::string long_date(Time time);
// "Code (Read & write), Build (Read)"; `ids` as store::Token::scopes.
[[nodiscard]] std::string scopes_in_words(std::string_view ids);

}  // namespace latchkey::delivery
