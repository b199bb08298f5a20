// SPDX-License-Identifier: Apache-2.0
#include "store/bans.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {

bool insert_ban(Transaction& transaction, const OrganizationId& organization, const TokenId& token,
                const UserId& by, Time now) {
  const auto rows = transaction.execute(
      "insert into bans (organization, token, created_by, created_at) values ($1, $2, $3, $4) on conflict "
      "(organization, token) do nothing",
      organization, token, by, now);
  if (rows > 0) transaction.touch(organization);
  return rows > 0;
}

bool delete_ban(Transaction& transaction, const OrganizationId& organization, const TokenId& token) {
  const auto rows =
      transaction.execute("delete from bans where organization = $1 and token = $2", organization, token);
  if (rows > 0) transaction.touch(organization);
  return rows > 0;
}

bool is_banned(Transaction& transaction, const OrganizationId& organization, const TokenId& token) {
  return transaction
      .scalar<std::int64_t>("select 1 from bans where organization = $1 and token = $2", organization, token)
      .has_value();
}

bool is_banned_anywhere(Transaction& transaction, const TokenId& token) {
  return transaction.scalar<std::int64_t>("select 1 from bans where token = $1 limit 1", token).has_value();
}

std::vector<Digest> banned_texts(Transaction& transaction, const OrganizationId& organization) {
  constexpr auto read_digest = [](const Row& row, Digest& digest) { read_row(row, digest); };
  return transaction.all<Digest>(
      "select s.digest from bans b join secrets s on s.token = b.token where b.organization = $1 order by "
      "s.digest",
      read_digest, organization);
}

void touch_bans(Transaction& transaction, const TokenId& token) {
  std::vector<OrganizationId> organizations;
  transaction.each(
      "select organization from bans where token = $1",
      [&](const Row& row) { read_row(row, organizations.emplace_back()); }, token);
  for (const OrganizationId& organization : organizations) transaction.touch(organization);
}

}  // namespace latchkey::store
