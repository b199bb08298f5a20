// Groups, roles on projects and the allow list over HTTP: shapes, refusals, and that what the list opens is
// open to a restricted token, and to no other.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/match.hpp"
#include "api/testing.hpp"
#include "authority/projects.hpp"

namespace latchkey::api {
namespace {

using http::Method;

struct Groups : ::testing::Test {
  Desk desk;
  Fields admin = desk.sign_in("admin@example.com");
  const std::string base = "/halden/_apis/latchkey/", groups = base + "groups";
  std::string ann = desk.world.ann.text(), ben = desk.world.ben.text();

  std::string make(const std::string& name, const std::string& in = "/halden/_apis/latchkey/groups") {
    const auto answer = desk.send(Method::post, in, admin, R"({"name":")" + name + R"("})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.text("/id");
  }
  Answer put(const std::string& target, const std::string& body = "{}") {
    return desk.send(Method::put, target, admin, body);
  }
  Answer remove(const std::string& target) { return desk.send(Method::delete_, target, admin, ""); }
  Answer allow(const std::string& subjects,
               const std::string& path = "/{organization}/_apis/latchkey/groups") {
    return put(base + "allowList",
               R"({"method":"GET","path":")" + path + R"(","subjects":[)" + subjects + "]}");
  }
  static std::string subject(const std::string& kind, const std::string& id) {
    return R"({"kind":")" + kind + R"(","id":")" + id + R"("})";
  }
};

TEST_F(Groups, live_and_are_listed_in_pages) {
  const auto id = make("Builders");
  make("Makers");
  EXPECT_EQ(put(groups + "/" + id + "/members/" + ann).status, 204);
  EXPECT_EQ(put(groups + "/" + id + "/members/" + ann).status, 204);
  const auto first = desk.get(groups + "?top=1", admin);
  EXPECT_EQ(first.text("/count"), "1");
  EXPECT_EQ(first.text("/value/0/name"), "Builders");
  EXPECT_EQ(first.text("/value/0/members"), "1");
  EXPECT_EQ(first.text("/next"), "Builders");
  const auto second = desk.get(groups + "?top=1&after=Builders", admin);
  EXPECT_EQ(second.text("/value/0/name"), "Makers");
  EXPECT_EQ(second.text("/next"), "(missing)");
  const auto members = desk.get(groups + "/" + id + "/members", admin);
  EXPECT_EQ(members.text("/value/0/email"), "ann@example.com");
  EXPECT_EQ(members.text("/value/0/state"), "enabled");
  const auto edited = desk.send(Method::patch, groups + "/" + id, admin, R"({"description":"who build"})");
  EXPECT_EQ(edited.text("/name"), "Builders");
  EXPECT_EQ(edited.text("/description"), "who build");
  EXPECT_EQ(remove(groups + "/" + id + "/members/" + ann).status, 204);
  EXPECT_EQ(remove(groups + "/" + id + "/members/" + ann).status, 404);
  EXPECT_EQ(remove(groups + "/" + id).status, 204);
  EXPECT_EQ(desk.get(groups + "/" + id, admin).status, 404);
}

TEST_F(Groups, of_the_server_are_others) {
  const auto here = make("Builders"), there = make("Builders", "/_apis/latchkey/groups");
  EXPECT_EQ(desk.get(groups + "/" + there, admin).status, 404);
  EXPECT_EQ(desk.get("/_apis/latchkey/groups/" + here, admin).status, 404);
  EXPECT_EQ(desk.get("/_apis/latchkey/groups/" + there, admin).text("/name"), "Builders");
}

TEST_F(Groups, say_what_is_wrong) {
  const auto id = make("Builders");
  EXPECT_EQ(desk.send(Method::post, groups, admin, R"({"name":"BUILDERS"})").status, 409);
  EXPECT_EQ(desk.send(Method::post, groups, admin, "{}").text("/field"), "name");
  EXPECT_EQ(desk.get(groups + "/nonsense", admin).status, 404);
  const auto stranger = desk.world.add_user("eve@example.com", {}).text();
  const auto answer = put(groups + "/" + id + "/members/" + stranger);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.text("/field"), "userId");
}

TEST_F(Groups, have_roles_on_projects) {
  static_cast<void>(create_project(desk.world.authority(), authority::World::signed_in(desk.world.admin),
                                   desk.world.organization, {.name = "Garage", .description = {}}));
  const auto id = make("Builders");
  const auto roles = base + "projects/Garage/roles";
  EXPECT_EQ(put(roles + "/group/" + id, R"({"role":"contributor"})").text("/subject/name"), "Builders");
  EXPECT_EQ(put(roles + "/user/" + ben, R"({"role":"administrator"})").text("/role"), "administrator");
  EXPECT_EQ(put(roles + "/team/" + ben, R"({"role":"reader"})").status, 404);
  EXPECT_EQ(put(roles + "/user/" + ben, R"({"role":"owner"})").status, 400);
  EXPECT_EQ(put(roles + "/group/" + ben, R"({"role":"reader"})").text("/field"), "id");
  const auto listed = desk.get(roles, admin);
  EXPECT_EQ(listed.text("/count"), "2");
  EXPECT_EQ(listed.text("/value/0/subject/kind"), "group");
  EXPECT_EQ(listed.text("/value/1/subject/name"), "ben");
  EXPECT_EQ(remove(roles + "/group/" + id).status, 204);
  EXPECT_EQ(remove(roles + "/group/" + id).status, 404);
}

TEST_F(Groups, and_people_open_routes_that_need_full_access) {
  const auto token = desk.token(desk.world.admin, "vso.code"),
             full = desk.token(desk.world.admin, "app_token");
  EXPECT_EQ(desk.get(groups, full).status, 200);
  const auto refused = desk.get(groups, token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.fields.contains("insufficient_scope")) << refused.fields;
  const auto id = make("Builders");
  const auto opened = allow(subject("group", id));
  EXPECT_EQ(opened.status, 200) << opened.body;
  EXPECT_EQ(opened.text("/subjects/0/name"), "Builders");
  EXPECT_EQ(desk.get(groups, token).status, 403);
  EXPECT_EQ(put(groups + "/" + id + "/members/" + desk.world.admin.text()).status, 204);
  EXPECT_EQ(desk.get(groups, token).status, 200);
  EXPECT_EQ(desk.get(groups + "/" + id, token).status, 403);  // another route
  // What a session alone may do stays so, and the owner's rights bound what the token may.
  EXPECT_EQ(desk.send(Method::post, groups, token, R"({"name":"x"})").status, 403);
  EXPECT_EQ(allow(subject("user", ann)).status, 200);
  EXPECT_EQ(desk.get(groups, token).status, 403);
  const auto anns = desk.get(groups, desk.token(desk.world.ann, "vso.code"));
  EXPECT_EQ(anns.status, 403);
  EXPECT_FALSE(anns.fields.contains("insufficient_scope"));  // it is open, but Ann is no administrator
  EXPECT_EQ(allow("").text("/subjects"), "[]");
  EXPECT_TRUE(desk.get(groups, desk.token(desk.world.ann, "vso.code")).fields.contains("insufficient_scope"));
}

TEST_F(Groups, are_shown_as_broken_where_they_are_gone) {
  const auto id = make("Builders");
  EXPECT_EQ(allow(subject("group", id)).status, 200);
  EXPECT_EQ(remove(groups + "/" + id).status, 204);
  const auto listed = desk.get(base + "allowList", admin);
  EXPECT_EQ(listed.text("/value/0/path"), "/{organization}/_apis/latchkey/groups");
  EXPECT_EQ(listed.text("/value/0/subjects/0/broken"), "true");
  EXPECT_EQ(listed.text("/value/0/subjects/0/id"), id);
}

TEST_F(Groups, open_no_route_that_has_a_scope_or_takes_no_token) {
  for (const std::string path : {"/{organization}/_apis/projects", "/{organization}/_apis/latchkey/members",
                                 "/{organization}/_apis/connectionData", "/nowhere"}) {
    const auto answer = allow(subject("user", ann), path);
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(answer.text("/field"), "path");
  }
  EXPECT_EQ(allow(R"({"kind":"user"})").text("/field"), "subjects");
  EXPECT_EQ(allow(subject("team", ann)).text("/field"), "subjects");
  EXPECT_EQ(allow(subject("group", ann)).text("/field"), "subjects");
  std::string many = subject("user", ann);
  for (int i = 0; i < 100; ++i) many += "," + subject("user", ann);
  EXPECT_EQ(allow(many).text("/field"), "subjects");
}

// Each route that a token can only call with full access says what it is for, and the list has it; the list
// has no other.
TEST_F(Groups, allow_list_names_the_routes_without_a_scope) {
  const auto listed = desk.get(base + "allowList", admin).json();
  std::vector<std::string> told, expected;
  for (const auto& one : listed.at("value").as_array()) {
    told.push_back(std::string(one.at("method").as_string()) + " " + std::string(one.at("path").as_string()));
    EXPECT_FALSE(one.at("description").as_string().empty()) << told.back();
  }
  for (const Route& row : routes()) {
    if (row.any_scope || !row.scope.empty()) continue;
    if (row.callers != Callers::token && row.callers != Callers::session_or_token) continue;
    expected.emplace_back(route_name(row));
  }
  EXPECT_EQ(told, expected);
  EXPECT_FALSE(expected.empty());
}

}  // namespace
}  // namespace latchkey::api
