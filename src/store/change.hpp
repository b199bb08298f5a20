// A change: the full resulting state of one subject that verification must now believe, never a difference,
// so that applying it twice is harmless. The load at start hands out the same type: nothing enters the index
// another way. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"

namespace latchkey::store {

// Dense and in commit order; 0 is before the first.
enum class Position : std::int64_t {};

// Stored as text. A code that is not known here is `broken`, never something else.
enum class TokenState : std::uint8_t { live = 1, revoked };
enum class UserState : std::uint8_t { enabled = 1, disabled, removed };

struct SecretChange {
  SecretId secret;
  Digest digest;
  std::string fingerprint;
  std::optional<Time> live_until;  // the end of a regeneration's grace; none: the token's newest secret
  TokenId token;
  TokenState state{};
  std::optional<Time> ended_at;
  std::optional<std::string> ended_reason;  // "revoked", "leaked", "owner removed"
  UserId owner;
  std::optional<OrganizationId> organization;  // none: all
  std::string scopes;
  Time valid_to;
};

struct OwnerChange {
  struct Membership {
    OrganizationId organization;
    Role role{};
  };
  UserId id;
  UserState state{};
  std::vector<Membership> memberships;
  std::string account{};  // the email address
};

struct OrganizationChange {
  OrganizationId id;
  std::string name_key;
  bool open = false;
};

using Change = std::variant<SecretChange, OwnerChange, OrganizationChange>;

}  // namespace latchkey::store
