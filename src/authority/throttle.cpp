// SPDX-License-Identifier: Apache-2.0
#include "authority/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/digest.hpp"
#include "base/ids.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t places = std::size_t{1} << 16;
constexpr std::size_t network_bytes = 8;  // of an IPv6 address: a /64

// The bytes that an address shares with its network. What is no address (the server's own command line) is
// its own.
std::string network_of(std::string_view address) {
  in6_addr six{};
  if (inet_pton(AF_INET6, std::string(address).c_str(), &six) != 1) return std::string(address);
  std::array<char, sizeof six> bytes{};
  std::memcpy(bytes.data(), &six, sizeof six);
  if (IN6_IS_ADDR_V4MAPPED(&six)) return {bytes.data(), bytes.size()};
  return {bytes.data(), network_bytes};
}

}  // namespace

Throttle::Throttle() : seed_(Uuid::random().text()), used_until_(places) {}

bool Throttle::take(Time now, std::string_view account, std::string_view address) {
  const std::size_t at = place(account, address);
  const Lock lock(mutex_);
  Time& used_until = used_until_[at];
  // Never further ahead than all attempts: a clock that was set back locks nobody out for longer.
  const Time taken = std::clamp(used_until, now, now + attempts * interval);
  if (taken > now + (attempts - 1) * interval) return false;
  used_until = taken + interval;
  return true;
}

void Throttle::give_back(std::string_view account, std::string_view address) {
  const std::size_t at = place(account, address);
  const Lock lock(mutex_);
  used_until_[at] -= interval;
}

std::size_t Throttle::place(std::string_view account, std::string_view address) const {
  std::string key = seed_;
  key.append(network_of(address)).append(1, '\0').append(account);
  const Digest digest = Digest::of(key);
  std::size_t value{};
  std::memcpy(&value, digest.bytes().data(), sizeof value);
  return value % places;
}

}  // namespace latchkey::authority
