// The schema: the SQL of each migration, from the first on. What was delivered is never changed again: a
// change is a new one at the end. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <span>
#include <string_view>

namespace latchkey::store {

[[nodiscard]] std::span<const std::string_view> schema() noexcept;

}  // namespace latchkey::store
