// Goal: the portal's routes for tokens, scopes and notices say what the contract says, name what is wrong
// with a request, and never a secret. Method: requests as values through the real entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/notices.hpp"
#include "authority/uses.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class TokenRoutes : public ::testing::Test {
 protected:
  static constexpr const char* own = "/halden/_apis/latchkey/tokens";

  Answer made(const std::string& name, const std::string& scope = "vso.project",
              const std::string& valid_to = "2026-12-24") {
    return desk_.send(
        Method::post, "/halden/_apis/tokens/pats", ann_,
        R"({"displayName":")" + name + R"(","scope":")" + scope + R"(","validTo":")" + valid_to + "\"}");
  }
  static std::string id_of(const Answer& answer) { return answer.text("/patToken/authorizationId"); }
  Answer get(const std::string& rest) { return desk_.get(own + rest, ann_); }
  Answer post(const std::string& rest, const std::string& body) {
    return desk_.send(Method::post, own + rest, ann_, body);
  }
  static std::string names(const Answer& answer) {
    std::string all;
    for (const auto& token : answer.json().at("value").as_array())
      all += std::string(std::string_view(token.at("name").as_string())) + " ";
    return all;
  }
  Answer notices() { return desk_.get("/_apis/latchkey/notices", ann_); }

  Desk desk_;
  Fields ann_ = desk_.sign_in("ann@example.com");
};

TEST_F(TokenRoutes, list_filter_count_and_page) {
  for (const auto* name : {"b", "a", "c"}) static_cast<void>(made(name));
  static_cast<void>(made("soon again", "app_token", "2026-11-28"));
  static_cast<void>(post("/revoke", R"({"ids":[")" + id_of(made("gone again")) + "\"]}"));
  EXPECT_EQ(names(get("?sort=name")), "a b c gone again soon again ");
  EXPECT_EQ(names(get("?sort=name&descending=true&status=active")), "c b a ");
  EXPECT_EQ(names(get("?scope=app_token")), "soon again ");
  EXPECT_EQ(names(get("?q=GONE")), "gone again ");
  EXPECT_EQ(get("?q=again&status=revoked").text("/counts"),
            R"({"all":2,"active":0,"expiresSoon":1,"inactive":0,"expired":0,"revoked":1})");
  const auto first = get("?sort=name&top=2");
  EXPECT_EQ(names(first), "a b ");
  EXPECT_EQ(first.text("/count"), "2");
  EXPECT_EQ(names(get("?sort=name&top=2&after=" + first.text("/next"))), "c gone again ");
  EXPECT_EQ(get("").text("/next"), "(missing)") << "the last page";
  for (const auto* wrong : {"?sort=x", "?status=x", "?scope=x", "?top=0", "?after=x", "?descending=x"})
    EXPECT_EQ(get(wrong).status, 400) << wrong;
}

TEST_F(TokenRoutes, show_a_token_by_its_fingerprint_and_never_its_secret) {
  const auto answer = made("t", "vso.code_write vso.build");
  const auto text = answer.text("/patToken/token");
  const auto shown = get("/" + id_of(answer));
  EXPECT_EQ(shown.text("/fingerprint"), text.substr(60, 12));
  EXPECT_EQ(answer.text("/patToken/fingerprint"), text.substr(60, 12));
  EXPECT_EQ(shown.text("/organization/name"), "halden");
  EXPECT_EQ(shown.text("/scopes"), R"(["vso.build","vso.code_write"])");
  EXPECT_EQ(shown.text("/status"), "active");
  EXPECT_EQ(shown.text("/secrets/0/fingerprint"), text.substr(60, 12));
  EXPECT_EQ(shown.text("/lastUsed"), "(missing)");
  EXPECT_EQ(get("/" + Uuid::random().text()).status, 404);
  EXPECT_EQ(get("/nonsense").status, 404);
  const auto all = get("").body + shown.body + get("/ending").body +
                   get("/" + id_of(answer) + "/history").body + get("/" + id_of(answer) + "/uses").body +
                   notices().body;
  EXPECT_FALSE(all.contains(text.substr(0, 52)));
  EXPECT_EQ(get("/ending").text("/value/0/name"), "t");
  EXPECT_EQ(get("/ending?days=7").text("/total"), "0");
}

TEST_F(TokenRoutes, tell_use_and_shrink_to_it) {
  const auto answer = made("t", "vso.project_write vso.build");
  const auto text = answer.text("/patToken/token");
  EXPECT_EQ(desk_.get("/halden/_apis/projects", Desk::basic(text)).status, 200);
  EXPECT_EQ(desk_.get("/halden/_apis/git/repositories", Desk::basic(text)).status, 403);
  desk_.counters.uses.turn();
  authority::fold_uses(desk_.world.authority(), desk_.counters.uses.turned());
  const std::string id = id_of(answer);
  const auto use = get("/" + id + "/uses?days=2");
  EXPECT_EQ(use.text("/days/1"), R"({"day":"2026-11-24","accepted":1,"refused":1})");
  EXPECT_EQ(use.text("/totals"), R"({"accepted":1,"refused":1})");
  EXPECT_EQ(use.text("/refusals/0/reason"), "insufficient_scope");
  EXPECT_EQ(use.text("/scopes/0/scope"), "vso.project");
  EXPECT_EQ(use.text("/neverUsed"), R"(["vso.build","vso.project_write"])");
  EXPECT_EQ(use.text("/suggested"), R"(["vso.project"])");
  EXPECT_EQ(use.text("/oldSecret"), "(missing)");

  const std::string shrink = "/" + id + "/shrink";
  EXPECT_EQ(post(shrink, R"({"scopes":["vso.project"]})").text("/scopes"), R"(["vso.project"])");
  EXPECT_EQ(get("/" + id + "/uses").text("/suggested"), "null");
  EXPECT_EQ(get("/" + id).text("/shrink/scopes"), R"(["vso.build","vso.project_write"])");
  for (const auto* body : {R"({"scopes":["vso.project"]})", R"({"scopes":["vso.code"]})", R"({"scopes":[]})",
                           R"({"scopes":"vso.project"})", R"({"scopes":[5]})", "{}"})
    EXPECT_EQ(post(shrink, body).status, 400) << body;
  const auto undone = desk_.send(Method::delete_, own + shrink, ann_, "");
  EXPECT_EQ(undone.text("/scopes"), R"(["vso.build","vso.project_write"])");
  EXPECT_EQ(desk_.send(Method::delete_, own + shrink, ann_, "").status, 404);
  EXPECT_EQ(get("/" + id + "/history").text("/value/0/data/OperationType"), "undoShrink");
  EXPECT_EQ(get("/" + id + "/history").text("/value/2/actor"), R"({"displayName":"ann","self":true})");
}

TEST_F(TokenRoutes, revoke_many) {
  // With a blank: what is looked for can't begin a fingerprint.
  const auto one = made("x 1"), two = made("x 2"), three = made("y");
  EXPECT_EQ(post("/revoke", R"({"all":true,"q":"x ","status":"expiresSoon"})").body,
            R"({"revoked":0,"more":false})");
  EXPECT_EQ(post("/revoke", R"({"all":true,"q":"x "})").body, R"({"revoked":2,"more":false})");
  EXPECT_EQ(desk_.get("/halden/_apis/projects", Desk::basic(one.text("/patToken/token"))).status, 401);
  EXPECT_EQ(post("/revoke", R"({"ids":[")" + id_of(three) + R"(",")" + Uuid::random().text() + "\"]}").status,
            404);
  EXPECT_EQ(desk_.get("/halden/_apis/projects", Desk::basic(three.text("/patToken/token"))).status, 200);
  for (const auto* body : {"{}", R"({"ids":[]})", R"({"all":false})", R"({"all":true,"status":"x"})"})
    EXPECT_EQ(post("/revoke", body).status, 400) << body;
  EXPECT_EQ(names(get("?status=revoked&sort=name")), "x 1 x 2 ");
  EXPECT_EQ(get("?status=revoked").text("/value/0/endedBy"), R"({"displayName":"ann","self":true})");
}

TEST_F(TokenRoutes, hint_at_what_a_new_token_may_be) {
  const auto hints = desk_.get("/halden/_apis/latchkey/hints", ann_);
  EXPECT_EQ(hints.text("/organizations/0/name"), "halden");
  EXPECT_EQ(hints.text("/allOrganizations/allowed"), "true");
  EXPECT_EQ(hints.text("/forbiddenScopes"), R"(["latchkey.verify"])");
  EXPECT_EQ(hints.text("/latestValidTo"), "2027-11-24T08:00:00Z");
  EXPECT_EQ(made("longest", "vso.code", hints.text("/latestValidTo")).text("/patTokenError"), "none");
  const auto admin = desk_.sign_in("admin@example.com");
  EXPECT_EQ(desk_.get("/halden/_apis/latchkey/hints", admin).text("/forbiddenScopes"), "[]");
  const auto scopes = desk_.get("/halden/_apis/latchkey/scopes", ann_);
  EXPECT_EQ(scopes.text("/value/0/group"), "code");
  EXPECT_EQ(scopes.text("/value/0/scopes/1/includes"), R"(["vso.code","vso.profile"])");
}

TEST_F(TokenRoutes, ring_the_bell) {
  const auto token = made("t", "vso.code", "2026-12-01T08:01:00Z");
  desk_.world.advance(std::chrono::hours(1));
  authority::tell_ends(desk_.world.authority());
  const auto all = notices();
  EXPECT_EQ(all.text("/unread"), "2");
  EXPECT_EQ(all.text("/count"), "2");
  const std::string soon = "/value/0", created = "/value/1";
  EXPECT_EQ(all.text(soon + "/kind"), "expiresSoon");
  EXPECT_EQ(all.text(soon + "/data"), R"({"validTo":"2026-12-01T08:01:00Z"})");
  EXPECT_EQ(all.text(created + "/kind"), "created");
  EXPECT_EQ(all.text(created + "/data/scopes"), R"(["vso.code"])");
  EXPECT_EQ(all.text(created + "/token/id"), id_of(token));
  const auto first = desk_.get("/_apis/latchkey/notices?top=1", ann_);
  const auto second = desk_.get("/_apis/latchkey/notices?top=1&after=" + first.text("/next"), ann_);
  EXPECT_EQ(second.text("/value/0/id"), all.text("/value/1/id"));
  EXPECT_EQ(second.text("/next"), "(missing)");
  EXPECT_EQ(desk_.get("/_apis/latchkey/notices?after=x", ann_).status, 400);
  const auto read = [&](const std::string& body) {
    return desk_.send(Method::post, "/_apis/latchkey/notices/read", ann_, body).status;
  };
  EXPECT_EQ(read(R"({"ids":[")" + all.text("/value/0/id") + R"(","nonsense"]})"), 204);
  EXPECT_EQ(notices().text("/unread"), "1");
  EXPECT_EQ(notices().text("/value/0/read"), "true");
  EXPECT_EQ(read(R"({"all":true})"), 204);
  EXPECT_EQ(notices().text("/unread"), "0");

  const auto admin = desk_.sign_in("admin@example.com");
  EXPECT_EQ(
      desk_.send(Method::delete_, "/halden/_apis/tokens/pats?authorizationId=" + id_of(token), admin, "")
          .status,
      204);
  const auto revoked = notices();
  EXPECT_TRUE(revoked.body.contains("revokedByOther")) << revoked.body;
  EXPECT_TRUE(revoked.body.contains(R"("actor":"admin")")) << revoked.body;
  EXPECT_FALSE(revoked.body.contains("expiresSoon")) << "it ends no more";
  EXPECT_EQ(get("/" + id_of(token)).text("/endedBy"), R"({"displayName":"admin","self":false})");
}

}  // namespace
}  // namespace latchkey::api
