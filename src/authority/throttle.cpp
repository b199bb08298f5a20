// SPDX-License-Identifier: Apache-2.0
#include "authority/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "base/digest.hpp"
#include "base/random.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t places = std::size_t{1} << 16;
constexpr std::size_t network_bytes = 8;  // of an IPv6 address: a /64

// What an address shares with its network. What is no IPv6 address is its own.
Digest network_of(std::string_view address) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::array<char, sizeof(in6_addr)> bytes{};
  if (address.size() >= text.size()) return Digest::of(address);
  std::ranges::copy(address, text.begin());
  if (inet_pton(AF_INET6, text.data(), bytes.data()) != 1) return Digest::of(address);
  in6_addr six{};
  std::memcpy(&six, bytes.data(), sizeof six);
  return Digest::of({bytes.data(), IN6_IS_ADDR_V4MAPPED(&six) ? bytes.size() : network_bytes});
}

}  // namespace

Throttle::Throttle(Rate rate) : rate_(rate), places_(places) { fill_random(seed_); }

bool Throttle::take(Time now, std::string_view account, std::string_view address) noexcept {
  Place& used_until = place(account, address);
  auto seen = used_until.load(std::memory_order_relaxed);
  for (;;) {
    // Never further ahead than all attempts: a clock that was set back locks nobody out for longer.
    const Time taken = std::clamp(time_from_microseconds(seen), now, now + rate_.at_once * rate_.interval);
    if (taken > now + (rate_.at_once - 1) * rate_.interval) return false;
    if (used_until.compare_exchange_weak(seen, microseconds(taken + rate_.interval),
                                         std::memory_order_relaxed))
      return true;
  }
}

void Throttle::give_back(std::string_view account, std::string_view address) noexcept {
  place(account, address)
      .fetch_sub(std::chrono::microseconds(rate_.interval).count(), std::memory_order_relaxed);
}

Throttle::Place& Throttle::place(std::string_view account, std::string_view address) noexcept {
  std::array<char, sizeof(Seed) + 2 * Digest::size> key;
  const Digest network = network_of(address), who = Digest::of(account);
  std::memcpy(key.data(), seed_.data(), seed_.size());
  std::memcpy(key.data() + seed_.size(), network.bytes().data(), Digest::size);
  std::memcpy(key.data() + seed_.size() + Digest::size, who.bytes().data(), Digest::size);
  std::size_t value{};
  std::memcpy(&value, Digest::of({key.data(), key.size()}).bytes().data(), sizeof value);
  return places_[value % places_.size()];
}

}  // namespace latchkey::authority
