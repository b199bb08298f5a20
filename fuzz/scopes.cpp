// Whatever people write as scopes: a choice is canonical, is kept as what it was, and grants what it names; a
// refusal is short; what was kept never fails and is closed.
// SPDX-License-Identifier: Apache-2.0
#include "token/scopes.hpp"

#include <cstdint>

#include "base/check.hpp"

using namespace latchkey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto kept = token::kept_scopes(text);
  LATCHKEY_ASSERT(token::closure(kept) == kept);
  const auto chosen = token::choose_scopes(text);
  if (!chosen) {
    LATCHKEY_ASSERT(chosen.error().size() <= 64);
    return 0;
  }
  LATCHKEY_ASSERT(!chosen->text.empty() && chosen->closed == kept);
  LATCHKEY_ASSERT(token::kept_scopes(chosen->text) == chosen->closed);
  LATCHKEY_ASSERT(token::choose_scopes(chosen->text)->text == chosen->text);
  return 0;
}
