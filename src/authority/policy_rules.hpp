// The policies that there are: each with its name, what it says to people, what a value of it may be, what it
// does to tokens that exist already, and the rule itself, a pure function of a token. Which of them are in
// force, and for whom not, is kept by the store and decided in policies.hpp. (Contract, section 5; the names
// are interface.md's.) Values; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/network.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {

// What becomes of tokens that exist when a policy refuses.
enum class Existing : std::uint8_t {
  keep_working = 1,  // until they are renewed or extended: then they must satisfy it (contract 5.3)
  global_ones_stop,  // those for all organizations
  stop,
};

enum class PolicyKind : std::uint8_t { toggle = 1, days, count, scopes, networks };

// What a policy's value means. As text: "true"; "90"; "vso.build vso.code"; "10.0.0.0/8 2001:db8::/32".
struct PolicyValue {
  bool on = true;                    // toggle
  std::int64_t number = 0;           // days, count
  token::ScopeSet scopes{};          // as named: not closed
  std::vector<std::string> texts{};  // scopes, networks: as given
  std::vector<Network> networks{};
};

// A token as a rule sees it: one that lives, or one that is about to.
struct JudgedToken {
  UserId owner;
  std::optional<OrganizationId> organization{};  // none: all that its owner is a member of
  token::ScopeSet scopes{};                      // closed
  Time valid_from{}, valid_to{};
  std::optional<Time> used_at{}, signed_in_at{};  // it; its owner
  std::int64_t number =
      1;  // of its owner's live tokens bound to the organization, in the order of their making
  bool packages_suffice = false;  // the organization lets everybody make tokens for packages alone
};

// When it was used, renewed or its owner signed in last: what idleness is counted from.
[[nodiscard]] Time awake_at(const JudgedToken& token) noexcept;

struct PolicyRule {
  std::string_view name, title, description;
  bool of_server = false;
  PolicyKind kind = PolicyKind::toggle;
  std::int64_t most = 0;    // of a number
  bool default_on = false;  // without a row
  bool staged = false;      // may report and warn before it refuses, and has exceptions
  bool revokes = false;     // may at last revoke what still breaks it
  Existing existing = Existing::keep_working;
  RefusalCode code = RefusalCode::token_policy;
  std::string_view field{};  // of a request to make a token
  // Why a token breaks it; empty: it does not. Null: it judges no tokens by themselves.
  std::string (*breach)(const PolicyValue&, const JudgedToken&, Time now) = nullptr;
};

[[nodiscard]] std::span<const PolicyRule> policy_rules() noexcept;
// Null: there is none of this name there.
[[nodiscard]] const PolicyRule* find_policy_rule(std::string_view name, bool of_server) noexcept;

// The error says what is wrong with the text.
[[nodiscard]] std::expected<PolicyValue, std::string> read_policy_value(const PolicyRule&,
                                                                        std::string_view text);

// The one text that read_policy_value() reads as this value.
[[nodiscard]] std::string policy_value_text(const PolicyRule&, const PolicyValue&);

// Whether they are good for packages and nothing else.
[[nodiscard]] bool are_for_packages(const token::ScopeSet& scopes);

}  // namespace latchkey::authority
