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
  too_many_guesses,  // a text that we don't know, from a network that brought too many
  banned_here,       // one for all organizations, which this one has banned
};
inline constexpr auto last_reason = static_cast<std::uint8_t>(Reason::banned_here);
[[nodiscard]] std::string_view name(Reason reason) noexcept;

// Whether it says that we don't know the text: its holder may have guessed it, and is told nothing else (P7).
[[nodiscard]] constexpr bool is_unknown(Reason reason) noexcept {
  return reason == Reason::malformed || reason == Reason::bad_checksum || reason == Reason::unknown ||
         reason == Reason::too_many_guesses;
}

// Who a request acts as.
struct Principal {
  UserId user;
  token::Fingerprint fingerprint;
  token::ScopeSet scopes;                      // closed
  std::optional<OrganizationId> organization;  // the one that the request names, else none known
  std::optional<Role> role;                    // the owner's there; none: not a member
  Time valid_to;                               // this text is accepted before it, whatever its token's end
  bool basic = false;                          // how it came: Basic, else Bearer
};

// How services know who was accepted. The texts live as long as the pin under which it was.
struct Names {
  std::string_view account;  // its owner's
  std::string_view
      organization;  // the token's one, folded; empty: all of its owner's, or the request names it
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
