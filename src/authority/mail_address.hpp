// Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace latchkey::authority {

// Whether a text can stand as an address in a mail's header and in SMTP's commands: one '@', printable, no
// blanks, none of <>()[],;:\" in it.
[[nodiscard]] bool is_mail_address(std::string_view text) noexcept;

}  // namespace latchkey::authority
