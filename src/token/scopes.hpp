// Scopes: the catalogue, what an operator declares beside it, and sets of them as bits. A closed set holds
// whatever its scopes include, so that asking "may it?" is one AND. Any thread; the order is free (nothing
// stores an index): what is kept is names.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::token {

// One scope: its place in the catalogue, or behind it in the order of declaration.
class Scope {
 public:
  explicit constexpr Scope(std::size_t index) noexcept : index_(static_cast<std::uint16_t>(index)) {}
  [[nodiscard]] constexpr std::size_t index() const noexcept { return index_; }
  constexpr bool operator==(const Scope&) const noexcept = default;

 private:
  std::uint16_t index_;
};

struct ScopeDescription {
  std::string_view id;        // "vso.code_write"
  std::string_view category;  // "Code"
  std::string_view access;    // "Read & write"
  std::string_view description;
  std::string_view includes;  // ids, separated by blanks: directly included ones
  bool high_privilege = false;
  bool offered = true;  // false: known, so that nothing misreads it, but not to be chosen
};

inline constexpr std::string_view full_access = "app_token";
// "latchkey.verify", the first of the catalogue: the one scope that full access does not hold.
inline constexpr Scope verify_scope{0};

[[nodiscard]] std::span<const ScopeDescription> catalogue() noexcept;
// REQUIRES: a scope of the catalogue or a declared one.
[[nodiscard]] const ScopeDescription& describe(Scope scope) noexcept;
// Ids match exactly; case counts.
[[nodiscard]] std::optional<Scope> find_scope(std::string_view id) noexcept;

class ScopeSet {
 public:
  static constexpr std::size_t capacity = 256;  // the catalogue, and room for scopes that operators declare

  constexpr ScopeSet() noexcept = default;
  // Full access ("app_token"): holds every scope there is or will be, but `verify_scope`.
  [[nodiscard]] static constexpr ScopeSet full() noexcept {
    ScopeSet set;
    for (auto& word : set.words_) word = ~std::uint64_t{0};
    set.words_[verify_scope.index() / 64] &= ~bit(verify_scope);
    return set;
  }

  constexpr void add(Scope scope) noexcept { words_[scope.index() / 64] |= bit(scope); }
  constexpr ScopeSet& operator|=(const ScopeSet& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  [[nodiscard]] constexpr bool contains(Scope scope) const noexcept {
    return (words_[scope.index() / 64] & bit(scope)) != 0;
  }
  [[nodiscard]] constexpr bool is_full() const noexcept { return includes(full()); }
  [[nodiscard]] constexpr bool empty() const noexcept { return *this == ScopeSet(); }
  [[nodiscard]] constexpr bool includes(const ScopeSet& other) const noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if ((other.words_[i] & ~words_[i]) != 0) return false;
    return true;
  }
  constexpr bool operator==(const ScopeSet&) const noexcept = default;
  // Calls `visit` with each scope of the set, in order. REQUIRES: not full.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (auto word = words_[i]; word != 0; word &= word - 1)
        visit(Scope(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
  }

 private:
  static constexpr std::uint64_t bit(Scope scope) noexcept {
    return std::uint64_t{1} << (scope.index() % 64);
  }
  std::array<std::uint64_t, capacity / 64> words_{};
};

// Takes the first id off a list that is separated by blanks; empty when none is left.
[[nodiscard]] constexpr std::string_view next_id(std::string_view& list) noexcept {
  list.remove_prefix(std::min(list.find_first_not_of(' '), list.size()));
  const auto id = list.substr(0, list.find(' '));
  list.remove_prefix(id.size());
  return id;
}

// Ids in the catalogue's order, separated by one blank, each once; of full access "app_token" alone, with
// `verify_scope` where that was given too.
[[nodiscard]] std::string scope_ids(const ScopeSet& set);
void append_scope_ids(std::string& out, const ScopeSet& set);

// The set with everything that its scopes include, transitively. closure(closure(s)) == closure(s).
[[nodiscard]] ScopeSet closure(const ScopeSet& chosen) noexcept;

// A scope that an operator declares beside the catalogue.
struct ScopeDeclaration {
  std::string id, description;
  std::string includes;  // ids, separated by blanks: of the catalogue, or declared above it
  std::string origin;    // "latchkey.toml, line 3": where an error is
};
inline constexpr std::size_t declared_scopes_max = 64;  // in the life of a process

// Appends to `errors` what keeps these from being declared, each with its origin. What this process has
// declared already must be among them, and as it was: the tokens in memory were closed under it.
void check_scopes(std::span<const ScopeDeclaration> scopes, std::vector<std::string>& errors);
// From now on they can be found, described, chosen and kept; a scope keeps its bit as long as the process
// lives. REQUIRES: check_scopes() found nothing; one thread at a time.
void declare_scopes(std::span<const ScopeDeclaration> scopes);

// What a person chose, as it is kept and shown.
struct ChosenScopes {
  std::string text;  // as scope_ids() has it
  ScopeSet closed;
};
// Reads ids separated by blanks. The error is the first id that is unknown or not offered, cut to 64
// characters, or empty when there is none at all. "app_token" (alone or beside others) is full access.
[[nodiscard]] std::expected<ChosenScopes, std::string> choose_scopes(std::string_view text);
// Reads what choose_scopes() made, or an older version did: unknown and no longer offered ids grant what they
// name or nothing, and never fail.
[[nodiscard]] ScopeSet kept_scopes(std::string_view text) noexcept;

}  // namespace latchkey::token
