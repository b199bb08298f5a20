// The index: what verification believes, in memory. Every live secret, and ended ones for 90 days, so that
// who holds a real text is told what became of it.
//
// Promise (P1, one node): once Writer::apply() has returned, no reader returns what the change forbids, not
// even one that began before. This first index keeps it with a lock for each reactor: a reader holds its own
// lock while it is pinned; the writer takes them all, stores, and lets go. A reactor that waits for work
// holds nothing, so it is never woken. The exact index of revocation.md replaces the inside, not this
// interface.
//
// Threads: one Reader for each reactor, used by that reactor alone; one Writer, used by the thread that
// commits.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"
#include "token/text.hpp"

namespace latchkey::verify {

// The state of a token's word (revocation.md 1). Any other value refuses.
enum class TokenState : std::uint8_t {
  live = 1,
  live_until_inactive = 2,
  replaced = 3,  // by a regeneration; accepted until the deadline, the end of the grace
  revoked = 4,
  leaked = 5,
  owner_removed = 6,
};

// One secret of a token: the full resulting state, never a difference.
struct SecretEntry {
  Digest digest;
  token::Fingerprint fingerprint;
  TokenState state{};
  Time deadline;  // accepted before it; of 4 to 6: since when
  TokenId token;
  UserId owner;
  std::optional<OrganizationId> organization;  // none: all that the owner is a member of
  token::ScopeSet scopes;                      // closed
  Time valid_to;                               // the token's, for its holder to know
};

struct Membership {
  OrganizationId organization;
  Role role{};
};
struct OwnerEntry {
  UserId id;
  bool enabled = false;
  std::vector<Membership> memberships;
  std::string account{};  // the name under which services know the owner
};

struct OrganizationEntry {
  OrganizationId id;
  std::string name_key;  // folded: what the URL names
  bool open = false;
};

using Change = std::variant<SecretEntry, OwnerEntry, OrganizationEntry>;

class Index {
 public:
  explicit Index(unsigned readers);
  ~Index();
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  class Reader;
  class Writer;

  // REQUIRES: number < readers; each number is handed out once.
  [[nodiscard]] Reader reader(unsigned number) noexcept;
  [[nodiscard]] Writer writer() noexcept;

  // For who watches: what it holds of secrets. Any thread.
  struct Size {
    std::size_t secrets = 0, bytes = 0;
  };
  [[nodiscard]] Size size() const;

 private:
  friend class Pin;
  struct State;
  std::unique_ptr<State> state_;
};

// While it lives, what it looked up may be believed and acted on. No I/O, no waiting under a pin.
class Pin;

class Index::Reader {
 public:
  [[nodiscard]] Pin pin() noexcept;

 private:
  friend class Index;
  Reader(State& state, unsigned number) noexcept : state_(&state), number_(number) {}
  State* state_;
  unsigned number_;
};

class Pin {
 public:
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin();

  // Null when there is none. The pointers live as long as the pin.
  [[nodiscard]] const SecretEntry* secret(const Digest& digest) const noexcept;
  [[nodiscard]] const OwnerEntry* owner(const UserId& id) const noexcept;
  [[nodiscard]] const OrganizationEntry* organization(const OrganizationId& id) const noexcept;
  [[nodiscard]] const OrganizationEntry* organization(std::string_view name_key) const noexcept;
  // False: nothing may be believed (not loaded yet): the verdict is Unavailable.
  [[nodiscard]] bool trusted() const noexcept;

 private:
  friend class Index::Reader;
  Pin(Index::State& state, unsigned number) noexcept;
  Index::State& state_;
  unsigned number_;
};

class Index::Writer {
 public:
  // Applies the changes in order. When it returns, every reader sees them, and none still acts on what was
  // before.
  void apply(std::span<const Change> changes);
  // The load at start is complete: from now on the index may be believed.
  void trust() noexcept;
  // Drops what ended before `time`. Called once a day.
  void forget_ended_before(Time time);

 private:
  friend class Index;
  explicit Writer(State& state) noexcept : state_(&state) {}
  State* state_;
};

}  // namespace latchkey::verify
