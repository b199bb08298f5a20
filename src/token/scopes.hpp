// Scopes: the catalogue, and sets of them as bits. A closed set holds whatever its scopes include, so that
// asking "may it?" is one AND. Pure, any thread; the catalogue's order is free (nothing stores an index).
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey::token {

// One scope: its place in the catalogue.
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
// REQUIRES: a scope of the catalogue.
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

// The set with everything that its scopes include, transitively. closure(closure(s)) == closure(s).
[[nodiscard]] ScopeSet closure(const ScopeSet& chosen) noexcept;

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
