// SPDX-License-Identifier: Apache-2.0
#include "authority/policy_cache.hpp"

#include <utility>

#include "store/errors.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t kept_most = 1000;  // organizations

}  // namespace

ReadPolicy read_policy(store::Policy policy) {
  const PolicyRule* const rule = find_policy_rule(policy.name, !policy.organization);
  auto value = rule == nullptr ? std::unexpected("") : read_policy_value(*rule, policy.value);
  if (!value)
    throw store::Error(store::ErrorKind::broken,
                       "the policy " + policy.name +
                           " holds a value that this version can't read: set it anew, "
                           "or use a newer version");
  return {.policy = std::move(policy), .rule = rule, .value = *std::move(value)};
}

std::shared_ptr<const PolicyCache::Policies> PolicyCache::policies_for(
    store::Transaction& transaction, const std::optional<OrganizationId>& organization) {
  std::string version = store::policies_version(transaction);
  {
    const Lock lock(mutex_);
    const auto found = version == version_ ? kept_.find(organization) : kept_.end();
    if (found != kept_.end()) return found->second;
  }
  auto policies = std::make_shared<Policies>();
  for (store::Policy& policy : store::policies_for(transaction, organization))
    policies->push_back(read_policy(std::move(policy)));
  const Lock lock(mutex_);
  // A reader of an older snapshot may put that back: who comes after it finds another version, and reads.
  if (version != version_ || kept_.size() >= kept_most) kept_.clear();
  version_ = std::move(version);
  return kept_[organization] = std::move(policies);
}

}  // namespace latchkey::authority
