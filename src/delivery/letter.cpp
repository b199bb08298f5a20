// SPDX-License-Identifier: Apache-2.0
#include "delivery/letter.hpp"

#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::delivery {

std::expected<Mailbox, std::string> recipient_of(store::Transaction& transaction,
                                                 const store::NoticeShown& shown) {
  const auto user = store::find_user(transaction, shown.notice.user);
  if (!user || user->state == store::UserState::removed) return std::unexpected("its owner was removed");
  if (user->state == store::UserState::disabled) return std::unexpected("its owner is disabled");
  if (!is_mail_address(user->email))
    return std::unexpected(user->email + " is no address that mail can be sent to");
  return Mailbox{.name = user->display_name, .address = user->email};
}

Letter letter_of(store::Transaction&, const store::NoticeShown& shown, const std::string& public_url, Time) {
  return {.subject = shown.name,
          .text = shown.fingerprint + "\n" + public_url + "\n",
          .html = "<p>" + shown.fingerprint + "</p>\n"};
}

}  // namespace latchkey::delivery
