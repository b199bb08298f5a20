// SPDX-License-Identifier: Apache-2.0
#include "authority/feed.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "authority/policy_rules.hpp"
#include "base/check.hpp"
#include "store/errors.hpp"
#include "store/tokens.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t load_batch = 1000;

// What a revoked secret is to verification.
verify::TokenState ended_state(const store::SecretChange& change) {
  if (change.ended_reason == "leaked") return verify::TokenState::leaked;
  if (change.ended_reason == "owner removed") return verify::TokenState::owner_removed;
  return verify::TokenState::revoked;
}

verify::Change believed(const store::SecretChange& change, const token::ScopeSet& scopes) {
  verify::SecretEntry entry{.digest = change.digest,
                            .state = verify::TokenState::live,
                            .deadline = change.valid_to,
                            .owner = change.owner,
                            .organization = change.organization,
                            .scopes = scopes};
  if (change.state == store::TokenState::revoked) {
    LATCHKEY_ASSERT(change.ended_at.has_value());
    entry.state = ended_state(change);
    entry.deadline = *change.ended_at;
  } else if (change.live_until && *change.live_until < change.valid_to) {  // a grace never outlives its token
    entry.state = verify::TokenState::replaced;
    entry.deadline = *change.live_until;
  }
  // Refused since then, unless it is over anyhow.
  if (verify::accepts(entry.state) && change.resting_since && *change.resting_since < entry.deadline) {
    entry.state = verify::TokenState::live_until_inactive;
    entry.deadline = *change.resting_since;
  }
  return entry;
}

verify::Change believed(const store::OwnerChange& change) {
  verify::OwnerEntry entry{.id = change.id,
                           .enabled = change.state == store::UserState::enabled,
                           .memberships = {},
                           .account = change.account};
  for (const auto& membership : change.memberships)
    entry.memberships.push_back({.organization = membership.organization, .role = membership.role});
  return entry;
}

// What a policy asks where something is used. One that can't be read must not be passed over: it throws.
void apply_policy(const store::OrganizationChange::Policy& policy, verify::UseRules& rules) {
  const PolicyRule* const rule = find_policy_rule(policy.name, false);
  auto value = rule == nullptr ? std::unexpected("no such policy") : read_policy_value(*rule, policy.value);
  if (!value)
    throw store::Error(store::ErrorKind::broken, "the policy " + policy.name + " can't be read (" +
                                                     value.error() + "): use a newer version");
  if (policy.name == "restrict-creation")
    rules.no_global_tokens = {.from = policy.from, .except = policy.except};
  if (policy.name == "source-networks")
    rules.sources = {.rule = {.from = policy.from, .except = policy.except},
                     .networks = std::move(value->networks)};
  if (policy.name == "basic-passwords") rules.passwords_from = policy.from;
}

std::shared_ptr<const verify::UseRules> use_rules(const store::OrganizationChange& change) {
  if (change.policies.empty() && change.banned.empty() && change.open_routes.empty()) return nullptr;
  auto rules = std::make_shared<verify::UseRules>();
  rules->banned = change.banned;
  for (const auto& policy : change.policies) apply_policy(policy, *rules);
  for (const auto& open : change.open_routes)
    rules->open_routes.push_back({.route = open.route, .users = open.users});
  return rules;
}

verify::Change believed(const store::OrganizationChange& change) {
  return verify::OrganizationEntry{
      .id = change.id, .name_key = change.name_key, .open = change.open, .rules = use_rules(change)};
}

// Tokens share few texts of scopes: each is read once in a load.
class Translation {
 public:
  [[nodiscard]] verify::Change operator()(const store::SecretChange& change) {
    auto known = scopes_.find(change.scopes);
    if (known == scopes_.end())
      known = scopes_.emplace(change.scopes, token::kept_scopes(change.scopes)).first;
    return believed(change, known->second);
  }
  [[nodiscard]] verify::Change operator()(const auto& change) { return believed(change); }

 private:
  std::unordered_map<std::string, token::ScopeSet> scopes_;
};

}  // namespace

void Feed::start(store::Store& store) {
  writer_.reserve(static_cast<std::size_t>(
      store.read([](store::Transaction& transaction) { return store::count_secrets(transaction); })));
  Translation translate;
  std::vector<verify::Change> batch;
  const auto flush = [&] {
    writer_.apply(batch);
    batch.clear();
  };
  const store::Position loaded = store.start(
      [&](const store::Change& change) {
        batch.push_back(std::visit(translate, change));
        if (batch.size() == load_batch) flush();
      },
      // noexcept: what is committed but can't be believed ends the process; only a new load can be right
      // again.
      [this](std::span<const store::Change> changes, store::Position last) noexcept {
        apply(changes, last);
      });
  flush();
  applied_.store(loaded, std::memory_order_release);
  writer_.trust();
}

void Feed::apply(std::span<const store::Change> changes, store::Position last) {
  Translation translate;
  std::vector<verify::Change> entries;
  entries.reserve(changes.size());
  for (const store::Change& change : changes) entries.push_back(std::visit(translate, change));
  writer_.apply(entries);
  password_uses_.tell(changes);  // first: who is told next asks them
  const auto before = static_cast<std::int64_t>(applied_.load(std::memory_order_relaxed));
  long_requests_.tell(changes, store::Position{before + 1}, last);
  applied_.store(last, std::memory_order_release);
  applied_.notify_all();
}

void Feed::wait_for(store::Position position) const {
  for (auto applied = applied_.load(std::memory_order_acquire); applied < position;
       applied = applied_.load(std::memory_order_acquire))
    applied_.wait(applied, std::memory_order_acquire);
}

}  // namespace latchkey::authority
