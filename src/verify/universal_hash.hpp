// UniversalHash: the top 64 bits of Σ kᵢ·wᵢ + k mod 2^128, with random keys made at start: strongly
// universal, so that nobody can aim what he chooses at one place of a table. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/random.hpp"

namespace latchkey::verify {

class UniversalHash {
 public:
  static constexpr std::size_t words_max = 7;

  __extension__ using Wide = unsigned __int128;
  using Keys = std::array<Wide, words_max + 1>;

  UniversalHash() noexcept { fill_random(std::as_writable_bytes(std::span(keys_))); }
  // For tests, which aim.
  explicit UniversalHash(const Keys& keys) noexcept : keys_(keys) {}

  template <std::size_t words>
  [[nodiscard]] std::uint64_t operator()(const std::array<std::uint64_t, words>& text) const noexcept {
    static_assert(words <= words_max);
    Wide sum = keys_.back();
    for (std::size_t i = 0; i < words; ++i) sum += keys_[i] * text[i];
    return static_cast<std::uint64_t>(sum >> 64);
  }

 private:
  Keys keys_{};
};

}  // namespace latchkey::verify
