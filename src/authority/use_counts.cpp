// SPDX-License-Identifier: Apache-2.0
#include "authority/use_counts.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/secret.hpp"
#include "store/uses.hpp"

namespace latchkey::authority {
namespace {

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

UseCounts::UseCounts() {
  for (auto& batch : batches_) batch.uses.reserve(uses_max);
}

// Fingerprints are random, but of 62 characters: the product's top bits depend on all of them.
std::size_t UseCounts::hash(const token::Fingerprint& fingerprint) noexcept {
  std::uint64_t begin = 0, end = 0;
  const auto text = fingerprint.text();
  std::memcpy(&begin, text.data(), sizeof begin);
  std::memcpy(&end, text.data() + text.size() - sizeof end, sizeof end);
  constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;  // 2^64 by the golden ratio
  static_assert(std::has_single_bit(places));
  return (begin * odd ^ end) * odd >> (64 - std::countr_zero(places));
}

std::size_t UseCounts::place_of(const token::Fingerprint& fingerprint) const noexcept {
  std::size_t at = hash(fingerprint);
  while (tokens_[at].first != none && tokens_[at].fingerprint != fingerprint) at = (at + 1) % places;
  return at;
}

void UseCounts::fetch_place(const token::Fingerprint& fingerprint) const noexcept {
  __builtin_prefetch(&tokens_[hash(fingerprint)]);
}

void UseCounts::fetch_uses(const token::Fingerprint& fingerprint) const noexcept {
  const std::uint32_t first = tokens_[place_of(fingerprint)].first;
  if (first == none) return;
  const auto* const use = reinterpret_cast<const char*>(&counting().uses[first]);
  for (std::size_t at = 0; at < sizeof(CountedUse); at += 64) __builtin_prefetch(use + at);
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
  auto& uses = counting().uses;
  for (auto at = tokens_[place_of(presented.fingerprint)].first; at != none; at = uses[at].next)
    if (same_kind(uses[at], presented)) return &uses[at];
  return nullptr;
}

CountedUse* UseCounts::find_or_make(Presented presented) {
  const std::string agent = kept_agent(presented.agent);
  presented.agent = agent;
  if (presented.project.size() > name_max || presented.repository.size() > name_max)
    presented.project = presented.repository = {};
  auto& uses = counting().uses;
  auto& kinds = tokens_[place_of(presented.fingerprint)];
  if (uses.size() >= detailed_max || kinds.count >= of_token_max) forget_details(presented);
  if (auto* known = find(presented)) return known;
  if (uses.size() == uses_max) return nullptr;
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
  kinds = {presented.fingerprint, static_cast<std::uint32_t>(uses.size() - 1), kinds.count + 1};
  return &uses.back();
}

void UseCounts::turn() {
  if (!turned().uses.empty() || counting().uses.empty()) return;
  counting().id = Uuid::random();
  counting().folded = 0;
  active_ = 1 - active_;
  std::ranges::fill(tokens_, Kinds{});
}

}  // namespace latchkey::authority
