// The scopes that can be chosen, as a person looks for them: by group, each with its ladder of levels and the
// scopes at its side. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "token/scopes.hpp"

namespace latchkey::token {

struct GroupedScope {
  Scope scope;
  bool ladder = false;  // a level: it includes the levels before it
};
struct ScopeGroup {
  std::string_view title, description;
  bool common = false;               // what most people look for
  std::vector<GroupedScope> scopes;  // the ladder first, from least to most
};
// Common ones first. What an operator declares is a group too. Full access is in none.
[[nodiscard]] std::vector<ScopeGroup> scope_groups();

// The least that can be chosen and holds everything of `needed` that `held` (as Token::scopes) holds. Nothing
// where that is no less than `held`, or nothing was needed.
[[nodiscard]] std::optional<std::string> least_scopes(std::string_view held, const ScopeSet& needed);

}  // namespace latchkey::token
