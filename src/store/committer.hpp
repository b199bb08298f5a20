// Committer: the one thread that writes. Whatever decisions wait run in one commit. After it their changes go
// to `applied`, in order; only then do the callers go on.
//
// A decision that fails before it has written leaves nothing to undo. If one fails after that, all is rolled
// back, and all run again, each in a savepoint of its own: a savepoint keeps a copy of each page that
// changes, which costs a tenth of the rate at which tokens are made.
//
// If the transaction as a whole fails, its connection is closed, which rolls back, and each decision runs
// once more alone. If a COMMIT's outcome is unknown, the count of commits in `feed` tells it, before anything
// else is written: so `applied` never misses what is committed, and no decision is made twice. But what a
// disk holds after it failed a COMMIT, a new connection can't see: the system may show what it could not
// write.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "base/time.hpp"
#include "store/checkpoints.hpp"
#include "store/connection.hpp"
#include "store/store.hpp"

namespace latchkey::store {

class Committer {
 public:
  Committer(std::filesystem::path file, const Clock& clock, Faults& faults, Store::Applied applied,
            const std::function<void()>& disk_failed);
  // Finishes what waits.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Runs it, commits, and returns its position. Any thread but the committer's own.
  [[nodiscard]] Position commit(const std::function<void(Transaction&)>& decide);
  [[nodiscard]] const CommitSizes& sizes() const noexcept { return sizes_; }

 private:
  // A caller that waits. The caller's own, until what it waits with is finished.
  struct Waiting {
    explicit Waiting(const std::function<void(Transaction&)>& what) noexcept : decide(what) {}
    const std::function<void(Transaction&)>& decide;
    std::exception_ptr error;
    Position position{};
  };
  // What a decision that fails is undone by: a rollback of all, or of its own savepoint.
  enum class Undo : std::uint8_t { all = 1, one };
  // What a commit holds that was sent.
  struct Batch {
    std::vector<Change> changes;
    Position last{};
    std::int64_t number = 0;
    bool written = false;
  };

  void work();
  void run(std::span<Waiting* const> waiting);
  void run_together(std::span<Waiting* const> waiting);
  // Begins, and runs each in turn; false: one has failed that only a rollback of all can undo.
  bool decide(Connection& connection, std::span<Waiting* const> waiting, Batch& batch, Undo undo);
  bool run_one(Connection& connection, Waiting& waiting, Batch& batch, Undo undo);
  [[noreturn]] void end();
  void number(Connection& connection, Batch& batch);
  [[nodiscard]] Connection& open();
  [[nodiscard]] bool is_there(std::int64_t number);
  void publish(const Batch& batch) noexcept;

  const std::filesystem::path file_;
  const Clock& clock_;
  Faults& faults_;
  Store::Applied applied_;
  const std::function<void()>& disk_failed_;
  Checkpoints checkpoints_;
  bool ended_ = false;  // the disk failed a COMMIT
  std::optional<Connection> connection_;
  std::optional<Batch> sent_;  // its COMMIT was sent, and not answered with success
  CommitSizes sizes_;
  std::int64_t last_commit_ = 0;  // as last asked for, because of a `sent_`

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Waiting*> waiting_ LATCHKEY_GUARDED_BY(mutex_);
  // Who waits is of the group that runs or of the next one: each wakes its own alone.
  std::uint64_t groups_taken_ LATCHKEY_GUARDED_BY(mutex_) = 0, groups_finished_
                                                               LATCHKEY_GUARDED_BY(mutex_) = 0;
  std::array<std::condition_variable_any, 2> finished_;  // of even groups; of odd ones
  bool ending_ LATCHKEY_GUARDED_BY(mutex_) = false;
  std::jthread thread_;  // the last member: it uses all others
};

}  // namespace latchkey::store
