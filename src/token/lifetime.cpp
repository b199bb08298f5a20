// SPDX-License-Identifier: Apache-2.0
#include "token/lifetime.hpp"

#include <algorithm>

namespace latchkey::token {

std::expected<Time, LifetimeError> valid_to(Time now, std::optional<Time> asked,
                                            std::chrono::days longest) noexcept {
  const Time end =
      std::chrono::floor<std::chrono::seconds>(asked.value_or(now + std::min(lifetime_default, longest)));
  if (end <= now) return std::unexpected(LifetimeError::in_the_past);
  if (end > now + longest) return std::unexpected(LifetimeError::too_long);
  return end;
}

}  // namespace latchkey::token
