// The list of an owner's tokens, page by page. A page begins after the sort key of the page before's last
// row, which its cursor holds: rows that come or go meanwhile neither repeat nor hide another.
// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <tuple>

#include "base/encoding.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/token_rows.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

// The row that a page ended with, and the order in which it did.
struct Cursor {
  int sort = 0;
  bool ascending = true;
  TokenId id;
  Time valid_to;
  TokenState state{};
  std::string name_key;
};
using CursorFields = std::tuple<int, bool, std::string, std::int64_t, std::string, std::string>;

std::string cursor_text(const TokenPage& page, const Token& token) {
  return base64url(boost::json::serialize(boost::json::value_from(
      CursorFields(static_cast<int>(page.sort), page.ascending, token.id.text(), microseconds(token.valid_to),
                   text_of(token.state), folded(token.name)))));
}

Cursor read_cursor(const TokenPage& page) {
  const auto refusal = [] {
    return Refusal(
        RefusalCode::invalid_value,
        "The continuation token is not one of this list: send the one of the page before, with the same "
        "sort order, or none to begin anew.",
        "continuationToken");
  };
  const auto json = base64url_decoded(page.after);
  if (!json) throw refusal();
  try {
    const auto [sort, ascending, id, valid_to, state, name_key] =
        boost::json::value_to<CursorFields>(boost::json::parse(*json));
    const auto parsed = TokenId::parse(id);
    if (sort != static_cast<int>(page.sort) || ascending != page.ascending || !parsed) throw refusal();
    return {sort,    ascending, *parsed, time_from_microseconds(valid_to), value_from<TokenState>(state),
            name_key};
  } catch (const boost::system::system_error&) {
    throw refusal();
  } catch (const Error&) {  // a state that we don't know
    throw refusal();
  }
}

void add_filter(Sql& sql, TokenFilter filter, Time now) {
  switch (filter) {
    case TokenFilter::active:
      sql.add(" and state = 'live' and valid_to > ", now);
      return;
    case TokenFilter::revoked:
      sql.add(" and state = 'revoked'");
      return;
    case TokenFilter::expired:
      sql.add(" and state = 'live' and valid_to <= ", now);
      return;
    case TokenFilter::all:
      return;
  }
}

// By state: live ones first, the longest-lived at their head, so that expired ones follow; then revoked ones.
void add_after(Sql& sql, const Cursor& cursor, TokenSort sort, std::string_view beyond,
               std::string_view before) {
  switch (sort) {
    case TokenSort::display_name:
      sql.add(" and (name_key, id) ").add(beyond).add(" (", cursor.name_key).add(", ", cursor.id).add(")");
      return;
    case TokenSort::display_date:
      sql.add(" and (valid_to, id) ").add(beyond).add(" (", cursor.valid_to).add(", ", cursor.id).add(")");
      return;
    case TokenSort::status:
      sql.add(" and (state ").add(beyond).add(" ", cursor.state).add(" or (").add(state_is(cursor.state));
      sql.add(" and (valid_to ")
          .add(before)
          .add(" ", cursor.valid_to)
          .add(" or (valid_to = ", cursor.valid_to);
      sql.add(" and id ").add(beyond).add(" ", cursor.id).add("))))");
      return;
  }
}

std::string_view order_of(TokenSort sort, bool ascending) {
  switch (sort) {
    case TokenSort::display_name:
      return ascending ? " order by name_key, id" : " order by name_key desc, id desc";
    case TokenSort::display_date:
      return ascending ? " order by valid_to, id" : " order by valid_to desc, id desc";
    case TokenSort::status:
      return ascending ? " order by state, valid_to desc, id" : " order by state desc, valid_to, id desc";
  }
  return {};
}

}  // namespace

Tokens tokens_of(Transaction& transaction, const UserId& owner, const TokenPage& page, Time now) {
  if (page.top < 1) return {};
  const Time since = now - ended_are_kept;
  Sql sql(tokens("owner = "), owner);
  sql.add(" and valid_to >= ", since).add(" and (ended_at is null or ended_at >= ", since).add(")");
  add_filter(sql, page.filter, now);
  Cursor cursor;
  if (!page.after.empty()) {
    cursor = read_cursor(page);
    add_after(sql, cursor, page.sort, page.ascending ? ">" : "<", page.ascending ? "<" : ">");
  }
  sql.add(order_of(page.sort, page.ascending)).add(" limit ", page.top + 1);
  Tokens found{transaction.all(sql, read_token), {}};
  if (std::ssize(found.tokens) > page.top) {
    found.tokens.pop_back();
    found.next = cursor_text(page, found.tokens.back());
  }
  return found;
}

}  // namespace latchkey::store
