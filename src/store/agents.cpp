// SPDX-License-Identifier: Apache-2.0
#include "store/agents.hpp"

#include <string_view>

#include "store/names.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

std::string pools(std::string_view rest) {
  return std::string(
             "select p.organization, p.number, p.name, p.auto_provision, p.auto_update, p.created_by, "
             "p.created_at, (select count(*) from agents a where a.organization = p.organization and "
             "a.pool = p.number) from agent_pools p where ") += rest;
}
void read_pool(const Row& row, AgentPool& pool) {
  read_row(row, pool.organization, pool.number, pool.name, pool.auto_provision, pool.auto_update,
           pool.created_by, pool.created_at, pool.agents);
}

std::string agents(std::string_view rest) {
  return std::string(
             "select organization, pool, number, name, version, os_description, enabled, "
             "status = 'online', max_parallelism, created_at, status_changed_at from agents where ") += rest;
}
void read_agent(const Row& row, Agent& agent) {
  read_row(row, agent.organization, agent.pool, agent.number, agent.name, agent.version, agent.os_description,
           agent.enabled, agent.online, agent.max_parallelism, agent.created_at, agent.status_changed_at);
}
std::string_view status_of(const Agent& agent) { return agent.online ? "online" : "offline"; }

std::string queues(std::string_view rest) {
  return std::string("select organization, number, project, pool, name from agent_queues where ") += rest;
}
void read_queue(const Row& row, AgentQueue& queue) {
  read_row(row, queue.organization, queue.number, queue.project, queue.pool, queue.name);
}

// No such organization: the foreign key says so afterwards.
std::int64_t next_number(Transaction& transaction, const OrganizationId& organization) {
  return transaction
      .scalar<std::int64_t>(
          "update organizations set last_agent_number = last_agent_number + 1 where id = $1 "
          "returning last_agent_number",
          organization)
      .value_or(0);
}

}  // namespace

AgentPool insert_agent_pool(Transaction& transaction, AgentPool pool) {
  pool.number = next_number(transaction, pool.organization);
  transaction.execute(
      "insert into agent_pools (organization, number, name, name_key, auto_provision, auto_update, "
      "created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
      pool.organization, pool.number, pool.name, folded(pool.name), pool.auto_provision, pool.auto_update,
      pool.created_by, pool.created_at);
  return pool;
}

void update_agent_pool(Transaction& transaction, const AgentPool& pool) {
  transaction.execute(
      "update agent_pools set name = $1, name_key = $2, auto_provision = $3, auto_update = $4 "
      "where organization = $5 and number = $6",
      pool.name, folded(pool.name), pool.auto_provision, pool.auto_update, pool.organization, pool.number);
}

void delete_agent_pool(Transaction& transaction, const AgentPool& pool) {
  transaction.execute("delete from agents where organization = $1 and pool = $2", pool.organization,
                      pool.number);
  transaction.execute("delete from agent_queues where organization = $1 and pool = $2", pool.organization,
                      pool.number);
  transaction.execute("delete from agent_pools where organization = $1 and number = $2", pool.organization,
                      pool.number);
}

std::optional<AgentPool> find_agent_pool(Transaction& transaction, const OrganizationId& organization,
                                         std::int64_t number) {
  return transaction.one(pools("p.organization = $1 and p.number = $2"), read_pool, organization, number);
}

std::optional<AgentPool> find_agent_pool_by_name(Transaction& transaction, const OrganizationId& organization,
                                                 const std::string& name) {
  return transaction.one(pools("p.organization = $1 and p.name_key = $2"), read_pool, organization,
                         folded(name));
}

std::vector<AgentPool> agent_pools_of(Transaction& transaction, const OrganizationId& organization,
                                      std::int64_t top) {
  return transaction.all(pools("p.organization = $1 order by p.name_key limit $2"), read_pool, organization,
                         top);
}

Agent insert_agent(Transaction& transaction, Agent agent) {
  agent.number = next_number(transaction, agent.organization);
  transaction.execute(
      "insert into agents (organization, pool, number, name, name_key, version, os_description, enabled, "
      "status, max_parallelism, created_at, status_changed_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      agent.organization, agent.pool, agent.number, agent.name, folded(agent.name), agent.version,
      agent.os_description, agent.enabled, status_of(agent), agent.max_parallelism, agent.created_at,
      agent.status_changed_at);
  return agent;
}

void update_agent(Transaction& transaction, const Agent& agent) {
  transaction.execute(
      "update agents set name = $1, name_key = $2, version = $3, os_description = $4, enabled = $5, "
      "status = $6, max_parallelism = $7, status_changed_at = $8 "
      "where organization = $9 and pool = $10 and number = $11",
      agent.name, folded(agent.name), agent.version, agent.os_description, agent.enabled, status_of(agent),
      agent.max_parallelism, agent.status_changed_at, agent.organization, agent.pool, agent.number);
}

void delete_agent(Transaction& transaction, const Agent& agent) {
  transaction.execute("delete from agents where organization = $1 and pool = $2 and number = $3",
                      agent.organization, agent.pool, agent.number);
}

std::optional<Agent> find_agent(Transaction& transaction, const OrganizationId& organization,
                                std::int64_t pool, std::int64_t number) {
  return transaction.one(agents("organization = $1 and pool = $2 and number = $3"), read_agent, organization,
                         pool, number);
}

std::optional<Agent> find_agent_by_name(Transaction& transaction, const OrganizationId& organization,
                                        std::int64_t pool, const std::string& name) {
  return transaction.one(agents("organization = $1 and pool = $2 and name_key = $3"), read_agent,
                         organization, pool, folded(name));
}

std::vector<Agent> agents_of(Transaction& transaction, const AgentPool& pool, std::int64_t top) {
  return transaction.all(agents("organization = $1 and pool = $2 order by name_key limit $3"), read_agent,
                         pool.organization, pool.number, top);
}

AgentQueue insert_agent_queue(Transaction& transaction, AgentQueue queue) {
  queue.number = next_number(transaction, queue.organization);
  transaction.execute(
      "insert into agent_queues (organization, number, project, pool, name, name_key) "
      "values ($1, $2, $3, $4, $5, $6)",
      queue.organization, queue.number, queue.project, queue.pool, queue.name, folded(queue.name));
  return queue;
}

void update_agent_queue(Transaction& transaction, const AgentQueue& queue) {
  transaction.execute(
      "update agent_queues set name = $1, name_key = $2 where organization = $3 and number = $4", queue.name,
      folded(queue.name), queue.organization, queue.number);
}

void delete_agent_queue(Transaction& transaction, const AgentQueue& queue) {
  transaction.execute("delete from agent_queues where organization = $1 and number = $2", queue.organization,
                      queue.number);
}

std::optional<AgentQueue> find_agent_queue(Transaction& transaction, const OrganizationId& organization,
                                           std::int64_t number) {
  return transaction.one(queues("organization = $1 and number = $2"), read_queue, organization, number);
}

std::optional<AgentQueue> find_agent_queue_by_name(Transaction& transaction, const ProjectId& project,
                                                   const std::string& name) {
  return transaction.one(queues("project = $1 and name_key = $2"), read_queue, project, folded(name));
}

std::vector<AgentQueue> agent_queues_of(Transaction& transaction, const ProjectId& project,
                                        std::int64_t top) {
  return transaction.all(queues("project = $1 order by name_key limit $2"), read_queue, project, top);
}

}  // namespace latchkey::store
