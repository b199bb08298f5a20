// Agent pools, their agents, and the queues by which projects use pools: records, as clients of Azure DevOps
// keep them. Their numbers, which the wire calls ids, are the organization's, and given once. Functions of
// one transaction. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct AgentPool {
  OrganizationId organization;
  std::int64_t number = 0;
  std::string name;
  bool auto_provision = false, auto_update = true;
  UserId created_by;
  Time created_at;
  std::int64_t agents = 0;  // read only
};
[[nodiscard]] AgentPool insert_agent_pool(Transaction&, AgentPool);  // gives the number
void update_agent_pool(Transaction&, const AgentPool&);              // name, auto_provision, auto_update
void delete_agent_pool(Transaction&, const AgentPool&);              // with its agents and queues
[[nodiscard]] std::optional<AgentPool> find_agent_pool(Transaction&, const OrganizationId&,
                                                       std::int64_t number);
[[nodiscard]] std::optional<AgentPool> find_agent_pool_by_name(Transaction&, const OrganizationId&,
                                                               const std::string& name);
// By name.
[[nodiscard]] std::vector<AgentPool> agent_pools_of(Transaction&, const OrganizationId&, std::int64_t top);

struct Agent {
  OrganizationId organization;
  std::int64_t pool = 0, number = 0;
  std::string name, version, os_description;
  bool enabled = true, online = false;
  std::int64_t max_parallelism = 1;
  Time created_at, status_changed_at;
};
[[nodiscard]] Agent insert_agent(Transaction&, Agent);  // gives the number
void update_agent(Transaction&, const Agent&);          // all but created_at
void delete_agent(Transaction&, const Agent&);
[[nodiscard]] std::optional<Agent> find_agent(Transaction&, const OrganizationId&, std::int64_t pool,
                                              std::int64_t number);
[[nodiscard]] std::optional<Agent> find_agent_by_name(Transaction&, const OrganizationId&, std::int64_t pool,
                                                      const std::string& name);
// By name.
[[nodiscard]] std::vector<Agent> agents_of(Transaction&, const AgentPool&, std::int64_t top);

struct AgentQueue {
  OrganizationId organization;
  std::int64_t number = 0;
  ProjectId project;
  std::int64_t pool = 0;
  std::string name;
};
[[nodiscard]] AgentQueue insert_agent_queue(Transaction&, AgentQueue);  // gives the number
void update_agent_queue(Transaction&, const AgentQueue&);               // name
void delete_agent_queue(Transaction&, const AgentQueue&);
[[nodiscard]] std::optional<AgentQueue> find_agent_queue(Transaction&, const OrganizationId&,
                                                         std::int64_t number);
[[nodiscard]] std::optional<AgentQueue> find_agent_queue_by_name(Transaction&, const ProjectId&,
                                                                 const std::string& name);
// By name.
[[nodiscard]] std::vector<AgentQueue> agent_queues_of(Transaction&, const ProjectId&, std::int64_t top);

}  // namespace latchkey::store
