// Addresses of servers as people give them: "https://host[:port][/path]" and "HOST:PORT". Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace latchkey::app {

// The address of a whole server: scheme, host, port, and the path below which a proxy puts it.
struct ServerUrl {
  bool secure = false;  // https
  std::string host;     // an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path{};  // "/latchkey"; empty: none

  // Without a trailing slash, and without the port where it is the scheme's own.
  [[nodiscard]] std::string text() const;
};
// Nothing for another scheme, a query, a user, or a path that is not made of unreserved characters alone.
[[nodiscard]] std::optional<ServerUrl> parse_server_url(const std::string& text);

struct Listen {
  std::string host;
  std::uint16_t port = 0;
};
// "127.0.0.1:8080", "localhost:0", "[::1]:8080".
[[nodiscard]] std::optional<Listen> parse_listen(std::string_view text);

// Whether a host is this machine only: "localhost", 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(const std::string& host);

}  // namespace latchkey::app
