// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace latchkey {

void assertion_failed(const char* expression, std::source_location where) {
  std::fprintf(stderr, "latchkey: broken invariant at %s:%u: %s. This is a bug; please report it.\n",
               where.file_name(), static_cast<unsigned>(where.line()), expression);
  std::abort();
}

}  // namespace latchkey
