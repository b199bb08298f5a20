// The declared scopes, as token/catalogue.cpp asks for them behind its own. They are only ever added: who has
// found one may read it for ever. Any thread, and nobody waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "token/scopes.hpp"

namespace latchkey::token {

[[nodiscard]] std::optional<Scope> find_declared(std::string_view id) noexcept;
// REQUIRES: one that find_declared() found.
[[nodiscard]] const ScopeDescription& describe_declared(Scope scope) noexcept;
// How many there are; they stand behind the catalogue.
[[nodiscard]] std::size_t declared_scopes() noexcept;
// What the declared ones among `chosen` include, themselves too.
[[nodiscard]] ScopeSet declared_closure(const ScopeSet& chosen) noexcept;

}  // namespace latchkey::token
