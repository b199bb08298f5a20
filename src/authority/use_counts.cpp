// SPDX-License-Identifier: Apache-2.0
#include "authority/use_counts.hpp"

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"
#include "store/uses.hpp"

namespace latchkey::authority {
namespace {

constexpr std::uint32_t none = UINT32_MAX;
constexpr std::size_t name_max = 256;  // bytes; no project or repository has a longer name

bool same_kind(const CountedUse& use, const Presented& presented) noexcept {
  return use.outcome == presented.outcome && use.address == presented.address &&
         use.agent == presented.agent && use.operation == presented.operation &&
         use.repository == presented.repository && use.project == presented.project &&
         use.organization == presented.organization;
}

void forget_details(Presented& presented) noexcept {
  presented.address = presented.agent = store::other;
  presented.project = presented.repository = {};
  presented.organization.reset();
}

}  // namespace

// Fingerprints are random: any eight of their characters spread well, once the map has mixed them.
std::size_t UseCounts::FingerprintHash::operator()(const token::Fingerprint& fingerprint) const noexcept {
  std::size_t value{};
  std::memcpy(&value, fingerprint.text().data(), sizeof value);
  return value;
}

UseCounts::UseCounts() {
  for (auto& batch : batches_) batch.uses.reserve(uses_max);
  tokens_.reserve(uses_max);
}

void UseCounts::add(const Presented& presented, Time now) {
  CountedUse* use = find(presented);
  if (use == nullptr) use = find_or_make(presented);
  if (use == nullptr) return lost_.add();
  if (use->count++ == 0) use->first_at = use->last_at = now;
  use->first_at = std::min(use->first_at, now);  // clocks are set back
  use->last_at = std::max(use->last_at, now);
}

CountedUse* UseCounts::find(const Presented& presented) noexcept {
  const auto token = tokens_.find(presented.fingerprint);
  if (token == tokens_.end()) return nullptr;
  auto& uses = counting().uses;
  for (auto at = token->second.first; at != none; at = uses[at].next)
    if (same_kind(uses[at], presented)) return &uses[at];
  return nullptr;
}

CountedUse* UseCounts::find_or_make(Presented presented) {
  const std::string agent = kept_agent(presented.agent);
  presented.agent = agent;
  if (presented.project.size() > name_max || presented.repository.size() > name_max)
    presented.project = presented.repository = {};
  auto& uses = counting().uses;
  const auto token = tokens_.find(presented.fingerprint);
  if (uses.size() >= detailed_max || (token != tokens_.end() && token->second.count >= of_token_max))
    forget_details(presented);
  if (auto* known = find(presented)) return known;
  if (uses.size() == uses_max) return nullptr;
  auto& kinds = tokens_.try_emplace(presented.fingerprint, Kinds{.first = none}).first->second;
  uses.push_back({.fingerprint = presented.fingerprint,
                  .outcome = presented.outcome,
                  .operation = std::string(presented.operation),
                  .address = std::string(presented.address),
                  .agent = std::string(presented.agent),
                  .project = std::string(presented.project),
                  .repository = std::string(presented.repository),
                  .organization = presented.organization,
                  .first_at = {},
                  .last_at = {},
                  .next = kinds.first});
  kinds.first = static_cast<std::uint32_t>(uses.size() - 1);
  ++kinds.count;
  return &uses.back();
}

void UseCounts::turn() {
  if (!turned().uses.empty() || counting().uses.empty()) return;
  counting().id = Uuid::random();
  counting().folded = 0;
  active_ = 1 - active_;
  tokens_.clear();
}

}  // namespace latchkey::authority
