// Goal: forward-auth says yes only to a trusted proxy, about a request that it can read, with a token that
// opens it. Method: the whole entry over a real index; requests are values. Real proxies:
// test/contract/forward_auth_test.py.
// SPDX-License-Identifier: Apache-2.0
#include "api/forward_auth.hpp"

#include <gtest/gtest.h>

#include <cctype>

#include "api/path_tricks_test.hpp"
#include "api/testing.hpp"
#include "authority/directory.hpp"

namespace latchkey::api {
namespace {

const Fields original{
    {"X-Original-Host", "site.example.com"}, {"X-Original-URI", "/open/x?y"}, {"X-Original-Method", "GET"}};
const Fields forwarded{{"X-Forwarded-Host", "site.example.com"},
                       {"X-Forwarded-Uri", "/open/x?y"},
                       {"X-Forwarded-Method", "GET"}};

class ForwardAuthTest : public ::testing::Test {
 protected:
  ForwardAuthTest() { use(settings("halden")); }

  static Declarations settings(std::string organization) {
    return {.scopes = {},
            .services = {{"site.example.com",
                          std::move(organization),
                          {{"/closed/**", {}, "vso.code_manage", ""}, {"/open/**", {}, "vso.code", ""}},
                          ""}}};
  }
  void use(const Declarations& declarations) {
    std::vector<std::string> errors, warnings;
    auto made = Services::compile(declarations, errors, warnings);
    ASSERT_TRUE(errors.empty()) << errors.front();
    desk_.services.replace(std::move(made));
  }

  Answer ask(std::string target, Fields fields, const Fields& credential = {},
             std::string address = "10.0.0.1") {
    fields.insert(fields.end(), credential.begin(), credential.end());
    return desk_.ask({.target = std::move(target),
                      .fields = std::move(fields),
                      .host = "whatever.example.com",
                      .peer = {.address = std::move(address), .loopback = false, .secure = false}});
  }
  Answer about(const std::string& target, const Fields& credential, std::string method = "GET") {
    return ask("/_auth",
               {{"X-Original-Host", "site.example.com"},
                {"X-Original-URI", target},
                {"X-Original-Method", std::move(method)}},
               credential);
  }

  Desk desk_;
  authority::World& world_ = desk_.world;
  Fields code_ = desk_.token(world_.ann, "vso.code");
};

TEST_F(ForwardAuthTest, says_whose_token_it_is) {
  const auto issued = world_.issue(world_.ann, "vso.code");
  const auto answer = ask("/_auth", original, Desk::basic(issued.text.reveal()));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.content_type, "");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"Remote-User", "ann@example.com"},
      {"X-Latchkey-User", world_.ann.text()},
      {"X-Latchkey-Organization", "halden"},
      {"X-Latchkey-Scopes", "vso.code vso.hooks vso.hooks_write vso.profile"},  // what it includes, too
      {"X-Latchkey-Token", std::string(issued.text.reveal().substr(60, 12))},
      {"X-Latchkey-Token-Expires", iso8601(issued.token.valid_to)},
      {"X-VSS-UserData", world_.ann.text() + ":ann@example.com"},
      {"Cache-Control", "no-store"}};
  for (const auto& [name, value] : expected) EXPECT_EQ(answer.all(name), std::vector{value}) << name;
  EXPECT_EQ(ask("/_auth", original, desk_.token(world_.admin, "app_token")).field("X-Latchkey-Scopes"),
            "app_token");
}

TEST_F(ForwardAuthTest, reads_each_dialect_its_own_headers) {
  EXPECT_EQ(ask("/_auth", original, code_).status, 200);
  EXPECT_EQ(ask("/_auth?a=b", original, code_).status, 200);
  EXPECT_EQ(ask("/_auth/forward?any=query", forwarded, code_).status, 200);
  const auto by_envoy = [&](const std::string& target) {
    return desk_
        .ask({.target = "/_auth/envoy" + target,
              .fields = code_,
              .host = "site.example.com",
              .peer = {.address = "10.0.0.1", .loopback = false, .secure = false}})
        .status;
  };
  EXPECT_EQ(by_envoy("/open/x?y"), 200);
  EXPECT_EQ(by_envoy("/closed/x"), 403);
  EXPECT_EQ(by_envoy("/open/../closed"), 403);
  EXPECT_EQ(ask("/_auth", forwarded, code_).status, 403);
  EXPECT_EQ(ask("/_auth/forward", original, code_).status, 403);
  EXPECT_EQ(ask("/_auth/envoy/open/x", original, code_).status, 403);
}

TEST_F(ForwardAuthTest, refuses_a_header_that_is_missing_doubled_or_of_another_dialect) {
  for (const auto& [path, fields, others] :
       {std::tuple{"/_auth", original, forwarded}, {"/_auth/forward", forwarded, original}}) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      auto missing = fields, doubled = fields, empty = fields;
      missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
      doubled.push_back(fields[i]);
      empty[i].second.clear();
      for (const auto& wrong : {missing, doubled, empty})
        EXPECT_EQ(ask(path, wrong, code_).status, 403) << fields[i].first;
    }
    auto both = fields;
    both.insert(both.end(), others.begin(), others.end());
    EXPECT_EQ(ask(path, both, code_).status, 403);
  }
  auto harmless = original;
  harmless.emplace_back("X-Forwarded-Host", "outer.example.com");
  harmless.emplace_back("X-Forwarded-For", "192.0.2.1");
  EXPECT_EQ(ask("/_auth", harmless, code_).status, 200);
}

TEST_F(ForwardAuthTest, knows_its_headers_by_the_whole_name_in_any_case) {
  for (std::size_t i = 0; i < original.size(); ++i) {
    auto loud = original;
    for (char& c : loud[i].first) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(ask("/_auth", loud, code_).status, 200) << loud[i].first;
    for (std::size_t at = 0; at < original[i].first.size(); ++at) {
      auto misspelled = original;
      misspelled[i].first[at] = '_';
      EXPECT_EQ(ask("/_auth", misspelled, code_).status, 403) << misspelled[i].first;
    }
  }
}

TEST_F(ForwardAuthTest, believes_trusted_proxies_alone) {
  for (const auto* address : {"127.0.0.1", "::1", "11.0.0.1", "192.0.2.7", ""})
    EXPECT_EQ(ask("/_auth", original, code_, address).status, 403) << address;
  EXPECT_EQ(ask("/_auth", original, code_, "10.255.255.255").status, 200);
  // Whoever asks after a trusted one is looked at himself.
  EXPECT_EQ(ask("/_auth", original, code_, "11.255.255.255").status, 403);
  EXPECT_EQ(ask("/_auth", original, code_, "").status, 403);
  EXPECT_EQ(ask("/_auth", original, code_, "10.255.255.254").status, 200);
}

TEST_F(ForwardAuthTest, is_found_by_its_exact_paths_alone) {
  for (const auto* path :
       {"/_Auth", "/_auth/", "/_auth/forward/", "/_auth/other", "/_auth/envoy", "/tfs/_auth", "//_auth"}) {
    const auto answer = desk_.ask({.target = path,
                                   .fields = original,
                                   .peer = {.address = "10.0.0.1", .loopback = false, .secure = false}});
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << path << answer.status;
  }
}

TEST_F(ForwardAuthTest, challenges_who_has_no_good_credential_all_alike) {
  const auto first = ask("/_auth", original);
  EXPECT_EQ(first.status, 401);
  EXPECT_EQ(first.all("WWW-Authenticate"),
            (std::vector<std::string>{"Basic realm=\"http://localhost:8080\"", "Bearer"}));
  const auto never = token::issue(world_.now());
  for (const auto& credential :
       {Desk::basic(never.text.reveal()), Desk::bearer("x"), Desk::basic("password", "ann"),
        Fields{{"Authorization", "Basic %"}}, Fields{{"Cookie", "latchkey=x"}}}) {
    const auto answer = ask("/_auth", original, credential);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.fields, first.fields);
    EXPECT_EQ(answer.body, first.body);
  }
  const auto browser = ask("/_auth", original, {{"Sec-Fetch-Mode", "navigate"}});
  EXPECT_EQ(browser.status, 401);
  EXPECT_EQ(browser.all("WWW-Authenticate"), std::vector<std::string>{"Bearer"});
}

TEST_F(ForwardAuthTest, refuses_a_scope_that_is_too_small_by_its_name) {
  const auto answer = about("/closed/x", code_);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.field("WWW-Authenticate"),
            "Bearer error=\"insufficient_scope\", scope=\"vso.code_manage\"");
  EXPECT_EQ(about("/closed/x", desk_.token(world_.ann, "vso.code_manage")).status, 200);
}

TEST_F(ForwardAuthTest, refuses_what_no_service_and_no_rule_names) {
  const auto full = desk_.token(world_.admin, "app_token");
  EXPECT_EQ(about("/x", full).status, 403);
  auto elsewhere = original;
  elsewhere[0].second = "other.example.com";
  EXPECT_EQ(ask("/_auth", elsewhere, full).status, 403);
}

TEST_F(ForwardAuthTest, is_not_stepped_around_by_the_spelling_of_a_path) {
  use({.scopes = {},
       .services = {{"site.example.com",
                     "halden",
                     {{"/admin/**", {}, "vso.code_manage", ""}, {"/**", {}, "vso.code", ""}},
                     ""}}});
  for (const auto& trick : path_tricks()) EXPECT_EQ(about(trick.target, code_).status, 403) << trick.target;
}

TEST_F(ForwardAuthTest, refuses_an_ended_token_and_tells_its_holder) {
  const auto issued = world_.issue(world_.ann, "vso.code");
  const auto credential = Desk::basic(issued.text.reveal());
  EXPECT_EQ(ask("/_auth", original, credential).status, 200);
  authority::revoke_token(world_.authority(), authority::World::signed_in(world_.ann), issued.token.id);
  const auto answer = ask("/_auth", original, credential);
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.text("/message").contains("was revoked on")) << answer.body;
  authority::set_user_enabled(world_.authority(), authority::World::signed_in(world_.admin), world_.ann,
                              false);
  EXPECT_EQ(ask("/_auth", original, code_).status, 401);
}

TEST_F(ForwardAuthTest, takes_tokens_of_the_services_organization) {
  use(settings("Nowhere"));
  EXPECT_EQ(ask("/_auth", original, code_).status, 401);
  use(settings("HALDEN"));
  EXPECT_EQ(ask("/_auth", original, code_).field("X-Latchkey-Organization"), "HALDEN");
}

TEST_F(ForwardAuthTest, takes_any_organization_only_while_the_token_works_in_one) {
  use(settings(""));
  const auto answer = ask("/_auth", original, code_);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("X-Latchkey-Organization"), "halden");
  world_.write([&](store::Transaction& transaction) {
    store::delete_membership(transaction, world_.organization, world_.ann);
  });
  EXPECT_EQ(ask("/_auth", original, code_).status, 401);
}

TEST_F(ForwardAuthTest, follows_a_reload_at_the_next_request) {
  EXPECT_EQ(about("/new", code_).status, 403);
  auto more = settings("halden");
  more.services[0].rules.push_back({"/new", {}, "vso.code", ""});
  use(more);
  EXPECT_EQ(about("/new", code_).status, 200);
  desk_.services.keep("latchkey.toml, line 3: wrong");
  EXPECT_EQ(about("/new", code_).status, 200);
  EXPECT_TRUE(desk_.get("/readyz").body.contains("latchkey.toml, line 3: wrong"));
  EXPECT_EQ(desk_.get("/readyz").status, 200);
  for (const auto& passed_on :
       {Fields{{"X-Forwarded-For", "192.0.2.7"}}, Fields{{"Forwarded", "for=192.0.2.7"}}}) {
    const auto answer = desk_.ask({.target = "/readyz", .fields = passed_on});
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with("ready, under the settings from before"));
    EXPECT_FALSE(answer.body.contains("line 3"));
  }
  use(settings("halden"));
  EXPECT_EQ(about("/new", code_).status, 403);
  EXPECT_EQ(desk_.get("/readyz").body, "ready\n");
}

}  // namespace
}  // namespace latchkey::api
