// distributedtask: agent pools, agents, and the agent queues of projects.
// SPDX-License-Identifier: Apache-2.0
#include "authority/agents.hpp"

#include <algorithm>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "base/text.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

std::int64_t number_of(const Call& call, std::string_view name) {
  try {
    return parse_number(call.capture(name), name);
  } catch (const Refusal&) {
    throw Refusal(RefusalCode::not_found, "There is nothing with this id.", std::string(name));
  }
}

// What the query asks for by name and by number: a list that it leaves out asks for all.
class Filter {
 public:
  Filter(const Call& call, std::string_view name, std::string_view names, std::string_view numbers) {
    if (const auto one = call.parameter(name)) names_.push_back(key(*one));
    for (const auto& one : list_parameter(call, names)) names_.push_back(key(one));
    for (const auto& one : list_parameter(call, numbers)) numbers_.push_back(parse_number(one, numbers));
  }
  [[nodiscard]] bool takes(const std::string& name, std::int64_t number) const {
    return (names_.empty() || std::ranges::find(names_, folded(name)) != names_.end()) &&
           (numbers_.empty() || std::ranges::find(numbers_, number) != numbers_.end());
  }

 private:
  static std::string key(std::string_view name) { return folded(normalized(name).value_or("")); }

  std::vector<std::string> names_;
  std::vector<std::int64_t> numbers_;
};

json::object pool_reference(const store::AgentPool& pool) {
  return {{"id", pool.number},  {"name", pool.name}, {"scope", pool.organization.text()},
          {"isHosted", false},  {"isLegacy", false}, {"poolType", "automation"},
          {"size", pool.agents}};
}

json::object pool_shape(const Call& call, const authority::PoolShown& shown) {
  json::object shape = pool_reference(shown.pool);
  const auto person = person_shape(call, shown.created_by);
  shape["autoProvision"] = shown.pool.auto_provision;
  shape["autoUpdate"] = shown.pool.auto_update;
  shape["autoSize"] = false;
  shape["createdOn"] = iso8601(shown.pool.created_at);
  shape["createdBy"] = person;
  shape["owner"] = person;
  return shape;
}

json::object agent_shape(const store::Agent& agent) {
  return {{"id", agent.number},
          {"name", agent.name},
          {"version", agent.version},
          {"osDescription", agent.os_description},
          {"enabled", agent.enabled},
          {"status", agent.online ? "online" : "offline"},
          {"provisioningState", "Provisioned"},
          {"maxParallelism", agent.max_parallelism},
          {"createdOn", iso8601(agent.created_at)},
          {"statusChangedOn", iso8601(agent.status_changed_at)}};
}

json::object queue_shape(const authority::QueueShown& shown) {
  return {{"id", shown.queue.number},
          {"projectId", shown.queue.project.text()},
          {"name", shown.queue.name},
          {"pool", pool_reference(shown.pool)}};
}

authority::PoolEdit pool_edit(const Call& call) {
  const auto body = call.body();
  return {.name = text_field(body, "name"),
          .auto_provision = bool_field(body, "autoProvision"),
          .auto_update = bool_field(body, "autoUpdate")};
}

authority::AgentEdit agent_edit(const Call& call) {
  constexpr EnumValue statuses[] = {{1, "offline"}, {2, "online"}};
  const auto body = call.body();
  authority::AgentEdit edit{.name = text_field(body, "name"),
                            .version = text_field(body, "version"),
                            .os_description = text_field(body, "osDescription"),
                            .enabled = bool_field(body, "enabled"),
                            .online = {},
                            .max_parallelism = number_field(body, "maxParallelism")};
  if (const auto status = enum_field(body, "status", statuses)) edit.online = *status == "online";
  return edit;
}

http::Response list_pools(Call& call) {
  const Filter filter(call, "poolName", "", "poolIds");
  json::array shapes;
  for (const auto& shown : authority::list_agent_pools(call.api.authority, call.actor, call.organization->id))
    if (filter.takes(shown.pool.name, shown.pool.number)) shapes.push_back(pool_shape(call, shown));
  return list_answer(call.request, std::move(shapes));
}

http::Response show_pool(Call& call) {
  return json_answer(
      pool_shape(call, authority::show_agent_pool(call.api.authority, call.actor, call.organization->id,
                                                  number_of(call, "poolId"))));
}

http::Response create_pool(Call& call) {
  return json_answer(pool_shape(call, authority::create_agent_pool(call.api.authority, call.actor,
                                                                   call.organization->id, pool_edit(call))));
}

http::Response edit_pool(Call& call) {
  return json_answer(
      pool_shape(call, authority::edit_agent_pool(call.api.authority, call.actor, call.organization->id,
                                                  number_of(call, "poolId"), pool_edit(call))));
}

http::Response delete_pool(Call& call) {
  authority::delete_agent_pool(call.api.authority, call.actor, call.organization->id,
                               number_of(call, "poolId"));
  return no_content();
}

http::Response list_agents(Call& call) {
  const Filter filter(call, "agentName", "", "");
  json::array shapes;
  for (const auto& agent : authority::list_agents(call.api.authority, call.actor, call.organization->id,
                                                  number_of(call, "poolId")))
    if (filter.takes(agent.name, agent.number)) shapes.push_back(agent_shape(agent));
  return list_answer(call.request, std::move(shapes));
}

http::Response show_agent(Call& call) {
  return json_answer(
      agent_shape(authority::show_agent(call.api.authority, call.actor, call.organization->id,
                                        number_of(call, "poolId"), number_of(call, "agentId"))));
}

http::Response create_agent(Call& call) {
  return json_answer(agent_shape(authority::create_agent(
      call.api.authority, call.actor, call.organization->id, number_of(call, "poolId"), agent_edit(call))));
}

http::Response edit_agent(Call& call) {
  const bool replace = call.request.head.method == http::Method::put;
  return json_answer(agent_shape(authority::edit_agent(call.api.authority, call.actor, call.organization->id,
                                                       number_of(call, "poolId"), number_of(call, "agentId"),
                                                       agent_edit(call), replace)));
}

http::Response delete_agent(Call& call) {
  authority::delete_agent(call.api.authority, call.actor, call.organization->id, number_of(call, "poolId"),
                          number_of(call, "agentId"));
  return no_content();
}

http::Response list_queues(Call& call) {
  const Filter queues(call, "queueName", "queueNames", "queueIds"), pools(call, "", "", "poolIds");
  json::array shapes;
  for (const auto& shown : authority::list_agent_queues(call.api.authority, call.actor, call.organization->id,
                                                        call.capture("project")))
    if (queues.takes(shown.queue.name, shown.queue.number) && pools.takes({}, shown.pool.number))
      shapes.push_back(queue_shape(shown));
  return list_answer(call.request, std::move(shapes));
}

http::Response show_queue(Call& call) {
  return json_answer(
      queue_shape(authority::show_agent_queue(call.api.authority, call.actor, call.organization->id,
                                              call.capture("project"), number_of(call, "queueId"))));
}

http::Response create_queue(Call& call) {
  const auto body = call.body();
  const auto* const pool = find_field(body, "pool");
  const auto id = pool != nullptr && pool->is_object() ? number_field(pool->get_object(), "id")
                                                       : std::optional<std::int64_t>();
  if (!id) refuse_value("pool", R"(must name an agent pool: {"id": 1})");
  return json_answer(
      queue_shape(authority::create_agent_queue(call.api.authority, call.actor, call.organization->id,
                                                call.capture("project"), *id, text_field(body, "name"))));
}

http::Response edit_queue(Call& call) {
  return json_answer(queue_shape(authority::rename_agent_queue(
      call.api.authority, call.actor, call.organization->id, call.capture("project"),
      number_of(call, "queueId"), text_field(call.body(), "name").value_or(""))));
}

http::Response delete_queue(Call& call) {
  authority::delete_agent_queue(call.api.authority, call.actor, call.organization->id,
                                call.capture("project"), number_of(call, "queueId"));
  return no_content();
}

struct Resource {
  std::string_view name, location, location_template;
  int version;
};
constexpr Resource pools{"pools", "a8c47e17-4d56-4a56-92bb-de7ea7dc65be", "_apis/{area}/{resource}/{poolId}",
                         1},
    agents{"agents", "e298ef32-5878-4cab-993c-043836571f42",
           "_apis/{area}/pools/{poolId}/{resource}/{agentId}", 2},
    queues{"queues", "900fa995-c559-4923-aae7-f8424fe4fbea", "{project}/_apis/{area}/{resource}/{queueId}",
           1};

// `told`: this row tells of the resource's location.
constexpr Route row(http::Method method, std::string_view path, const Resource& resource, Handler handler,
                    bool told = false) {
  return {.method = method,
          .path = path,
          .area = "distributedtask",
          .resource = resource.name,
          .location = resource.location,
          .resource_version = resource.version,
          .scope = method == http::Method::get ? "vso.agentpools" : "vso.agentpools_manage",
          .handler = handler,
          .location_template = told ? resource.location_template : std::string_view()};
}

using http::Method;
constexpr std::string_view all_pools = "/{organization}/_apis/distributedtask/pools",
                           one_pool = "/{organization}/_apis/distributedtask/pools/{poolId}",
                           all_agents = "/{organization}/_apis/distributedtask/pools/{poolId}/agents",
                           one_agent =
                               "/{organization}/_apis/distributedtask/pools/{poolId}/agents/{agentId}",
                           all_queues = "/{organization}/{project}/_apis/distributedtask/queues",
                           one_queue = "/{organization}/{project}/_apis/distributedtask/queues/{queueId}";
constexpr Route rows[] = {
    row(Method::get, all_pools, pools, list_pools, true),
    row(Method::post, all_pools, pools, create_pool),
    row(Method::get, one_pool, pools, show_pool),
    row(Method::patch, one_pool, pools, edit_pool),
    row(Method::delete_, one_pool, pools, delete_pool),
    row(Method::get, all_agents, agents, list_agents, true),
    row(Method::post, all_agents, agents, create_agent),
    row(Method::get, one_agent, agents, show_agent),
    row(Method::put, one_agent, agents, edit_agent),
    row(Method::patch, one_agent, agents, edit_agent),
    row(Method::delete_, one_agent, agents, delete_agent),
    row(Method::get, all_queues, queues, list_queues, true),
    row(Method::post, all_queues, queues, create_queue),
    row(Method::get, one_queue, queues, show_queue),
    row(Method::patch, one_queue, queues, edit_queue),
    row(Method::delete_, one_queue, queues, delete_queue),
};

}  // namespace

std::span<const Route> agent_routes() noexcept { return rows; }

}  // namespace latchkey::api
