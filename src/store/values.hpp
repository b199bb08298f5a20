// How the project's types go into the database and come out: ids and digests as bytes, times as microseconds,
// states as text. A code that is not known is `broken`, never something else.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "store/change.hpp"
#include "store/connection.hpp"
#include "store/projects.hpp"

namespace latchkey::store {

template <class E>
struct Code {
  E value;
  std::string_view text;
};
template <class E>
inline constexpr std::array<Code<E>, 0> codes{};
template <>
inline constexpr std::array codes<TokenState>{Code{TokenState::live, "live"},
                                              Code{TokenState::revoked, "revoked"}};
template <>
inline constexpr std::array codes<UserState>{Code{UserState::enabled, "enabled"},
                                             Code{UserState::disabled, "disabled"},
                                             Code{UserState::removed, "removed"}};
template <>
inline constexpr std::array codes<Role>{Code{Role::reader, "reader"}, Code{Role::contributor, "contributor"},
                                        Code{Role::administrator, "administrator"}};
template <>
inline constexpr std::array codes<Visibility>{Code{Visibility::private_, "private"},
                                              Code{Visibility::public_, "public"}};

template <class E>
[[nodiscard]] std::string_view text_of(E value) {
  for (const auto& code : codes<E>)
    if (code.value == value) return code.text;
  throw Error(ErrorKind::broken, "a state has no code");
}

template <class E>
[[nodiscard]] E value_from(std::string_view text) {
  for (const auto& code : codes<E>)
    if (code.text == text) return code.value;
  throw Error(ErrorKind::broken,
              "the database holds a state that this version doesn't know: use a newer one");
}

template <class T>
concept Coded = requires { requires codes<T>.size() > 0; };

[[nodiscard]] inline Value value_of(std::int64_t number) { return number; }
[[nodiscard]] inline Value value_of(std::same_as<bool> auto yes) { return std::int64_t{yes}; }
[[nodiscard]] inline Value value_of(std::string_view text) { return text; }
[[nodiscard]] inline Value value_of(const std::string& text) { return std::string_view(text); }
[[nodiscard]] inline Value value_of(const Uuid& id) { return std::span<const std::byte>(id.bytes()); }
[[nodiscard]] inline Value value_of(const Digest& digest) {
  return std::span<const std::byte>(digest.bytes());
}
[[nodiscard]] inline Value value_of(Time time) { return microseconds(time); }
[[nodiscard]] inline Value value_of(Position position) { return static_cast<std::int64_t>(position); }
[[nodiscard]] Value value_of(Coded auto state) { return text_of(state); }
template <class Tag>
[[nodiscard]] Value value_of(const Id<Tag>& id) {
  return value_of(id.value());
}
template <class T>
[[nodiscard]] Value value_of(const std::optional<T>& value) {
  return value ? value_of(*value) : Value();
}

[[nodiscard]] inline std::span<const std::byte> sized(const Row& row, int column, std::size_t size) {
  const auto bytes = row.bytes(column);
  if (bytes.size() != size)
    throw Error(ErrorKind::broken, "an id or digest has another size: restore a backup");
  return bytes;
}

inline void read(const Row& row, int column, std::int64_t& number) { number = row.integer(column); }
inline void read(const Row& row, int column, bool& yes) { yes = row.integer(column) != 0; }
inline void read(const Row& row, int column, std::string& text) { text = row.text(column); }
inline void read(const Row& row, int column, Uuid& id) { id = Uuid(sized(row, column, Uuid::size)); }
inline void read(const Row& row, int column, Digest& digest) {
  digest = Digest(sized(row, column, Digest::size));
}
inline void read(const Row& row, int column, Time& time) {
  time = time_from_microseconds(row.integer(column));
}
inline void read(const Row& row, int column, Position& position) { position = Position{row.integer(column)}; }
template <Coded E>
void read(const Row& row, int column, E& state) {
  state = value_from<E>(row.text(column));
}
template <class Tag>
void read(const Row& row, int column, Id<Tag>& id) {
  id = Id<Tag>(Uuid(sized(row, column, Uuid::size)));
}
template <class T>
void read(const Row& row, int column, std::optional<T>& value) {
  if (row.is_null(column))
    value.reset();
  else
    read(row, column, value.emplace());
}

// Reads the columns from the first on, in order.
template <class... T>
void read_row(const Row& row, T&... fields) {
  int column = 0;
  (read(row, column++, fields), ...);
}

}  // namespace latchkey::store
