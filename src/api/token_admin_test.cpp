// Goal: the token administration API and the inventory, as their callers see them. Method: the real entry
// over a real store; the background's work is done by the test.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "api/match.hpp"
#include "api/testing.hpp"
#include "authority/revocations.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class TokenAdministration : public ::testing::Test {
 protected:
  static constexpr const char* admin_area = "/halden/_apis/tokenadmin";
  static constexpr const char* own_area = "/halden/_apis/latchkey";

  void work() {
    while (authority::revoke_some(desk.world.authority())) {
    }
  }
  std::string tokens_of(const UserId& user, const std::string& more = "") {
    return std::string(admin_area) + "/personalaccesstokens/lk." + user.text() +
           "?api-version=7.1-preview.1" + more;
  }
  int working(const Secret& text) {
    return desk.get("/halden/_apis/connectionData", Desk::basic(text.reveal())).status;
  }

  Desk desk;
  Fields administrator = desk.token(desk.world.admin, "vso.tokenadministration");
};

TEST_F(TokenAdministration, lists_a_users_tokens_page_by_page) {
  std::set<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.insert(desk.world.issue(desk.world.ann).token.id.text());
  std::set<std::string> seen;
  std::string after;
  do {
    const auto page = desk.get(tokens_of(desk.world.ann, "&pageSize=2" + after), administrator);
    ASSERT_EQ(page.status, 200) << page.body;
    for (const auto& token : page.json().at("value").as_array()) {
      EXPECT_EQ(token.at("userId").as_string(), desk.world.ann.text());
      EXPECT_TRUE(token.at("token").is_null());
      seen.emplace(token.at("authorizationId").as_string());
    }
    const auto next = page.text("/continuationToken");
    after = next == "null" ? "" : "&continuationToken=" + next;
  } while (!after.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(desk.get(tokens_of(desk.world.ann, "&isPublic=true"), administrator).text("/value"), "[]");
}

TEST_F(TokenAdministration, says_what_is_wrong_with_a_request) {
  const auto status = [&](const std::string& target) { return desk.get(target, administrator).status; };
  EXPECT_EQ(status(tokens_of(UserId::random())), 404);
  EXPECT_EQ(status(tokens_of(desk.world.ann, "&pageSize=x")), 400);
  EXPECT_EQ(status(tokens_of(desk.world.ann, "&continuationToken=x")), 400);
  EXPECT_EQ(status(tokens_of(desk.world.ann, "&continuationToken=" + TokenId::random().text())), 400);
  EXPECT_EQ(status(std::string(admin_area) + "/personalaccesstokens/msa.x?api-version=7.1-preview.1"), 400);
  EXPECT_EQ(desk.get(tokens_of(desk.world.ann), desk.token(desk.world.ann, "app_token")).status, 403);
  EXPECT_EQ(desk.get(tokens_of(desk.world.ann)).status, 401);
  const auto post = [&](const std::string& path, std::string body) {
    return desk.send(Method::post, admin_area + path, administrator, std::move(body)).status;
  };
  EXPECT_EQ(post("/revocations", "{}"), 400);
  EXPECT_EQ(post("/revocations", "[7]"), 400);
  EXPECT_EQ(post("/revocations", R"([{"authorizationId":")" + TokenId::random().text() + "\"}]"), 404);
  EXPECT_EQ(post("/revocationrules", "{}"), 400);
  EXPECT_EQ(post("/revocationrules", R"({"scopes":"vso.nonsense"})"), 400);
  EXPECT_EQ(post("/revocationrules", R"({"scopes":"vso.code","createdBefore":"yesterday"})"), 400);
}

TEST_F(TokenAdministration, revokes_named_tokens_and_by_rule) {
  const auto named = desk.world.issue(desk.world.ann, "vso.code"),
             ruled = desk.world.issue(desk.world.ben, "vso.build");
  EXPECT_EQ(desk.send(Method::post, std::string(admin_area) + "/revocations", administrator,
                      R"([{"authorizationId":")" + named.token.id.text() + "\"}]")
                .status,
            204);
  EXPECT_EQ(working(named.text), 401);
  const auto rule = desk.send(Method::post, std::string(admin_area) + "/revocationrules", administrator,
                              R"({"scopes":"vso.build"})");
  EXPECT_EQ(rule.status, 201) << rule.body;
  EXPECT_EQ(working(ruled.text), 200);
  work();
  EXPECT_EQ(working(ruled.text), 401);
}

// Azure DevOps' own rule: what a token is for is the scope of the row, and nothing else opens.
TEST_F(TokenAdministration, opens_to_its_scope_exactly_its_routes) {
  std::size_t opened = 0;
  for (const Route& row : routes()) {
    if (row.callers == Callers::anyone || row.callers == Callers::browser || row.any_scope) continue;
    for (std::string target : spelled_paths(row.path)) {
      for (auto at = target.find('{'); at != std::string::npos; at = target.find('{'))
        target.replace(at, target.find('}') - at + 1, target.starts_with("/{organization}") ? "halden" : "x");
      if (!row.git_service.empty()) target += "?service=" + std::string(row.git_service);
      Fields fields = administrator;
      fields.emplace_back("Content-Type",
                          row.form ? "application/x-www-form-urlencoded" : "application/json");
      const auto answer = desk.ask({.method = row.method, .target = target, .fields = fields});
      const bool opens = answer.status != 403 && !answer.streamed;
      EXPECT_EQ(opens, row.scope == "vso.tokenadministration")
          << method_name(row.method) << " " << target << answer.status;
      opened += opens ? 1 : 0;
    }
  }
  EXPECT_EQ(opened, 3U);
}

TEST_F(TokenAdministration, keeps_an_inventory) {
  const auto session = desk.sign_in("admin@example.com");
  const auto full = desk.world.issue(desk.world.ann, "app_token");
  const auto ask = [&](const std::string& rest) { return desk.get(std::string(own_area) + rest, session); };
  const auto page = ask("/inventory?full=true");
  EXPECT_EQ(page.text("/count"), "1") << page.body;
  EXPECT_EQ(page.text("/value/0/owner/email"), "ann@example.com");
  EXPECT_EQ(page.text("/value/0/fullAccess"), "true");
  EXPECT_EQ(page.text("/value/0/organization/name"), "halden");
  EXPECT_EQ(page.text("/value/0/ownerState"), "enabled");
  EXPECT_EQ(ask("/inventory/figures").text("/fullAccess"), "1");
  EXPECT_EQ(ask("/inventory?scope=app_token").text("/count"), "1");
  for (const auto* wrong :
       {"status=inactive", "scope=vso.nonsense", "owner=nobody@example.com", "madeBy=magic",
        "expiringWithin=0", "fingerprint=aaaaaaaaaaaaa", "after=x", "sort=owner", "full=maybe"})
    EXPECT_EQ(ask("/inventory?" + std::string(wrong)).status, 400) << wrong;
  const auto find = [&](const std::string& body) {
    return desk.send(Method::post, std::string(own_area) + "/inventory/find", session, body);
  };
  EXPECT_EQ(find(R"({"token":" )" + std::string(full.text.reveal()) + "\\n\"}").text("/id"),
            full.token.id.text());
  EXPECT_EQ(find(R"({"fingerprint":")" + full.token.fingerprint + "\"}").text("/id"), full.token.id.text());
  EXPECT_EQ(find(R"({"fingerprint":"AAAAAAAAAAAA"})").status, 404);
  EXPECT_EQ(find("{}").status, 400);
  auto csv = ask("/inventory?format=csv&full=true");
  EXPECT_TRUE(csv.content_type.starts_with("text/csv"));
  EXPECT_TRUE(csv.body.starts_with("id,name,fingerprint,owner,")) << csv.body;
  EXPECT_TRUE(csv.body.contains(full.token.id.text())) << csv.body;
  EXPECT_EQ(ask("/inventory?q=" + std::string(full.text.reveal())).status, 400) << "a text is no filter";
}

TEST_F(TokenAdministration, revokes_in_the_background_what_a_filter_finds) {
  const auto session = desk.sign_in("admin@example.com");
  const auto of_ann = desk.world.issue(desk.world.ann);
  const auto post = [&](const std::string& body) {
    return desk.send(Method::post, std::string(own_area) + "/revocations", session, body);
  };
  for (const auto* wrong : {"{}", R"({"ids":[]})", R"({"ids":["x"]})", R"({"match":7})",
                            R"({"match":{"status":"all"}})", R"({"match":{"owner":"nobody@example.com"}})"})
    EXPECT_EQ(post(wrong).status, 400) << wrong;
  const auto started = post(R"({"match":{"owner":"ann@example.com"},"reason":"left"})");
  ASSERT_EQ(started.status, 202) << started.body;
  EXPECT_EQ(started.text("/state"), "running");
  EXPECT_EQ(started.text("/total"), "1");
  EXPECT_EQ(working(of_ann.text), 200);
  work();
  EXPECT_EQ(working(of_ann.text), 401);
  const auto shown = desk.get(std::string(own_area) + "/revocations/" + started.text("/id"), session);
  EXPECT_EQ(shown.text("/state"), "done");
  EXPECT_EQ(shown.text("/done"), "1");
  EXPECT_EQ(shown.text("/createdBy/email"), "admin@example.com");
  EXPECT_EQ(desk.get(std::string(own_area) + "/revocations", session).text("/value/0/id"),
            started.text("/id"));
  EXPECT_EQ(desk.get("/_apis/latchkey/revocations", session).text("/count"), "0");
}

TEST_F(TokenAdministration, disabling_a_user_stops_every_token_and_enabling_starts_them_again) {
  const auto session = desk.sign_in("admin@example.com");
  const auto one = desk.world.issue(desk.world.ann), other = desk.world.issue(desk.world.ann, "app_token");
  const auto set = [&](const std::string& state) {
    return desk
        .send(Method::patch, "/_apis/latchkey/users/" + desk.world.ann.text(), session,
              R"({"state":")" + state + "\"}")
        .status;
  };
  EXPECT_EQ(set("disabled"), 200);
  EXPECT_EQ(working(one.text), 401);
  EXPECT_EQ(working(other.text), 401);
  EXPECT_EQ(set("enabled"), 200);
  EXPECT_EQ(working(one.text), 200);
  EXPECT_EQ(working(other.text), 200);
  EXPECT_EQ(desk.send(Method::delete_, "/_apis/latchkey/users/" + desk.world.ann.text(), session, "").status,
            204);
  EXPECT_EQ(working(one.text), 401);
  EXPECT_EQ(
      desk.send(Method::delete_, "/_apis/latchkey/users/" + desk.world.admin.text(), session, "").status,
      409);
}

}  // namespace
}  // namespace latchkey::api
