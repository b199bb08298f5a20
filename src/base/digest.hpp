// SHA-256 digests (OpenSSL), compared in constant time. Any thread, noexcept: the hot path uses them.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace latchkey {

class Digest {
 public:
  static constexpr std::size_t size = 32;

  constexpr Digest() noexcept = default;
  // REQUIRES: bytes.size() == 32.
  explicit Digest(std::span<const std::byte> bytes) noexcept;
  [[nodiscard]] static Digest of(std::string_view text) noexcept;

  [[nodiscard]] std::span<const std::byte, size> bytes() const noexcept { return bytes_; }
  bool operator==(const Digest& other) const noexcept;  // constant time

 private:
  std::array<std::byte, size> bytes_{};
};

}  // namespace latchkey
