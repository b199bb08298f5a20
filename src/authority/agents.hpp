// Agent pools, their agents, and the queues by which projects use pools. Pools and agents are the
// organization's: its readers see them, its administrators change them; queues are a project's. No runner
// listens to them: they are records.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "store/agents.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// Names: 1 to 100 characters, unique in the organization (pools), in the pool (agents), in the project
// (queues); name_taken.
struct PoolShown {
  store::AgentPool pool;
  store::User created_by;
};
struct PoolEdit {
  std::optional<std::string> name{};
  std::optional<bool> auto_provision{}, auto_update{};
};
[[nodiscard]] std::vector<PoolShown> list_agent_pools(Authority&, const Actor&, const OrganizationId&);
[[nodiscard]] PoolShown show_agent_pool(Authority&, const Actor&, const OrganizationId&, std::int64_t pool);
[[nodiscard]] PoolShown create_agent_pool(Authority&, const Actor&, const OrganizationId&, const PoolEdit&);
[[nodiscard]] PoolShown edit_agent_pool(Authority&, const Actor&, const OrganizationId&, std::int64_t pool,
                                        const PoolEdit&);
void delete_agent_pool(Authority&, const Actor&, const OrganizationId&, std::int64_t pool);

struct AgentEdit {
  std::optional<std::string> name{}, version{}, os_description{};
  std::optional<bool> enabled{}, online{};
  std::optional<std::int64_t> max_parallelism{};  // 1 to 1000
};
[[nodiscard]] std::vector<store::Agent> list_agents(Authority&, const Actor&, const OrganizationId&,
                                                    std::int64_t pool);
[[nodiscard]] store::Agent show_agent(Authority&, const Actor&, const OrganizationId&, std::int64_t pool,
                                      std::int64_t agent);
[[nodiscard]] store::Agent create_agent(Authority&, const Actor&, const OrganizationId&, std::int64_t pool,
                                        const AgentEdit&);
// `replace`: what the edit leaves out is as of a new agent.
[[nodiscard]] store::Agent edit_agent(Authority&, const Actor&, const OrganizationId&, std::int64_t pool,
                                      std::int64_t agent, const AgentEdit&, bool replace);
void delete_agent(Authority&, const Actor&, const OrganizationId&, std::int64_t pool, std::int64_t agent);

struct QueueShown {
  store::AgentQueue queue;
  store::AgentPool pool;
};
[[nodiscard]] std::vector<QueueShown> list_agent_queues(Authority&, const Actor&, const OrganizationId&,
                                                        std::string_view project);
[[nodiscard]] QueueShown show_agent_queue(Authority&, const Actor&, const OrganizationId&,
                                          std::string_view project, std::int64_t queue);
// No name: the pool's.
[[nodiscard]] QueueShown create_agent_queue(Authority&, const Actor&, const OrganizationId&,
                                            std::string_view project, std::int64_t pool,
                                            const std::optional<std::string>& name);
[[nodiscard]] QueueShown rename_agent_queue(Authority&, const Actor&, const OrganizationId&,
                                            std::string_view project, std::int64_t queue,
                                            std::string_view name);
void delete_agent_queue(Authority&, const Actor&, const OrganizationId&, std::string_view project,
                        std::int64_t queue);

}  // namespace latchkey::authority
