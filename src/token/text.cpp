// SPDX-License-Identifier: Apache-2.0
#include "token/text.hpp"

#include <string.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <span>
#include <string>

#include "base/random.hpp"
#include "token/alphabet.hpp"

namespace latchkey::token {
namespace {

constexpr std::size_t secret_size = 52;
constexpr std::size_t mark_at = secret_size, kind_at = 57, year_at = 58, month_at = 59, fingerprint_at = 60,
                      reserved_at = 72, signature_at = 76, checksum_at = 80;
constexpr std::string_view mark = "JQQJ9";
constexpr std::string_view reserved = "AAAA";
constexpr int first_year = 2024, last_year = 2049;              // one upper-case letter each
constexpr std::uint64_t checksum_seed = 0x4465'6661'756c'7430;  // "Default0"

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

// Marvin32's state; the names are those of its description.
struct Marvin {
  std::uint32_t p0, p1;

  explicit Marvin(std::uint64_t seed) noexcept
      : p0(static_cast<std::uint32_t>(seed)), p1(static_cast<std::uint32_t>(seed >> 32)) {}

  void add(std::uint32_t word) noexcept {
    p0 += word;
    p1 ^= p0;
    p0 = std::rotl(p0, 20) + p1;
    p1 = std::rotl(p1, 9) ^ p0;
    p0 = std::rotl(p0, 27) + p1;
    p1 = std::rotl(p1, 19);
  }
  // `rest`: the bytes behind the last whole word, and 0x80.
  [[nodiscard]] std::uint32_t finish(std::uint32_t rest) noexcept {
    add(rest);
    add(0);
    return p0 ^ p1;
  }
};

std::uint32_t little_endian(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

struct Checksum {
  std::array<char, text_size - checksum_at> characters;
  std::uint32_t flags;  // not_base62, not_base64: of the characters that it is over
};

// Of the 80 characters before the checksum's place, decoded and hashed at once.
Checksum checksum(std::string_view text) noexcept {
  constexpr std::uint32_t three_bytes = 0xff'ffff;
  static_assert(checksum_at % 16 == 0);  // so that whole words remain
  Marvin state(checksum_seed);
  std::uint32_t flags = 0;
  for (std::size_t i = 0; i < checksum_at; i += 16) {
    std::array<std::uint32_t, 4> groups;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      groups[g] = base64_group(text.data() + i + 4 * g);
      flags |= groups[g];
      groups[g] &= three_bytes;
    }
    state.add(groups[0] | groups[1] << 24);
    state.add(groups[1] >> 8 | groups[2] << 16);
    state.add(groups[2] >> 16 | groups[3] << 8);
  }
  // The first three bytes, little-endian, are the upper three of the swapped word.
  const std::uint32_t hash = std::byteswap(state.finish(0x80));
  return {{base64_alphabet[hash >> 26], base64_alphabet[hash >> 20 & 63], base64_alphabet[hash >> 14 & 63],
           base64_alphabet[hash >> 8 & 63]},
          flags & ~three_bytes};
}

void fill_base62(std::span<char> out) noexcept {
  constexpr unsigned unbiased =
      256 / base62_size * base62_size;  // bytes from here on would favour some characters
  std::array<std::byte, 64> drawn;
  for (std::size_t filled = 0; filled < out.size();) {
    fill_random(drawn);
    for (const std::byte byte : drawn) {
      const auto value = std::to_integer<unsigned>(byte);
      if (value < unbiased && filled < out.size()) out[filled++] = base64_alphabet[value % base62_size];
    }
  }
  explicit_bzero(drawn.data(), drawn.size());
}

void put(std::span<char> text, std::size_t at, std::string_view part) noexcept {
  std::ranges::copy(part, text.begin() + static_cast<std::ptrdiff_t>(at));
}

bool has_layout(std::string_view text) noexcept {
  const auto kind = text[kind_at];
  return text.substr(mark_at, mark.size()) == mark &&
         (kind == static_cast<char>(Kind::personal) || kind == static_cast<char>(Kind::derived)) &&
         is_upper(text[year_at]) && text[month_at] >= 'A' && text[month_at] <= 'L' &&
         text.substr(reserved_at, reserved.size()) == reserved &&
         Signature::parse(text.substr(signature_at, Signature::size)).has_value();
}

}  // namespace

std::optional<Fingerprint> Fingerprint::parse(std::string_view text) noexcept {
  if (text.size() != size || !is_base62(text)) return std::nullopt;
  Fingerprint fingerprint;
  std::ranges::copy(text, fingerprint.characters_.begin());
  return fingerprint;
}

std::optional<Signature> Signature::parse(std::string_view text) noexcept {
  if (text.size() != size || !std::ranges::all_of(text, is_upper)) return std::nullopt;
  Signature signature;
  std::ranges::copy(text, signature.characters_.begin());
  return signature;
}

std::uint32_t marvin32(std::string_view bytes, std::uint64_t seed) noexcept {
  Marvin state(seed);
  while (bytes.size() >= 4) {
    state.add(little_endian(bytes.substr(0, 4)));
    bytes.remove_prefix(4);
  }
  return state.finish(little_endian(bytes) + (std::uint32_t{0x80} << (8 * bytes.size())));
}

Issued issue(Time now, const Signature& signature, Kind kind) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(now));
  const int year = std::clamp(static_cast<int>(date.year()), first_year, last_year);
  std::string text(text_size, 'A');
  put(text, mark_at, mark);
  text[kind_at] = static_cast<char>(kind);
  text[year_at] = static_cast<char>('A' + (year - first_year));
  text[month_at] = static_cast<char>('A' + (static_cast<unsigned>(date.month()) - 1));
  put(text, signature_at, signature.text());
  do {  // until the checksum, too, is base62
    fill_base62(std::span(text).first(secret_size));
    fill_base62(std::span(text).subspan(fingerprint_at, Fingerprint::size));
    const auto sum = checksum(text).characters;
    put(text, checksum_at, {sum.data(), sum.size()});
  } while (!is_base62(text));

  const auto fingerprint =
      *Fingerprint::parse(std::string_view(text).substr(fingerprint_at, Fingerprint::size));
  const auto digest = Digest::of(text);
  return {Secret(std::move(text)), fingerprint, digest};
}

std::expected<Fingerprint, Malformed> parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::unexpected(Malformed::layout);
  const auto sum = checksum(text);
  const std::uint32_t flags = sum.flags | base64_group(text.data() + checksum_at);
  if ((flags & not_base62) != 0 || !has_layout(text)) return std::unexpected(Malformed::layout);
  if (!std::ranges::equal(sum.characters, text.substr(checksum_at)))
    return std::unexpected(Malformed::checksum);
  return *Fingerprint::parse(text.substr(fingerprint_at, Fingerprint::size));
}

}  // namespace latchkey::token
