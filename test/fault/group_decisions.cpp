// Groups, roles on projects, the allow list, agent pools. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "authority/agents.hpp"
#include "authority/groups.hpp"
#include "decisions.hpp"

namespace latchkey::authority {
namespace {

void make_group(Scene& scene) {
  scene.group =
      create_group(scene.authority(), scene.as_admin, scene.organization, {.name = scene.name}).group.id;
}
void make_group_with_ben(Scene& scene) {
  make_group(scene);
  add_group_member(scene.authority(), scene.as_admin, scene.organization, scene.group, scene.ben);
}
void give_role(Scene& scene) {
  static_cast<void>(set_project_role(scene.authority(), scene.as_admin, scene.organization, "Shop",
                                     {.grantee = scene.group, .role = Role::contributor}));
}
void open_route(Scene& scene) {
  static_cast<void>(set_allowed_route(scene.authority(), scene.as_admin, scene.organization,
                                      {.route = "GET /" + scene.name, .grantees = {scene.ann}}));
}
void make_pool(Scene& scene) {
  scene.pool = create_agent_pool(scene.authority(), scene.as_admin, scene.organization, {.name = scene.name})
                   .pool.number;
}
void make_agent(Scene& scene) {
  scene.agent =
      create_agent(scene.authority(), scene.as_admin, scene.organization, scene.pool, {.name = scene.name})
          .number;
}
void make_queue(Scene& scene) {
  scene.queue =
      create_agent_queue(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.pool, {})
          .queue.number;
}

std::optional<store::CountedGroup> group_named(Scene& scene, const std::string& name) {
  for (auto& group : list_groups(scene.authority(), scene.as_admin, scene.organization, "", 100'000))
    if (group.group.name == name) return group;
  return std::nullopt;
}
bool has_role(Scene& scene) {
  const auto roles = list_project_roles(scene.authority(), scene.as_admin, scene.organization, "Shop");
  return std::ranges::any_of(
      roles, [&](const ProjectRole& role) { return role.subject.grantee == store::Grantee(scene.group); });
}
bool is_open(Scene& scene) {
  const auto routes = list_allowed_routes(scene.authority(), scene.as_admin, scene.organization);
  return std::ranges::any_of(
      routes, [&](const AllowedRoute& allowed) { return allowed.route == "GET /" + scene.name; });
}
std::optional<store::AgentPool> pool_named(Scene& scene, const std::string& name) {
  for (auto& shown : list_agent_pools(scene.authority(), scene.as_admin, scene.organization))
    if (shown.pool.name == name) return shown.pool;
  return std::nullopt;
}
std::optional<store::Agent> agent_of(Scene& scene) {
  for (auto& agent : list_agents(scene.authority(), scene.as_admin, scene.organization, scene.pool))
    if (agent.name == scene.name) return agent;
  return std::nullopt;
}
std::optional<std::string> queue_of(Scene& scene) {
  for (auto& shown : list_agent_queues(scene.authority(), scene.as_admin, scene.organization, "Shop"))
    if (shown.pool.number == scene.pool) return shown.queue.name;
  return std::nullopt;
}

template <void (*... make)(Scene&)>
void with(Scene& scene) {
  (make(scene), ...);
}

std::vector<Decision> of_groups() {
  return {
      {"create_group", with<>, make_group,
       [](Scene& scene) { return group_named(scene, scene.name).has_value(); }},
      {"edit_group", make_group,
       [](Scene& scene) {
         static_cast<void>(edit_group(scene.authority(), scene.as_admin, scene.organization, scene.group,
                                      {.name = scene.name + "-2"}));
       },
       [](Scene& scene) { return group_named(scene, scene.name + "-2").has_value(); }},
      {"delete_group_that_gives_a_role", with<make_group_with_ben, give_role>,
       [](Scene& scene) { delete_group(scene.authority(), scene.as_admin, scene.organization, scene.group); },
       [](Scene& scene) { return !group_named(scene, scene.name) && !has_role(scene); }},
      {"add_group_member", make_group,
       [](Scene& scene) {
         add_group_member(scene.authority(), scene.as_admin, scene.organization, scene.group, scene.ben);
       },
       [](Scene& scene) { return group_named(scene, scene.name)->members == 1; }},
      {"remove_group_member", make_group_with_ben,
       [](Scene& scene) {
         remove_group_member(scene.authority(), scene.as_admin, scene.organization, scene.group, scene.ben);
       },
       [](Scene& scene) { return group_named(scene, scene.name)->members == 0; }},
      {"set_project_role", make_group_with_ben, give_role, has_role},
      {"remove_project_role", with<make_group_with_ben, give_role>,
       [](Scene& scene) {
         remove_project_role(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.group);
       },
       [](Scene& scene) { return !has_role(scene); }},
      {"set_allowed_route", with<>, open_route, is_open},
  };
}

std::vector<Decision> of_agents() {
  return {
      {"create_agent_pool", with<>, make_pool,
       [](Scene& scene) { return pool_named(scene, scene.name).has_value(); }},
      {"edit_agent_pool", make_pool,
       [](Scene& scene) {
         static_cast<void>(edit_agent_pool(scene.authority(), scene.as_admin, scene.organization, scene.pool,
                                           {.auto_provision = true}));
       },
       [](Scene& scene) { return pool_named(scene, scene.name)->auto_provision; }},
      {"delete_agent_pool_with_what_is_in_it", with<make_pool, make_agent, make_queue>,
       [](Scene& scene) {
         delete_agent_pool(scene.authority(), scene.as_admin, scene.organization, scene.pool);
       },
       [](Scene& scene) { return !pool_named(scene, scene.name) && !queue_of(scene); }},
      {"create_agent", make_pool, make_agent, [](Scene& scene) { return agent_of(scene).has_value(); }},
      {"edit_agent", with<make_pool, make_agent>,
       [](Scene& scene) {
         static_cast<void>(edit_agent(scene.authority(), scene.as_admin, scene.organization, scene.pool,
                                      scene.agent, {.online = true}, false));
       },
       [](Scene& scene) { return agent_of(scene)->online; }},
      {"delete_agent", with<make_pool, make_agent>,
       [](Scene& scene) {
         delete_agent(scene.authority(), scene.as_admin, scene.organization, scene.pool, scene.agent);
       },
       [](Scene& scene) { return !agent_of(scene); }},
      {"create_agent_queue", make_pool, make_queue,
       [](Scene& scene) { return queue_of(scene) == scene.name; }},
      {"rename_agent_queue", with<make_pool, make_queue>,
       [](Scene& scene) {
         static_cast<void>(rename_agent_queue(scene.authority(), scene.as_admin, scene.organization, "Shop",
                                              scene.queue, scene.name + "-2"));
       },
       [](Scene& scene) { return queue_of(scene) == scene.name + "-2"; }},
      {"delete_agent_queue", with<make_pool, make_queue>,
       [](Scene& scene) {
         delete_agent_queue(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.queue);
       },
       [](Scene& scene) { return !queue_of(scene); }},
  };
}

}  // namespace

std::vector<Decision> group_decisions() {
  auto all = of_groups();
  std::ranges::move(of_agents(), std::back_inserter(all));
  return all;
}

}  // namespace latchkey::authority
