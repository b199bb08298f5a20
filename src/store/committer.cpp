// SPDX-License-Identifier: Apache-2.0
#include "store/committer.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/priority.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

Committer::Committer(std::filesystem::path file, const Clock& clock, Faults& faults, Store::Applied applied,
                     const std::function<void()>& disk_failed)
    : file_(std::move(file)),
      clock_(clock),
      faults_(faults),
      applied_(std::move(applied)),
      disk_failed_(disk_failed),
      checkpoints_(file_),
      thread_([this] { work(); }) {}

Committer::~Committer() {
  {
    const Lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
}

Position Committer::commit(const std::function<void(Transaction&)>& decide) {
  Waiting waiting(decide);
  {
    const Lock lock(mutex_);
    waiting_.push_back(&waiting);
    const auto group = groups_taken_;
    changed_.notify_one();
    while (groups_finished_ <= group) finished_[group % 2].wait(mutex_);
  }
  if (waiting.error) std::rethrow_exception(waiting.error);
  return waiting.position;
}

void Committer::work() {
  stand_behind(Priority::decisions);
  for (;;) {
    std::uint64_t group = 0;
    std::vector<Waiting*> together;
    {
      const Lock lock(mutex_);
      while (waiting_.empty() && !ending_) changed_.wait(mutex_);
      if (waiting_.empty()) return;
      together.swap(waiting_);
      group = groups_taken_++;
    }
    run(together);
    {
      const Lock lock(mutex_);
      ++groups_finished_;
    }
    finished_[group % 2].notify_all();
  }
}

void Committer::run(std::span<Waiting* const> waiting) {
  try {
    return run_together(waiting);
  } catch (const Error& error) {
    log_warning("commit_failed", {{"error", error.what()}});
    if (error.kind() == ErrorKind::unavailable) {  // it may be there: only who repeats it learns
      for (Waiting* one : waiting) one->error = std::current_exception();
      return;
    }
  }
  for (Waiting* const& one : waiting) {
    try {
      run_together({&one, 1});
    } catch (const Error&) {
      if (!one->error) one->error = std::current_exception();  // its own says more
    }
  }
}

// Throws Error{unavailable} when it is unknown whether it is committed, and any other Error when nothing of
// it is.
void Committer::run_together(std::span<Waiting* const> waiting) {
  if (ended_)
    throw Error(ErrorKind::unavailable, "the disk failed, and the server ends: repeat when it is back");
  Connection& connection = open();
  try {
    Batch batch;
    if (!decide(connection, waiting, batch, Undo::all)) {
      connection.run("rollback");
      if (waiting.size() == 1) return;  // it made no decision
      batch = {};
      decide(connection, waiting, batch, Undo::one);
    }
    if (batch.written) {
      number(connection, batch);
      sent_ = std::move(batch);
    }
    connection.run("commit");
  } catch (const Error& error) {
    connection_.reset();  // closing it rolls back whatever is open
    if (sent_ && error.kind() == ErrorKind::disk) end();
    if (!sent_ || !is_there(sent_->number) || error.kind() == ErrorKind::unavailable) throw;
    return;
  }
  if (!sent_) return;
  sizes_.add(waiting.size());
  publish(*std::exchange(sent_, std::nullopt));
}

void Committer::end() {
  ended_ = true;
  sent_.reset();
  log_error("disk_failed", {{"advice", "look at the disk; a commit may or may not be there"}});
  if (disk_failed_) disk_failed_();
  throw Error(ErrorKind::unavailable, "the disk failed, and the server ends: repeat to know what it holds");
}

bool Committer::decide(Connection& connection, std::span<Waiting* const> waiting, Batch& batch, Undo undo) {
  connection.begin();
  batch.last = Transaction(connection).scalar<Position>("select position from feed where id = 1").value();
  for (Waiting* one : waiting)
    if (!run_one(connection, *one, batch, undo)) return false;
  return true;
}

bool Committer::run_one(Connection& connection, Waiting& waiting, Batch& batch, Undo undo) {
  waiting.error = nullptr;
  if (undo == Undo::one) connection.run("savepoint decision");
  const auto before = connection.changes();
  try {
    Transaction transaction(connection);
    waiting.decide(transaction);
    batch.last = transaction.finish(clock_.now() - ended_are_kept, batch.last, batch.changes);
    waiting.position = batch.last;
    batch.written = batch.written || connection.changes() != before;
  } catch (...) {
    waiting.error = std::current_exception();
    if (!connection.in_transaction())
      throw Error(ErrorKind::broken, "the database rolled back every decision");
    if (undo == Undo::all) return connection.changes() == before;
    connection.run("rollback to decision");
  }
  if (undo == Undo::one) connection.run("release decision");
  return true;
}

void Committer::number(Connection& connection, Batch& batch) {
  batch.number =
      Transaction(connection)
          .scalar<std::int64_t>(
              "update feed set commits = commits + 1, position = $1 where id = 1 returning commits",
              batch.last)
          .value();
}

// Whether the commit that was sent is in the database, as it shows to a new connection; then it is published
// too.
bool Committer::is_there(std::int64_t number) {
  try {
    static_cast<void>(open());
  } catch (const Error&) {
    throw Error(ErrorKind::unavailable, "the database can't say whether it has committed: repeat to know");
  }
  return last_commit_ == number;
}

Connection& Committer::open() {
  if (connection_) return *connection_;
  Connection& connection = connection_.emplace(file_, Access::write, faults_);
  connection.watch_log([this](int pages) { checkpoints_.log_holds(pages); }, log_pages_most);
  if (!sent_) return connection;
  try {
    last_commit_ =
        Transaction(connection).scalar<std::int64_t>("select commits from feed where id = 1").value();
  } catch (...) {
    connection_.reset();
    throw;
  }
  if (last_commit_ == sent_->number) publish(*sent_);
  sent_.reset();
  return connection;
}

void Committer::publish(const Batch& batch) noexcept {
  if (!batch.changes.empty()) applied_(batch.changes, batch.last);
}

}  // namespace latchkey::store
