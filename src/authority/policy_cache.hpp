// Policies as rules read them, kept in memory: each creation of a token asks all of them. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authority/policy_rules.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "store/policies.hpp"

namespace latchkey::authority {

// A policy with its rule and what its value means. Throws store::Error{broken} for a row that can't be read:
// what it would refuse is not known.
struct ReadPolicy {
  store::Policy policy;
  const PolicyRule* rule = nullptr;
  PolicyValue value{};
};
[[nodiscard]] ReadPolicy read_policy(store::Policy policy);

class PolicyCache {
 public:
  using Policies = std::vector<ReadPolicy>;
  // The server's and the organization's, whatever their stage, as the transaction sees them: what it has
  // written itself and what others committed before it. Of each what store::policies_for() has.
  [[nodiscard]] std::shared_ptr<const Policies> policies_for(store::Transaction&,
                                                             const std::optional<OrganizationId>&);

 private:
  Mutex mutex_;
  std::string version_ LATCHKEY_GUARDED_BY(mutex_);  // of what is kept
  std::map<std::optional<OrganizationId>, std::shared_ptr<const Policies>> kept_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::authority
