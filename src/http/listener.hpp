// Listening sockets: several that share one port among themselves, and with nobody else.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/process.hpp"

namespace latchkey::http {

struct Listeners {
  std::vector<Descriptor> sockets;  // non-blocking; what they accept has TCP_NODELAY
  std::uint16_t port = 0;
};

// Throws std::runtime_error with one sentence that says what to do.
[[nodiscard]] Listeners listen_on(const std::string& host, std::uint16_t port, unsigned count);

}  // namespace latchkey::http
