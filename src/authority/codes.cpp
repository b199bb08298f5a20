// SPDX-License-Identifier: Apache-2.0
#include "authority/codes.hpp"

#include <span>
#include <string>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {

Secret new_code() {
  std::string bytes(32, '\0');
  fill_random(std::as_writable_bytes(std::span(bytes)));
  Secret code(base64url(bytes));
  wipe(bytes);
  return code;
}

void take_code_attempt(Authority& authority, const Origin& origin) {
  if (!authority.password_attempts.take(authority.clock.now(), {}, origin.address))
    throw Refusal(RefusalCode::too_many_attempts, "Too many attempts. Try again in a minute.");
}

}  // namespace latchkey::authority
