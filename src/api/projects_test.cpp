// Goal: projects, repositories and builds as stock clients make and read them. Method: requests as values
// through the real entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class Areas : public ::testing::Test {
 protected:
  Answer post(const std::string& path, const std::string& body) {
    return desk_.send(Method::post, path, admin_, body);
  }
  Answer patch(const std::string& path, const std::string& body) {
    return desk_.send(Method::patch, path, admin_, body);
  }
  Answer remove(const std::string& path) { return desk_.send(Method::delete_, path, admin_, ""); }
  Answer get(const std::string& path, const Fields& more = {}) {
    Fields fields = admin_;
    fields.insert(fields.end(), more.begin(), more.end());
    return desk_.get(path, fields);
  }
  void make_project(const std::string& name) {
    ASSERT_EQ(post("/halden/_apis/projects", R"({"name":")" + name + "\"}").status, 202);
  }

  Desk desk_;
  Fields admin_ = desk_.sign_in("admin@example.com");
};

TEST_F(Areas, show_projects_to_stock_clients) {
  const auto made =
      post("/halden/_apis/projects", R"({"name":"Fish Nets","description":"of all kinds","visibility":0})");
  ASSERT_EQ(made.status, 202) << made.body;
  EXPECT_EQ(made.text("/status"), "succeeded");
  EXPECT_EQ(made.text("/url"), "http://localhost:8080/halden/_apis/operations/" + made.text("/id"));
  EXPECT_EQ(get("/halden/_apis/operations/" + made.text("/id")).text("/status"), "succeeded");
  EXPECT_EQ(get("/halden/_apis/operations/nonsense").status, 404);

  const auto list = get("/halden/_apis/projects?api-version=7.2-preview.4&stateFilter=all");
  EXPECT_EQ(list.text("/count"), "1");
  EXPECT_EQ(list.text("/value/0/name"), "Fish Nets");
  EXPECT_EQ(list.text("/value/0/description"), "of all kinds");
  EXPECT_EQ(list.text("/value/0/state"), "wellFormed");
  EXPECT_EQ(list.text("/value/0/visibility"), "private");
  EXPECT_EQ(list.text("/value/0/lastUpdateTime"), "2026-11-24T08:00:00Z");
  const auto id = list.text("/value/0/id");
  EXPECT_EQ(list.text("/value/0/url"), "http://localhost:8080/halden/_apis/projects/" + id);
  EXPECT_EQ(get("/tfs/halden/_apis/projects/fish%20nets").text("/id"), id);
  EXPECT_EQ(get("/halden/_apis/projects/" + id + "?includeCapabilities=true")
                .text("/capabilities/versioncontrol/sourceControlType"),
            "Git");
  EXPECT_EQ(get("/halden/_apis/projects", {{"Accept", "application/json;noArrayWrap=true"}}).text("/0/id"),
            id);

  EXPECT_EQ(patch("/halden/_apis/projects/" + id, R"({"name":"Nets","visibility":"Public"})").status, 202);
  EXPECT_EQ(get("/halden/_apis/projects/nets").text("/visibility"), "public");
  EXPECT_EQ(remove("/halden/_apis/projects/" + id).text("/status"), "succeeded");
  EXPECT_EQ(get("/halden/_apis/projects/" + id).status, 404);
}

TEST_F(Areas, refuse_bad_projects_by_name) {
  make_project("nets");
  EXPECT_EQ(post("/halden/_apis/projects", R"({"name":"NETS"})").status, 409);
  EXPECT_EQ(post("/halden/_apis/projects", "{}").status, 400);
  for (const auto* name : {"", "..", "a/b", "_apis", "web.config", "a\\u0000b"})
    EXPECT_EQ(post("/halden/_apis/projects", R"({"name":")" + std::string(name) + "\"}").status, 400) << name;
  EXPECT_EQ(post("/halden/_apis/projects", R"({"name":"x","visibility":"secret"})").status, 400);
}

TEST_F(Areas, list_projects_by_pages) {
  for (const auto* name : {"a", "b", "c"}) make_project(name);
  const auto first = get("/halden/_apis/projects?%24top=2");
  EXPECT_EQ(first.text("/count"), "2");
  const auto next = first.field("x-ms-continuationtoken");
  EXPECT_EQ(next, "2");
  const auto second = get("/halden/_apis/projects?$top=2&continuationToken=" + next);
  EXPECT_EQ(second.text("/value/0/name"), "c");
  EXPECT_EQ(second.field("x-ms-continuationtoken"), "");
  EXPECT_EQ(get("/halden/_apis/projects?$top=2&$skip=2").text("/value/0/name"), "c");
}

TEST_F(Areas, keep_repositories) {
  make_project("P x");
  const auto with_project = get("/halden/P%20x/_apis/git/repositories");
  EXPECT_EQ(with_project.text("/count"), "1") << "a project comes with one of its name";
  const auto made =
      post("/halden/_apis/git/repositories",
           R"({"name":"nets","project":{"id":")" + with_project.text("/value/0/project/id") + "\"}}");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto id = made.text("/id");
  EXPECT_EQ(made.text("/remoteUrl"), "http://localhost:8080/halden/P%20x/_git/nets");
  EXPECT_EQ(made.text("/webUrl"), made.text("/remoteUrl"));
  EXPECT_EQ(made.text("/project/name"), "P x");
  EXPECT_EQ(made.text("/size"), "0");
  EXPECT_EQ(made.text("/isFork"), "false");
  EXPECT_EQ(made.text("/defaultBranch"), "(missing)") << "no field rather than none of a branch";
  EXPECT_EQ(made.text("/sshUrl"), "(missing)");
  EXPECT_EQ(post("/halden/P%20x/_apis/git/repositories", R"({"name":"Nets"})").status, 409);
  EXPECT_EQ(post("/halden/_apis/git/repositories", R"({"name":"lines"})").status, 400) << "in which project?";

  EXPECT_EQ(get("/halden/_apis/git/repositories/" + id).text("/name"), "nets");
  EXPECT_EQ(get("/halden/p%20x/_apis/git/repositories/NETS").text("/id"), id);
  const auto edited = patch("/halden/_apis/git/repositories/" + id,
                            R"({"name":"lines","defaultBranch":"refs/heads/main","isDisabled":true})");
  EXPECT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(edited.text("/defaultBranch"), "refs/heads/main");
  EXPECT_EQ(edited.text("/isDisabled"), "true");
  EXPECT_EQ(get("/halden/_apis/git/repositories").text("/count"), "2");
  EXPECT_EQ(remove("/halden/_apis/git/repositories/" + id).status, 204);
  EXPECT_EQ(get("/halden/_apis/git/repositories/" + id).status, 404);
}

class Builds : public Areas {
 protected:
  Builds() { make_project("p"); }
  Answer queue(const std::string& definition, const std::string& more = "") {
    return post("/halden/p/_apis/build/builds", R"({"definition":)" + definition + more + "}");
  }
  std::string ids(const std::string& query) {
    std::string text;
    const auto answer = get("/halden/_apis/build/builds?api-version=5.0&" + query);
    EXPECT_EQ(answer.status, 200) << query << answer.body;
    for (const auto& build : answer.json().at("value").as_array())
      text += boost::json::serialize(build.at("id"));
    return text;
  }
};

TEST_F(Builds, are_queued_shown_and_finished) {
  const auto queued = queue(
      R"({"id":12})", R"(,"sourceBranch":"refs/heads/main","sourceVersion":"abc","reason":2,"priority":3)");
  ASSERT_EQ(queued.status, 200) << queued.body;
  EXPECT_EQ(queued.text("/id"), "1");
  EXPECT_EQ(queued.text("/buildNumber"), "20261124.1");
  EXPECT_EQ(queued.text("/status"), "notStarted");
  EXPECT_EQ(queued.text("/reason"), "individualCI");
  EXPECT_EQ(queued.text("/definition/id"), "12");
  EXPECT_EQ(queued.text("/sourceBranch"), "refs/heads/main");
  EXPECT_EQ(queued.text("/requestedFor/uniqueName"), "admin@example.com");
  EXPECT_EQ(queued.text("/result"), "(missing)");
  EXPECT_EQ(queued.text("/finishTime"), "(missing)");
  EXPECT_EQ(patch("/halden/_apis/build/builds/1", R"({"status":1})").text("/status"), "inProgress");
  const auto done = patch("/halden/p/_apis/build/Builds/1", R"({"status":"Completed","result":2})");
  EXPECT_EQ(done.text("/result"), "succeeded");
  EXPECT_EQ(done.text("/finishTime"), "2026-11-24T08:00:00Z");
  EXPECT_EQ(get("/halden/p/_apis/build/builds/1").text("/url"),
            "http://localhost:8080/halden/" + done.text("/project/id") + "/_apis/build/Builds/1");
  EXPECT_EQ(get("/halden/_apis/build/builds/99").status, 404);
  EXPECT_EQ(get("/halden/_apis/build/builds/x").status, 404);
  EXPECT_EQ(queue("{}").status, 400);
  EXPECT_EQ(patch("/halden/_apis/build/builds/1", R"({"status":"sleeping"})").status, 400);
}

TEST_F(Builds, are_listed_by_filters) {
  make_project("q");
  queue(R"({"id":1})", R"(,"sourceBranch":"refs/heads/main")");
  queue(R"({"name":"nightly"})", R"(,"reason":"schedule")");
  desk_.world.advance(std::chrono::minutes(10));
  queue(R"({"id":2})");
  post("/halden/_apis/build/builds", R"({"definition":{"id":1},"project":{"name":"q"}})");
  patch("/halden/_apis/build/builds/1", R"({"status":"completed","result":"failed"})");

  EXPECT_EQ(ids(""), "4321") << "the first call of every tutorial: newest first";
  EXPECT_EQ(get("/halden/p/_apis/build/builds").text("/count"), "3");
  EXPECT_EQ(ids("definitions=1"), "41");
  EXPECT_EQ(ids("definitions=1%2C2"), "431");
  EXPECT_EQ(ids("definitions=1,1"), "41");
  EXPECT_EQ(ids("buildIds=2,3"), "32");
  EXPECT_EQ(ids("buildNumber=20261124.2"), "2");
  EXPECT_EQ(ids("branchName=refs/heads/main"), "1");
  EXPECT_EQ(ids("reasonFilter=8"), "2");
  EXPECT_EQ(ids("reasonFilter=all"), "4321");
  EXPECT_EQ(ids("statusFilter=completed"), "1");
  EXPECT_EQ(ids("statusFilter=34"), "4321") << "completed or not started, as bits";
  EXPECT_EQ(ids("statusFilter=47"), "4321");
  EXPECT_EQ(ids("resultFilter=failed"), "1");
  EXPECT_EQ(ids("resultFilter=succeeded"), "");
  EXPECT_EQ(ids("minTime=" + percent_encoded("Tue, 24 Nov 2026 08:05:00 GMT")), "43");
  EXPECT_EQ(ids("maxTime=2026-11-24T08:05:00Z"), "21");
  EXPECT_EQ(ids("requestedFor=" + desk_.world.admin.text()), "4321");
  EXPECT_EQ(ids("requestedFor=" + desk_.world.ann.text()), "");
  EXPECT_EQ(ids("$top=2"), "43");
  const auto page = get("/halden/_apis/build/builds?$top=2");
  EXPECT_EQ(ids("$top=2&continuationToken=" + page.field("x-ms-continuationtoken")), "21");
  EXPECT_EQ(get("/halden/_apis/build/builds?$top=4").field("x-ms-continuationtoken"), "");
  for (const auto* query : {"statusFilter=lost", "minTime=soon", "requestedFor=ann", "$top=-1", "buildIds=x"})
    EXPECT_EQ(get("/halden/_apis/build/builds?" + std::string(query)).status, 400) << query;
  EXPECT_EQ(get("/halden/nowhere/_apis/build/builds").status, 404);
}

}  // namespace
}  // namespace latchkey::api
