// SPDX-License-Identifier: Apache-2.0
#include "store/tokens.hpp"

#include <algorithm>

#include "store/bans.hpp"
#include "store/names.hpp"
#include "store/token_rows.hpp"
#include "store/transaction.hpp"
#include "token/text.hpp"

namespace latchkey::store {
namespace {

void read_secret(const Row& row, TokenSecret& secret) {
  read_row(row, secret.id, secret.token, secret.digest, secret.fingerprint, secret.live_until,
           secret.created_at);
}

void read_shrink(const Row& row, Shrink& shrink) {
  read_row(row, shrink.token, shrink.scopes, shrink.undo_until, shrink.created_at);
}

}  // namespace

std::string state_is(TokenState state) { return "state = '" + std::string(text_of(state)) + "'"; }

std::string tokens(std::string_view rest) {
  return std::string(
             "select id, owner, name, scopes, organization, valid_from, valid_to, state, ended_at, ended_by, "
             "ended_reason, made_by, made_address, made_agent, description, created_at, used_at, "
             "used_address, "
             "used_agent, resting_since, (select fingerprint from secrets where token = tokens.id and "
             "live_until is null), "
             "(select max(live_until) from secrets where token = tokens.id) from tokens where ") += rest;
}
void read_token(const Row& row, Token& token) {
  std::optional<std::string> fingerprint;
  read_row(row, token.id, token.owner, token.name, token.scopes, token.organization, token.valid_from,
           token.valid_to, token.state, token.ended_at, token.ended_by, token.ended_reason, token.made_by,
           token.made_address, token.made_agent, token.description, token.created_at, token.used_at,
           token.used_address, token.used_agent, token.resting_since, fingerprint, token.last_secret_ended);
  token.fingerprint = std::move(fingerprint).value_or("");
}

// One by one: of a statement with so many values, the engine reads the text longer than the rows.
std::vector<Token> tokens_at(Transaction& transaction, const std::vector<Place>& places) {
  std::vector<Token> found;
  for (const Place& place : places)
    if (auto token = find_token(transaction, place.id)) found.push_back(*std::move(token));
  return found;
}

bool begins_fingerprint(std::string_view text) {
  std::string whole(text);
  whole.resize(std::max(text.size(), token::Fingerprint::size), '0');
  return !text.empty() && token::Fingerprint::parse(whole).has_value();
}

void insert_token(Transaction& transaction, const Token& token) {
  transaction.execute(
      "insert into tokens (id, owner, name, name_key, scopes, organization, valid_from, valid_to, state, "
      "ended_at, "
      "ended_by, ended_reason, made_by, made_address, made_agent, description, created_at, awake_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $7)",
      token.id, token.owner, token.name, folded(token.name), token.scopes, token.organization,
      token.valid_from, token.valid_to, token.state, token.ended_at, token.ended_by, token.ended_reason,
      token.made_by, token.made_address, token.made_agent, token.description, token.created_at);
  transaction.touch(token.id);
}

bool update_token(Transaction& transaction, const Token& token) {
  const auto rows = transaction.execute(
      "update tokens set name = $1, name_key = $2, scopes = $3, organization = $4, valid_from = $5, valid_to "
      "= $6, "
      "description = $7, awake_at = case when awake_at < $5 then $5 else awake_at end, "
      "resting_since = case when valid_from < $5 then null else resting_since end where id = $8 and state <> "
      "'revoked'",
      token.name, folded(token.name), token.scopes, token.organization, token.valid_from, token.valid_to,
      token.description, token.id);
  if (rows > 0) transaction.touch(token.id);
  return rows > 0;
}

bool revoke_token(Transaction& transaction, const TokenId& id, Time at, const UserId& by,
                  std::string_view reason) {
  const auto rows = transaction.execute(
      "update tokens set state = 'revoked', ended_at = $1, ended_by = $2, ended_reason = $3 "
      "where id = $4 and state <> 'revoked'",
      at, by, reason, id);
  if (rows > 0) transaction.touch(id);
  return rows > 0;
}

std::optional<Token> find_token(Transaction& transaction, const TokenId& id) {
  return transaction.one(tokens("id = $1"), read_token, id);
}

std::optional<Token> find_live_token(Transaction& transaction, std::string_view fingerprint, Time now) {
  return transaction.one(
      tokens("id = (select token from secrets where fingerprint = $1 and (live_until is null or live_until > "
             "$2)) and state = 'live' and valid_to > $2"),
      read_token, fingerprint, now);
}

std::optional<Token> find_token_of_text(Transaction& transaction, const Digest& text) {
  return transaction.one(tokens("id = (select token from secrets where digest = $1)"), read_token, text);
}

std::int64_t count_secrets(Transaction& transaction) {
  return transaction.scalar<std::int64_t>("select count(*) from secrets").value();
}

std::int64_t count_live_tokens(Transaction& transaction, const UserId& owner, Time now) {
  return transaction
      .scalar<std::int64_t>(
          "select count(*) from tokens where owner = $1 and state = 'live' and valid_to > $2", owner, now)
      .value();
}

bool has_live_tokens(Transaction& transaction, const UserId& owner, Time now, std::int64_t many) {
  return transaction
      .scalar<std::int64_t>(
          "select 1 from tokens where owner = $1 and state = 'live' and valid_to > $2 limit 1 offset $3",
          owner, now, many - 1)
      .has_value();
}

std::int64_t count_live_tokens(Transaction& transaction, const UserId& owner,
                               const OrganizationId& organization, Time now, std::int64_t most) {
  return transaction
      .scalar<std::int64_t>(
          "select count(*) from (select 1 from tokens where owner = $1 and organization = $2 and state = "
          "'live' "
          "and valid_to > $3 limit $4) some",
          owner, organization, now, most)
      .value();
}

Position token_position(Transaction& transaction, const TokenId& id) {
  return transaction.scalar<Position>("select position from tokens where id = $1", id).value_or(Position{});
}

void insert_secret(Transaction& transaction, const TokenSecret& secret) {
  transaction.execute(
      "insert into secrets (id, token, digest, fingerprint, live_until, created_at) values ($1, $2, $3, $4, "
      "$5, $6)",
      secret.id, secret.token, secret.digest, secret.fingerprint, secret.live_until, secret.created_at);
  transaction.touch(secret.token);
  touch_bans(transaction, secret.token);
}

std::vector<TokenSecret> live_secrets(Transaction& transaction, const TokenId& token, Time now) {
  return transaction.all(
      "select id, token, digest, fingerprint, live_until, created_at from secrets "
      "where token = $1 and (live_until is null or live_until > $2) order by live_until is not null, "
      "created_at desc",
      read_secret, token, now);
}

void put_shrink(Transaction& transaction, const Shrink& shrink) {
  transaction.execute(
      "insert into shrinks (token, scopes, undo_until, created_at) values ($1, $2, $3, $4) on conflict "
      "(token) do update set scopes = excluded.scopes, undo_until = excluded.undo_until, "
      "created_at = excluded.created_at",
      shrink.token, shrink.scopes, shrink.undo_until, shrink.created_at);
}

void delete_shrink(Transaction& transaction, const TokenId& token) {
  transaction.execute("delete from shrinks where token = $1", token);
}

std::optional<Shrink> find_shrink(Transaction& transaction, const TokenId& token) {
  return transaction.one("select token, scopes, undo_until, created_at from shrinks where token = $1",
                         read_shrink, token);
}

void end_secret(Transaction& transaction, const SecretId& id, Time live_until) {
  const auto token = transaction.scalar<TokenId>(
      "update secrets set live_until = $1 where id = $2 returning token", live_until, id);
  if (token) transaction.touch(*token);
}

}  // namespace latchkey::store
