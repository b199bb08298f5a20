// SPDX-License-Identifier: Apache-2.0
#include "api/guards.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.hpp"
#include "http/chars.hpp"

namespace latchkey::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Url {
  std::string_view scheme, host;  // the host with its port, if it names one
};

Url parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) throw std::invalid_argument("\"" + std::string(text) + "\" is no URL");
  Url url{.scheme = text.substr(0, colon), .host = text.substr(colon + 3)};
  url.host = url.host.substr(0, url.host.find('/'));
  return url;
}

// The host without the port that its scheme has anyway.
std::string_view without_default_port(const Url& url) {
  const std::string_view port = same_ascii(url.scheme, "https") ? ":443" : ":80";
  const bool inside_brackets = url.host.ends_with(']');
  return !inside_brackets && url.host.ends_with(port) ? url.host.substr(0, url.host.size() - port.size())
                                                      : url.host;
}

bool has_port(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
}

bool is_unsafe(http::Method method) {
  return method != http::Method::get && method != http::Method::head && method != http::Method::options;
}

std::string_view media_type(std::string_view content_type) {
  return trimmed(content_type.substr(0, content_type.find(';')));
}

bool is_form(std::string_view content_type) {
  return same_ascii(media_type(content_type), "application/x-www-form-urlencoded");
}

bool is_json(std::string_view content_type) {
  const auto type = media_type(content_type);
  return same_ascii(type, "application/json") ||
         (type.size() > 5 && same_ascii(type.substr(type.size() - 5), "+json"));
}

}  // namespace

Guards::Guards(const EntryOptions& options) {
  const Url own = parse_url(options.public_url);
  origin_ = std::string(own.scheme) + "://" + std::string(without_default_port(own));
  auto urls = options.aliases;
  urls.push_back(options.public_url);
  for (const auto& text : urls) {
    const Url url = parse_url(text);
    const std::string host(without_default_port(url));
    hosts_.push_back(host);
    if (!has_port(host)) hosts_.push_back(host + (same_ascii(url.scheme, "https") ? ":443" : ":80"));
  }
  for (const auto& text : options.trusted_proxies) {
    const auto network = Network::parse(text);
    if (!network)
      throw std::invalid_argument("the trusted proxy \"" + text + "\" is no network; write it as 10.0.0.0/8");
    proxies_.push_back(*network);
  }
}

bool Guards::trusts(std::string_view address) const noexcept {
  if (proxies_.empty()) return false;
  const auto hop = Network::parse_address(address);
  return hop && std::ranges::any_of(proxies_, [&](const Network& proxy) { return proxy.contains(*hop); });
}

std::optional<Objection> Guards::check_host(const http::Request& request) const {
  if (request.head.host.empty())
    return Objection{400, "The request has no Host header. Send the host of " + origin_ + "."};
  for (const auto& host : hosts_)
    if (same_ascii(request.head.host, host)) return {};
  return Objection{421,
                   "This server is " + origin_ + ". Call it by that name, or name this one with --alias."};
}

std::optional<Objection> Guards::check_transport(const http::Request& request) const {
  const auto& peer = *request.peer;
  if (peer.secure || peer.loopback || trusts(peer.address)) return {};
  return Objection{
      403,
      "Credentials would travel in the clear: this server takes plain HTTP from this machine and "
      "from trusted proxies only. Use https."};
}

std::optional<Objection> Guards::check_unsafe(const http::Request& request, bool form) const {
  const auto& head = request.head;
  if (!is_unsafe(head.method)) return {};
  if (const auto origin = head.field("origin"); origin && !same_ascii(*origin, origin_))
    return Objection{403, "A page of another origin may not send this. Call it from " + origin_ + "."};
  if (const auto site = head.field("sec-fetch-site"); site && *site != "same-origin" && *site != "none")
    return Objection{403, "A page of another site may not send this. Call it from " + origin_ + "."};
  const auto type = head.field("content-type").value_or("");
  if (head.has_body() && form && !is_form(type))
    return Objection{
        415, "The body must be a form: send it with Content-Type: application/x-www-form-urlencoded."};
  if (head.has_body() && !form && !is_json(type))
    return Objection{415, "The body must be JSON: send it with Content-Type: application/json."};
  return {};
}

std::string_view Guards::client_address(const http::Request& request) const {
  std::string_view current = request.peer->address;
  for (std::size_t i = request.head.field_count; i > 0; --i) {
    const auto& field = request.head.fields[i - 1];
    if (!http::is_lower(field.name, "x-forwarded-for")) continue;  // first: each request comes by here
    for (std::string_view hops = field.value; trusts(current);) {
      const auto comma = hops.rfind(',');
      const auto hop = trimmed(hops.substr(comma + 1));  // the whole, where there is no comma
      if (!Network::parse_address(hop)) return current;
      current = hop;
      if (comma == std::string_view::npos) break;
      hops = hops.substr(0, comma);
    }
  }
  return current;
}

}  // namespace latchkey::api
