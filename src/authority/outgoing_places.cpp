// SPDX-License-Identifier: Apache-2.0
#include "authority/outgoing_places.hpp"

#include "base/encoding.hpp"

namespace latchkey::authority {

std::string_view fault_of_host(const Outgoing& outgoing, std::string_view host) {
  if (!is_host(host)) return "must name a host";
  const bool address = Network::parse_address(host).has_value();
  if ((address && !outgoing.allows(host)) || (same_ascii(host, "localhost") && !outgoing.allows("127.0.0.1")))
    return "leads into a private network. The server's own file can allow that: allowed_networks in "
           "[outgoing]";
  return {};
}

std::string_view fault_of_url(const Outgoing& outgoing, std::string_view text) {
  const auto url = parse_outgoing_url(text);
  if (!url) return "must be a URL, as https://siem.example.com/events, without user and fragment";
  if (!url->secure && !outgoing.allow_http)
    return "must begin with https. The server's own file can allow http: allow_http in [outgoing]";
  return fault_of_host(outgoing, url->host);
}

}  // namespace latchkey::authority
