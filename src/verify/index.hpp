// The index: what verification believes, in memory. Every live text, and ended ones for 90 days, so that who
// holds a real text is told what became of it.
//
// Promise (P1, one node): once Writer::apply() has returned, no reader returns what the changes forbid, not
// even one that began before; and what a reader returns was right at one instant while it was pinned. Readers
// never wait for anybody. The writer waits for the readers that are pinned when it has stored, which is
// microseconds; one that waits for work is never woken.
//
// How: each subject that can end is one atomic word (word.hpp); texts are found in shards (shards.hpp),
// what a word grants in records (records.hpp); the epoch (epoch.hpp) ends a batch of changes. The orders of
// loads and stores are those of the design's models: nothing here may be weakened without them.
//
// Threads: one Reader for each reactor, used by that reactor alone; one Writer, used by the thread that
// commits.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"
#include "verify/open_organizations.hpp"
#include "verify/owners.hpp"
#include "verify/word.hpp"

namespace latchkey::verify {

// The state of a token's word. Any other value refuses.
enum class TokenState : std::uint8_t {
  live = 1,
  live_until_inactive = 2,
  replaced = 3,  // by a regeneration; accepted until the deadline, the end of the grace
  revoked = 4,
  leaked = 5,
  owner_removed = 6,
};
// Whether it is accepted before its deadline.
[[nodiscard]] constexpr bool accepts(TokenState state) noexcept {
  return state == TokenState::live || state == TokenState::live_until_inactive ||
         state == TokenState::replaced;
}

// One text of a token: the full resulting state, never a difference.
struct SecretEntry {
  Digest digest;
  TokenState state{};
  Time deadline;  // accepted before it, cut to a second; of 4 to 6: since when
  UserId owner;
  std::optional<OrganizationId> organization;  // none: all that the owner is a member of
  token::ScopeSet scopes;                      // closed
};

struct Membership {
  OrganizationId organization;
  Role role{};
  bool operator==(const Membership&) const noexcept = default;
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
  std::shared_ptr<const UseRules> rules{};  // null: none
};

using Change = std::variant<SecretEntry, OwnerEntry, OrganizationEntry>;

// What a token may do.
struct Grant {
  token::ScopeSet scopes;
  std::optional<OrganizationId> organization;
  bool operator==(const Grant&) const noexcept = default;
};

// All that the index says of one text, as it was at one instant.
struct Facts {
  Word token;  // empty: no such text; then nothing below is told
  const Grant* grant{};
  const Owner* owner{};
  const std::vector<Membership>* memberships{};  // null: the owner is disabled, or unknown
  const OpenOrganizations* open{};
};

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

  // For who watches: what it holds of texts, and the memory of them and of their owners. Any thread.
  struct Size {
    std::size_t texts = 0, bytes = 0;
  };
  [[nodiscard]] Size size() const noexcept;

  // What ended before `time` is dropped, with the changes that follow: a part of it with each batch, so that
  // none is held up for long. Asked for once a day. Any thread.
  void forget_ended_before(Time time) noexcept;

 private:
  friend class Pin;
  struct State;
  std::unique_ptr<State> state_;
};

// While it lives, what it looked up may be believed and acted on. No I/O, no waiting under a pin.
class Pin;

class Index::Reader {
 public:
  // REQUIRES: the one before it is gone.
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

  // False: nothing may be believed (not loaded yet): the verdict is Unavailable. Asked before look().
  [[nodiscard]] bool trusted() const noexcept;
  // The pointers live as long as the pin.
  [[nodiscard]] Facts look(const Digest& digest) const noexcept;
  // REQUIRES: trusted().
  [[nodiscard]] const OpenOrganizations& open_organizations() const noexcept;
  // Fetches what look() will need first: worth it where several are looked up.
  void prefetch(const Digest& digest) const noexcept;

 private:
  friend class Index::Reader;
  Pin(Index::State& state, unsigned number) noexcept;
  Index::State& state_;
  unsigned number_;
};

class Index::Writer {
 public:
  // Makes room for so many texts at once, for the load at start. REQUIRES: there is none yet.
  void reserve(std::size_t texts);
  // Applies the changes in order. When it returns, every reader sees them, and none still acts on what was
  // before.
  void apply(std::span<const Change> changes);
  // The load at start is complete: from now on the index may be believed.
  void trust() noexcept;

 private:
  friend class Index;
  explicit Writer(State& state) noexcept : state_(&state) {}
  State* state_;
};

}  // namespace latchkey::verify
