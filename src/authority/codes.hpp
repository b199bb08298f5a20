// Codes: what stands for a right without a name: cookies, the set-up's code, invitations. 256 random bits,
// kept as a digest alone. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "authority/authority.hpp"
#include "base/secret.hpp"

namespace latchkey::authority {

// 43 characters of base64url.
[[nodiscard]] Secret new_code();
// Before somebody's code is looked at. Throws too_many_attempts: it brought too many bad ones. A good one is
// given back.
void take_code_attempt(Authority&, const Origin&);

}  // namespace latchkey::authority
