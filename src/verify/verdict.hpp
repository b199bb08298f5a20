// Verdict: the answer of verification, with three outcomes, never two: accepted with a principal, refused for
// one named reason, unavailable. Values; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"
#include "token/text.hpp"

namespace latchkey::verify {

// token.md, Refusals of verification. The names are those of the metrics; never renumbered.
enum class Reason : std::uint8_t {
  malformed = 1,
  bad_checksum,
  unknown,
  expired,
  revoked,
  replaced,
  inactive,
  owner_disabled,
  wrong_organization,
  insufficient_scope,
  resource_not_allowed,
  address_not_allowed,
  global_tokens_forbidden,
  basic_authentication_disabled,
};
[[nodiscard]] std::string_view name(Reason reason) noexcept;

// Who a request acts as.
struct Principal {
  UserId user;
  token::Fingerprint fingerprint;
  token::ScopeSet scopes;                      // closed
  std::optional<OrganizationId> organization;  // the one that the request names; none where it names none
  std::optional<Role> role;                    // the owner's there; none: not a member
  Time valid_to;                               // this text is accepted before it, whatever its token's end
  bool basic = false;                          // how it came: Basic, else Bearer
};

struct Refused {
  Reason reason{};
  // Of a real text that has ended (P7): since when, and which. Nothing else of it may be told.
  std::optional<Time> since;
  token::Fingerprint fingerprint;
};

struct Unavailable {};

using Verdict = std::variant<Principal, Refused, Unavailable>;

}  // namespace latchkey::verify
