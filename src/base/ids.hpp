// Identifiers: UUIDs (RFC 9562), one type for each thing that has one, so that a user's id is never taken for
// a token's. Random, or as time_ordered.hpp makes them. Values; any thread. Text: lower-case 8-4-4-4-12.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey {

class Uuid {
 public:
  static constexpr std::size_t size = 16;

  constexpr Uuid() noexcept = default;  // the nil UUID; it names nothing
  // REQUIRES: bytes.size() == 16.
  explicit Uuid(std::span<const std::byte> bytes) noexcept;

  [[nodiscard]] static Uuid random();
  // Reads 36 characters in either case, nothing else.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

  [[nodiscard]] std::string text() const;
  void append_to(std::string& out) const;  // the text, for who must not allocate
  [[nodiscard]] std::span<const std::byte, size> bytes() const noexcept { return bytes_; }
  auto operator<=>(const Uuid&) const noexcept = default;
  bool operator==(const Uuid& other) const noexcept {  // by words: the default goes byte by byte
    return std::memcmp(bytes_.data(), other.bytes_.data(), size) == 0;
  }

 private:
  std::array<std::byte, size> bytes_{};
};

template <class Tag>
class Id {
 public:
  constexpr Id() noexcept = default;
  explicit constexpr Id(const Uuid& value) noexcept : value_(value) {}

  [[nodiscard]] static Id random() { return Id(Uuid::random()); }
  [[nodiscard]] static std::optional<Id> parse(std::string_view text) noexcept {
    const auto value = Uuid::parse(text);
    return value ? std::optional<Id>(Id(*value)) : std::nullopt;
  }

  [[nodiscard]] const Uuid& value() const noexcept { return value_; }
  [[nodiscard]] std::string text() const { return value_.text(); }
  void append_to(std::string& out) const { value_.append_to(out); }
  auto operator<=>(const Id&) const noexcept = default;

 private:
  Uuid value_;
};

using OrganizationId = Id<struct OrganizationTag>;
using UserId = Id<struct UserTag>;
using ProjectId = Id<struct ProjectTag>;
using RepositoryId = Id<struct RepositoryTag>;
using TokenId = Id<struct TokenTag>;
using SecretId = Id<struct SecretTag>;
using BuildId = Id<struct BuildTag>;
using SignInId = Id<struct SignInTag>;
using ActivityId = Id<struct ActivityTag>;
using NoticeId = Id<struct NoticeTag>;
using GroupId = Id<struct GroupTag>;
using RevocationId = Id<struct RevocationTag>;

}  // namespace latchkey

template <class Tag>
struct std::hash<latchkey::Id<Tag>> {
  // However they were made, their last eight bytes are random.
  std::size_t operator()(const latchkey::Id<Tag>& id) const noexcept {
    std::size_t value{};
    std::memcpy(&value, id.value().bytes().data() + 8, sizeof value);
    return value;
  }
};
