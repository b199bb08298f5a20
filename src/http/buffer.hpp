// Buffer: bytes that come at one end and go at the other. Empty, it keeps no memory: idle connections are
// cheap.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace latchkey::http {

class Buffer {
 public:
  [[nodiscard]] bool empty() const noexcept { return at_ == bytes_.size(); }
  [[nodiscard]] std::string_view view() const noexcept { return std::string_view(bytes_).substr(at_); }
  void append(std::string_view more) {
    if (at_ > 0) {
      bytes_.erase(0, at_);
      at_ = 0;
    }
    bytes_.append(more);
  }
  // REQUIRES: n <= view().size().
  void consume(std::size_t n) noexcept {
    at_ += n;
    if (at_ == bytes_.size()) clear();
  }
  void clear() noexcept {
    std::string().swap(bytes_);
    at_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace latchkey::http
