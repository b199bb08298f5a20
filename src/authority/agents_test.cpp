// Agent pools, agents and queues: records that read back, under names of their own, changed by those alone
// who administer the organization or the project, each change told once.
// SPDX-License-Identifier: Apache-2.0
#include "authority/agents.hpp"

#include <gmock/gmock.h>

#include "authority/groups.hpp"
#include "authority/projects.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

struct Agents : ::testing::Test {
  World world;
  Actor admin = World::signed_in(world.admin), ann = World::signed_in(world.ann),
        ben = World::signed_in(world.ben);
  Authority& authority = world.authority();
  OrganizationId organization = world.organization;

  std::int64_t make_pool(const std::string& name = "Linux") {
    return create_agent_pool(authority, admin, organization, {.name = name}).pool.number;
  }
  void make_project(const std::string& name) {
    static_cast<void>(create_project(authority, admin, organization, {.name = name, .description = {}}));
  }
};

TEST_F(Agents, read_back_as_they_were_written) {
  const auto pool = make_pool();
  const auto agent =
      create_agent(authority, admin, organization, pool,
                   {.name = "a1", .version = "4.248.0", .os_description = "Debian 13", .max_parallelism = 2});
  world.advance(std::chrono::hours(1));
  auto edited = edit_agent(authority, admin, organization, pool, agent.number, {.online = true}, false);
  EXPECT_EQ(edited.version, "4.248.0");
  EXPECT_TRUE(edited.online);
  EXPECT_EQ(edited.status_changed_at, world.now());
  EXPECT_LT(edited.created_at, world.now());
  edited = edit_agent(authority, admin, organization, pool, agent.number, {.name = "a2"}, true);
  EXPECT_EQ(edited.version, "");
  EXPECT_FALSE(edited.online);
  EXPECT_EQ(edited.max_parallelism, 1);
  const auto listed = list_agents(authority, ben, organization, pool);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].name, "a2");
  const auto shown = show_agent_pool(authority, ben, organization, pool);
  EXPECT_EQ(shown.pool.agents, 1);
  EXPECT_EQ(shown.created_by.id, world.admin);
}

TEST_F(Agents, have_names_of_their_own) {
  const auto pool = make_pool(), other = make_pool("Mac");
  EXPECT_EQ(refusal_of([&] { return make_pool("LINUX"); }), RefusalCode::name_taken);
  EXPECT_EQ(refusal_of([&] { return make_pool(""); }), RefusalCode::invalid_value);
  const auto add = [&](std::int64_t to) {
    return refusal_of([&] { return create_agent(authority, admin, organization, to, {.name = "a"}); });
  };
  EXPECT_EQ(add(pool), std::nullopt);
  EXPECT_EQ(add(pool), RefusalCode::name_taken);
  EXPECT_EQ(add(other), std::nullopt);
  EXPECT_EQ(refusal_of([&] {
              return create_agent(authority, admin, organization, pool, {.name = "b", .max_parallelism = 0});
            }),
            RefusalCode::invalid_value);
}

TEST_F(Agents, are_changed_by_administrators_alone) {
  const auto pool = make_pool();
  make_project("Garage");
  for (const Actor& who : {ann, ben}) {
    EXPECT_EQ(refusal_of([&] { return create_agent_pool(authority, who, organization, {.name = "x"}); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return create_agent(authority, who, organization, pool, {.name = "x"}); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] {
                return create_agent_queue(authority, who, organization, "Garage", pool, std::nullopt);
              }),
              RefusalCode::forbidden);
  }
  static_cast<void>(set_project_role(authority, admin, organization, "Garage",
                                     {.grantee = world.ben, .role = Role::administrator}));
  EXPECT_FALSE(refusal_of(
      [&] { return create_agent_queue(authority, ben, organization, "Garage", pool, std::nullopt); }));
  EXPECT_EQ(refusal_of([&] { return create_agent(authority, ben, organization, pool, {.name = "x"}); }),
            RefusalCode::forbidden);
  const auto stranger = World::signed_in(world.add_user("eve@example.com", {}));
  EXPECT_EQ(refusal_of([&] { return list_agent_pools(authority, stranger, organization); }),
            RefusalCode::not_found);
}

TEST_F(Agents, go_with_their_pool_and_queues_with_their_project) {
  make_project("Garage");
  make_project("Attic");
  const auto pool = make_pool();
  static_cast<void>(create_agent(authority, admin, organization, pool, {.name = "a"}));
  const auto queue = create_agent_queue(authority, admin, organization, "Garage", pool, std::nullopt);
  EXPECT_EQ(queue.queue.name, "Linux");
  EXPECT_EQ(refusal_of([&] {
              return show_agent_queue(authority, admin, organization, "Attic", queue.queue.number);
            }),
            RefusalCode::not_found);
  static_cast<void>(create_agent_queue(authority, admin, organization, "Attic", pool, "Q"));
  static_cast<void>(delete_project(authority, admin, organization, "Attic"));
  delete_agent_pool(authority, admin, organization, pool);
  EXPECT_TRUE(list_agent_queues(authority, admin, organization, "Garage").empty());
  EXPECT_TRUE(list_agent_pools(authority, admin, organization).empty());
  EXPECT_GT(make_pool("New"), queue.queue.number);  // numbers are given once
}

TEST_F(Agents, tell_of_each_change_once) {
  make_project("Garage");
  const auto before = world.audit().size();
  const auto pool = make_pool();
  static_cast<void>(edit_agent_pool(authority, admin, organization, pool, {.auto_provision = true}));
  const auto agent = create_agent(authority, admin, organization, pool, {.name = "a"}).number;
  static_cast<void>(edit_agent(authority, admin, organization, pool, agent, {.enabled = false}, false));
  const auto queue = create_agent_queue(authority, admin, organization, "Garage", pool, "Q").queue.number;
  static_cast<void>(rename_agent_queue(authority, admin, organization, "Garage", queue, "R"));
  delete_agent_queue(authority, admin, organization, "Garage", queue);
  delete_agent(authority, admin, organization, pool, agent);
  delete_agent_pool(authority, admin, organization, pool);
  std::vector<std::string> actions;
  for (const auto& event : world.audit()) actions.push_back(event.action);
  actions.erase(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_THAT(actions, testing::ElementsAre(
                           "Library.AgentPoolCreated", "Library.AgentPoolUpdated", "Library.AgentAdded",
                           "Library.AgentUpdated", "Library.AgentQueueCreated", "Library.AgentQueueUpdated",
                           "Library.AgentQueueDeleted", "Library.AgentDeleted", "Library.AgentPoolDeleted"));
}

}  // namespace
}  // namespace latchkey::authority
