// Ids that stand in the order in which they were made: what is written by them lies where the last one was
// written, and not anywhere in an index of millions. Their last 62 bits are random. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey {

// RFC 9562, version 7, with the fraction of the millisecond in rand_a (6.2, method 3).
// REQUIRES: 1970 <= now < 10889.
[[nodiscard]] Uuid time_ordered_uuid(Time now);

template <class Id>
[[nodiscard]] Id time_ordered(Time now) {
  return Id(time_ordered_uuid(now));
}

}  // namespace latchkey
