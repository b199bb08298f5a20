// SPDX-License-Identifier: Apache-2.0
#include "app/client.hpp"

#include <curl/curl.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <memory>

#include "app/command.hpp"
#include "base/encoding.hpp"
#include "base/version.hpp"

namespace latchkey::app {
namespace {

constexpr std::size_t body_max = std::size_t{64} << 20;
constexpr std::int64_t connect_seconds = 10, whole_seconds = 120;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t take_body(char* data, std::size_t, std::size_t size, void* into) {
  auto& body = static_cast<Answer*>(into)->body;
  if (body.size() + size > body_max) return 0;
  body.append(data, size);
  return size;
}

std::size_t take_field(char* data, std::size_t, std::size_t size, void* into) {
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  for (char& c : name) c = ascii_lower(c);
  line.remove_prefix(colon + 1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  static_cast<Answer*>(into)->fields[name] = line;
  return size;
}

Lines header_lines(const Secret& credential, bool body) {
  Lines lines(nullptr, &curl_slist_free_all);
  const auto add = [&](const char* line) {
    lines.reset(curl_slist_append(lines.release(), line));
    if (!lines) throw std::bad_alloc();
  };
  add("Accept: application/json");
  if (body) add("Content-Type: application/json");
  if (!credential.empty()) add(std::string(credential.reveal()).c_str());
  return lines;
}

[[noreturn]] void unreachable(const std::string& server, CURLcode code, const char* detail) {
  std::string sentence = "can't reach " + server + ": " + (*detail ? detail : curl_easy_strerror(code));
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
    sentence += "; is the server running there?";
  if (code == CURLE_PEER_FAILED_VERIFICATION) sentence += "; name a self-signed certificate with --ca FILE";
  throw Failure(ExitCode::unreachable, sentence);
}

}  // namespace

boost::json::value Answer::json() const {
  if (body.empty()) return nullptr;
  boost::system::error_code failed;
  auto value = boost::json::parse(body, failed);
  if (failed)
    throw Failure(ExitCode::unreachable, "the server's answer (" + std::to_string(status) +
                                             ") is no JSON: is this a Latchkey server?");
  return value;
}

std::string Answer::message() const {
  boost::system::error_code failed;
  const auto value = boost::json::parse(body, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* text = object ? object->if_contains("message") : nullptr;
  if (text && text->is_string()) return std::string(text->as_string());
  return "the server answered " + std::to_string(status);
}

Client::Client(const std::string& server, std::string ca) : ca_(std::move(ca)) {
  static const auto initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  const auto url = parse_server_url(server);
  if (!url || initialized != CURLE_OK)
    throw Failure(ExitCode::usage,
                  "\"" + server + "\" is no server's URL: write https://host or http://localhost:8080");
  if (!url->secure && !is_loopback(url->host))
    throw Failure(
        ExitCode::usage,
        "plain HTTP to another machine would show the password to the network: use https://" + url->host);
  server_ = *url;
}

Answer Client::send(const char* method, const std::string& path, const Secret& credential,
                    const boost::json::value& body) const {
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) throw std::bad_alloc();
  const std::string url = server() + path;
  const Secret text(body.is_null() ? std::string()
                                   : boost::json::serialize(body));  // a password may be in it
  const Lines lines = header_lines(credential, !body.is_null());
  const std::string agent = std::string("latchkey/") + version;
  std::array<char, CURL_ERROR_SIZE> detail{};
  Answer answer;
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_CUSTOMREQUEST, method);
  set(CURLOPT_HTTPHEADER, lines.get());
  set(CURLOPT_USERAGENT, agent.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
  set(CURLOPT_TIMEOUT, whole_seconds);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, detail.data());
  set(CURLOPT_WRITEFUNCTION, take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&answer));
  set(CURLOPT_HEADERFUNCTION, take_field);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&answer));
  if (!ca_.empty()) set(CURLOPT_CAINFO, ca_.c_str());
  if (is_loopback(server_.host)) set(CURLOPT_PROXY, "");
  if (!body.is_null()) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text.reveal().size()));
    set(CURLOPT_POSTFIELDS, text.reveal().data());
  }
  if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
    unreachable(server(), code, detail.data());
  std::int64_t status{};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace latchkey::app
