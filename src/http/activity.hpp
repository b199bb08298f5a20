// ActivityIds: random ids for requests, taken from the operating system many at once, so that a request costs
// no call of its own. Belongs to one reactor.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "base/ids.hpp"
#include "base/random.hpp"

namespace latchkey::http {

class ActivityIds {
 public:
  [[nodiscard]] ActivityId next() noexcept {
    if (at_ == random_.size()) {
      fill_random(random_);
      at_ = 0;
    }
    const auto bytes = std::span(random_).subspan(at_, Uuid::size);
    at_ += Uuid::size;
    bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4 (RFC 9562 5.4)
    bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};
    return ActivityId(Uuid(bytes));
  }

 private:
  std::array<std::byte, 256 * Uuid::size> random_;
  std::size_t at_ = random_.size();
};

}  // namespace latchkey::http
