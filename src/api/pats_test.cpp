// Goal: a token's life through its API: made, listed, shown, edited, regenerated, revoked, and every refusal
// by its name. Method: requests as values through the real entry; what a token may is asked of the same
// entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/uses.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class Pats : public ::testing::Test {
 protected:
  static constexpr const char* pats = "/halden/_apis/tokens/pats";

  Answer post(const std::string& body) { return desk_.send(Method::post, pats, ann_, body); }
  Answer put(const std::string& body) { return desk_.send(Method::put, pats, ann_, body); }
  Answer get(const std::string& query) { return desk_.get(std::string(pats) + "?" + query, ann_); }
  Answer revoke(const std::string& id) {
    return desk_.send(Method::delete_, std::string(pats) + "?authorizationId=" + id, ann_, "");
  }
  Answer made(const std::string& name = "laptop") {
    return post(R"({"displayName":")" + name + R"(","scope":"vso.project","allOrgs":false})");
  }
  int used(const std::string& text) { return desk_.get("/halden/_apis/projects", Desk::basic(text)).status; }
  static std::string id_of(const Answer& answer) { return answer.text("/patToken/authorizationId"); }

  Desk desk_;
  Fields ann_ = desk_.sign_in("ann@example.com");
};

TEST_F(Pats, make_a_token_whose_text_is_told_once) {
  const auto answer = post(
      R"({"displayName":"laptop","scope":"vso.project vso.code","validTo":"2026-12-24T23:46:23.319Z","allOrgs":false,"other":1})");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("/patTokenError"), "none");
  EXPECT_EQ(answer.text("/patToken/displayName"), "laptop");
  EXPECT_EQ(answer.text("/patToken/validTo"), "2026-12-24T23:46:23Z");
  EXPECT_EQ(answer.text("/patToken/validFrom"), "2026-11-24T08:00:00Z");
  EXPECT_EQ(answer.text("/patToken/targetAccounts"), "[\"" + desk_.world.organization.text() + "\"]");
  const auto text = answer.text("/patToken/token");
  ASSERT_EQ(text.size(), 84U);
  EXPECT_EQ(used(text), 200);
  const auto shown = get("authorizationId=" + id_of(answer));
  EXPECT_EQ(shown.text("/patToken/displayName"), "laptop");
  EXPECT_EQ(shown.text("/patToken/token"), "null");
  EXPECT_FALSE((shown.body + get("displayFilterOption=all").body).contains(text));
}

TEST_F(Pats, are_for_all_organizations_where_asked) {
  EXPECT_EQ(
      post(R"({"displayName":"all","scope":"app_token","allOrgs":true})").text("/patToken/targetAccounts"),
      "null");
}

TEST_F(Pats, name_what_is_wrong_with_a_request) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"scope":"vso.code"})", "displayNameRequired"},
      {R"({"displayName":"","scope":"vso.code"})", "displayNameRequired"},
      {R"({"displayName":")" + std::string(101, 'x') + R"(","scope":"vso.code"})", "invalidDisplayName"},
      {R"({"displayName":"a\u0000b","scope":"vso.code"})", "invalidDisplayName"},
      {R"({"displayName":"x"})", "invalidScope"},
      {R"({"displayName":"x","scope":"vso.nonsense"})", "invalidScope"},
      {R"({"displayName":"x","scope":"vso.code","validTo":"yesterday"})", "invalidValidTo"},
      {R"({"displayName":"x","scope":"vso.code","validTo":5})", "invalidValidTo"},
      {R"({"displayName":"x","scope":"vso.code","validTo":"2020-01-01"})", "invalidValidTo"},
      {R"({"displayName":"x","scope":"vso.code","validTo":"2028-01-01"})", "invalidValidTo"}};
  for (const auto& [body, error] : cases) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, 200) << body;
    EXPECT_EQ(answer.text("/patTokenError"), error) << body;
    EXPECT_EQ(answer.text("/patToken"), "null") << body;
    EXPECT_GT(answer.text("/patTokenErrorMessage").size(), 10U) << body;
  }
  EXPECT_EQ(put(R"({"displayName":"x"})").text("/patTokenError"), "invalidAuthorizationId");
  EXPECT_EQ(put(R"({"authorizationId":")" + Uuid::random().text() + "\"}").text("/patTokenError"),
            "tokenNotFound");
  EXPECT_EQ(get("authorizationId=7").text("/patTokenError"), "invalidAuthorizationId");
  EXPECT_EQ(get("authorizationId=" + Uuid::random().text()).text("/patTokenError"), "tokenNotFound");
  EXPECT_EQ(revoke(Uuid::random().text()).status, 404);
  EXPECT_EQ(revoke("7").status, 400);
  EXPECT_EQ(post("[]").status, 400);
}

TEST_F(Pats, are_edited_under_the_same_text) {
  const auto answer = made();
  const auto text = answer.text("/patToken/token");
  const auto edited =
      put(R"({"authorizationId":")" + id_of(answer) + R"(","displayName":"desktop","scope":"vso.build"})");
  EXPECT_EQ(edited.text("/patToken/displayName"), "desktop");
  EXPECT_EQ(edited.text("/patToken/scope"), "vso.build");
  EXPECT_EQ(edited.text("/patToken/validTo"), answer.text("/patToken/validTo")) << "what is left out stays";
  EXPECT_EQ(edited.text("/patToken/token"), "null");
  EXPECT_EQ(used(text), 403);
}

TEST_F(Pats, are_revoked_for_good) {
  const auto answer = made();
  const auto text = answer.text("/patToken/token");
  EXPECT_EQ(revoke(id_of(answer)).status, 204);
  EXPECT_EQ(revoke(id_of(answer)).status, 204) << "repeating it is safe";
  EXPECT_EQ(used(text), 401);
  EXPECT_EQ(
      put(R"({"authorizationId":")" + id_of(answer) + R"(","displayName":"again"})").text("/patTokenError"),
      "failedToUpdateAccessToken");
}

TEST_F(Pats, are_regenerated_at_once_or_with_grace) {
  const auto answer = made();
  const std::string path = std::string(pats) + "/" + id_of(answer) + "/regenerate";
  const auto second = desk_.send(Method::post, path, ann_, "");
  ASSERT_EQ(second.text("/patTokenError"), "none") << second.body;
  EXPECT_EQ(id_of(second), id_of(answer));
  EXPECT_EQ(used(answer.text("/patToken/token")), 401);
  const auto third = desk_.send(Method::post, path, ann_, R"({"graceSeconds":60,"validTo":"2026-12-01"})");
  EXPECT_EQ(third.text("/patToken/validTo"), "2026-12-01T00:00:00Z");
  EXPECT_EQ(used(second.text("/patToken/token")), 200);
  desk_.world.advance(std::chrono::seconds(61));
  EXPECT_EQ(used(second.text("/patToken/token")), 401);
  EXPECT_EQ(used(third.text("/patToken/token")), 200);
  for (const auto* grace : {"86401", "-1", "9223372036854775807", "\"x\""})
    EXPECT_EQ(desk_.send(Method::post, path, ann_, R"({"graceSeconds":)" + std::string(grace) + "}").status,
              400)
        << grace;
}

TEST_F(Pats, are_listed_by_pages_filters_and_order) {
  for (const auto* name : {"b", "a", "c"}) static_cast<void>(made(name));
  const auto revoked = made("gone");
  revoke(id_of(revoked));
  const auto names = [](const Answer& answer) {
    std::string text;
    for (const auto& token : answer.json().at("patTokens").as_array())
      text += token.at("displayName").as_string();
    return text;
  };
  EXPECT_EQ(names(get("sortByOption=displayName")), "abc");
  EXPECT_EQ(names(get("sortByOption=1&isSortAscending=false")), "cba");
  EXPECT_EQ(names(get("displayFilterOption=revoked")), "gone");
  EXPECT_EQ(names(get("displayFilterOption=Expired")), "");
  EXPECT_EQ(get("").text("/continuationToken"), "");
  const auto first = get("sortByOption=displayName&%24top=2");
  EXPECT_EQ(names(first), "ab");
  const auto second = get("sortByOption=displayName&%24top=2&continuationToken=" +
                          percent_encoded(first.text("/continuationToken")));
  EXPECT_EQ(names(second), "c");
  EXPECT_EQ(second.text("/continuationToken"), "");
  for (const auto* query : {"displayFilterOption=some", "sortByOption=9", "$top=0", "$top=x",
                            "isSortAscending=maybe", "continuationToken=nonsense"})
    EXPECT_EQ(get(query).status, 400) << query;
}

TEST_F(Pats, are_out_of_reach_for_a_token) {
  const auto id = id_of(made());
  for (const auto* scope : {"app_token", "vso.tokens"}) {
    const auto token = desk_.token(desk_.world.ann, scope);
    for (const auto method : {Method::get, Method::post, Method::put, Method::delete_}) {
      const auto answer = desk_.send(method, std::string(pats) + "?authorizationId=" + id, token, "{}");
      EXPECT_EQ(answer.status, 403);
      EXPECT_TRUE(answer.text("/message").contains("A personal access token may not do this")) << answer.body;
    }
    EXPECT_EQ(desk_.send(Method::post, std::string(pats) + "/" + id + "/regenerate", token, "{}").status,
              403);
  }
  EXPECT_EQ(get("authorizationId=" + id).text("/patTokenError"), "none") << "and it is still there";
}

TEST_F(Pats, need_a_fresh_sign_in_to_be_made) {
  desk_.world.advance(std::chrono::hours(2));
  const auto answer = made();
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.text("/typeKey"), "SignInTooOldException");
  EXPECT_EQ(get("").status, 200);
}

TEST_F(Pats, tell_what_they_were_used_for) {
  const auto answer = made();
  const auto id = id_of(answer);
  const auto uses = [&](const Fields& who, const std::string& of) {
    return desk_.get(std::string(pats) + "/" + of + "/uses", who);
  };
  EXPECT_EQ(uses(ann_, id).body,
            R"({"authorizationId":")" + id +
                R"(","outcomes":[],"addresses":[],"userAgents":[],"scopes":[],"repositories":[]})");
  EXPECT_EQ(get("authorizationId=" + id).text("/patToken/lastUsed"), "(missing)");
  const auto text = answer.text("/patToken/token");
  EXPECT_EQ(used(text), 200);
  Fields fields = Desk::basic(text);
  fields.emplace_back("X-Forwarded-For", "203.0.113.9");
  fields.emplace_back("User-Agent", "curl/7");
  EXPECT_EQ(desk_
                .ask({.target = "/halden/Shop/_git/Shop/info/refs?service=git-upload-pack",
                      .fields = fields,
                      .peer = {.address = "10.1.1.1", .loopback = false, .secure = false}})
                .status,
            403);
  desk_.counters.uses.turn();
  authority::fold_uses(desk_.world.authority(), desk_.counters.uses.turned());
  const auto found = uses(ann_, id);
  EXPECT_EQ(found.text("/lastUsed"), "2026-11-24T08:00:00Z");
  EXPECT_EQ(found.text("/scopes/0/name") + found.text("/scopes/1/name"), "vso.codevso.project");
  EXPECT_EQ(
      found.text("/addresses/1"),
      R"({"name":"203.0.113.9","accepted":0,"refused":1,"firstUsed":"2026-11-24T08:00:00Z","lastUsed":"2026-11-24T08:00:00Z"})");
  EXPECT_EQ(found.text("/userAgents/0/name"), "curl/7");
  EXPECT_EQ(get("authorizationId=" + id).text("/patToken/lastUsed"), "2026-11-24T08:00:00Z");

  const auto overseen = uses(desk_.sign_in("admin@example.com"), id);
  EXPECT_EQ(overseen.body, R"({"authorizationId":")" + id + R"(","lastUsed":"2026-11-24T08:00:00Z"})");
  EXPECT_EQ(uses(desk_.sign_in("ben@example.com"), id).status, 403);
  EXPECT_EQ(uses(Desk::basic(text), id).status, 403) << "never to a token";
  EXPECT_EQ(uses(ann_, "nonsense").status, 400);
}

TEST_F(Pats, want_an_api_version_for_changes) {
  Fields fields = ann_;
  fields.emplace_back("Content-Type", "application/json");
  const auto answer = desk_.ask({.method = Method::post, .target = pats, .fields = fields, .body = "{}"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.text("/typeKey"), "VssVersionNotSpecifiedException");
  fields.emplace_back("Accept", "application/json;api-version=6.1-preview.1");
  EXPECT_EQ(desk_.ask({.method = Method::post, .target = pats, .fields = fields, .body = "{}"}).status, 200);
}

}  // namespace
}  // namespace latchkey::api
