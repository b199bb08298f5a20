// store/ is the database: SQL, migrations, durable order. Nobody else knows SQL; what decides is above
// (authority/).
//
// SQLite: WAL, synchronous=FULL, foreign keys on. One writer thread puts every decision that waits into one
// commit; one's refusal or error leaves the others alone, though they may have to run again for it; if the
// commit fails, each runs once more alone. After the commit, the same thread hands all changes, in commit
// order, to `committed`, and only then lets the callers go on. Readers have connections of their own and see
// only what is committed.
//
// Promises: when transact() returns, the decision is durable (synced) and `committed` has had its changes;
// when it throws, nothing of the decision is there, or (Error{unavailable} alone) that is unknown and
// repeating it is safe. After an I/O error from a COMMIT nothing is decided any more, since only a restart
// can tell what the disk holds: the process is to end.
//
// Blocking: pool threads and start-up only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "base/counters.hpp"
#include "base/time.hpp"
#include "store/change.hpp"
#include "store/errors.hpp"

namespace latchkey::store {

// A transaction in which the functions of this room read and write. Never outlives the call it was handed to.
class Transaction;

// What a decision made, durable but not yet to be told: only authority's Feed::settle() yields the value.
template <class T>
class Committed {
 public:
  [[nodiscard]] Position position() const noexcept { return position_; }

 private:
  friend class Store;
  friend class Settlement;
  Committed(T value, Position position) : value_(std::move(value)), position_(position) {}
  T value_;
  Position position_;
};

// Whoever derives from it may take a value out of its Committed: there is one such class.
class Settlement {
 protected:
  template <class T>
  [[nodiscard]] static T take(Committed<T>&& committed) {
    return std::move(committed.value_);
  }
};

inline constexpr std::array<std::uint64_t, 8> commit_size_bounds{1, 2, 4, 8, 16, 32, 64, 128};
using CommitSizes = Histogram<commit_size_bounds>;

class Store {
 public:
  // Called on the writer thread after each commit, in order; must not throw.
  using Applied = std::move_only_function<void(std::span<const Change> changes, Position last)>;

  // Opens or creates `directory`/latchkey.db and migrates it under a lock. Throws Error{broken} whose text is
  // one sentence that says what to do: not writable, made by a newer Latchkey, ...
  // `disk_failed` is called once, on the writer thread, after an I/O error from a COMMIT.
  Store(const std::filesystem::path& directory, const Clock& clock, std::function<void()> disk_failed = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Hands every subject that verification must know to `visit`, then starts the writer, whose commits go to
  // `applied`. Call once, before the first transact(). The last position of the load is returned. Throws
  // Error{broken} with one sentence when the clock stands over five minutes before the newest change: what
  // has expired would be accepted.
  Position start(const std::function<void(const Change&)>& visit, Applied applied);

  // Runs `decide(Transaction&)` on the writer thread and commits. Exceptions of the decision come out here;
  // it may run more than once, so it must not act on anything but the transaction.
  template <class Decide>
  [[nodiscard]] auto transact(Decide decide) -> Committed<std::invoke_result_t<Decide&, Transaction&>> {
    using T = std::invoke_result_t<Decide&, Transaction&>;
    std::optional<T> value;
    const Position position = commit([&](Transaction& transaction) { value.emplace(decide(transaction)); });
    return {std::move(*value), position};
  }

  // Runs `look(Transaction&)` on this thread over one snapshot, on a reader's connection.
  template <class Look>
  [[nodiscard]] auto read(Look look) -> std::invoke_result_t<Look&, Transaction&> {
    using T = std::invoke_result_t<Look&, Transaction&>;
    std::optional<T> value;
    snapshot([&](Transaction& transaction) { value.emplace(look(transaction)); });
    return std::move(*value);
  }

  // How many decisions each commit held. Any thread, after start().
  [[nodiscard]] const CommitSizes& commit_sizes() const noexcept;

  // For tests: every statement counts, BEGIN and COMMIT too. Fails the nth (from 1) after this call, once or
  // from then on; 0 ends it. Statements of the load are not counted.
  struct Failure {
    long nth = 0;
    bool from_then_on = false;
    ErrorKind kind = ErrorKind::broken;
    bool after = false;  // fail after the statement was run, not before: a commit's outcome becomes unknown
  };
  void fail(Failure failure);
  [[nodiscard]] long statements_run() const noexcept;  // since the last fail()

 private:
  [[nodiscard]] Position commit(const std::function<void(Transaction&)>& decide);
  void snapshot(const std::function<void(Transaction&)>& look);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace latchkey::store
