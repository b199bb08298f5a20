// SPDX-License-Identifier: Apache-2.0
#include "store/invitations.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

void read_invitation(const Row& row, Invitation& invitation) {
  read_row(row, invitation.user, invitation.digest, invitation.ends_at, invitation.created_at);
}

}  // namespace

void put_invitation(Transaction& transaction, const Invitation& invitation) {
  transaction.execute(
      "insert into invitations (user_id, digest, ends_at, created_at) values ($1, $2, $3, $4) "
      "on conflict (user_id) do update set digest = excluded.digest, ends_at = excluded.ends_at, "
      "created_at = excluded.created_at",
      invitation.user, invitation.digest, invitation.ends_at, invitation.created_at);
}

std::optional<Invitation> find_invitation(Transaction& transaction, const Digest& digest) {
  return transaction.one("select user_id, digest, ends_at, created_at from invitations where digest = $1",
                         read_invitation, digest);
}

void delete_invitation(Transaction& transaction, const UserId& user) {
  transaction.execute("delete from invitations where user_id = $1", user);
}

void delete_invitations_ended_before(Transaction& transaction, Time time) {
  transaction.execute("delete from invitations where ends_at < $1", time);
}

}  // namespace latchkey::store
