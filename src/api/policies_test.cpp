// Goal: an administrator sets, dry-runs and takes back policies over the wire, each violation has the
// contract's name, and the hints tell it beforehand. Method: requests as values through the real entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class PolicyRoutes : public ::testing::Test {
 protected:
  Answer put(const std::string& at, const std::string& body) {
    return desk_.send(Method::put, at, admin_, body);
  }
  // A client's request for a token of Ann's.
  std::string violation(const std::string& members) {
    const auto answer =
        desk_.send(Method::post, "/halden/_apis/tokens/pats", ann_, R"({"displayName":"t",)" + members + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.text("/patTokenError");
  }
  Answer hints() { return desk_.get("/halden/_apis/latchkey/hints", ann_); }

  static constexpr const char* server = "/_apis/latchkey/policies/";
  static constexpr const char* own = "/halden/_apis/latchkey/policies/";
  Desk desk_;
  Fields admin_ = desk_.sign_in("admin@example.com"), ann_ = desk_.sign_in("ann@example.com");
};

TEST_F(PolicyRoutes, name_each_violation_and_tell_it_beforehand) {
  const std::string narrow = R"("scope":"vso.code")", full = R"("scope":"app_token")",
                    global = R"("scope":"vso.code","allOrgs":true)";
  EXPECT_EQ(violation(global), "none");
  EXPECT_EQ(put(server + std::string("restrict-global-tokens"), R"({"value":true})").status, 200);
  EXPECT_EQ(violation(global), "globalPatPolicyViolation");
  EXPECT_EQ(put(server + std::string("restrict-full-scope"), R"({"value":true})").status, 200);
  EXPECT_EQ(violation(full), "fullScopePatPolicyViolation");
  EXPECT_EQ(put(own + std::string("forbidden-scopes"), R"({"value":["vso.build"]})").status, 200);
  EXPECT_EQ(violation(R"("scope":"vso.build_execute")"), "invalidScope");
  EXPECT_EQ(hints().text("/allOrganizations/allowed"), "false");
  EXPECT_EQ(hints().text("/fullAccess/allowed"), "false");
  EXPECT_EQ(hints().text("/fullAccess/ask/0/email"), "admin@example.com");
  EXPECT_EQ(hints().text("/creation/allowed"), "true");
  EXPECT_TRUE(hints().text("/forbiddenScopes").contains("vso.build"));

  EXPECT_EQ(put(server + std::string("maximum-lifespan-days"), R"({"value":30})").status, 200);
  EXPECT_EQ(hints().text("/longestDays"), "30");
  const auto issued = desk_.send(Method::post, "/halden/_apis/tokens/pats", ann_,
                                 R"({"displayName":"t","scope":"vso.code","validTo":"2027-06-01"})");
  EXPECT_TRUE(issued.text("/patToken/validTo").starts_with("2026-12-24")) << issued.body;  // cut
  Fields page = ann_;
  page.emplace_back("Sec-Fetch-Site", "same-origin");
  EXPECT_EQ(desk_
                .send(Method::post, "/halden/_apis/tokens/pats", page,
                      R"({"displayName":"t","scope":"vso.code","validTo":"2027-06-01"})")
                .text("/patTokenError"),
            "patLifespanPolicyViolation");

  EXPECT_EQ(put(own + std::string("tokens-per-user"), R"({"value":1})").status, 200);
  EXPECT_EQ(violation(narrow), "accessDenied");
  EXPECT_EQ(put(own + std::string("restrict-creation"), R"({"value":true})").status, 200);
  EXPECT_EQ(violation(R"("scope":"vso.packaging")"), "disablePatCreationPolicyViolation");
  EXPECT_EQ(hints().text("/creation/allowed"), "false");
  const auto regenerated = desk_.send(
      Method::post, "/halden/_apis/tokens/pats/" + issued.text("/patToken/authorizationId") + "/regenerate",
      ann_, "{}");
  EXPECT_EQ(regenerated.text("/patTokenError"), "disablePatCreationPolicyViolation");
}

TEST_F(PolicyRoutes, list_all_set_dry_run_and_clear) {
  EXPECT_EQ(violation(R"("scope":"app_token")"), "none");
  const auto all = desk_.get("/_apis/latchkey/policies", admin_);
  EXPECT_EQ(all.text("/count"), "4");
  const std::string at = server + std::string("restrict-full-scope");
  const std::string change =
      R"({"value":true,"warnFrom":"2026-12-01","refuseFrom":"2026-12-10","revokeFrom":"2026-12-20"})";
  const auto run = desk_.send(Method::post, at + "/dryRun", admin_, change);
  EXPECT_EQ(run.text("/tokens"), "1") << run.body;
  EXPECT_EQ(run.text("/value/0/owner/email"), "ann@example.com");
  EXPECT_EQ(run.text("/existing"), "keepWorking");
  const auto made = put(at, change);
  EXPECT_EQ(made.text("/stage"), "off");
  EXPECT_EQ(made.text("/revokeFrom"), "2026-12-20T00:00:00Z");
  EXPECT_EQ(made.text("/changedBy/email"), "admin@example.com");
  EXPECT_EQ(desk_.send(Method::delete_, at, admin_, "").text("/stage"), "off");
  EXPECT_EQ(desk_.get("/halden/_apis/latchkey/policies", admin_).text("/count"), "7");
}

TEST_F(PolicyRoutes, judge_a_token_for_all_where_it_is_renewed_and_its_scopes_given_back) {
  const std::string tokens = "/halden/_apis/tokens/pats";
  const auto made = desk_.send(Method::post, tokens, ann_,
                               R"({"displayName":"t","scope":"vso.build vso.code","allOrgs":true})");
  const auto id = made.text("/patToken/authorizationId");
  const std::string shrink = "/halden/_apis/latchkey/tokens/" + id + "/shrink";
  const auto renewed = [&] {
    return desk_.send(Method::post, tokens + "/" + id + "/regenerate", ann_, "{}").text("/patTokenError");
  };
  const std::string forbidden = own + std::string("forbidden-scopes");
  EXPECT_EQ(put(forbidden, R"({"value":["vso.build"]})").status, 200);
  EXPECT_EQ(renewed(), "invalidScope");
  EXPECT_EQ(desk_.send(Method::post, shrink, ann_, R"({"scopes":["vso.code"]})").status, 200);
  EXPECT_EQ(renewed(), "none");
  EXPECT_EQ(desk_.send(Method::delete_, shrink, ann_, "").status, 400);
  EXPECT_EQ(desk_.send(Method::delete_, forbidden, admin_, "").status, 200);
  EXPECT_EQ(desk_.send(Method::delete_, shrink, ann_, "").status, 200);
}

TEST_F(PolicyRoutes, say_which_field_is_wrong) {
  const std::string at = own + std::string("source-networks");
  for (const auto* wrong : {R"({})", R"({"value":"10.0.0.0/99"})", R"({"value":true})", R"({"value":[]})",
                            R"({"value":["10.0.0.0/8"],"refuseFrom":"never"})",
                            R"({"value":["10.0.0.0/8"],"exceptions":[{"kind":"team","id":"x"}]})",
                            R"({"value":["10.0.0.0/8"],"exceptions":{}})"})
    EXPECT_EQ(put(at, wrong).status, 400) << wrong;
  EXPECT_EQ(put(own + std::string("restrict-full-scope"), R"({"value":true})").status, 404)
      << "it is the server's";
  EXPECT_EQ(put(at, R"({"value":["10.0.0.0/8","2001:db8::/32"]})").text("/value/1"), "2001:db8::/32");
}

}  // namespace
}  // namespace latchkey::api
