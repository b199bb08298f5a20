// Body: where a request's body ends, by whichever framing its head announced. Pure; one for each request.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/chunked.hpp"
#include "http/message.hpp"

namespace latchkey::http {

class Body {
 public:
  explicit Body(const Head& head) noexcept
      : left_(head.content_length.value_or(0)), is_chunked_(head.chunked) {}

  [[nodiscard]] bool done() const noexcept { return is_chunked_ ? chunked_.done() : left_ == 0; }
  // As ChunkedDecoder::next().
  [[nodiscard]] std::optional<Piece> next(std::string_view in, std::size_t max) noexcept {
    if (is_chunked_) return chunked_.next(in, max);
    const auto run = in.substr(0, std::min<std::uint64_t>(left_, max));
    left_ -= run.size();
    return Piece{run.size(), run};
  }

 private:
  std::uint64_t left_;
  bool is_chunked_;
  ChunkedDecoder chunked_;
};

}  // namespace latchkey::http
