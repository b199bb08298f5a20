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
  std::optional<Time> resting_since{};
};

struct OwnerChange {
  struct Membership {
    OrganizationId organization;
    Role role{};
  };
  UserId id;
  UserState state{};
  std::vector<Membership> memberships;
  std::string account{};             // the email address
  std::optional<Digest> password{};  // of what is kept of it; none: no password of theirs is good by itself
};

struct OrganizationChange {
  OrganizationId id;
  std::string name_key;
  bool open = false;
  // What it asks of those who use something in it. People are named one by one, sorted: groups are resolved.
  struct Policy {
    std::string name, value;  // as in policies
    Time from;
    std::vector<UserId> except;
  };
  struct OpenRoute {
    std::string route;
    std::vector<UserId> users;
  };
  std::vector<Policy> policies{};
  std::vector<Digest> banned{};  // texts of tokens that are good for all organizations but this
  std::vector<OpenRoute> open_routes{};
};

using Change = std::variant<SecretChange, OwnerChange, OrganizationChange>;

}  // namespace latchkey::store
