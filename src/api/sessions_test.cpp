// Goal: signing in, being known, signing out; a cookie that no other page and no script can use. Method:
// requests as values through the real entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

using http::Method;

TEST(Session, begins_with_a_password_and_ends_with_a_delete) {
  Desk desk;
  const auto in = desk.send(Method::post, "/_session", {},
                            R"({"user":"ANN@example.com","password":"correct horse battery"})");
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(in.text("/user/email"), "ann@example.com");
  EXPECT_EQ(in.text("/user/id"), desk.world.ann.text());
  EXPECT_EQ(in.text("/strong"), "true");
  const auto cookie = in.field("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("latchkey=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax")) << cookie;
  EXPECT_FALSE(in.body.contains(cookie.substr(9, 43))) << "P2: in the cookie alone";

  const Fields session{{"Cookie", "theme=dark; " + cookie.substr(0, cookie.find(';')) + "; x=y"}};
  EXPECT_EQ(desk.get("/_session", session).text("/user/displayName"), "ann");
  const auto out = desk.ask({.method = Method::delete_, .target = "/_session", .fields = session});
  EXPECT_EQ(out.status, 204);
  EXPECT_TRUE(out.field("Set-Cookie").starts_with("latchkey=; Path=/; Max-Age=0")) << out.fields;
  EXPECT_EQ(desk.get("/_session", session).status, 401);
}

TEST(Session, is_refused_to_a_wrong_password_and_an_unknown_user_alike) {
  Desk desk;
  const auto wrong =
      desk.send(Method::post, "/_session", {}, R"({"user":"ann@example.com","password":"wrong"})");
  const auto unknown =
      desk.send(Method::post, "/_session", {}, R"({"user":"nobody@example.com","password":"wrong"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.fields, unknown.fields);
  EXPECT_EQ(desk.send(Method::post, "/_session", {}, R"({"user":"ann@example.com"})").status, 400);
}

TEST(Session, is_refused_for_a_while_after_too_many_attempts) {
  Desk desk;
  Answer answer;
  for (int i = 0; i < 20 && answer.status != 429; ++i)
    answer = desk.send(Method::post, "/_session", {}, R"({"user":"ann@example.com","password":"wrong"})");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.field("Retry-After"), "60");
}

TEST(Session, is_nothing_that_a_token_can_have) {
  Desk desk;
  const auto answer = desk.get("/_session", desk.token(desk.world.ann, "app_token"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(answer.text("/message").contains("token"));
}

TEST(Session, has_a_cookie_of_the_host_alone_over_tls) {
  authority::World world;
  git::Git git(world.authority(), {.data = world.directory.path()});
  const Portal portal("https://latchkey.example", {});
  Api api{world.authority(), git, "https://latchkey.example", true, portal};
  ServicesInForce services{std::make_shared<const Services>()};
  EntryOptions options{
      .public_url = api.public_url, .aliases = {}, .trusted_proxies = {}, .ready = {}, .services = services};
  Counters counters{false};
  auto entry = make_entry(api, options, world.node->reader, counters);
  const std::string body = R"({"user":"ann@example.com","password":"correct horse battery"})";
  const http::Peer peer{.address = "198.51.100.1", .loopback = false, .secure = true};
  http::Request request;
  request.head.method = Method::post;
  request.head.path = "/_session";
  request.head.host = "latchkey.example";
  request.head.content_length = body.size();
  request.head.fields[request.head.field_count++] = {"content-type", "application/json"};
  request.peer = &peer;
  request.body = body;
  auto action = entry(request);
  const auto response = std::get<http::Work>(action).run(request);
  EXPECT_TRUE(response.fields.contains("Set-Cookie: __Host-latchkey=")) << response.status;
  EXPECT_TRUE(response.fields.contains("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure\r\n"));
}

}  // namespace
}  // namespace latchkey::api
