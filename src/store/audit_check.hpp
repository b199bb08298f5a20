// How far the chain of the audit was found unbroken: one row, which whoever looks keeps. Functions of one
// transaction. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "store/audit_search.hpp"

namespace latchkey::store {

struct AuditCheck {
  AuditHead looked{};    // the look under way: it has come to here
  bool stopped = false;  // at something broken
  AuditHead whole{};     // what the last look without a fault came to, and when; none yet: 0
  std::optional<Time> whole_at{};
  std::optional<std::int64_t>
      broken{};  // the first position that does not follow; until a look finds no fault
};
[[nodiscard]] AuditCheck find_audit_check(Transaction&);
void put_audit_check(Transaction&, const AuditCheck&);

}  // namespace latchkey::store
