// What a mail says of a notice: made when it is sent, of the notice, its token, its event and the ledger of
// uses. No secret is in any of them (P2). Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <expected>
#include <optional>
#include <string>

#include "delivery/message.hpp"
#include "store/notices.hpp"

namespace latchkey::store {
class Transaction;
}

namespace latchkey::delivery {

// Who gets the mail of a notice; or why nobody.
[[nodiscard]] std::expected<Mailbox, std::string> recipient_of(store::Transaction&,
                                                               const store::NoticeShown&);

// Subject and contents of a notice's mail.
struct Letter {
  std::string subject, text, html;
};
[[nodiscard]] Letter letter_of(store::Transaction&, const store::NoticeShown&, const std::string& public_url,
                               Time now);

}  // namespace latchkey::delivery
