// SPDX-License-Identifier: Apache-2.0
#include "base/time_ordered.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace latchkey {

Uuid time_ordered_uuid(Time now) {
  const auto since = static_cast<std::uint64_t>(microseconds(now));
  const std::uint64_t version = 7, fraction = since % 1000 * 4096 / 1000;
  const std::uint64_t head = since / 1000 << 16 | version << 12 | fraction;
  const Uuid random = Uuid::random();  // its second half bears the variant already
  std::array<std::byte, Uuid::size> bytes{};
  std::ranges::copy(random.bytes(), bytes.begin());
  for (std::size_t i = 0; i < sizeof head; ++i) bytes.at(i) = static_cast<std::byte>(head >> (56 - 8 * i));
  return Uuid(bytes);
}

}  // namespace latchkey
