// Network: a range of addresses, "10.0.0.0/8", "2001:db8::/32"; an address alone is a range of one. IPv4 is
// kept in its mapped IPv6 form, so that one comparison does for both, and 10.0.0.1 is ::ffff:10.0.0.1.
// Values; any thread; nothing allocates.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace latchkey {

class Network {
 public:
  // Nothing: it is neither a range nor an address.
  [[nodiscard]] static std::optional<Network> parse(std::string_view text) noexcept;
  // The address alone: what names a range is none.
  [[nodiscard]] static std::optional<Network> parse_address(std::string_view text) noexcept;

  [[nodiscard]] bool contains(const Network& other) const noexcept;
  bool operator==(const Network&) const noexcept = default;

 private:
  Network() noexcept = default;

  std::array<std::uint8_t, 16> address_{};
  int bits_ = 128;
};

}  // namespace latchkey
