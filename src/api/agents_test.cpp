// distributedtask over HTTP, as azure-devops-node-api asks and reads; and a token of its scopes, which opens
// its routes and no others.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/match.hpp"
#include "api/testing.hpp"
#include "authority/projects.hpp"

namespace latchkey::api {
namespace {

using http::Method;

struct Agents : ::testing::Test {
  Agents() {
    static_cast<void>(create_project(desk.world.authority(), authority::World::signed_in(desk.world.admin),
                                     desk.world.organization, {.name = "Garage", .description = {}}));
  }
  std::string make_pool(const std::string& name = "Linux") {
    return desk.send(Method::post, pools, token, R"({"name":")" + name + R"("})").text("/id");
  }

  Desk desk;
  Fields token = desk.token(desk.world.admin, "vso.agentpools_manage");
  const std::string pools = "/halden/_apis/distributedtask/pools",
                    queues = "/halden/Garage/_apis/distributedtask/queues";
};

TEST_F(Agents, are_kept_as_clients_send_them) {
  const auto pool = make_pool();
  const auto shown = desk.get(pools + "/" + pool, token);
  EXPECT_EQ(shown.text("/name"), "Linux");
  EXPECT_EQ(shown.text("/isHosted"), "false");
  EXPECT_EQ(shown.text("/createdBy/uniqueName"), "admin@example.com");
  const auto agents = pools + "/" + pool + "/agents";
  // Enums as numbers, what is not kept ignored: as the client sends.
  const auto agent = desk.send(
      Method::post, agents, token,
      R"({"name":"a1","version":"4.248.0","status":2,"maxParallelism":1,"systemCapabilities":{"Agent.OS":"Linux"}})");
  EXPECT_EQ(agent.status, 200) << agent.body;
  EXPECT_EQ(agent.text("/status"), "online");
  EXPECT_EQ(agent.text("/enabled"), "true");
  const auto one = agents + "/" + agent.text("/id");
  EXPECT_EQ(desk.send(Method::patch, one, token, R"({"enabled":false})").text("/version"), "4.248.0");
  EXPECT_EQ(desk.send(Method::put, one, token, R"({"name":"a2"})").text("/version"), "");
  EXPECT_EQ(desk.get(pools + "/" + pool, token).text("/size"), "1");
  EXPECT_EQ(desk.get(agents + "?agentName=A2", token).text("/count"), "1");
  EXPECT_EQ(desk.get(agents + "?agentName=a1", token).text("/count"), "0");
  EXPECT_EQ(desk.send(Method::delete_, one, token, "").status, 204);
  EXPECT_EQ(desk.get(one, token).status, 404);
}

TEST_F(Agents, pools_are_found_by_name_and_id) {
  const auto linux_pool = make_pool(), mac = make_pool("Mac");
  EXPECT_EQ(desk.get(pools, token).text("/count"), "2");
  EXPECT_EQ(desk.get(pools + "?poolName=mac", token).text("/value/0/id"), mac);
  EXPECT_EQ(desk.get(pools + "?poolIds=" + linux_pool + ",999", token).text("/value/0/name"), "Linux");
  EXPECT_EQ(desk.get(pools + "?poolName=nothing", token).text("/count"), "0");
  EXPECT_EQ(desk.get(pools + "?poolIds=x", token).status, 400);
  EXPECT_EQ(desk.get(pools + "/x", token).status, 404);
  EXPECT_EQ(desk.get(pools + "/99", token).status, 404);
}

TEST_F(Agents, queues_lead_to_their_pool) {
  const auto pool = make_pool();
  const auto queue = desk.send(Method::post, queues, token, R"({"pool":{"id":)" + pool + "}}");
  EXPECT_EQ(queue.text("/name"), "Linux");
  EXPECT_EQ(queue.text("/pool/id"), pool);
  EXPECT_EQ(desk.get(queues + "?queueNames=linux,x", token).text("/count"), "1");
  EXPECT_EQ(desk.get(queues + "?poolIds=99", token).text("/count"), "0");
  const auto one = queues + "/" + queue.text("/id");
  EXPECT_EQ(desk.send(Method::patch, one, token, R"({"name":"Fast"})").text("/name"), "Fast");
  EXPECT_EQ(desk.send(Method::post, queues, token, R"({"name":"x"})").text("/field"), "pool");
  EXPECT_EQ(desk.send(Method::delete_, one, token, "").status, 204);
  EXPECT_EQ(desk.get(one, token).status, 404);
}

TEST_F(Agents, are_read_but_not_changed_under_the_smaller_scope) {
  const auto pool = make_pool();
  const auto reading = desk.token(desk.world.ben, "vso.agentpools");
  EXPECT_EQ(desk.get(pools + "/" + pool, reading).status, 200);
  EXPECT_EQ(desk.send(Method::post, pools, reading, R"({"name":"x"})").status, 403);
}

// The token's scope is all that is asked about: the paths name nothing that is there.
TEST_F(Agents, scopes_open_their_routes_and_no_others) {
  int opened = 0;
  for (const Route& row : routes()) {
    if (row.callers != Callers::token && row.callers != Callers::session_or_token) continue;
    for (std::string path : spelled_paths(row.path)) {
      for (auto from = path.find('{'); from != std::string::npos; from = path.find('{'))
        path.replace(from, path.find('}') + 1 - from,
                     path.compare(from, 14, "{organization}") == 0 ? "halden" : "1");
      if (!row.git_service.empty()) path += "?service=" + std::string(row.git_service);
      const bool bodied = row.method != Method::get && row.method != Method::options && !row.git && !row.form;
      auto fields = token;
      if (row.form) fields.emplace_back("Content-Type", "application/x-www-form-urlencoded");
      const auto answer = bodied ? desk.send(row.method, path, token, "{}")
                                 : desk.ask({.method = row.method, .target = path, .fields = fields});
      const bool its_own = row.scope == "vso.agentpools" || row.scope == "vso.agentpools_manage";
      opened += its_own;
      const auto what = std::string(route_name(row)) + ": " + answer.body;
      if (its_own || row.any_scope)
        EXPECT_NE(answer.status, 403) << what;
      else
        EXPECT_EQ(answer.status, 403) << what;
    }
  }
  EXPECT_EQ(opened, 16);
}

}  // namespace
}  // namespace latchkey::api
