// SPDX-License-Identifier: Apache-2.0
#include "authority/feed.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include "base/check.hpp"
#include "token/scopes.hpp"
#include "token/text.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t load_batch = 1000;

// What a revoked secret is to verification.
verify::TokenState ended_state(const store::SecretChange& change) {
  if (change.ended_reason == "leaked") return verify::TokenState::leaked;
  if (change.ended_reason == "owner removed") return verify::TokenState::owner_removed;
  return verify::TokenState::revoked;
}

verify::Change believed(const store::SecretChange& change) {
  const auto fingerprint = token::Fingerprint::parse(change.fingerprint);
  LATCHKEY_ASSERT(fingerprint.has_value());
  verify::SecretEntry entry{.digest = change.digest,
                            .fingerprint = *fingerprint,
                            .state = verify::TokenState::live,
                            .deadline = change.valid_to,
                            .token = change.token,
                            .owner = change.owner,
                            .organization = change.organization,
                            .scopes = token::kept_scopes(change.scopes),
                            .valid_to = change.valid_to};
  if (change.state == store::TokenState::revoked) {
    LATCHKEY_ASSERT(change.ended_at.has_value());
    entry.state = ended_state(change);
    entry.deadline = *change.ended_at;
  } else if (change.live_until) {
    entry.state = verify::TokenState::replaced;
    entry.deadline = std::min(*change.live_until, change.valid_to);  // a grace never outlives its token
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

verify::Change believed(const store::OrganizationChange& change) {
  return verify::OrganizationEntry{.id = change.id, .name_key = change.name_key, .open = change.open};
}

verify::Change believed(const store::Change& change) {
  return std::visit([](const auto& subject) { return believed(subject); }, change);
}

}  // namespace

void Feed::start(store::Store& store) {
  std::vector<verify::Change> batch;
  const auto flush = [&] {
    writer_.apply(batch);
    batch.clear();
  };
  const store::Position loaded = store.start(
      [&](const store::Change& change) {
        batch.push_back(believed(change));
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
  std::vector<verify::Change> entries;
  entries.reserve(changes.size());
  for (const store::Change& change : changes) entries.push_back(believed(change));
  writer_.apply(entries);
  applied_.store(last, std::memory_order_release);
  applied_.notify_all();
}

void Feed::wait_for(store::Position position) const {
  for (auto applied = applied_.load(std::memory_order_acquire); applied < position;
       applied = applied_.load(std::memory_order_acquire))
    applied_.wait(applied, std::memory_order_acquire);
}

}  // namespace latchkey::authority
