// SPDX-License-Identifier: Apache-2.0
#include "store/secret_rows.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/cores.hpp"
#include "base/mutex.hpp"
#include "store/connection.hpp"

namespace latchkey::store {
namespace {

// The columns of a secret and of its token, for read_row().
constexpr std::string_view secret_columns = "s.id, s.digest, s.fingerprint, s.live_until";
constexpr std::string_view token_columns =
    "t.id, t.state, t.ended_at, t.ended_reason, t.owner, t.organization, t.scopes, t.valid_to, "
    "t.resting_since";

template <class... More>
void read_token(const Row& row, SecretChange& change, More&... more) {
  read_row(row, change.token, change.state, change.ended_at, change.ended_reason, change.owner,
           change.organization, change.scopes, change.valid_to, change.resting_since, more...);
}

// The tokens of secrets that are read in the order in which they were written. SQLite keeps rows in that
// order, and a token is written with its first secret: so the next token is nearly always the next row, and
// rows are read ahead. Only for a secret that a regeneration wrote must its token be looked up, by an id that
// lies anywhere: as a join it costs ten times as much.
class TokensInOrder {
 public:
  explicit TokensInOrder(Transaction& transaction) : transaction_(transaction) { ahead_.reserve(rows_ahead); }

  // With all that a secret's change tells of its token. Good until the next call.
  [[nodiscard]] SecretChange& of(const TokenId& id) {
    const auto near = ahead_.begin() + std::min(std::ssize(ahead_), next_ + looked_at);
    const auto is_wanted = [&](const Ahead& one) { return one.change.token == id; };
    if (const auto found = std::find_if(ahead_.begin() + next_, near, is_wanted); found != near) {
      next_ = found - ahead_.begin();  // and not behind it: a token may have two secrets
      return found->change;
    }
    const auto row = transaction_.scalar<std::int64_t>("select rowid from tokens where id = $1", id);
    if (!row) throw Error(ErrorKind::broken, "a secret has no token: restore a backup");
    if (ahead_.empty() || *row > ahead_.back().row) {
      ahead_.clear();
      next_ = 0;
      read(ahead_, *row, rows_ahead);
      return ahead_.front().change;
    }
    const auto found = std::ranges::lower_bound(ahead_, *row, {}, &Ahead::row);
    if (found->row == *row) {
      next_ = std::max(next_, found - ahead_.begin());  // those between have no secret that is wanted
      return found->change;
    }
    behind_.clear();
    read(behind_, *row, 1);
    return behind_.front().change;
  }

 private:
  struct Ahead {
    std::int64_t row = 0;
    SecretChange change;
  };
  static constexpr std::int64_t rows_ahead = 4096, looked_at = 8;

  void read(std::vector<Ahead>& rows, std::int64_t from, std::int64_t most) {
    const auto on_row = [&](const Row& row) {
      Ahead& one = rows.emplace_back();
      read_token(row, one.change, one.row);
    };
    transaction_.each(std::string("select ")
                          .append(token_columns)
                          .append(", t.rowid from tokens t where t.rowid >= $1 order by t.rowid limit $2"),
                      on_row, from, most);
  }

  Transaction& transaction_;
  std::vector<Ahead> ahead_, behind_;
  std::ptrdiff_t next_ = 0;
};

struct Part {
  std::int64_t from = 0, until = 0;  // rows of secrets, both included
};

void each_secret_in(Transaction& transaction, const Part& part, Time since, const VisitSecret& visit) {
  TokensInOrder tokens(transaction);
  const auto on_row = [&](const Row& row) {
    SecretId secret;
    Digest digest;
    std::string fingerprint;
    std::optional<Time> live_until;
    TokenId token;
    read_row(row, secret, digest, fingerprint, live_until, token);
    SecretChange& change = tokens.of(token);
    if (change.valid_to < since || change.ended_at.value_or(since) < since) return;
    change.secret = secret;
    change.digest = digest;
    change.fingerprint = std::move(fingerprint);
    change.live_until = live_until;
    visit(change);
  };
  transaction.each(std::string("select ")
                       .append(secret_columns)
                       .append(", s.token from secrets s where s.rowid >= $1 and s.rowid <= $2 and "
                               "(s.live_until is null or s.live_until >= $3) order by s.rowid"),
                   on_row, part.from, part.until, since);
}

// What readers hand over. They wait while much of it is there.
class Batches {
 public:
  explicit Batches(std::size_t readers) : readers_(readers) {}

  // False: nobody wants more.
  [[nodiscard]] bool put(std::vector<SecretChange> batch) {
    const Lock lock(mutex_);
    while (batches_.size() >= most && !unwanted_) changed_.wait(mutex_);
    batches_.push_back(std::move(batch));
    changed_.notify_all();
    return !unwanted_;
  }
  void end_of_reader(std::exception_ptr error) {
    const Lock lock(mutex_);
    --readers_;
    if (error) error_ = std::move(error);
    changed_.notify_all();
  }
  // Empty when all readers are done. Throws what a reader threw.
  [[nodiscard]] std::vector<SecretChange> take() {
    const Lock lock(mutex_);
    while (batches_.empty() && readers_ > 0 && !error_) changed_.wait(mutex_);
    if (error_) std::rethrow_exception(error_);
    if (batches_.empty()) return {};
    auto batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    return batch;
  }
  void want_no_more() {
    const Lock lock(mutex_);
    unwanted_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::size_t most = 4;

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::vector<SecretChange>> batches_ LATCHKEY_GUARDED_BY(mutex_);
  std::size_t readers_ LATCHKEY_GUARDED_BY(mutex_);
  bool unwanted_ LATCHKEY_GUARDED_BY(mutex_) = false;
  std::exception_ptr error_ LATCHKEY_GUARDED_BY(mutex_);
};

constexpr std::size_t rows_handed_over = 1024;
struct Enough {};  // thrown to leave a statement whose rows nobody wants any more, nor this

void read_part(const std::filesystem::path& file, const Part& part, Time since, Batches& batches) {
  Faults uncounted;
  Connection connection(file, Access::read, uncounted);
  connection.run("begin");
  Transaction transaction(connection);
  std::vector<SecretChange> batch;
  batch.reserve(rows_handed_over);
  each_secret_in(transaction, part, since, [&](SecretChange& change) {
    batch.push_back(change);
    if (batch.size() < rows_handed_over) return;
    if (!batches.put(std::exchange(batch, {}))) throw Enough{};
    batch.reserve(rows_handed_over);
  });
  if (!batch.empty()) static_cast<void>(batches.put(std::move(batch)));
}

}  // namespace

void each_secret_of(Transaction& transaction, const TokenId& token, Time since, const VisitSecret& visit) {
  const auto on_row = [&](const Row& row) {
    SecretChange change;
    read_token(row, change, change.secret, change.digest, change.fingerprint, change.live_until);
    visit(change);
  };
  transaction.each(std::string("select ")
                       .append(token_columns)
                       .append(", ")
                       .append(secret_columns)
                       .append(" from secrets s join tokens t on t.id = s.token where s.token = $1 and "
                               "(s.live_until is null or s.live_until >= $2)"),
                   on_row, token, since);
}

void each_secret(const std::filesystem::path& file, Transaction& transaction, Time since,
                 const VisitSecret& visit) {
  constexpr std::int64_t rows_for_one = 2000;  // below that, a further connection costs more than it saves
  const auto last =
      transaction.scalar<std::int64_t>("select rowid from secrets order by rowid desc limit 1").value_or(0);
  const std::int64_t readers = std::clamp<std::int64_t>(last / rows_for_one, 1, usable_cores());
  Batches batches(static_cast<std::size_t>(readers));
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(readers));
  try {
    for (std::int64_t i = 0; i < readers; ++i)
      threads.emplace_back([&, part = Part{last * i / readers + 1, last * (i + 1) / readers}] {
        try {
          read_part(file, part, since, batches);
          batches.end_of_reader({});
        } catch (...) {
          batches.end_of_reader(std::current_exception());
        }
      });
    for (auto batch = batches.take(); !batch.empty(); batch = batches.take())
      for (SecretChange& change : batch) visit(change);
  } catch (...) {
    batches.want_no_more();
    throw;
  }
}

}  // namespace latchkey::store
