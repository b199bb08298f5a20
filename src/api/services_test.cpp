// Goal: the rule that decides is the first that its author would point at; what can't decide anything is
// told. Method: declarations as values; the table of path tricks against a closing rule before an open one.
// SPDX-License-Identifier: Apache-2.0
#include "api/services.hpp"

#include <gmock/gmock.h>

#include "api/path_tricks_test.hpp"
#include "api/proxied_path.hpp"

namespace latchkey::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RuleDeclaration rule(std::string path, std::string scope, std::vector<std::string> methods = {},
                     std::string origin = "f, line 1") {
  return {std::move(path), std::move(methods), std::move(scope), std::move(origin)};
}

struct Compiled {
  std::shared_ptr<const Services> services;
  std::vector<std::string> errors, warnings;

  // The scope that decides; "no service", "no rule", "no reading".
  [[nodiscard]] std::string_view asks(std::string_view host, std::string_view target,
                                      std::string_view method = "GET") const {
    PathBuffer buffer;
    const auto path = read_proxied_path(target, buffer);
    if (!path) return "no reading";
    const auto* service = services->find_service(host);
    if (service == nullptr) return "no service";
    const auto* found = Services::find_rule(*service, *path, method);
    return found == nullptr ? "no rule" : token::describe(found->scope).id;
  }
};
Compiled compile(std::vector<ServiceDeclaration> services) {
  Compiled made;
  made.services =
      Services::compile({.scopes = {}, .services = std::move(services)}, made.errors, made.warnings);
  return made;
}
Compiled compile(std::vector<RuleDeclaration> rules) {
  return compile(std::vector{ServiceDeclaration{"h", "", std::move(rules), "f, line 0"}});
}

TEST(Services, match_by_host_without_case_and_by_the_port_where_they_name_one) {
  const auto made = compile(std::vector<ServiceDeclaration>{{"b:81", "", {rule("/**", "vso.wiki")}, ""},
                                                            {"B", "", {rule("/**", "vso.code")}, ""},
                                                            {"[::1]", "", {rule("/**", "vso.work")}, ""}});
  ASSERT_THAT(made.errors, IsEmpty());
  EXPECT_EQ(made.asks("B:81", "/"), "vso.wiki");
  for (const auto* host : {"b", "B", "b:80", "b:811"}) EXPECT_EQ(made.asks(host, "/"), "vso.code") << host;
  EXPECT_EQ(made.asks("[::1]", "/"), "vso.work");
  EXPECT_EQ(made.asks("[::1]:80", "/"), "vso.work");
  for (const auto* host : {"", "b.", "a.b", "b, b", "bb", "b:81:81", ":", "[::1", "b@b"})
    EXPECT_EQ(made.asks(host, "/"), "no service") << host;
}

TEST(Services, take_the_first_rule_that_matches_path_and_method) {
  const auto made =
      compile({rule("/a/*/c", "vso.wiki"), rule("/a/**", "vso.code", {"GET", "head"}),
               rule("/a/b", "vso.build", {"POST"}), rule("/", "vso.work"), rule("/é", "vso.test")});
  ASSERT_THAT(made.errors, IsEmpty());
  EXPECT_EQ(made.asks("h", "/a/x/c", "PUT"), "vso.wiki");
  for (const auto* path : {"/a", "/a/", "/A/b", "/a/b/c/d", "/%61/x"})
    EXPECT_EQ(made.asks("h", path), "vso.code") << path;
  EXPECT_EQ(made.asks("h", "/a", "get"), "vso.code");
  EXPECT_EQ(made.asks("h", "/a", "HEAD"), "vso.code");
  EXPECT_EQ(made.asks("h", "/a/b", "POST"), "vso.build");
  EXPECT_EQ(made.asks("h", "/a/b", "post"), "vso.build");
  EXPECT_EQ(made.asks("h", "/?x"), "vso.work");
  EXPECT_EQ(made.asks("h", "/%C3%A9"), "vso.test");
  for (const auto* path : {"/ab", "/x", "/a/b/c"})
    EXPECT_EQ(made.asks("h", path, "DELETE"), path == std::string("/a/b/c") ? "vso.wiki" : "no rule");
  EXPECT_EQ(made.asks("h", "/a/b", "PATCH"), "no rule");
}

TEST(Services, are_not_stepped_around_by_the_spelling_of_a_path) {
  const auto made = compile(
      {rule("/admin/**", "vso.code_manage"), rule("/public/**", "vso.code"), rule("/**", "vso.code")});
  for (const auto& trick : path_tricks())
    EXPECT_EQ(made.asks("h", trick.target), trick.readable ? "vso.code_manage" : "no reading")
        << trick.target;
}

TEST(Services, tell_everything_that_is_wrong_with_its_line) {
  const auto made = compile(std::vector<ServiceDeclaration>{
      {"a b",
       "",
       {rule("x", "vso.code", {}, "f, line 2"), rule("/*x", "vso.code", {}, "f, line 3")},
       "f, line 1"},
      {"c", "a\nb", {rule("/", "no.such", {"G T"}, "f, line 5")}, "f, line 4"}});
  EXPECT_EQ(made.services, nullptr);
  EXPECT_THAT(
      made.errors,
      ElementsAre(HasSubstr("f, line 1: the host"), HasSubstr("f, line 2: the path \"x\" must begin"),
                  HasSubstr("f, line 3: no request has the path"), HasSubstr("f, line 4: the organization"),
                  HasSubstr("f, line 5: there is no scope \"no.such\""), HasSubstr("f, line 5: \"G T\"")));
}

TEST(Services, declare_no_scope_where_anything_else_in_the_file_is_wrong) {
  std::vector<std::string> errors{"f, line 1: listen must be a text"}, warnings;
  const token::ScopeDeclaration scope{
      .id = "services.test", .description = "", .includes = "vso.code", .origin = "f, line 2"};
  EXPECT_EQ(Services::compile({.scopes = {scope}, .services = {}}, errors, warnings), nullptr);
  EXPECT_THAT(errors, testing::SizeIs(1));
  EXPECT_FALSE(token::find_scope("services.test"));
}

TEST(Services, refuse_patterns_that_no_request_can_have) {
  for (const auto* path : {"", "//", "/a//b", "/a/../b", "/.", "/a;b", "/a%20b", "/a?b", "/a#b", "/a\\b",
                           "/**/a", "/a**", "/***", "/a*b", "/a.", "/a "})
    EXPECT_THAT(compile({rule(path, "vso.code")}).errors, testing::Not(IsEmpty())) << path;
  for (const auto* path : {"/", "/**", "/*", "/a b/é", "/a/", "/.well-known/*/x"})
    EXPECT_THAT(compile({rule(path, "vso.code")}).errors, IsEmpty()) << path;
}

TEST(Services, warn_of_rules_that_never_match) {
  const auto shadowed = [](RuleDeclaration first, RuleDeclaration second) {
    second.origin = "f, line 7";
    const auto made = compile({std::move(first), std::move(second)});
    return std::ranges::find_if(made.warnings, [](const auto& warning) {
             return warning.starts_with("f, line 7: this rule never matches");
           }) != made.warnings.end();
  };
  const auto *a = "vso.code", *b = "vso.wiki";
  EXPECT_TRUE(shadowed(rule("/**", a), rule("/x", b)));
  EXPECT_TRUE(shadowed(rule("/x/**", a), rule("/X", b)));
  EXPECT_TRUE(shadowed(rule("/*/y", a), rule("/x/y", b)));
  EXPECT_TRUE(shadowed(rule("/x/**", a), rule("/x/*/**", b)));
  EXPECT_TRUE(shadowed(rule("/**", a, {"GET", "PUT"}), rule("/x", b, {"get"})));
  EXPECT_FALSE(shadowed(rule("/**", a, {"GET"}), rule("/x", b, {"GET", "PUT"})));
  EXPECT_FALSE(shadowed(rule("/**", a, {"GET"}), rule("/x", b)));
  EXPECT_FALSE(shadowed(rule("/x", a), rule("/**", b)));
  EXPECT_FALSE(shadowed(rule("/x/y", a), rule("/*/y", b)));
  EXPECT_FALSE(shadowed(rule("/x/*", a), rule("/x/**", b)));
  EXPECT_FALSE(shadowed(rule("/x/*/**", a), rule("/x/**", b)));
  const auto made =
      compile({rule("/**", a, {"GET"}), rule("/**", a, {"PUT"}), rule("/x", b, {"GET", "PUT"}, "f, line 9")});
  EXPECT_THAT(made.warnings, ElementsAre(HasSubstr("f, line 9: this rule never matches")));
}

TEST(Services, warn_of_a_service_that_nothing_reaches) {
  const auto made =
      compile(std::vector<ServiceDeclaration>{{"a", "", {rule("/", "vso.code")}, "f, line 1"},
                                              {"A:80", "", {rule("/", "vso.code")}, "f, line 2"},
                                              {"b", "", {}, "f, line 3"}});
  EXPECT_THAT(made.warnings, ElementsAre(HasSubstr("f, line 2: no request reaches this service: f, line 1"),
                                         HasSubstr("f, line 3: the service has no rule")));
}

}  // namespace
}  // namespace latchkey::api
