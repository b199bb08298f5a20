// One `git http-backend`: its start, its ends of the pipes, and the head of its answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <expected>
#include <optional>
#include <string_view>

#include "base/process.hpp"
#include "git/environment.hpp"

namespace latchkey::git {

// The head of a CGI answer. Its content type is only compared: what we send are our own literals.
struct CgiHead {
  static constexpr std::size_t size_max = 8192;

  int status = 200;
  std::string_view content_type;  // into the text that was parsed
  std::size_t size = 0;           // of the head, its empty line included
};
enum class CgiFault : std::uint8_t { incomplete = 1, broken };
// Strict: "Name: value" lines that end with CRLF, known or not; nothing given twice that is used.
[[nodiscard]] std::expected<CgiHead, CgiFault> parse_cgi_head(std::string_view text) noexcept;

struct Backend {
  Process process;
  Descriptor input, output, errors;  // ours: a socket, and the read ends of two pipes
  Descriptor hook;                   // a socket to the hook; none but for a push
};
// Pool threads: it starts a process. Throws std::system_error.
[[nodiscard]] Backend start_backend(const BackendCall& call);

}  // namespace latchkey::git
