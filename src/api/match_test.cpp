// Goal: each request finds its one row, or learns why there is none. Method: tables over the real routes and
// over small ones made for a rule.
// SPDX-License-Identifier: Apache-2.0
#include "api/match.hpp"

#include <gtest/gtest.h>

#include "http/path.hpp"

namespace latchkey::api {
namespace {

using http::Method;

Match find(Method method, std::string_view path, std::string_view service = "", bool html = false) {
  const auto segments = http::split_path(path);
  EXPECT_TRUE(segments) << path;
  return find_route(routes(), method, *segments, service, html);
}

std::string captured(const Match& match) {
  std::string text;
  for (const auto& [name, value] : match.captures) text += std::string(name) + "=" + value + ";";
  return text;
}

TEST(FindRoute, finds_the_row_and_what_its_template_takes) {
  struct Case {
    Method method;
    std::string_view path, service, template_, captures;
  };
  const Case cases[] = {
      {Method::get, "/", "", "/", ""},
      {Method::head, "/", "", "/", ""},
      {Method::get, "/healthz/", "", "/healthz", ""},
      {Method::get, "/Contoso/_apis/projects", "", "/{organization}/_apis/projects", "organization=Contoso;"},
      {Method::get, "/c/_APIS/Projects/P%20x", "", "/{organization}/_apis/projects/{projectId}",
       "organization=c;projectId=P x;"},
      {Method::options, "/c/_apis", "", "/{organization}/_apis/[{area}]", "organization=c;"},
      {Method::options, "/c/_apis/", "", "/{organization}/_apis/[{area}]", "organization=c;"},
      {Method::options, "/c/_apis/Location", "", "/{organization}/_apis/[{area}]",
       "organization=c;area=Location;"},
      {Method::get, "/c/_apis/build/builds", "", "/{organization}/[{project}]/_apis/build/builds",
       "organization=c;"},
      {Method::get, "/c/p/_apis/build/Builds/7", "",
       "/{organization}/[{project}]/_apis/build/builds/{buildId}", "organization=c;project=p;buildId=7;"},
      {Method::get, "/c/p/_git/r/info/refs", "git-upload-pack",
       "/{organization}/[{project}]/_git/{repository}/info/refs", "organization=c;project=p;repository=r;"},
      {Method::post, "/c/_git/r/git-receive-pack", "",
       "/{organization}/[{project}]/_git/{repository}/git-receive-pack", "organization=c;repository=r;"},
      {Method::put, "/c/p/_git/r.git/info/lfs/a/b", "",
       "/{organization}/[{project}]/_git/{repository}/info/lfs/{*path}",
       "organization=c;project=p;repository=r.git;path=a/b;"},
  };
  for (const auto& c : cases) {
    const auto match = find(c.method, c.path, c.service);
    ASSERT_EQ(match.outcome, Match::Outcome::found) << c.path;
    EXPECT_EQ(match.route->path, c.template_) << c.path;
    EXPECT_EQ(captured(match), c.captures) << c.path;
  }
}

TEST(FindRoute, tells_the_service_of_git_apart) {
  EXPECT_EQ(find(Method::get, "/c/p/_git/r/info/refs", "git-upload-pack").route->scope, "vso.code");
  EXPECT_EQ(find(Method::get, "/c/p/_git/r/info/refs", "git-receive-pack").route->scope, "vso.code_write");
  EXPECT_EQ(find(Method::get, "/c/p/_git/r/info/refs", "").outcome, Match::Outcome::wrong_service);
  EXPECT_EQ(find(Method::get, "/c/p/_git/r/info/refs", "git-upload-archive").outcome,
            Match::Outcome::wrong_service);
}

TEST(FindRoute, shows_pages_to_who_takes_html_alone) {
  for (const auto* path : {"/c", "/c/_usersSettings", "/c/_usersSettings/tokens/new", "/c/_settings/users",
                           "/c/_details/security/tokens", "/c/p/_git", "/c/p/_git/r", "/c/_git/r"}) {
    EXPECT_EQ(find(Method::get, path).outcome, Match::Outcome::no_such_path) << path;
    const auto match = find(Method::get, path, "", true);
    ASSERT_EQ(match.outcome, Match::Outcome::found) << path;
    EXPECT_EQ(match.route->callers, Callers::browser) << path;
  }
  EXPECT_EQ(find(Method::get, "/", "", true).route->callers, Callers::browser);
  EXPECT_EQ(find(Method::get, "/").route->callers, Callers::anyone);
  EXPECT_EQ(find(Method::get, "/healthz", "", true).route->callers, Callers::anyone);
  for (const auto* path : {"/favicon.ico", "/_apis", "/_nothing"})
    EXPECT_EQ(find(Method::get, path, "", true).outcome, Match::Outcome::no_such_path) << path;
  EXPECT_EQ(find(Method::get, "/c/p/_git/r/info/refs", "git-upload-pack", true).route->scope, "vso.code");
}

TEST(FindRoute, names_the_methods_of_a_path_that_is_there) {
  const auto match = find(Method::put, "/c/_apis/projects");
  EXPECT_EQ(match.outcome, Match::Outcome::wrong_method);
  EXPECT_EQ(match.allow, "GET, POST");
  EXPECT_EQ(find(Method::other, "/healthz").allow, "GET");
}

TEST(FindRoute, finds_nothing_where_nothing_is) {
  for (const auto* path :
       {"/c", "/c/_apis/nothing", "/c/_apis/projects/p/q", "/_apis/projects", "/c/p/_git/r/HEAD",
        "/c/p/_git/r", "/c/p/_git/r/info/lfs", "/c/p/q/_apis/build/builds"})
    EXPECT_EQ(find(Method::get, path).outcome, Match::Outcome::no_such_path) << path;
}

TEST(SpelledPaths, writes_optional_segments_out) {
  EXPECT_EQ(spelled_paths("/{o}/[{p}]/_git/{r}"),
            (std::vector<std::string>{"/{o}/{p}/_git/{r}", "/{o}/_git/{r}"}));
  EXPECT_EQ(spelled_paths("/{o}/_apis/[{area}]"),
            (std::vector<std::string>{"/{o}/_apis/{area}", "/{o}/_apis"}));
  EXPECT_EQ(spelled_paths("/"), std::vector<std::string>{"/"});
}

TEST(Routes, are_a_policy_without_holes) {
  for (const Route& row : routes()) {
    EXPECT_EQ((row.handler != nullptr) + (row.at_once != nullptr) + (row.on_reactor != nullptr) +
                  !row.git_service.empty() + (row.callers == Callers::proxy),
              1)
        << row.path;
    EXPECT_EQ(row.callers == Callers::proxy, row.path.starts_with("/_auth")) << row.path;
    EXPECT_TRUE(row.scope.empty() || token::find_scope(row.scope))
        << row.path << " names no scope: " << row.scope;
    EXPECT_FALSE(row.any_scope && !row.scope.empty()) << row.path;
    EXPECT_EQ(row.git, row.path.contains("/_git/") && row.callers != Callers::browser) << row.path;
    EXPECT_EQ(row.git || row.on_reactor != nullptr, row.callers == Callers::token)
        << row.path << ": what only services call, and the reactor answers only whom it knows";
    EXPECT_EQ(row.location_template.empty() || !row.location.empty(), true) << row.path;
    if (row.callers == Callers::session_or_token)
      EXPECT_TRUE(row.path.starts_with("/{organization}/")) << row.path;
    if (row.callers == Callers::anyone)
      EXPECT_TRUE(row.at_once != nullptr || row.path == "/_session" || row.path == "/_setup" ||
                  row.path == "/_invitation" || row.path == "/_forgot" || row.path == "/_password" ||
                  row.path == "/_apis/latchkey/password-reset" || row.path == "/_calendar/{code}")
          << row.path;
    if (row.callers == Callers::browser) EXPECT_EQ(row.method, Method::get) << row.path;
  }
}

}  // namespace
}  // namespace latchkey::api
