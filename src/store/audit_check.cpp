// SPDX-License-Identifier: Apache-2.0
#include "store/audit_check.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

void read_check(const Row& row, AuditCheck& check) {
  read_row(row, check.looked.position, check.looked.digest, check.stopped, check.whole.position,
           check.whole.digest, check.whole_at, check.broken);
}

}  // namespace

AuditCheck find_audit_check(Transaction& transaction) {
  return transaction
      .one(
          "select position, digest, stopped, whole, whole_digest, whole_at, broken from audit_check where id "
          "= "
          "1",
          read_check)
      .value_or(AuditCheck{});
}

void put_audit_check(Transaction& transaction, const AuditCheck& check) {
  transaction.execute(
      "insert into audit_check (id, position, digest, stopped, whole, whole_digest, whole_at, broken) "
      "values (1, $1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set position = excluded.position, "
      "digest = excluded.digest, stopped = excluded.stopped, whole = excluded.whole, "
      "whole_digest = excluded.whole_digest, whole_at = excluded.whole_at, broken = excluded.broken",
      check.looked.position, check.looked.digest, check.stopped, check.whole.position, check.whole.digest,
      check.whole_at, check.broken);
}

}  // namespace latchkey::store
