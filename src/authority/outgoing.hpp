// Where streams may lead (security.md, Outgoing): by https, to the public network; anything else only if the
// server's own file says so. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/network.hpp"

namespace latchkey::authority {

// [outgoing] of the server's own file.
struct Outgoing {
  std::vector<Network> allowed_networks{};  // private ones that may be reached nevertheless
  bool allow_http = false;
  std::filesystem::path stream_directory = {};  // where streams may write files; empty: nowhere

  // Whether an address (its text) may be connected to: a public one, or one of the networks.
  [[nodiscard]] bool allows(std::string_view address) const noexcept;
};

struct OutgoingUrl {
  bool secure = false;
  std::string host;  // an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path;  // with the query; empty: none
};
// http or https, with neither user nor fragment; nothing for anything else.
[[nodiscard]] std::optional<OutgoingUrl> parse_outgoing_url(std::string_view text);
// A host's name (letters, digits, '-', '.') or an address.
[[nodiscard]] bool is_host(std::string_view text) noexcept;

}  // namespace latchkey::authority
