// SPDX-License-Identifier: Apache-2.0
#include "app/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <charconv>
#include <memory>

#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return std::string(text);
}

std::string bracketed(const std::string& host) { return host.contains(':') ? "[" + host + "]" : host; }

// Segments of unreserved characters, none of them empty.
bool is_plain_path(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto segment = path.substr(0, path.find('/'));
    if (segment.empty() || percent_encoded(segment) != segment) return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

}  // namespace

std::string ServerUrl::text() const {
  const std::uint16_t usual = secure ? 443 : 80;
  return (secure ? "https://" : "http://") + bracketed(host) +
         (port == usual ? "" : ":" + std::to_string(port)) + path;
}

std::optional<ServerUrl> parse_server_url(const std::string& text) {
  const Url url(curl_url(), &curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  const auto scheme = part(url, CURLUPART_SCHEME), host = part(url, CURLUPART_HOST);
  const auto port = parse_number<std::uint16_t>(part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or(""));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  if (!host || host->empty() || !port || *port == 0) return std::nullopt;
  for (const auto unwanted : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    if (part(url, unwanted)) return std::nullopt;
  ServerUrl found{.secure = scheme == "https",
                  .host = *host,
                  .port = *port,
                  .path = part(url, CURLUPART_PATH).value_or("")};
  while (found.path.ends_with('/')) found.path.pop_back();
  if (!is_plain_path(found.path)) return std::nullopt;
  if (found.host.starts_with('[')) found.host = found.host.substr(1, found.host.size() - 2);
  for (char& c : found.host) c = ascii_lower(c);
  return found;
}

std::optional<Listen> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.contains(':') != brackets) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return std::nullopt;
  Listen listen{std::string(host), *port};
  for (char& c : listen.host) c = ascii_lower(c);
  return listen;
}

bool is_loopback(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  return same_ascii(host, "localhost") || host == "::1";
}

}  // namespace latchkey::app
