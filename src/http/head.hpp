// The scanner: one request's head, read strictly (RFC 9112; security.md, Requests) in one pass, into views of
// the bytes. What two parsers could read differently is refused, never repaired. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace latchkey::http {

inline constexpr std::size_t head_max = std::size_t{16} * 1024;  // bytes of a head, its empty line included

struct Scan {
  enum class Outcome : std::uint8_t { whole = 1, partial, refused };
  Outcome outcome{};
  std::size_t used = 0;       // whole: the head's bytes
  int status = 0;             // refused: the answer's status; the connection ends with it
  std::string_view sentence;  // refused: a literal that says why
};

// Reads the head at the beginning of `bytes` into `head`, of which nothing is left that was there. Partial:
// ask again with more. Every prefix of a head is either partial or refused as the whole is.
[[nodiscard]] Scan scan_head(std::string_view bytes, Head& head) noexcept;

// Makes the views of `head` that point into `from` point to the same places of `to`, its copy.
void rebase(Head& head, std::string_view from, std::string_view to) noexcept;

}  // namespace latchkey::http
