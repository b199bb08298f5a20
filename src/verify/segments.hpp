// Segments: an array that grows and never moves. Number n lies in a segment of its own size, each twice as
// large as the one before, so readers may hold on to an element, and look one up, while the writer adds
// others.
//
// Threads: one writer adds. A reader looks up only what it was led to by something that the writer stored
// with release after adding it, and the reader loaded with acquire.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace latchkey::verify {

template <class T>
class Segments {
 public:
  [[nodiscard]] T& operator[](std::uint32_t number) const noexcept {
    const unsigned segment = segment_of(number);
    return segments_[segment][number - begin_of(segment)];
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  // The new one's number; it is value-initialized.
  std::uint32_t add() {
    const unsigned segment = segment_of(size_);
    if (!segments_[segment]) segments_[segment] = std::make_unique<T[]>(std::size_t{first} << segment);
    return size_++;
  }

 private:
  static constexpr std::uint32_t first = 256;

  static unsigned segment_of(std::uint32_t number) noexcept {
    return static_cast<unsigned>(std::bit_width(number / first + 1)) - 1;
  }
  static std::uint32_t begin_of(unsigned segment) noexcept {
    return ((std::uint32_t{1} << segment) - 1) * first;
  }

  std::array<std::unique_ptr<T[]>, 25> segments_;  // all 2^32 numbers
  std::uint32_t size_ = 0;
};

}  // namespace latchkey::verify
