// SPDX-License-Identifier: Apache-2.0
#include "verify/verdict.hpp"

#include "base/check.hpp"

namespace latchkey::verify {

std::string_view name(Reason reason) noexcept {
  switch (reason) {
    case Reason::malformed:
      return "malformed";
    case Reason::bad_checksum:
      return "bad_checksum";
    case Reason::unknown:
      return "unknown";
    case Reason::expired:
      return "expired";
    case Reason::revoked:
      return "revoked";
    case Reason::replaced:
      return "replaced";
    case Reason::inactive:
      return "inactive";
    case Reason::owner_disabled:
      return "owner_disabled";
    case Reason::wrong_organization:
      return "wrong_organization";
    case Reason::insufficient_scope:
      return "insufficient_scope";
    case Reason::resource_not_allowed:
      return "resource_not_allowed";
    case Reason::address_not_allowed:
      return "address_not_allowed";
    case Reason::global_tokens_forbidden:
      return "global_tokens_forbidden";
    case Reason::basic_authentication_disabled:
      return "basic_authentication_disabled";
    case Reason::too_many_guesses:
      return "too_many_guesses";
    case Reason::banned_here:
      return "banned_here";
  }
  assertion_failed("a named reason", std::source_location::current());
}

}  // namespace latchkey::verify
