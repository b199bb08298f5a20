// SPDX-License-Identifier: Apache-2.0
#include "authority/outgoing.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.hpp"

namespace latchkey::authority {
namespace {

// What is no public address (IANA's special-purpose registries), and what carries an IPv4 address inside.
constexpr std::string_view special[] = {
    "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/96",          "64:ff9b::/96",   "64:ff9b:1::/48",
    "100::/64",       "2001::/23",    "2001:db8::/32",  "2002::/16",      "3fff::/20",      "5f00::/16",
    "fc00::/7",       "fe80::/10",    "fec0::/10",      "ff00::/8"};

bool holds(const std::vector<Network>& networks, const Network& address) noexcept {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

const std::vector<Network>& special_networks() {
  static const std::vector<Network> networks = [] {
    std::vector<Network> all;
    for (const auto text : special) all.push_back(Network::parse(text).value());
    return all;
  }();
  return networks;
}

constexpr bool is_host_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Takes the host, with its brackets if it has any, off the rest; empty: it has none.
std::string_view take_host(std::string_view& rest) {
  const bool bracketed = rest.starts_with('[');
  const auto end = bracketed ? rest.find(']') : std::min(rest.find_first_of(":/?"), rest.size());
  if (end == std::string_view::npos) return {};
  const auto host = bracketed ? rest.substr(1, end - 1) : rest.substr(0, end);
  rest.remove_prefix(bracketed ? end + 1 : end);
  return bracketed == host.contains(':') ? host : std::string_view();
}

}  // namespace

bool Outgoing::allows(std::string_view address) const noexcept {
  const auto parsed = Network::parse_address(address);
  return parsed && (holds(allowed_networks, *parsed) || !holds(special_networks(), *parsed));
}

bool is_host(std::string_view text) noexcept {
  if (Network::parse_address(text)) return true;
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, is_host_letter);
}

std::optional<OutgoingUrl> parse_outgoing_url(std::string_view text) {
  OutgoingUrl url;
  constexpr std::string_view schemes[] = {"http://", "https://"};
  for (const auto scheme : schemes) {
    if (!same_ascii(text.substr(0, scheme.size()), scheme)) continue;
    url.secure = scheme == schemes[1];
    std::string_view rest = text.substr(scheme.size());
    url.host = take_host(rest);
    if (!is_host(url.host)) return std::nullopt;
    url.port = url.secure ? 443 : 80;
    if (rest.starts_with(':')) {
      const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), url.port);
      if (error != std::errc() || url.port == 0) return std::nullopt;
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    const bool printable = std::ranges::all_of(rest, [](char c) { return c > ' ' && c < 127 && c != '#'; });
    if (!printable || (!rest.empty() && rest.front() != '/' && rest.front() != '?')) return std::nullopt;
    url.path = rest;
    return url;
  }
  return std::nullopt;
}

}  // namespace latchkey::authority
