// LATCHKEY_ASSERT: a broken invariant ends the process, in release builds too. For what can't happen unless the
// program is wrong; never for input.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <source_location>

namespace latchkey {

[[noreturn]] void assertion_failed(const char* expression, std::source_location where);

}  // namespace latchkey

#define LATCHKEY_ASSERT(expression) \
  ((expression) ? void() : ::latchkey::assertion_failed(#expression, std::source_location::current()))
