// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>

#include "store/bans.hpp"
#include "store/grants.hpp"
#include "store/policies.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

using Visit = std::function<void(const Change&)>;

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

void each_secret_of(Transaction& transaction, const TokenId& token, Time since, const Visit& visit) {
  const auto on_row = [&](const Row& row) {
    SecretChange change;
    read_row(row, change.token, change.state, change.ended_at, change.ended_reason, change.owner,
             change.organization, change.scopes, change.valid_to, change.resting_since, change.secret,
             change.digest, change.fingerprint, change.live_until);
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

// The tokens of secrets that are read in the order in which they were written. SQLite keeps rows in that
// order, and a token is written with its first secret: so the next token is nearly always the next row, and
// rows are read ahead. Only for a secret that a regeneration wrote must its token be looked up, by an id that
// lies anywhere: as a join it costs ten times as much.
class TokensInOrder {
 public:
  explicit TokensInOrder(Transaction& transaction) : transaction_(transaction) { ahead_.reserve(rows_ahead); }

  // With all that a secret's change tells of its token. Good until the next call.
  [[nodiscard]] SecretChange& of(const TokenId& id) {
    if (const auto found = ahead_.find(id); found != ahead_.end()) return found->second;
    const auto row = transaction_.scalar<std::int64_t>("select rowid from tokens where id = $1", id);
    if (!row) throw Error(ErrorKind::broken, "a secret has no token: restore a backup");
    if (*row <= last_) {
      read([&](const Row& own) { read_token(own, behind_); }, *row, 1);
      return behind_;
    }
    ahead_.clear();
    const auto keep = [&](const Row& next) {
      SecretChange change;
      read_token(next, change, last_);
      const TokenId id = change.token;
      ahead_.emplace(id, std::move(change));
    };
    read(keep, *row, rows_ahead);
    return ahead_.at(id);
  }

 private:
  static constexpr std::int64_t rows_ahead = 4096;

  void read(const Connection::OnRow& on_row, std::int64_t from, std::int64_t rows) {
    transaction_.each(
        std::string("select ")
            .append(token_columns)
            .append(", t.rowid from tokens t where t.rowid >= $1 order by t.rowid limit $2"),
        [&](const Row& row) { on_row(row); }, from, rows);
  }

  Transaction& transaction_;
  boost::unordered_flat_map<TokenId, SecretChange, std::hash<TokenId>> ahead_;
  SecretChange behind_;
  std::int64_t last_ = 0;  // row that was read ahead
};

void each_secret(Transaction& transaction, Time since, const Visit& visit) {
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
                       .append(", s.token from secrets s where s.live_until is null or s.live_until >= $1 "
                               "order by s.rowid"),
                   on_row, since);
}

// One row for each membership, or one without: a user's rows stand together.
template <class... T>
void each_owner(Transaction& transaction, std::string_view condition, const Visit& visit,
                const T&... values) {
  std::optional<OwnerChange> owner;
  const auto on_row = [&](const Row& row) {
    OwnerChange next;
    std::optional<OrganizationId> organization;
    std::optional<Role> role;
    std::optional<std::string> password;
    std::optional<Time> password_ends_at;
    read_row(row, next.id, next.state, next.account, password, password_ends_at, organization, role);
    if (owner && owner->id != next.id) visit(*std::exchange(owner, std::nullopt));
    if (!owner) {
      owner = std::move(next);
      if (password && !password_ends_at) owner->password = Digest::of(*password);
    }
    if (organization) owner->memberships.push_back({*organization, role.value()});
  };
  transaction.each(
      (std::string("select u.id, u.state, u.email, u.password, u.password_ends_at, m.organization, m.role "
                   "from users u "
                   "left join memberships m on m.user_id = u.id") += condition) += " order by u.id",
      on_row, values...);
  if (owner) visit(*owner);
}

template <class... T>
void each_organization(Transaction& transaction, std::string_view condition, const Visit& visit,
                       const T&... values) {
  std::vector<OrganizationChange> changes;
  const auto on_row = [&](const Row& row) {
    OrganizationChange& change = changes.emplace_back();
    read_row(row, change.id, change.name_key, change.open);
  };
  transaction.each(std::string("select id, name_key, state = 'open' from organizations") += condition, on_row,
                   values...);
  for (OrganizationChange& change : changes) {
    change.banned = banned_texts(transaction, change.id);
    for (const Policy& policy : policies_of(transaction, change.id))
      if (policy.refuse_from)
        change.policies.push_back(
            {policy.name, policy.value, *policy.refuse_from, users_of(transaction, policy.exceptions)});
    for (const AllowedRoute& allowed : allowed_routes(transaction, change.id))
      change.open_routes.push_back(
          {.route = allowed.route, .users = users_of(transaction, allowed.grantees)});
    visit(change);
  }
}

struct ReadBack {
  Transaction& transaction;
  Time since;
  const Visit& visit;

  void operator()(const OrganizationId& id) const {
    each_organization(transaction, " where id = $1", visit, id);
  }
  void operator()(const UserId& id) const { each_owner(transaction, " where u.id = $1", visit, id); }
  // Not `valid_to` and `ended_at`: what the index believes live must be told that it is over, however long it
  // is.
  void operator()(const TokenId& id) const { each_secret_of(transaction, id, since, visit); }
};

struct WritePosition {
  Transaction& transaction;
  Position position;

  void operator()(const SecretChange& change) const {
    transaction.execute("update secrets set position = $1 where id = $2", position, change.secret);
    transaction.execute("update tokens set position = $1 where id = $2", position, change.token);
  }
  void operator()(const OwnerChange& change) const {
    transaction.execute("update users set position = $1 where id = $2", position, change.id);
  }
  void operator()(const OrganizationChange& change) const {
    transaction.execute("update organizations set position = $1 where id = $2", position, change.id);
  }
};

Position feed_position(Transaction& transaction) {
  return transaction.scalar<Position>("select position from feed where id = 1").value();
}

}  // namespace

void Transaction::touch(const Subject& subject) {
  if (std::ranges::find(touched_, subject) == touched_.end()) touched_.push_back(subject);
}

Position Transaction::finish(Time since, std::vector<Change>& changes) {
  std::vector<Change> made;
  const Visit visit = [&](const Change& change) { made.push_back(change); };
  for (const Subject& subject : touched_) std::visit(ReadBack{*this, since, visit}, subject);
  if (made.empty()) return feed_position(*this);

  const auto count = static_cast<std::int64_t>(made.size());
  const auto last =
      scalar<Position>("update feed set position = position + $1 where id = 1 returning position", count);
  std::int64_t position = static_cast<std::int64_t>(last.value()) - count;
  for (const Change& change : made) std::visit(WritePosition{*this, Position{++position}}, change);
  std::ranges::move(made, std::back_inserter(changes));
  return *last;
}

Position load(Transaction& transaction, Time since, const Visit& visit) {
  each_organization(transaction, "", visit);
  each_owner(transaction, "", visit);
  each_secret(transaction, since, visit);
  return feed_position(transaction);
}

}  // namespace latchkey::store
