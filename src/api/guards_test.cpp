// Goal: strangers' requests are turned away before anybody looks at their credential. Method: requests as
// values, one rule after another, both sides of each.
// SPDX-License-Identifier: Apache-2.0
#include "api/guards.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace latchkey::api {
namespace {

ServicesInForce services{std::make_shared<const Services>()};
const EntryOptions options{.public_url = "https://latchkey.example",
                           .aliases = {"http://10.1.2.3:8080", "http://[::1]:8080"},
                           .trusted_proxies = {"10.0.0.0/8", "2001:db8::/33", "192.0.2.7"},
                           .ready = {},
                           .services = services};

struct Made {
  http::Peer peer{.address = "127.0.0.1", .loopback = true, .secure = false};
  http::Request request;
  Made(http::Method method, std::string_view host, std::initializer_list<http::Field> fields = {},
       bool body = false) {
    request.head.method = method;
    request.head.host = host;
    for (const auto& field : fields) request.head.fields[request.head.field_count++] = field;
    if (body) request.head.content_length = 2;
    request.peer = &peer;
  }
};

int status(const std::optional<Objection>& objection) { return objection ? objection->status : 0; }

TEST(Guards, know_the_hosts_of_the_server) {
  const Guards guards(options);
  const std::pair<std::string_view, int> cases[] = {{"latchkey.example", 0},
                                                    {"LATCHKEY.example:443", 0},
                                                    {"10.1.2.3:8080", 0},
                                                    {"[::1]:8080", 0},
                                                    {"", 400},
                                                    {"latchkey.example:8443", 421},
                                                    {"10.1.2.3", 421},
                                                    {"evil.example", 421},
                                                    {"latchkey.example.", 421},
                                                    {"localhost", 421}};
  for (const auto& [host, expected] : cases)
    EXPECT_EQ(status(guards.check_host(Made(http::Method::get, host).request)), expected) << host;
}

TEST(Guards, take_plain_http_from_this_machine_and_trusted_proxies_alone) {
  const Guards guards(options);
  const auto check = [&](http::Peer peer) {
    Made made(http::Method::get, "latchkey.example");
    made.peer = std::move(peer);
    return status(guards.check_transport(made.request));
  };
  EXPECT_EQ(check({.address = "127.0.0.1", .loopback = true}), 0);
  EXPECT_EQ(check({.address = "198.51.100.1", .secure = true}), 0);
  EXPECT_EQ(check({.address = "10.255.0.1"}), 0);
  EXPECT_EQ(check({.address = "2001:db8:7fff::1"}), 0);
  EXPECT_EQ(check({.address = "2001:db8:8000::1"}), 403);
  EXPECT_EQ(check({.address = "11.0.0.1"}), 403);
  EXPECT_EQ(check({.address = "192.0.2.8"}), 403);
}

TEST(Guards, refuse_what_a_strangers_page_sends) {
  const Guards guards(options);
  const auto check = [&](http::Method method, std::initializer_list<http::Field> fields, bool body = false) {
    return status(guards.check_unsafe(Made(method, "latchkey.example", fields, body).request));
  };
  using http::Method;
  EXPECT_EQ(check(Method::post, {}), 0);
  EXPECT_EQ(check(Method::post, {{"Origin", "https://latchkey.example"}}), 0);
  EXPECT_EQ(check(Method::post, {{"Sec-Fetch-Site", "same-origin"}}), 0);
  EXPECT_EQ(check(Method::post, {{"Sec-Fetch-Site", "none"}}), 0);
  EXPECT_EQ(check(Method::post, {{"Origin", "https://latchkey.example:8443"}}), 403);
  EXPECT_EQ(check(Method::post, {{"Origin", "http://latchkey.example"}}), 403);
  EXPECT_EQ(check(Method::post, {{"Origin", "http://10.1.2.3:8080"}}), 403);
  EXPECT_EQ(check(Method::delete_, {{"Origin", "null"}}), 403);
  EXPECT_EQ(check(Method::put, {{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(check(Method::other, {{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(check(Method::get, {{"Sec-Fetch-Site", "cross-site"}}), 0);
  EXPECT_EQ(check(Method::post, {}, true), 415);
  EXPECT_EQ(check(Method::post, {{"Content-Type", "text/plain; application/json"}}, true), 415);
  EXPECT_EQ(check(Method::post, {{"Content-Type", "application/x-www-form-urlencoded"}}, true), 415);
  EXPECT_EQ(check(Method::patch, {{"Content-Type", "Application/JSON ; charset=utf-8"}}, true), 0);
  EXPECT_EQ(check(Method::patch, {{"Content-Type", "application/json-patch+json"}}, true), 0);
}

TEST(Guards, find_the_client_behind_trusted_proxies) {
  const Guards guards(options);
  const auto address = [&](std::string peer, std::initializer_list<http::Field> fields) {
    Made made(http::Method::get, "latchkey.example", fields);
    made.peer.address = std::move(peer);
    return std::string(guards.client_address(made.request));
  };
  EXPECT_EQ(address("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(address("10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
  EXPECT_EQ(address("10.0.0.1", {{"X-Forwarded-For", "6.6.6.6, 203.0.113.9 ,10.0.0.2"}}), "203.0.113.9");
  EXPECT_EQ(address("10.0.0.1", {{"X-Forwarded-For", "6.6.6.6"}, {"x-forwarded-for", "203.0.113.9"}}),
            "203.0.113.9");
  EXPECT_EQ(address("10.0.0.1", {{"X-Forwarded-For", "unknown"}}), "10.0.0.1");
  EXPECT_EQ(address("10.0.0.1", {{"X-Forwarded-For", "10.0.0.3/8"}}), "10.0.0.1");
  EXPECT_EQ(address("127.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}), "127.0.0.1")
      << "not a proxy that is trusted";
}

TEST(Guards, refuse_a_proxy_that_is_no_network) {
  for (const auto* text :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "proxy.example", "10.0.0.0/8x", "::/129"}) {
    EntryOptions broken = options;
    broken.trusted_proxies = {text};
    EXPECT_THROW(Guards{broken}, std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace latchkey::api
