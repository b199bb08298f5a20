// Goal: browsers get pages, under headers that nothing gets around, and are led to the sign-in and back; the
// files of the page go out in the encoding that is asked for, and never change. Method: requests as values
// through the real entry, over assets made for it.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

const std::pair<std::string, std::string> html{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"};

Fields with_html(Fields fields) {
  fields.push_back(html);
  return fields;
}

std::string leads_to(Desk& desk, const std::string& target, Fields fields = {}) {
  const auto answer = desk.get(target, with_html(std::move(fields)));
  EXPECT_EQ(answer.status, 302) << target << answer.body;
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  return answer.field("Location");
}

TEST(Pages, lead_to_the_sign_in_and_from_there_back) {
  Desk desk;
  EXPECT_EQ(leads_to(desk, "/"), "/_signin");
  EXPECT_EQ(leads_to(desk, "/tfs/"), "/tfs/_signin");
  EXPECT_EQ(leads_to(desk, "/halden/_usersSettings/tokens?status=expired&q=a%20b"),
            "/_signin?to=%2Fhalden%2F_usersSettings%2Ftokens%3Fstatus%3Dexpired%26q%3Da%2520b");
  EXPECT_EQ(leads_to(desk, "/TFS/halden"), "/tfs/_signin?to=%2FTFS%2Fhalden");
  EXPECT_EQ(leads_to(desk, "/halden/x/_git/y", desk.token(desk.world.ann, "app_token")),
            "/_signin?to=%2Fhalden%2Fx%2F_git%2Fy");
  EXPECT_EQ(desk.get("//evil.example", {html}).status, 400);
  EXPECT_EQ(desk.get("/%2Fevil.example", {html}).status, 400);
}

TEST(Pages, tell_no_tokens_text_back) {
  Desk desk;
  const std::string text(desk.world.issue(desk.world.ann).text.reveal());
  EXPECT_EQ(leads_to(desk, "/halden/_usersSettings/" + text), "/_signin");
  EXPECT_EQ(leads_to(desk, "/halden?q=" + text), "/_signin");
}

TEST(Pages, are_one_page_under_the_base_of_their_address) {
  Desk desk;
  const auto session = desk.sign_in("ann@example.com");
  for (const auto* path : {"/halden", "/halden/_usersSettings/tokens", "/halden/_settings/users",
                           "/halden/p/_settings", "/halden/p/_git", "/halden/p/_git/r", "/nowhere"}) {
    const auto answer = desk.get(path, with_html(session));
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
    EXPECT_TRUE(answer.body.contains("src=\"/_assets/main-1.js\"")) << answer.body;
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(
        answer.field("Content-Security-Policy"),
        "default-src 'none'; script-src 'self'; style-src 'self' "
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self'; font-src 'self'; connect-src "
        "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for "
        "'script'; trusted-types 'none'");
    EXPECT_EQ(answer.field("Referrer-Policy"), "same-origin");
    EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.field("Cross-Origin-Opener-Policy"), "same-origin");
  }
  EXPECT_TRUE(desk.get("/tfs/halden", with_html(session)).body.contains("src=\"/tfs/_assets/main-1.js\""));
  EXPECT_EQ(desk.get("/_signin", {html}).body, desk.get("/halden", with_html(session)).body);
  EXPECT_EQ(leads_to(desk, "/", session), "/halden/_usersSettings/tokens");
  EXPECT_EQ(leads_to(desk, "/tfs", session), "/tfs/halden/_usersSettings/tokens");
  EXPECT_EQ(leads_to(desk, "/halden/_usersSettings", session), "/halden/_usersSettings/tokens");
  EXPECT_EQ(leads_to(desk, "/halden/_details/security/tokens", session), "/halden/_usersSettings/tokens");
}

TEST(Pages, are_nothing_to_tools) {
  Desk desk;
  EXPECT_EQ(desk.get("/").body, "Latchkey\n");
  EXPECT_EQ(desk.get("/halden").status, 404);
  EXPECT_EQ(desk.get("/halden/p/_git/r").status, 401);
  EXPECT_EQ(desk.get("/halden/p/_git/r/info/refs?service=git-upload-pack", {html}).status, 401);
}

TEST(Pages, lead_to_the_set_up_while_it_is_open) {
  Desk desk;
  EXPECT_EQ(desk.get("/_apis/latchkey/set-up").body, R"({"open":false})");
  static_cast<void>(desk.world.authority().set_up.open(desk.world.now()));
  EXPECT_EQ(desk.get("/_apis/latchkey/set-up").body, R"({"open":true})");
  EXPECT_EQ(leads_to(desk, "/_signin"), "/_setup");
  EXPECT_EQ(desk.get("/_setup", {html}).status, 200);
}

struct Negotiation {
  std::string accepted, encoding;
};

TEST(Assets, go_out_in_the_best_encoding_that_is_taken) {
  Desk desk;
  const Negotiation cases[] = {{"", ""},
                               {"gzip, deflate, br, zstd", "br"},
                               {"gzip;q=1.0, br;q=0", "gzip"},
                               {"BR", "br"},
                               {"gzip;q=0.000,br ; q=0.0", ""},
                               {"*", "br"},
                               {"*;q=0", ""},
                               {"br;q=0, *", "gzip"},
                               {"deflate", ""}};
  for (const auto& [accepted, encoding] : cases) {
    const auto answer = desk.get("/_assets/main-1.js", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Content-Encoding"), encoding) << accepted;
    EXPECT_EQ(answer.body, encoding.empty() ? "plain" : encoding == "br" ? "brotli" : "gzip");
    EXPECT_EQ(answer.field("Vary"), "Accept-Encoding");
    EXPECT_EQ(answer.all("Cache-Control"), std::vector<std::string>{"public, max-age=31536000, immutable"});
    EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.content_type, "text/javascript; charset=utf-8");
  }
  const auto small = desk.get("/tfs/_assets/small-2.css", {{"Accept-Encoding", "br"}});
  EXPECT_EQ(small.body, "plain");
  EXPECT_EQ(small.field("Content-Encoding"), "");
}

TEST(Assets, are_not_sent_to_who_has_them) {
  Desk desk;
  EXPECT_EQ(desk.get("/_assets/main-1.js").field("ETag"), "W/\"1\"");
  for (const auto* etags : {"W/\"1\"", "\"x\", W/\"1\"", "*"}) {
    const auto answer = desk.get("/_assets/main-1.js", {{"If-None-Match", etags}});
    EXPECT_EQ(answer.status, 304) << etags;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.field("ETag"), "W/\"1\"");
  }
  EXPECT_EQ(desk.get("/_assets/main-1.js", {{"If-None-Match", "\"1x\""}}).status, 200);
}

TEST(Assets, are_those_of_the_page_alone) {
  Desk desk;
  for (const auto* path : {"/_assets/nothing.js", "/_assets/index.html", "/_assets/../index.html"})
    EXPECT_GE(desk.get(path).status, 400) << path;
  EXPECT_EQ(desk.get("/_assets/nothing.js").field("Cache-Control"), "no-store");
}

TEST(Portal, puts_the_path_of_the_public_url_before_everything) {
  const Asset assets[] = {
      {"index.html", "text/html; charset=utf-8", "W/\"3\"", "<a href=\"./_assets/x\">", {}, {}}};
  const Portal portal("https://example.com/latchkey", assets);
  http::Request request;
  request.head.path = "/halden";
  EXPECT_EQ(portal.page(request).body, "<a href=\"/latchkey/_assets/x\">");
  EXPECT_TRUE(portal.sign_in_first(request).fields.contains(
      "Location: /latchkey/_signin?to=%2Flatchkey%2Fhalden\r\n"));
}

TEST(Portal, says_that_it_is_not_there) {
  const Portal portal("https://example.com", {});
  http::Request request;
  request.head.path = "/";
  EXPECT_EQ(portal.page(request).status, 404);
}

}  // namespace
}  // namespace latchkey::api
