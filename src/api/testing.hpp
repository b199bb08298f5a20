// For tests only: a desk to ask at. The real entry over a real store, authority and index in a directory of
// its own; requests are values, and work that would go to the pool runs at once. No socket.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/entry.hpp"
#include "api/portal.hpp"
#include "authority/testing.hpp"
#include "base/encoding.hpp"
#include "git/git.hpp"

namespace latchkey::api {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Ask {
  http::Method method = http::Method::get;
  std::string target;
  Fields fields{};
  std::string body{};
  std::string host = "localhost:8080";
  http::Peer peer{.address = "127.0.0.1", .loopback = true, .secure = false};
};

struct Answer {
  int status = 0;
  bool streamed = false;  // git/ would answer
  std::string content_type, fields, body;

  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    std::vector<std::string> values;
    for (std::size_t at = 0; at < fields.size();) {
      const auto end = fields.find("\r\n", at);
      const std::string_view line = std::string_view(fields).substr(at, end - at);
      const auto colon = line.find(": ");
      if (same_ascii(line.substr(0, colon), name)) values.emplace_back(line.substr(colon + 2));
      at = end + 2;
    }
    return values;
  }
  [[nodiscard]] std::string field(std::string_view name) const {
    const auto values = all(name);
    return values.empty() ? std::string() : values.front();
  }
  [[nodiscard]] boost::json::value json() const { return boost::json::parse(body); }
  [[nodiscard]] std::string text(std::string_view pointer) const {
    const auto value = json();
    boost::system::error_code missing;
    const auto* found = value.find_pointer(pointer, missing);
    if (found == nullptr) return "(missing)";
    return found->is_string() ? std::string(std::string_view(found->get_string()))
                              : boost::json::serialize(*found);
  }
};

class Desk {
 public:
  Desk()
      : git_(world.authority(), {.data = world.directory.path()}),
        portal_(options.public_url, assets),
        api_{world.authority(), git_, options.public_url, false, portal_} {
    options.ready = [this] { return ready; };
    entry_ = new_entry();
  }
  // Another, under the options as they are now; of the one reader there is, one may ask at a time.
  [[nodiscard]] http::Entry new_entry() { return make_entry(api_, options, world.node->reader, counters); }

  Answer ask(const Ask& asked) {
    http::Request request;
    auto& head = request.head;
    head.method = asked.method;
    head.target = asked.target;
    const auto question = std::min(asked.target.find('?'), asked.target.size());
    head.path = std::string_view(asked.target).substr(0, question);
    head.query = std::string_view(asked.target).substr(std::min(question + 1, asked.target.size()));
    head.host = asked.host;
    for (const auto& [name, value] : asked.fields) {
      head.fields[head.field_count++] = {name, value};
      if (!same_ascii(name, "authorization")) continue;
      head.authorization = value;
      head.has_authorization = true;
    }
    if (!asked.body.empty()) head.content_length = asked.body.size();
    request.peer = &asked.peer;
    request.activity = ActivityId::random();
    auto action = entry_(request);
    if (auto* work = std::get_if<http::Work>(&action)) {
      request.body = asked.body;
      if (while_body_comes) while_body_comes();
      return taken(work->run(request));
    }
    if (std::holds_alternative<http::Stream>(action))
      return {.status = 200, .streamed = true, .content_type = {}, .fields = {}, .body = {}};
    if (const auto* kept = std::get_if<http::Kept>(&action)) return taken(*kept->response);
    return taken(std::move(std::get<http::Response>(action)));
  }
  Answer get(std::string target, Fields fields = {}) {
    return ask({.target = std::move(target), .fields = std::move(fields)});
  }
  // With a JSON body, and the api-version that everything takes.
  Answer send(http::Method method, const std::string& target, Fields fields, std::string body) {
    fields.emplace_back("Content-Type", "application/json; charset=utf-8");
    const char* separator = target.contains('?') ? "&" : "?";
    return ask({.method = method,
                .target = target + separator + "api-version=7.1-preview.1",
                .fields = std::move(fields),
                .body = std::move(body)});
  }

  // The Cookie field of a new session.
  Fields sign_in(std::string_view email) {
    const auto answer = send(
        http::Method::post, "/_session", {},
        R"({"user":")" + std::string(email) + R"(","password":")" + std::string(World::password) + "\"}");
    const auto cookie = answer.field("Set-Cookie");
    return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
  }
  static Fields basic(std::string_view text, std::string_view user = "") {
    return {{"Authorization", "Basic " + base64(std::string(user) + ":" + std::string(text))}};
  }
  static Fields bearer(std::string_view text) { return {{"Authorization", "Bearer " + std::string(text)}}; }
  Fields token(const UserId& owner, std::string_view scopes) {
    return basic(world.issue(owner, scopes).text.reveal());
  }

  using World = authority::World;
  World world;
  ServicesInForce services{std::make_shared<const Services>()};
  EntryOptions options{.public_url = "http://localhost:8080",
                       .aliases = {"http://127.0.0.1:8080"},
                       .trusted_proxies = {"10.0.0.0/8"},
                       .ready = {},
                       .services = services};
  bool ready = true;
  std::function<void()> while_body_comes;
  Counters counters{true};

 private:
  static Answer taken(http::Response response) {
    return {.status = response.status,
            .content_type = std::string(response.content_type),
            .fields = std::move(response.fields),
            .body = std::move(response.body)};
  }

  static constexpr std::string_view html =
      "<!doctype html><script type=\"module\" src=\"./_assets/main-1.js\"></script>";
  static constexpr Asset assets[] = {
      {"_assets/main-1.js", "text/javascript; charset=utf-8", "W/\"1\"", "plain", "brotli", "gzip"},
      {"_assets/small-2.css", "text/css; charset=utf-8", "W/\"2\"", "plain", {}, {}},
      {"index.html", "text/html; charset=utf-8", "W/\"3\"", html, {}, {}}};

  git::Git git_;
  Portal portal_;
  Api api_;
  http::Entry entry_;
};

}  // namespace latchkey::api
