// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include "store/bans.hpp"
#include "store/grants.hpp"
#include "store/policies.hpp"
#include "store/secret_rows.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

using Visit = std::function<void(const Change&)>;

// One row for each membership, or one without: a user's rows stand together. By rowid, as they lie.
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
                   "left join memberships m on m.user_id = u.id") += condition) += " order by u.rowid",
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
  void operator()(const TokenId& id) const {
    each_secret_of(transaction, id, since, [&](SecretChange& change) { visit(std::move(change)); });
  }
};

struct WritePosition {
  Transaction& transaction;
  Position position;

  void operator()(const SecretChange& change) const {
    transaction.execute("update tokens set position = $1 where id = $2", position, change.token);
  }
  void operator()(const OwnerChange& change) const {
    transaction.execute("update users set position = $1 where id = $2", position, change.id);
  }
  void operator()(const OrganizationChange& change) const {
    transaction.execute("update organizations set position = $1 where id = $2", position, change.id);
  }
};

}  // namespace

void Transaction::touch(const Subject& subject) {
  if (std::ranges::find(touched_, subject) == touched_.end()) touched_.push_back(subject);
}

Position Transaction::finish(Time since, Position last, std::vector<Change>& changes) {
  std::vector<Change> made;
  const Visit visit = [&](const Change& change) { made.push_back(change); };
  for (const Subject& subject : touched_) std::visit(ReadBack{*this, since, visit}, subject);
  for (const Change& change : made) {
    last = Position{static_cast<std::int64_t>(last) + 1};
    std::visit(WritePosition{*this, last}, change);
  }
  changes.insert(changes.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  return last;
}

Position load(const std::filesystem::path& file, Transaction& transaction, Time since, const Visit& visit) {
  each_organization(transaction, "", visit);
  each_owner(transaction, "", visit);
  each_secret(file, transaction, since, [&](SecretChange& change) { visit(std::move(change)); });
  return transaction.scalar<Position>("select position from feed where id = 1").value();
}

}  // namespace latchkey::store
