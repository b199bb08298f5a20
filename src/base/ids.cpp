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

void Uuid::append_to(std::string& out) const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, text_size> text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text[at++] = '-';
    text[at++] = digits[std::to_integer<unsigned>(bytes_[i]) >> 4];
    text[at++] = digits[std::to_integer<unsigned>(bytes_[i]) & 15];
  }
  out.append(text.data(), text.size());
}

}  // namespace latchkey
