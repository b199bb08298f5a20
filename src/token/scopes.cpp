// SPDX-License-Identifier: Apache-2.0
#include "token/scopes.hpp"

#include "base/secret.hpp"

namespace latchkey::token {
namespace {

constexpr std::size_t shown_size = 64;

// A rejected id as it may be told: masked before it is cut, since a cut secret would not be recognized any
// more, and never cut within a UTF-8 character.
std::string shown(std::string_view id) {
  std::string text = masked(id);
  if (text.size() <= shown_size) return text;
  std::size_t end = shown_size;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

void append_scope_ids(std::string& out, const ScopeSet& set) {
  static const Scope full = *find_scope(full_access);
  ScopeSet shown = set;
  if (set.contains(full)) {
    shown = {};
    shown.add(full);
    if (set.contains(verify_scope)) shown.add(verify_scope);
  }
  shown.each([&out, first = out.size()](Scope scope) {
    if (out.size() > first) out += ' ';
    out += describe(scope).id;
  });
}

std::string scope_ids(const ScopeSet& set) {
  std::string text;
  append_scope_ids(text, set);
  return text;
}

std::expected<ChosenScopes, std::string> choose_scopes(std::string_view text) {
  ScopeSet chosen;
  for (auto id = next_id(text); !id.empty(); id = next_id(text)) {
    const auto scope = find_scope(id);
    if (!scope || !describe(*scope).offered) return std::unexpected(shown(id));
    chosen.add(*scope);
  }
  if (chosen.empty()) return std::unexpected(std::string());
  return ChosenScopes{scope_ids(chosen), closure(chosen)};
}

ScopeSet kept_scopes(std::string_view text) noexcept {
  ScopeSet kept;
  for (auto id = next_id(text); !id.empty(); id = next_id(text))
    if (const auto scope = find_scope(id)) kept.add(*scope);
  return closure(kept);
}

}  // namespace latchkey::token
