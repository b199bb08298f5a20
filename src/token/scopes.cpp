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

std::string canonical(const ScopeSet& chosen) {
  std::string text;
  chosen.each([&](Scope scope) {
    if (!text.empty()) text += ' ';
    text += describe(scope).id;
  });
  return text;
}

}  // namespace

std::expected<ChosenScopes, std::string> choose_scopes(std::string_view text) {
  ScopeSet chosen;
  for (auto id = next_id(text); !id.empty(); id = next_id(text)) {
    const auto scope = find_scope(id);
    if (!scope || !describe(*scope).offered) return std::unexpected(shown(id));
    chosen.add(*scope);
  }
  if (chosen.empty()) return std::unexpected(std::string());
  const ScopeSet closed = closure(chosen);
  return ChosenScopes{closed.is_full() ? std::string(full_access) : canonical(chosen), closed};
}

ScopeSet kept_scopes(std::string_view text) noexcept {
  ScopeSet kept;
  for (auto id = next_id(text); !id.empty(); id = next_id(text))
    if (const auto scope = find_scope(id)) kept.add(*scope);
  return closure(kept);
}

}  // namespace latchkey::token
