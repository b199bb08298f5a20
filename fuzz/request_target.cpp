// Whatever comes as a request's target and forwarded addresses: what a path or query decodes to, encoded
// anew, decodes to the same; the client's address is the peer's or one that a trusted proxy named, and
// nothing written further to the left changes one that is not trusted. Lines: the peer's address, the target,
// then X-Forwarded-For fields.
// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "api/guards.hpp"
#include "api/services_in_force.hpp"
#include "base/check.hpp"
#include "base/encoding.hpp"

using namespace latchkey;

namespace {

std::string_view next_line(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

void check_path(std::string_view path) {
  const auto segments = http::split_path(path);
  if (!segments) return;
  std::string encoded;
  for (const auto& segment : *segments) {
    LATCHKEY_ASSERT(!segment.empty() && segment != "." && segment != "..");
    LATCHKEY_ASSERT(segment.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string::npos);
    encoded += "/" + percent_encoded(segment);
  }
  LATCHKEY_ASSERT(http::split_path(encoded.empty() ? "/" : encoded) == segments);
}

void check_query(std::string_view query) {
  const auto parameters = http::split_query(query);
  if (!parameters) return;
  std::string encoded;
  for (const auto& [name, value] : *parameters)
    encoded += (encoded.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  LATCHKEY_ASSERT(http::split_query(encoded) == parameters);
}

bool is_address(const std::string& text) {
  in6_addr ignored{};
  return inet_pton(AF_INET, text.c_str(), &ignored) == 1 || inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

const api::Guards& guards() {
  static api::ServicesInForce services(std::make_shared<const api::Services>());
  static const api::EntryOptions options{.public_url = "http://localhost:8080",
                                         .aliases = {},
                                         .trusted_proxies = {"10.0.0.0/8", "2001:db8::/32", "192.0.2.1"},
                                         .ready = {},
                                         .services = services};
  static const api::Guards made(options);
  return made;
}

std::string client_of(const http::Peer& peer, const std::vector<std::string_view>& hops) {
  http::Request request;
  request.peer = &peer;
  for (const auto hop : hops)
    if (request.head.field_count < http::Head::fields_max)
      request.head.fields[request.head.field_count++] = {"X-Forwarded-For", hop};
  return std::string(guards().client_address(request));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const http::Peer peer{.address = std::string(next_line(rest)), .loopback = false, .secure = true};
  const auto target = next_line(rest);
  const auto question = std::min(target.find('?'), target.size());
  check_path(target.substr(0, question));
  check_query(target.substr(std::min(question + 1, target.size())));

  std::vector<std::string_view> hops;
  while (!rest.empty() && hops.size() < http::Head::fields_max - 1) hops.push_back(next_line(rest));
  const auto client = client_of(peer, hops);
  LATCHKEY_ASSERT(client == peer.address || is_address(client));
  const bool trusted =
      client_of({.address = client, .loopback = false, .secure = true}, {"203.0.113.9"}) != client;
  hops.insert(hops.begin(), "203.0.113.9, 10.0.0.1");
  if (!trusted) LATCHKEY_ASSERT(client_of(peer, hops) == client);
  return 0;
}
