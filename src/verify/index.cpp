// SPDX-License-Identifier: Apache-2.0
#include "verify/index.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <map>

#include "base/check.hpp"
#include "verify/epoch.hpp"
#include "verify/owners.hpp"
#include "verify/records.hpp"
#include "verify/shards.hpp"

namespace latchkey::verify {
namespace {

constexpr std::size_t swept_at_once = 64;  // shards: 20 ms where there are 10 million texts

enum class OwnerState : std::uint8_t { enabled = 1, disabled = 2 };

using Words = std::array<std::uint64_t, 2>;
static_assert(sizeof(OrganizationId) == sizeof(Words));

std::uint64_t hash_of_grant(const UniversalHash& hash, const Grant& grant) noexcept {
  const auto scopes = std::bit_cast<std::array<std::uint64_t, 4>>(grant.scopes);
  const auto organization = std::bit_cast<Words>(grant.organization.value_or(OrganizationId()));
  return hash(std::array{scopes[0], scopes[1], scopes[2], scopes[3], organization[0], organization[1],
                         std::uint64_t{grant.organization.has_value()}});
}

using Memberships = std::vector<Membership>;

std::uint64_t hash_of_memberships(const UniversalHash& hash, const Memberships& memberships) noexcept {
  std::uint64_t sum = 0;
  for (const auto& membership : memberships) {
    const auto id = std::bit_cast<Words>(membership.organization);
    sum = hash(std::array{sum, id[0], id[1], std::uint64_t{static_cast<std::uint8_t>(membership.role)}});
  }
  return sum;
}

using Grants = Records<Grant, hash_of_grant>;
using MembershipRecords = Records<Memberships, hash_of_memberships>;

}  // namespace

// Words, records and names are read under a pin; what is said to be the writer's, by the writer alone.
struct Index::State {
  explicit State(unsigned readers) : epoch(readers) {}

  [[nodiscard]] Facts look(const Digest& digest) const noexcept;

  void put(const SecretEntry& entry);
  void put(const OwnerEntry& entry);
  void put(const OrganizationEntry& entry);
  void publish_organizations();
  void sweep();
  // Before each store that allows more on something that readers may have read already.
  void count_widening() noexcept {
    widened.store(widened.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  // Lets go of what nothing leads to any more. After an epoch.
  void reuse() noexcept;

  Epoch epoch;
  std::atomic<bool> trusted = false;
  alignas(64) std::atomic<std::uint64_t> widened = 0;
  Shards shards;
  Owners owners;
  Grants grants;
  MembershipRecords memberships;
  std::atomic<const OpenOrganizations*> open = nullptr;  // of `open_tables`, the last

  // The writer's.
  std::vector<std::unique_ptr<const OpenOrganizations>> open_tables;
  std::map<OrganizationId, OrganizationEntry> organizations;
  bool organizations_changed = true;
  std::size_t swept = Shards::count;  // shards, of the sweep under way
  Second sweep_before{};
  std::atomic<Second> asked_sweep_before = Second{};
};

// The token's word is read first, so a creation is no widening of anything that was read.
Facts Index::State::look(const Digest& digest) const noexcept {
  const auto [token, number] = shards.find(digest);
  if (token.empty()) return {};
  const Owner& owner = owners[number];
  const Word word(owner.word.load(std::memory_order_acquire));
  Facts facts{.token = token,
              .grant = &grants[token.record()],
              .owner = &owner,
              .open = open.load(std::memory_order_acquire)};
  if (word.state() == static_cast<std::uint8_t>(OwnerState::enabled))
    facts.memberships = &memberships[word.record()];
  return facts;
}

void Index::State::put(const SecretEntry& entry) {
  const std::uint32_t grant = grants.take({.scopes = entry.scopes, .organization = entry.organization});
  if (accepts(entry.state)) count_widening();
  const Word word(static_cast<std::uint8_t>(entry.state), grant, second_of(entry.deadline));
  grants.give_back(shards.put(entry.digest, owners.number(entry.owner), word).record());
}

void Index::State::put(const OwnerEntry& entry) {
  const std::uint32_t number = owners.number(entry.id);
  owners.name(number, entry.account);
  auto& word = owners[number].word;
  const Word before(word.load(std::memory_order_relaxed));
  Word after(static_cast<std::uint8_t>(OwnerState::disabled), MembershipRecords::none, Second{});
  if (entry.enabled) {
    after =
        Word(static_cast<std::uint8_t>(OwnerState::enabled), memberships.take(entry.memberships), Second{});
    count_widening();
  }
  word.store(after.bits(), std::memory_order_release);
  memberships.give_back(before.record());
}

void Index::State::put(const OrganizationEntry& entry) {
  organizations.insert_or_assign(entry.id, entry);
  organizations_changed = true;
}

void Index::State::publish_organizations() {
  auto table = std::make_unique<OpenOrganizations>();
  for (const auto& [id, organization] : organizations)
    if (organization.open) table->add(id, organization.name_key, organization.rules);
  count_widening();
  open.store(table.get(), std::memory_order_release);
  open_tables.push_back(std::move(table));
  organizations_changed = false;
}

// A part of what was asked for, see forget_ended_before().
void Index::State::sweep() {
  if (const Second asked = asked_sweep_before.exchange(Second{}); asked != Second{}) {
    sweep_before = asked;
    swept = 0;
  }
  const std::size_t end = std::min(swept + swept_at_once, Shards::count);
  for (; swept < end; ++swept)
    shards.sweep(swept, sweep_before, [&](Word forgotten) { grants.give_back(forgotten.record()); });
}

void Index::State::reuse() noexcept {
  shards.free_rebuilt();
  grants.reuse();
  memberships.reuse();
  owners.free_renamed();
  open_tables.erase(open_tables.begin(), open_tables.end() - 1);
}

Index::Index(unsigned readers) : state_(std::make_unique<State>(readers)) { state_->publish_organizations(); }
Index::~Index() = default;

Index::Reader Index::reader(unsigned number) noexcept {
  LATCHKEY_ASSERT(number < state_->epoch.readers());
  return {*state_, number};
}
Index::Writer Index::writer() noexcept { return Writer(*state_); }

Index::Size Index::size() const noexcept {
  return {.texts = state_->shards.texts(), .bytes = state_->shards.bytes() + state_->owners.bytes()};
}

void Index::forget_ended_before(Time time) noexcept {
  state_->asked_sweep_before.store(second_of(time), std::memory_order_relaxed);
}

Pin Index::Reader::pin() noexcept { return {*state_, number_}; }

Pin::Pin(Index::State& state, unsigned number) noexcept : state_(state), number_(number) {
  state_.epoch.pin(number_);
}
Pin::~Pin() { state_.epoch.unpin(number_); }

bool Pin::trusted() const noexcept { return state_.trusted.load(std::memory_order_acquire); }

Facts Pin::look(const Digest& digest) const noexcept {
  for (;;) {
    const std::uint64_t widened = state_.widened.load(std::memory_order_acquire);
    const Facts facts = state_.look(digest);
    // Else: an owner enabled after their token ended could make both look good, which they never were.
    if (state_.widened.load(std::memory_order_relaxed) == widened) return facts;
  }
}

const OpenOrganizations& Pin::open_organizations() const noexcept {
  return *state_.open.load(std::memory_order_acquire);
}

void Pin::prefetch(const Digest& digest) const noexcept { state_.shards.prefetch(digest); }

void Index::Writer::reserve(std::size_t texts) { state_->shards.reserve(texts); }

void Index::Writer::apply(std::span<const Change> changes) {
  constexpr std::size_t ahead = 8;  // so many slots are on their way from memory at once
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (const auto* next =
            i + ahead < changes.size() ? std::get_if<SecretEntry>(&changes[i + ahead]) : nullptr)
      state_->shards.prefetch(next->digest);
    const auto& change = changes[i];
    // Organizations that stand together become known together; nothing overtakes them.
    if (state_->organizations_changed && !std::holds_alternative<OrganizationEntry>(change))
      state_->publish_organizations();
    std::visit([&](const auto& entry) { state_->put(entry); }, change);
  }
  if (state_->organizations_changed) state_->publish_organizations();
  state_->sweep();
  state_->epoch.advance();
  state_->reuse();
}

void Index::Writer::trust() noexcept { state_->trusted.store(true, std::memory_order_release); }

}  // namespace latchkey::verify
