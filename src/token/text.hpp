// The text of a token (design: the layout of a common annotated security key, 84 characters of base62):
//
//   [0,52) secret · [52,56) JQQJ · [56] 9 · [57] kind · [58] year · [59] month · [60,72) fingerprint
//   [72,76) AAAA · [76,80) signature · [80,84) checksum: Marvin32 over the 60 bytes that [0,80) decode to
//
// Pure, any thread. Whatever this ever issued parses for ever (P6): rules may only be added for new kinds.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace latchkey::token {

inline constexpr std::size_t text_size = 84;

// The 12 public characters inside a text that name it without revealing it.
class Fingerprint {
 public:
  static constexpr std::size_t size = 12;
  constexpr Fingerprint() noexcept = default;
  // Nothing unless these are 12 characters of base62.
  [[nodiscard]] static std::optional<Fingerprint> parse(std::string_view text) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {characters_.data(), size}; }
  auto operator<=>(const Fingerprint&) const noexcept = default;

 private:
  std::array<char, size> characters_{};
};

// Who issued: four upper-case letters.
class Signature {
 public:
  static constexpr std::size_t size = 4;
  constexpr Signature() noexcept = default;  // LTCH
  [[nodiscard]] static std::optional<Signature> parse(std::string_view text) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {characters_.data(), size}; }

 private:
  std::array<char, size> characters_{'L', 'T', 'C', 'H'};
};

enum class Kind : char { personal = '9', derived = 'D' };

struct Issued {
  Secret text;
  Fingerprint fingerprint;
  Digest digest;
};
// A new text; `now` gives its year and month.
[[nodiscard]] Issued issue(Time now, const Signature& signature = {}, Kind kind = Kind::personal);

enum class Malformed : std::uint8_t { layout = 1, checksum = 2 };
// Checks length, alphabet, layout and checksum; any signature. Does not allocate.
[[nodiscard]] std::expected<Fingerprint, Malformed> parse(std::string_view text) noexcept;

// Marvin32, folded to 32 bits (public for its published vectors; parse() and issue() use it).
[[nodiscard]] std::uint32_t marvin32(std::string_view bytes, std::uint64_t seed) noexcept;

}  // namespace latchkey::token
