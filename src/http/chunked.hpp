// ChunkedDecoder: takes the chunked coding off a body (RFC 9112 7.1), strictly: sizes of one to eight
// hexadecimal digits and nothing around them, extensions and trailers skipped and bounded. Pure; one body,
// one decoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace latchkey::http {

// A step through a framed body: `used` bytes of the input are done with; the last of them are `data`.
struct Piece {
  std::size_t used = 0;
  std::string_view data;
};

class ChunkedDecoder {
 public:
  static constexpr std::size_t extension_max = 256;  // bytes, for one chunk
  static constexpr std::size_t trailer_max = 8192;   // bytes, in all

  // The next run of data, at most `max` bytes of it; without data: the input is used up, or the body ends
  // here. Nothing: the framing is broken.
  [[nodiscard]] std::optional<Piece> next(std::string_view in, std::size_t max) noexcept;
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }

 private:
  enum class State : std::uint8_t {
    size = 1,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_begin,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
  };
  [[nodiscard]] bool step(char c) noexcept;
  [[nodiscard]] bool size_step(char c) noexcept;
  [[nodiscard]] bool trailer_step(char c) noexcept;
  bool enter(bool allowed, State next) noexcept;

  State state_ = State::size;
  std::uint64_t left_ = 0;    // of the chunk
  unsigned digits_ = 0;       // of its size
  std::size_t overhead_ = 0;  // of the extension or the trailers
};

}  // namespace latchkey::http
