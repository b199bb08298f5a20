// SPDX-License-Identifier: Apache-2.0
#include "base/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/check.hpp"
#include "base/random.hpp"

namespace latchkey {
namespace {

constexpr std::size_t text_size = 36;
// The two digits of each byte: every answer has an id, so its text is worth a table.
constexpr auto hex_pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte)
    pairs[byte] = {digits[byte >> 4], digits[byte & 15]};
  return pairs;
}();

constexpr bool is_dash_at(std::size_t i) noexcept { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

Uuid::Uuid(std::span<const std::byte> bytes) noexcept {
  LATCHKEY_ASSERT(bytes.size() == size);
  std::ranges::copy(bytes, bytes_.begin());
}

Uuid Uuid::random() {
  Uuid uuid;
  fill_random(uuid.bytes_);
  uuid.bytes_[6] = (uuid.bytes_[6] & std::byte{0x0f}) | std::byte{0x40};  // version 4
  uuid.bytes_[8] = (uuid.bytes_[8] & std::byte{0x3f}) | std::byte{0x80};  // variant 10
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::nullopt;
  Uuid uuid;
  auto byte = uuid.bytes_.begin();
  for (std::size_t i = 0; i < text_size;) {
    if (is_dash_at(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    std::uint8_t value{};
    const char* const end = text.data() + i + 2;
    if (std::from_chars(text.data() + i, end, value, 16).ptr != end) return std::nullopt;
    *byte++ = std::byte{value};
    i += 2;
  }
  return uuid;
}

std::string Uuid::text() const {
  std::string text;
  text.reserve(text_size);
  append_to(text);
  return text;
}

// In its place at once: to copy what was just written byte by byte would wait for the bytes to arrive.
void Uuid::append_to(std::string& out) const {
  // (The second argument is no good: libstdc++ 12 hands over the capacity that it grew to.)
  const auto write = [&, begin = out.size()](char* text, std::size_t) {
    char* at = text + begin;
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
      at = std::ranges::copy(hex_pairs[std::to_integer<unsigned>(bytes_[i])], at).out;
    }
    return begin + text_size;
  };
  out.resize_and_overwrite(out.size() + text_size, write);
}

}  // namespace latchkey
