// Whether a token that began a transfer may still go on: the same question as verify()'s, asked again by the
// digest, so that the text need not be kept. Belongs on the reactor that owns the pin; noexcept, no
// allocation.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"
#include "verify/index.hpp"

namespace latchkey::api {

[[nodiscard]] bool still_accepted(const verify::Pin& index, const Digest& digest, Time now,
                                  std::string_view organization_key, token::Scope scope) noexcept;

}  // namespace latchkey::api
