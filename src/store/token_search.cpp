// SPDX-License-Identifier: Apache-2.0
#include "store/token_search.hpp"

#include <algorithm>
#include <functional>

#include "store/names.hpp"
#include "store/places.hpp"
#include "store/token_rows.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

// What of a row decides whether and where it is listed.
struct Glance {
  TokenId id;
  std::string name_key, scopes;
  TokenState state{};
  Time valid_from, valid_to, created_at;
  std::optional<Time> ended_at, used_at, resting_since;
  bool named = false;  // a fingerprint of it begins as asked

  [[nodiscard]] Time over_at() const noexcept { return ended_at.value_or(valid_to); }
};

TokenStatus status_of(TokenState state, Time valid_from, Time valid_to, std::optional<Time> used_at,
                      bool rests, Time now) noexcept {
  if (state == TokenState::revoked) return TokenStatus::revoked;
  if (valid_to <= now) return TokenStatus::expired;
  if (rests) return TokenStatus::inactive;
  if (valid_to <= now + soon) return TokenStatus::expires_soon;
  const Time awake = std::max(valid_from, used_at.value_or(valid_from));
  return awake + inactive_after <= now ? TokenStatus::inactive : TokenStatus::active;
}

bool has_ended(TokenStatus status) noexcept {
  return status == TokenStatus::expired || status == TokenStatus::revoked;
}

// Hands each token of the owner that has the scope and the text to `visit`.
void each_match(Transaction& transaction, const UserId& owner, const TokenMatch& match, Time now,
                const std::function<void(const Glance&, TokenStatus)>& visit) {
  const auto key = name_key(match.text);
  const auto size = std::ssize(match.text);
  const Time since = now - ended_are_kept;
  const std::string columns =
      "select id, name_key, scopes, state, valid_from, valid_to, created_at, ended_at, used_at, "
      "resting_since, ";
  const bool begins = begins_fingerprint(match.text);
  Sql sql = begins ? Sql(columns +
                             "exists (select 1 from secrets where token = tokens.id and "
                             "substr(fingerprint, 1, ",
                         std::int64_t{size})
                   : Sql(columns + "1 = 0 from tokens where owner = ", owner);
  if (begins) sql.add(") = ", match.text).add(") from tokens where owner = ", owner);
  sql.add(" and valid_to >= ", since).add(" and (ended_at is null or ended_at >= ", since).add(")");

  OfScopes holds([&](const std::string& scopes) {
    return !match.scope || token::kept_scopes(scopes).contains(*match.scope);
  });
  transaction.each(sql, [&](const Row& row) {
    Glance one;
    read_row(row, one.id, one.name_key, one.scopes, one.state, one.valid_from, one.valid_to, one.created_at,
             one.ended_at, one.used_at, one.resting_since, one.named);
    if (!holds(one.scopes)) return;
    if (!one.named && !(key && one.name_key.contains(*key))) return;
    visit(one, status_of(one.state, one.valid_from, one.valid_to, one.used_at, one.resting_since.has_value(),
                         now));
  });
}

// Of what has ended, the latest stands first behind all that has not.
std::int64_t place_of_end(const Glance& one, TokenStatus status, bool descending) {
  constexpr std::int64_t behind = std::int64_t{1} << 62;
  const auto over = microseconds(one.over_at());
  return has_ended(status) && !descending ? behind - over : over;
}

Place place_of(const Glance& one, TokenStatus status, const TokenSearch& search) {
  Place place{.text = {}, .id = one.id};
  switch (search.order) {
    case TokenOrder::expires:
      place.first = place_of_end(one, status, search.descending);
      break;
    case TokenOrder::name:
      place.text = one.name_key;
      break;
    case TokenOrder::created:
      place.first = microseconds(one.created_at);
      break;
    case TokenOrder::last_used:
      place.first = one.used_at ? microseconds(*one.used_at) : 0;
      break;
    case TokenOrder::status:
      place.first = static_cast<std::int64_t>(status);
      place.second = place_of_end(one, status, search.descending);
      break;
  }
  return place;
}

PlaceOrder order_of(const TokenSearch& search) {
  return {.number = static_cast<int>(search.order), .descending = search.descending};
}

}  // namespace

TokenStatus status_of(const Token& token, Time now) noexcept {
  return status_of(token.state, token.valid_from, token.valid_to, token.used_at,
                   token.resting_since.has_value(), now);
}

TokensFound search_tokens(Transaction& transaction, const UserId& owner, const TokenSearch& search,
                          Time now) {
  const PlaceOrder order = order_of(search);
  const auto after = read_cursor(order, search.after);
  const auto top = static_cast<std::size_t>(std::max<std::int64_t>(search.top, 1));
  FirstPlaces first(top + 1, order);
  TokensFound found;
  each_match(transaction, owner, search.match, now, [&](const Glance& one, TokenStatus status) {
    ++found.counts.all;
    ++found.counts.of.at(static_cast<std::size_t>(status) - 1);
    if (search.match.status && status != *search.match.status) return;
    Place place = place_of(one, status, search);
    if (!after || order.stands_before(*after, place)) first.add(std::move(place));
  });
  auto places = std::move(first).take();
  if (places.size() > top) {
    places.pop_back();
    found.next = cursor_text(order, places.back());
  }
  found.tokens = tokens_at(transaction, places);
  return found;
}

std::vector<TokenId> live_tokens(Transaction& transaction, const UserId& owner, const TokenMatch& match,
                                 Time now, std::size_t most) {
  std::vector<TokenId> live;
  each_match(transaction, owner, match, now, [&](const Glance& one, TokenStatus status) {
    if (live.size() < most && one.state == TokenState::live && (!match.status || status == *match.status))
      live.push_back(one.id);
  });
  return live;
}

std::vector<EndingToken> ending_tokens(Transaction& transaction, const UserId& owner, Time now, Time until,
                                       std::int64_t top) {
  constexpr auto read_ending = [](const Row& row, EndingToken& token) {
    read_row(row, token.id, token.name, token.valid_to);
  };
  return transaction.all<EndingToken>(
      "select id, name, valid_to from tokens where owner = $1 and state = 'live' and valid_to > $2 and "
      "valid_to <= $3 order by valid_to, id desc limit $4",
      read_ending, owner, now, until, top);
}

std::int64_t count_ending_tokens(Transaction& transaction, const UserId& owner, Time now, Time until) {
  return transaction
      .scalar<std::int64_t>(
          "select count(*) from tokens where owner = $1 and state = 'live' and valid_to > $2 and valid_to <= "
          "$3",
          owner, now, until)
      .value();
}

}  // namespace latchkey::store
