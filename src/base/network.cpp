// SPDX-License-Identifier: Apache-2.0
#include "base/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace latchkey {

std::optional<Network> Network::parse_address(std::string_view text) noexcept {
  const bool v4 = !text.contains(':');
  std::array<char, INET6_ADDRSTRLEN> spelled{};  // ends with a NUL
  if (text.size() >= spelled.size() || text.contains('\0')) return {};
  std::ranges::copy(text, spelled.begin());
  Network network;
  if (v4) network.address_[10] = network.address_[11] = 0xff;
  if (inet_pton(v4 ? AF_INET : AF_INET6, spelled.data(), network.address_.data() + (v4 ? 12 : 0)) != 1)
    return {};
  return network;
}

std::optional<Network> Network::parse(std::string_view text) noexcept {
  const auto slash = text.find('/');
  const auto spelled = text.substr(0, slash);
  auto network = parse_address(spelled);
  if (!network || slash == std::string_view::npos) return network;
  const bool v4 = !spelled.contains(':');
  const auto digits = text.substr(slash + 1);
  int bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > (v4 ? 32 : 128))
    return {};
  network->bits_ = bits + (v4 ? 96 : 0);
  return network;
}

bool Network::contains(const Network& other) const noexcept {
  if (other.bits_ < bits_) return false;
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(address_.begin(), address_.begin() + bits_ / 8, other.address_.begin())) return false;
  const auto mask = (0xff00 >> (bits_ % 8)) & 0xff;
  return mask == 0 || ((address_[whole] ^ other.address_[whole]) & mask) == 0;
}

}  // namespace latchkey
