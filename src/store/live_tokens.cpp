// SPDX-License-Identifier: Apache-2.0
#include "store/live_tokens.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include "store/sql.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view columns =
    "t.id, t.owner, t.organization, t.scopes, t.valid_from, t.valid_to, t.used_at";

void read_live(const Row& row, LiveToken& token) {
  read_row(row, token.id, token.owner, token.organization, token.scopes, token.valid_from, token.valid_to,
           token.used_at);
}
void read_id(const Row& row, TokenId& id) { read_row(row, id); }

Sql idle(const OrganizationId& organization, const Time& now, const Time& before, std::string_view besides) {
  Sql sql(std::string("select ").append(columns).append(
              " from tokens t join users u on u.id = t.owner where t.organization = "),
          organization);
  sql.add(" and t.state = 'live' and t.resting_since is null and t.awake_at <= ", before)
      .add(" and (t.used_at is null or t.used_at <= ", before)
      .add(") and (u.signed_in_at is null or u.signed_in_at <= ", before)
      .add(") and t.valid_to > ", now)
      .add(besides);
  return sql;
}

std::int64_t day_of(Time time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

}  // namespace

// Along all live tokens, whosever they are: by an index of one organization's, each row would be fetched from
// anywhere, and those of its members for all organizations besides.
void each_live_token(Transaction& transaction, const std::optional<OrganizationId>& organization, Time now,
                     const std::function<void(const LiveToken&)>& visit) {
  boost::unordered_flat_set<UserId, std::hash<UserId>> members;
  const auto add_member = [&](const Row& row) {
    UserId user;
    read_row(row, user);
    members.insert(user);
  };
  if (organization)
    transaction.each("select user_id from memberships where organization = $1", add_member, *organization);

  LiveToken token;
  const auto on_row = [&](const Row& row) {
    read_live(row, token);
    const bool works = !organization || (token.organization ? token.organization == organization
                                                            : members.contains(token.owner));
    if (works) visit(token);
  };
  transaction.each(std::string("select ").append(columns).append(
                       " from tokens t where t.state = 'live' and t.valid_to > $1 order by t.rowid"),
                   on_row, now);
}

std::optional<LiveToken> find_live_token(Transaction& transaction, const TokenId& id, Time now) {
  return transaction.one(std::string("select ").append(columns).append(
                             " from tokens t where t.id = $1 and t.state = 'live' and t.valid_to > $2"),
                         read_live, id, now);
}

void each_sign_in_time(Transaction& transaction, const std::function<void(const UserId&, Time)>& visit) {
  const auto on_row = [&](const Row& row) {
    UserId user;
    Time at;
    read_row(row, user, at);
    visit(user, at);
  };
  transaction.each("select id, signed_in_at from users where signed_in_at is not null", on_row);
}

void each_use_since(Transaction& transaction, Time day,
                    const std::function<void(const TokenId&, std::int64_t)>& visit) {
  const auto on_row = [&](const Row& row) {
    TokenId token;
    std::int64_t count = 0;
    read_row(row, token, count);
    visit(token, count);
  };
  transaction.each("select token, count from uses where day >= $1 and outcome = 'accepted'", on_row,
                   day_of(day));
}

void each_use_by_address_since(
    Transaction& transaction, Time day,
    const std::function<void(const TokenId&, std::string_view, std::int64_t)>& visit) {
  const auto on_row = [&](const Row& row) {
    TokenId token;
    std::string address;
    std::int64_t count = 0;
    read_row(row, token, address, count);
    visit(token, address, count);
  };
  transaction.each("select token, address, count from uses where day >= $1 and outcome = 'accepted'", on_row,
                   day_of(day));
}

std::vector<LiveToken> idle_tokens(Transaction& transaction, const OrganizationId& organization, Time now,
                                   Time before, std::int64_t top) {
  return transaction.all(idle(organization, now, before, "").add(" order by t.awake_at limit ", top),
                         read_live);
}

std::vector<LiveToken> untold_idle_tokens(Transaction& transaction, const OrganizationId& organization,
                                          Time now, Time before, std::int64_t top) {
  constexpr std::string_view untold =
      " and (t.rest_told_at is null or t.rest_told_at < t.awake_at or t.rest_told_at < t.used_at or "
      "t.rest_told_at < u.signed_in_at)";
  return transaction.all(idle(organization, now, before, untold).add(" order by t.awake_at limit ", top),
                         read_live);
}

void set_rest_told(Transaction& transaction, const TokenId& id, Time now) {
  transaction.execute("update tokens set rest_told_at = $1 where id = $2", now, id);
}

void keep_awake(Transaction& transaction, const TokenId& id, Time now) {
  transaction.execute("update tokens set awake_at = $1 where id = $2 and awake_at <= $3", now, id,
                      now - std::chrono::days(1));
}

void rest_token(Transaction& transaction, const TokenId& id, Time now) {
  if (transaction.execute("update tokens set resting_since = $1 where id = $2 and state <> 'revoked'", now,
                          id) > 0)
    transaction.touch(id);
}

void wake_token(Transaction& transaction, const TokenId& id, Time now) {
  if (transaction.execute("update tokens set resting_since = null, awake_at = $1 where id = $2 and "
                          "resting_since is not null and state <> 'revoked'",
                          now, id) > 0)
    transaction.touch(id);
}

std::vector<TokenId> resting_tokens(Transaction& transaction, const OrganizationId& organization, Time time,
                                    std::int64_t top) {
  return transaction.all<TokenId>(
      "select id from tokens where organization = $1 and resting_since <= $2 and state = 'live' order by "
      "resting_since limit $3",
      read_id, organization, time, top);
}

std::vector<TokenId> resting_tokens_of(Transaction& transaction, const UserId& owner, std::int64_t top) {
  return transaction.all<TokenId>(
      "select id from tokens where owner = $1 and resting_since is not null and state = 'live' limit $2",
      read_id, owner, top);
}

std::vector<OrganizationId> resting_organizations(Transaction& transaction) {
  const auto read_organization = [](const Row& row, OrganizationId& id) { read_row(row, id); };
  return transaction.all<OrganizationId>(
      "select distinct organization from tokens where resting_since is not null and state = 'live'",
      +read_organization);
}

}  // namespace latchkey::store
