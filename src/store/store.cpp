// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <vector>

#include "base/check.hpp"
#include "base/mutex.hpp"
#include "base/process.hpp"
#include "store/audit.hpp"
#include "store/committer.hpp"
#include "store/migrations.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const std::string& reason, const std::string& remedy) {
  throw Error(ErrorKind::broken, what + " (" + reason + "): " + remedy);
}

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

// The directory, locked for this process: a second server on it would not learn of this one's revocations.
Descriptor occupy(const fs::path& directory) {
  std::error_code failed;
  if (fs::create_directories(directory, failed)) fs::permissions(directory, fs::perms::owner_all, failed);
  if (failed)
    refuse("the data directory " + directory.string() + " can't be created", failed.message(),
           "create it for the user that runs latchkey, or name another");
  Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::access(directory.c_str(), W_OK) != 0)
    refuse("the data directory " + directory.string() + " can't be written", last_error(),
           "give it to the user that runs latchkey, or name another");
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0)
    refuse("the data directory " + directory.string() + " is in use", last_error(),
           "stop the other latchkey that runs on it, or name another directory");
  return descriptor;
}

// The database's file, for its owner alone; the engine gives its other files the same mode. Never opened a
// second time: closing a second descriptor would drop the engine's locks.
fs::path prepare_file(const fs::path& directory) {
  const fs::path file = directory / "latchkey.db";
  const Descriptor created(::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if ((created.get() < 0 && errno != EEXIST) || ::chmod(file.c_str(), S_IRUSR | S_IWUSR) != 0)
    refuse("the database " + file.string() + " can't be made", last_error(),
           "give the directory and all in it to the user that runs latchkey");
  return file;
}

void refuse_late_clock(Transaction& transaction, Time now) {
  constexpr std::chrono::minutes tolerated{5};
  const auto newest = newest_time(transaction);
  if (newest && now + tolerated < *newest)
    refuse("the clock says " + iso8601(now), "the database knows of a change at " + iso8601(*newest),
           "set the clock, then start again");
}

// The readers' connections: as many as there are threads that read at once.
class Readers {
 public:
  Readers(fs::path file, Faults& faults) : file_(std::move(file)), faults_(faults) {}

  [[nodiscard]] std::unique_ptr<Connection> take() {
    {
      const Lock lock(mutex_);
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    return std::make_unique<Connection>(file_, Access::read, faults_);
  }
  void give_back(std::unique_ptr<Connection> connection) {
    const Lock lock(mutex_);
    idle_.push_back(std::move(connection));
  }

 private:
  const fs::path file_;
  Faults& faults_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ LATCHKEY_GUARDED_BY(mutex_);
};

// One read transaction on a reader's connection. A connection that can't end it is closed instead.
class Snapshot {
 public:
  explicit Snapshot(Readers& readers) : readers_(readers), connection_(readers.take()) {
    connection_->run("begin");
  }
  ~Snapshot() {
    try {
      connection_->run("rollback");
      readers_.give_back(std::move(connection_));
    } catch (const std::exception&) {
      connection_.reset();
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  [[nodiscard]] Connection& connection() noexcept { return *connection_; }

 private:
  Readers& readers_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

struct Store::State {
  State(const fs::path& directory, const Clock& given_clock, std::function<void()> on_failure)
      : clock(given_clock),
        disk_failed(std::move(on_failure)),
        lock(occupy(directory)),
        file(prepare_file(directory)),
        readers(file, faults) {}

  const Clock& clock;
  const std::function<void()> disk_failed;
  Faults faults;
  const Descriptor lock;  // held as long as anything below may write
  const fs::path file;
  Readers readers;
  std::optional<Committer> committer;
};

Store::Store(const fs::path& directory, const Clock& clock, std::function<void()> disk_failed)
    : state_(std::make_unique<State>(directory, clock, std::move(disk_failed))) {
  try {
    Connection connection(state_->file, Access::write, state_->faults);
    migrate(connection, clock.now());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::broken) throw;
    refuse("the database " + state_->file.string() + " can't be used", error.what(),
           "look at the disk, then start again");
  }
}

Store::~Store() = default;

Position Store::start(const std::function<void(const Change&)>& visit, Applied applied) {
  LATCHKEY_ASSERT(!state_->committer);
  Faults uncounted;
  Connection connection(state_->file, Access::read, uncounted);
  connection.run("begin");
  Transaction transaction(connection);
  refuse_late_clock(transaction, state_->clock.now());
  const Position last = load(state_->file, transaction, state_->clock.now() - ended_are_kept, visit);
  state_->committer.emplace(state_->file, state_->clock, state_->faults, std::move(applied),
                            state_->disk_failed);
  return last;
}

Position Store::commit(const std::function<void(Transaction&)>& decide) {
  LATCHKEY_ASSERT(state_->committer);
  return state_->committer->commit(decide);
}

void Store::snapshot(const std::function<void(Transaction&)>& look) {
  Snapshot snapshot(state_->readers);
  Transaction transaction(snapshot.connection());
  look(transaction);
}

const CommitSizes& Store::commit_sizes() const noexcept { return state_->committer->sizes(); }

void Store::fail(Failure failure) { state_->faults.set(failure); }
long Store::statements_run() const noexcept { return state_->faults.run(); }

}  // namespace latchkey::store
