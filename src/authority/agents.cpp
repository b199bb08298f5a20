// SPDX-License-Identifier: Apache-2.0
#include "authority/agents.hpp"

#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t parallelism_most = 1000;

store::AgentPool pool_in(store::Transaction& transaction, const OrganizationId& organization,
                         std::int64_t number) {
  auto pool = store::find_agent_pool(transaction, organization, number);
  if (!pool) throw Refusal(RefusalCode::not_found, "There is no agent pool with this id.", "poolId");
  return *std::move(pool);
}

store::Agent agent_in(store::Transaction& transaction, const OrganizationId& organization, std::int64_t pool,
                      std::int64_t number) {
  auto agent = store::find_agent(transaction, organization, pool, number);
  if (!agent) throw Refusal(RefusalCode::not_found, "The pool has no agent with this id.", "agentId");
  return *std::move(agent);
}

store::AgentQueue queue_in(store::Transaction& transaction, const store::Project& project,
                           std::int64_t number) {
  auto queue = store::find_agent_queue(transaction, project.organization, number);
  if (!queue || queue->project != project.id)
    throw Refusal(RefusalCode::not_found, "The project has no agent queue with this id.", "queueId");
  return *std::move(queue);
}

PoolShown shown(store::Transaction& transaction, store::AgentPool pool) {
  auto by = store::find_user(transaction, pool.created_by).value();  // users are never deleted
  return {.pool = std::move(pool), .created_by = std::move(by)};
}

QueueShown shown(store::Transaction& transaction, store::AgentQueue queue) {
  auto pool = pool_in(transaction, queue.organization, queue.pool);
  return {.queue = std::move(queue), .pool = std::move(pool)};
}

[[noreturn]] void refuse_taken(std::string_view what) {
  throw Refusal(RefusalCode::name_taken,
                std::string(what) + " of this name is there already. Choose another name.", "name");
}

void apply(store::Transaction& transaction, store::AgentPool& pool, const PoolEdit& edit) {
  if (edit.name) pool.name = checked_text(*edit.name, {"The name of an agent pool", "name"});
  if (edit.auto_provision) pool.auto_provision = *edit.auto_provision;
  if (edit.auto_update) pool.auto_update = *edit.auto_update;
  const auto found = store::find_agent_pool_by_name(transaction, pool.organization, pool.name);
  if (found && found->number != pool.number) refuse_taken("An agent pool");
}

void apply(store::Transaction& transaction, store::Agent& agent, const AgentEdit& edit, Time now) {
  if (edit.name) agent.name = checked_text(*edit.name, {"The name of an agent", "name"});
  if (edit.version) agent.version = checked_text(*edit.version, {"The version", "version", 100, 0});
  if (edit.os_description)
    agent.os_description =
        checked_text(*edit.os_description, {"The description of the system", "osDescription", 200, 0});
  if (edit.enabled) agent.enabled = *edit.enabled;
  if (edit.online && *edit.online != agent.online) {
    agent.online = *edit.online;
    agent.status_changed_at = now;
  }
  if (edit.max_parallelism) agent.max_parallelism = *edit.max_parallelism;
  if (agent.max_parallelism < 1 || agent.max_parallelism > parallelism_most)
    throw Refusal(RefusalCode::invalid_value,
                  "maxParallelism must be a number from 1 to " + std::to_string(parallelism_most) + ".",
                  "maxParallelism");
  const auto found = store::find_agent_by_name(transaction, agent.organization, agent.pool, agent.name);
  if (found && found->number != agent.number) refuse_taken("An agent");
}

void name_queue(store::Transaction& transaction, store::AgentQueue& queue, std::string_view name) {
  queue.name = checked_text(name, {"The name of an agent queue", "name"});
  const auto found = store::find_agent_queue_by_name(transaction, queue.project, queue.name);
  if (found && found->number != queue.number) refuse_taken("An agent queue");
}

boost::json::object told(const store::AgentPool& pool) {
  return {{"AgentPoolId", pool.number}, {"AgentPoolName", pool.name}};
}
boost::json::object told(const store::Agent& agent) {
  return {{"AgentPoolId", agent.pool}, {"AgentId", agent.number}, {"AgentName", agent.name}};
}
boost::json::object told(const store::AgentQueue& queue) {
  return {{"AgentQueueId", queue.number}, {"AgentQueueName", queue.name}, {"AgentPoolId", queue.pool}};
}

// What each decision here writes about its subject, whose number the wire calls its id.
template <class Kept>
void tell(store::Transaction& transaction, Time now, const Actor& actor, std::string_view action,
          const Kept& kept) {
  record(transaction, now, actor, kept.organization, action, std::to_string(kept.number), told(kept));
}

// A decision about an organization's pools or agents.
template <class Decide>
auto decide_in(Authority& authority, const Actor& actor, const OrganizationId& organization, Decide act) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_projects, organization);
    return act(transaction, now);
  });
}
template <class Look>
auto look_in(Authority& authority, const Actor& actor, const OrganizationId& organization, Look look) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::read_projects, organization);
    return look(transaction);
  });
}

}  // namespace

std::vector<PoolShown> list_agent_pools(Authority& authority, const Actor& actor,
                                        const OrganizationId& organization) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    std::vector<PoolShown> pools;
    for (auto& pool : store::agent_pools_of(transaction, organization, list_longest))
      pools.push_back(shown(transaction, std::move(pool)));
    return pools;
  });
}

PoolShown show_agent_pool(Authority& authority, const Actor& actor, const OrganizationId& organization,
                          std::int64_t number) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    return shown(transaction, pool_in(transaction, organization, number));
  });
}

PoolShown create_agent_pool(Authority& authority, const Actor& actor, const OrganizationId& organization,
                            const PoolEdit& request) {
  return decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    store::AgentPool pool{
        .organization = organization, .name = {}, .created_by = actor.user, .created_at = now};
    PoolEdit edit = request;
    edit.name = request.name.value_or("");
    apply(transaction, pool, edit);
    pool = store::insert_agent_pool(transaction, std::move(pool));
    tell(transaction, now, actor, "Library.AgentPoolCreated", pool);
    return shown(transaction, std::move(pool));
  });
}

PoolShown edit_agent_pool(Authority& authority, const Actor& actor, const OrganizationId& organization,
                          std::int64_t number, const PoolEdit& edit) {
  return decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    store::AgentPool pool = pool_in(transaction, organization, number);
    apply(transaction, pool, edit);
    store::update_agent_pool(transaction, pool);
    tell(transaction, now, actor, "Library.AgentPoolUpdated", pool);
    return shown(transaction, std::move(pool));
  });
}

void delete_agent_pool(Authority& authority, const Actor& actor, const OrganizationId& organization,
                       std::int64_t number) {
  decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    const store::AgentPool pool = pool_in(transaction, organization, number);
    store::delete_agent_pool(transaction, pool);
    tell(transaction, now, actor, "Library.AgentPoolDeleted", pool);
    return std::monostate{};
  });
}

std::vector<store::Agent> list_agents(Authority& authority, const Actor& actor,
                                      const OrganizationId& organization, std::int64_t pool) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    return store::agents_of(transaction, pool_in(transaction, organization, pool), list_longest);
  });
}

store::Agent show_agent(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        std::int64_t pool, std::int64_t number) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    return agent_in(transaction, organization, pool, number);
  });
}

store::Agent create_agent(Authority& authority, const Actor& actor, const OrganizationId& organization,
                          std::int64_t pool, const AgentEdit& request) {
  return decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    store::Agent agent{.organization = organization,
                       .pool = pool_in(transaction, organization, pool).number,
                       .name = {},
                       .version = {},
                       .os_description = {},
                       .created_at = now,
                       .status_changed_at = now};
    AgentEdit edit = request;
    edit.name = request.name.value_or("");
    apply(transaction, agent, edit, now);
    agent = store::insert_agent(transaction, std::move(agent));
    tell(transaction, now, actor, "Library.AgentAdded", agent);
    return agent;
  });
}

store::Agent edit_agent(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        std::int64_t pool, std::int64_t number, const AgentEdit& request, bool replace) {
  return decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    store::Agent agent = agent_in(transaction, organization, pool, number);
    AgentEdit edit = request;
    if (replace)
      edit = {.name = request.name.value_or(""),
              .version = request.version.value_or(""),
              .os_description = request.os_description.value_or(""),
              .enabled = request.enabled.value_or(true),
              .online = request.online.value_or(false),
              .max_parallelism = request.max_parallelism.value_or(1)};
    apply(transaction, agent, edit, now);
    store::update_agent(transaction, agent);
    tell(transaction, now, actor, "Library.AgentUpdated", agent);
    return agent;
  });
}

void delete_agent(Authority& authority, const Actor& actor, const OrganizationId& organization,
                  std::int64_t pool, std::int64_t number) {
  decide_in(authority, actor, organization, [&](store::Transaction& transaction, Time now) {
    const store::Agent agent = agent_in(transaction, organization, pool, number);
    store::delete_agent(transaction, agent);
    tell(transaction, now, actor, "Library.AgentDeleted", agent);
    return std::monostate{};
  });
}

std::vector<QueueShown> list_agent_queues(Authority& authority, const Actor& actor,
                                          const OrganizationId& organization, std::string_view project) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    const store::Project in = project_in(transaction, organization, project);
    std::vector<QueueShown> queues;
    for (auto& queue : store::agent_queues_of(transaction, in.id, list_longest))
      queues.push_back(shown(transaction, std::move(queue)));
    return queues;
  });
}

QueueShown show_agent_queue(Authority& authority, const Actor& actor, const OrganizationId& organization,
                            std::string_view project, std::int64_t number) {
  return look_in(authority, actor, organization, [&](store::Transaction& transaction) {
    return shown(transaction, queue_in(transaction, project_in(transaction, organization, project), number));
  });
}

QueueShown create_agent_queue(Authority& authority, const Actor& actor, const OrganizationId& organization,
                              std::string_view project, std::int64_t pool,
                              const std::optional<std::string>& name) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::Project in =
        project_for(transaction, now, actor, Act::administer_projects, organization, project);
    const store::AgentPool of = pool_in(transaction, organization, pool);
    store::AgentQueue queue{.organization = organization, .project = in.id, .pool = of.number, .name = {}};
    name_queue(transaction, queue, name.value_or(of.name));
    queue = store::insert_agent_queue(transaction, std::move(queue));
    tell(transaction, now, actor, "Library.AgentQueueCreated", queue);
    return QueueShown{.queue = std::move(queue), .pool = of};
  });
}

QueueShown rename_agent_queue(Authority& authority, const Actor& actor, const OrganizationId& organization,
                              std::string_view project, std::int64_t number, std::string_view name) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::AgentQueue queue = queue_in(
        transaction, project_for(transaction, now, actor, Act::administer_projects, organization, project),
        number);
    name_queue(transaction, queue, name);
    store::update_agent_queue(transaction, queue);
    tell(transaction, now, actor, "Library.AgentQueueUpdated", queue);
    return shown(transaction, std::move(queue));
  });
}

void delete_agent_queue(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        std::string_view project, std::int64_t number) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::AgentQueue queue = queue_in(
        transaction, project_for(transaction, now, actor, Act::administer_projects, organization, project),
        number);
    store::delete_agent_queue(transaction, queue);
    tell(transaction, now, actor, "Library.AgentQueueDeleted", queue);
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
