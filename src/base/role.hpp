// What a member may do in an organization (security.md, Who may do what): each role includes those before it.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace latchkey {

enum class Role : std::uint8_t { reader = 1, contributor = 2, administrator = 3 };

}  // namespace latchkey
