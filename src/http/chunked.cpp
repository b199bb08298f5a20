// SPDX-License-Identifier: Apache-2.0
#include "http/chunked.hpp"

#include <algorithm>

#include "http/chars.hpp"

namespace latchkey::http {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<Piece> ChunkedDecoder::next(std::string_view in, std::size_t max) noexcept {
  std::size_t at = 0;
  while (at < in.size() && state_ != State::done) {
    if (state_ == State::data) {
      const auto run = in.substr(at, std::min<std::uint64_t>(left_, max));
      left_ -= run.size();
      if (left_ == 0) state_ = State::data_cr;
      return Piece{at + run.size(), run};
    }
    if (!step(in[at++])) return std::nullopt;
  }
  return Piece{at, {}};
}

bool ChunkedDecoder::enter(bool allowed, State next) noexcept {
  if (allowed) state_ = next;
  return allowed;
}

bool ChunkedDecoder::step(char c) noexcept {
  switch (state_) {
    case State::size:
      return size_step(c);
    case State::extension:
      return c == '\r' ? enter(true, State::size_lf) : is(value_chars, c) && ++overhead_ <= extension_max;
    case State::size_lf:
      digits_ = 0;
      overhead_ = 0;
      return enter(c == '\n', left_ > 0 ? State::data : State::trailer_begin);
    case State::data_cr:
      return enter(c == '\r', State::data_lf);
    case State::data_lf:
      return enter(c == '\n', State::size);
    case State::trailer_begin:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_lf:
      return ++overhead_ <= trailer_max && trailer_step(c);
    case State::end_lf:
      return enter(c == '\n', State::done);
    case State::data:
    case State::done:
      return false;
  }
  return false;
}

bool ChunkedDecoder::size_step(char c) noexcept {
  if (const int digit = hex_digit(c); digit >= 0) {
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return ++digits_ <= 8;
  }
  if (c == '\r') return enter(digits_ > 0, State::size_lf);
  return enter(c == ';' && digits_ > 0, State::extension);
}

bool ChunkedDecoder::trailer_step(char c) noexcept {
  if (state_ == State::trailer_begin) {
    return c == '\r' ? enter(true, State::end_lf) : enter(is(token_chars, c), State::trailer_name);
  }
  if (state_ == State::trailer_name) return c == ':' ? enter(true, State::trailer_value) : is(token_chars, c);
  if (state_ == State::trailer_value) return c == '\r' ? enter(true, State::trailer_lf) : is(value_chars, c);
  return enter(c == '\n', State::trailer_begin);
}

}  // namespace latchkey::http
