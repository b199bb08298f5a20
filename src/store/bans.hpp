// Tokens for all organizations that an organization has banned. Functions of one transaction; each write
// touches the organization, whose verification refuses their texts (transaction.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

// False: it was banned already, or there was no ban.
[[nodiscard]] bool insert_ban(Transaction&, const OrganizationId&, const TokenId&, const UserId& by, Time);
[[nodiscard]] bool delete_ban(Transaction&, const OrganizationId&, const TokenId&);
[[nodiscard]] bool is_banned(Transaction&, const OrganizationId&, const TokenId&);
[[nodiscard]] bool is_banned_anywhere(Transaction&, const TokenId&);
// The texts that are refused, in order.
[[nodiscard]] std::vector<Digest> banned_texts(Transaction&, const OrganizationId&);
// To be called when a text of the token comes or goes.
void touch_bans(Transaction&, const TokenId&);

}  // namespace latchkey::store
