// SPDX-License-Identifier: Apache-2.0
#include "token/declared.hpp"

#include <atomic>

#include "base/check.hpp"

namespace latchkey::token {
namespace {

struct Declared {
  ScopeDeclaration said;
  ScopeDescription row;
  ScopeSet closure;
};
// Published by the count.
std::array<Declared, declared_scopes_max> slots;
std::atomic<std::size_t> count = 0;

std::span<const Declared> declared() noexcept {
  return std::span(slots).first(count.load(std::memory_order_acquire));
}

Scope scope_of(std::size_t slot) noexcept { return Scope(catalogue().size() + slot); }

bool is_id(std::string_view id) noexcept {
  constexpr std::size_t id_longest = 64;
  return !id.empty() && id.size() <= id_longest && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

const ScopeDescription* of_catalogue(std::string_view id) noexcept {
  const auto row = std::ranges::find(catalogue(), id, &ScopeDescription::id);
  return row == catalogue().end() ? nullptr : &*row;
}

bool names(std::span<const ScopeDeclaration> scopes, std::string_view id) noexcept {
  return std::ranges::find(scopes, id, &ScopeDeclaration::id) != scopes.end();
}

// Full access, and what is not offered, is never got by way of something else.
bool may_be_included(std::string_view id, std::span<const ScopeDeclaration> above) noexcept {
  if (names(above, id)) return true;
  const auto* row = of_catalogue(id);
  return row != nullptr && row->offered && id != full_access && id != describe(verify_scope).id;
}

// What is wrong with one that stands below `above`; empty: nothing.
std::string objection(const ScopeDeclaration& scope, std::span<const ScopeDeclaration> above) {
  if (!is_id(scope.id)) return "write its id with 1 to 64 of a-z 0-9 . _ -, as in grafana.read";
  if (of_catalogue(scope.id) != nullptr || scope.id.starts_with("vso.") || scope.id.starts_with("latchkey."))
    return "its id belongs to the catalogue: choose another";
  if (names(above, scope.id)) return "it is declared twice";
  for (std::string_view rest = scope.includes; !rest.empty();)
    if (const auto id = next_id(rest); !id.empty() && !may_be_included(id, above))
      return "it can't include \"" + std::string(id) +
             "\": name scopes that the catalogue offers, or ones declared above it";
  if (const auto known = find_declared(scope.id)) {
    const auto& before = describe_declared(*known);
    if (before.includes != scope.includes || before.description != scope.description)
      return "it was changed: restart the server for that";
  }
  return {};
}

}  // namespace

void check_scopes(std::span<const ScopeDeclaration> scopes, std::vector<std::string>& errors) {
  for (std::size_t i = 0; i < scopes.size(); ++i)
    if (const auto wrong = objection(scopes[i], scopes.first(i)); !wrong.empty())
      errors.push_back(scopes[i].origin + ": scope \"" + scopes[i].id + "\": " + wrong);
  for (const Declared& one : declared())
    if (!names(scopes, one.said.id))
      errors.push_back(one.said.origin + " declared the scope \"" + one.said.id +
                       "\", which is gone: restart the server for that");
  if (scopes.size() > declared_scopes_max)
    errors.push_back(scopes[declared_scopes_max].origin + ": declare at most " +
                     std::to_string(declared_scopes_max) + " scopes");
}

void declare_scopes(std::span<const ScopeDeclaration> scopes) {
  for (const auto& scope : scopes) {
    if (find_declared(scope.id)) continue;
    const auto at = count.load(std::memory_order_relaxed);
    LATCHKEY_ASSERT(at < slots.size());
    Declared& slot = slots[at];
    slot.said = scope;
    slot.row = {.id = slot.said.id,
                .category = "Declared",
                .access = slot.said.description,
                .description = slot.said.description,
                .includes = slot.said.includes};
    slot.closure = kept_scopes(scope.includes);
    slot.closure.add(scope_of(at));
    count.store(at + 1, std::memory_order_release);
  }
}

std::optional<Scope> find_declared(std::string_view id) noexcept {
  const auto all = declared();
  const auto found = std::ranges::find(all, id, [](const Declared& one) { return one.row.id; });
  if (found == all.end()) return std::nullopt;
  return scope_of(static_cast<std::size_t>(found - all.begin()));
}

const ScopeDescription& describe_declared(Scope scope) noexcept {
  return slots[scope.index() - catalogue().size()].row;
}

std::size_t declared_scopes() noexcept { return declared().size(); }

ScopeSet declared_closure(const ScopeSet& chosen) noexcept {
  ScopeSet closed;
  const auto all = declared();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (chosen.contains(scope_of(i))) closed |= all[i].closure;
  return closed;
}

}  // namespace latchkey::token
