// SPDX-License-Identifier: Apache-2.0
#include "verify/index.hpp"

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>

#include "base/check.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"

namespace latchkey::verify {
namespace {

__extension__ using Wide = unsigned __int128;

// The top 64 bits of Σ kᵢ·dᵢ + k mod 2^128, with keys made at start: strongly universal, so that nobody can
// aim digests at one another.
class DigestHash {
 public:
  using Keys = std::array<Wide, Digest::size / sizeof(std::uint64_t) + 1>;

  explicit DigestHash(const Keys& keys) noexcept : keys_(&keys) {}
  std::size_t operator()(const Digest& digest) const noexcept {
    std::array<std::uint64_t, Digest::size / sizeof(std::uint64_t)> words;
    std::memcpy(words.data(), digest.bytes().data(), sizeof words);
    Wide sum = keys_->back();
    for (std::size_t i = 0; i < words.size(); ++i) sum += (*keys_)[i] * words[i];
    return static_cast<std::size_t>(sum >> 64);
  }

 private:
  const Keys* keys_;
};

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>()(name); }
};

template <class Key, class Value, class Hash = std::hash<Key>>
using Map = boost::unordered_flat_map<Key, Value, Hash, std::equal_to<>>;
using Secrets = Map<Digest, SecretEntry, DigestHash>;

constexpr std::size_t shards = 256;  // so that one that grows moves a small part of all

struct alignas(64) ReaderLock {  // a cache line each: reactors don't touch one another's
  Mutex mutex;
};

template <class Entries>
const auto* found(const Entries& entries, const auto& key) noexcept {
  const auto entry = entries.find(key);
  return entry == entries.end() ? nullptr : &entry->second;
}

}  // namespace

// What stands below the locks may be read by who holds one of them and changed by who holds all.
struct Index::State {
  explicit State(unsigned readers) : locks(readers) {
    fill_random(std::as_writable_bytes(std::span(keys)));
    secrets.assign(shards, Secrets(0, DigestHash(keys)));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  template <class Self>
  static auto& shard(Self& state, const Digest& digest) noexcept {
    return state.secrets[std::to_integer<std::size_t>(digest.bytes().front())];
  }
  void put(const SecretEntry& entry) { shard(*this, entry.digest).insert_or_assign(entry.digest, entry); }
  void put(const OwnerEntry& entry) { owners.insert_or_assign(entry.id, entry); }
  void put(const OrganizationEntry& entry) {
    if (const auto* before = found(organizations, entry.id); before && before->name_key != entry.name_key) {
      const auto name = names.find(before->name_key);  // another may bear it by now
      if (name != names.end() && name->second == entry.id) names.erase(name);
    }
    names.insert_or_assign(entry.name_key, entry.id);
    organizations.insert_or_assign(entry.id, entry);
  }

  std::vector<ReaderLock> locks;
  std::atomic<bool> trusted = false;
  DigestHash::Keys keys{};
  std::vector<Secrets> secrets;
  Map<UserId, OwnerEntry> owners;
  Map<OrganizationId, OrganizationEntry> organizations;
  Map<std::string, OrganizationId, NameHash> names;
};

namespace {

// All the readers' locks, always taken in the same order. Clang's analysis can't count locks in a loop.
class WholeIndex {
 public:
  explicit WholeIndex(std::vector<ReaderLock>& locks) __attribute__((no_thread_safety_analysis))
      : locks_(locks) {
    for (auto& lock : locks_) lock.mutex.lock();
  }
  ~WholeIndex() __attribute__((no_thread_safety_analysis)) {
    for (auto& lock : locks_) lock.mutex.unlock();
  }
  WholeIndex(const WholeIndex&) = delete;
  WholeIndex& operator=(const WholeIndex&) = delete;

 private:
  std::vector<ReaderLock>& locks_;
};

}  // namespace

Index::Index(unsigned readers) : state_(std::make_unique<State>(readers)) {}
Index::~Index() = default;

Index::Reader Index::reader(unsigned number) noexcept {
  LATCHKEY_ASSERT(number < state_->locks.size());
  return {*state_, number};
}
Index::Writer Index::writer() noexcept { return Writer(*state_); }

Index::Size Index::size() const {
  constexpr std::size_t slot = sizeof(Secrets::value_type) + 1;  // and its byte of the map's own
  const WholeIndex whole(state_->locks);
  Size size;
  for (const auto& shard : state_->secrets) {
    size.secrets += shard.size();
    size.bytes += shard.bucket_count() * slot;
  }
  return size;
}

Pin Index::Reader::pin() noexcept { return {*state_, number_}; }

Pin::Pin(Index::State& state, unsigned number) noexcept __attribute__((no_thread_safety_analysis))
    : state_(state), number_(number) {
  state_.locks[number_].mutex.lock();
}
Pin::~Pin() __attribute__((no_thread_safety_analysis)) { state_.locks[number_].mutex.unlock(); }

const SecretEntry* Pin::secret(const Digest& digest) const noexcept {
  return found(Index::State::shard(state_, digest), digest);
}
const OwnerEntry* Pin::owner(const UserId& id) const noexcept { return found(state_.owners, id); }
const OrganizationEntry* Pin::organization(const OrganizationId& id) const noexcept {
  return found(state_.organizations, id);
}
const OrganizationEntry* Pin::organization(std::string_view name_key) const noexcept {
  const auto* id = found(state_.names, name_key);
  return id ? organization(*id) : nullptr;
}
bool Pin::trusted() const noexcept { return state_.trusted.load(std::memory_order_acquire); }

void Index::Writer::apply(std::span<const Change> changes) {
  const WholeIndex whole(state_->locks);
  for (const auto& change : changes) std::visit([&](const auto& entry) { state_->put(entry); }, change);
}

void Index::Writer::trust() noexcept { state_->trusted.store(true, std::memory_order_release); }

void Index::Writer::forget_ended_before(Time time) {
  for (auto& shard : state_->secrets) {  // one at a time: no reader waits for all of it
    const WholeIndex whole(state_->locks);
    boost::unordered::erase_if(shard, [&](const auto& entry) { return entry.second.deadline < time; });
  }
}

}  // namespace latchkey::verify
