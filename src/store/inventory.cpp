// SPDX-License-Identifier: Apache-2.0
#include "store/inventory.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include "store/directory.hpp"
#include "store/names.hpp"
#include "store/token_rows.hpp"
#include "store/token_search.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

constexpr std::string_view text_end =
    "\xf4\x8f\xbf\xbf";                       // U+10FFFF: behind all that begins as the text before
constexpr std::string_view base62_end = "{";  // so it is for fingerprints
constexpr std::int64_t owners_most = 200, names_together = 500;

struct Kind {
  TokenState state{};
  std::optional<OrganizationId> organization{};
  std::string made_by{};
  bool ever_used = false;
  std::string scopes{};
};

// What of a row decides whether and where it is listed.
struct Glance : Kind {
  TokenId id;
  UserId owner;
  std::string name_key{};
  Time valid_to, created_at;
  bool works = false;  // in the organization that is looked at
};

struct Range {
  TokenState state{};
  Time after, until;  // of valid_to
};

// The match at an instant, and what of it needs looking up.
class Wanted {
 public:
  Wanted(Transaction& transaction, const InventoryMatch& match, Time now)
      : match(match), ranges(ranges_of(match, now)), key_(name_key(match.text)) {
    if (match.text.empty()) return;
    transaction.each(
        "select id from users where email_key like $1 escape '!' or lower(display_name) like $1 escape '!' "
        "limit $2",
        [&](const Row& row) {
          UserId id;
          read_row(row, id);
          owners_.insert(id);
        },
        holding(match.text), owners_most + 1);
    if (std::ssize(owners_) > owners_most) owners_.clear();
  }

  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;

  [[nodiscard]] bool of_kind(const Kind& kind) {
    if (match.bound && kind.organization != match.organization) return false;
    if (!match.made_by.empty() && kind.made_by != match.made_by) return false;
    if (match.never_used && *match.never_used == kind.ever_used) return false;
    if (match.all_organizations && *match.all_organizations == kind.organization.has_value()) return false;
    return of_scopes_(kind.scopes);
  }
  [[nodiscard]] bool contains(const Glance& one) {
    const auto in_range = [&](const Range& range) {
      return one.state == range.state && one.valid_to > range.after && one.valid_to <= range.until;
    };
    return one.works && std::ranges::any_of(ranges, in_range) &&
           (!match.owner || one.owner == *match.owner) &&
           (!match.created_before || one.created_at < *match.created_before) && of_kind(one);
  }

  // What the text may be of a token. Empty: its name begins with anything; none: no name does so.
  [[nodiscard]] const std::optional<std::string>& name_begins() const noexcept { return key_; }
  [[nodiscard]] bool begins_name(const Glance& one) const { return key_ && one.name_key.starts_with(*key_); }
  [[nodiscard]] bool names_owner(const UserId& owner) const { return owners_.contains(owner); }
  [[nodiscard]] const std::set<UserId>& owners() const noexcept { return owners_; }

  const InventoryMatch& match;
  const std::vector<Range> ranges;

 private:
  static std::vector<Range> ranges_of(const InventoryMatch& match, Time now) {
    const Time since = now - ended_are_kept, end = time_from_microseconds(INT64_MAX);
    const auto within = [&](std::chrono::days days) {
      return std::vector{Range{TokenState::live, now, now + days}};
    };
    if (match.expiring_within) return within(*match.expiring_within);
    switch (match.status) {
      case InventoryStatus::live:
        return {{TokenState::live, now, end}};
      case InventoryStatus::expires_soon:
        return within(soon);
      case InventoryStatus::expired:
        return {{TokenState::live, since, now}};
      case InventoryStatus::revoked:
        return {{TokenState::revoked, since, end}};
      case InventoryStatus::all:
        return {{TokenState::live, since, end}, {TokenState::revoked, since, end}};
    }
    return {};
  }
  [[nodiscard]] bool wants_scopes(const std::string& scopes) const {
    const auto kept = token::kept_scopes(scopes);
    if (match.full && *match.full != kept.is_full()) return false;
    if (match.scope && !kept.contains(*match.scope)) return false;
    const auto given = [&](const std::string& id) { return (" " + scopes + " ").contains(" " + id + " "); };
    return match.any_scope.empty() || std::ranges::any_of(match.any_scope, given);
  }

  std::optional<std::string> key_;
  std::set<UserId> owners_;
  OfScopes of_scopes_{[this](const std::string& scopes) { return wants_scopes(scopes); }};
};

// "select (all of a Glance)", to go on with " from tokens where …".
Sql glances(const std::optional<OrganizationId>& organization) {
  const std::string columns =
      "select id, owner, state, organization, made_by, ever_used, scopes, name_key, valid_to, created_at, ";
  if (!organization) return {columns + "1 = ", std::int64_t{1}};
  Sql sql(columns +
              "case when organization is null then exists (select 1 from memberships where "
              "organization = ",
          *organization);
  sql.add(" and user_id = tokens.owner) else organization = ", *organization).add(" end");
  return sql;
}

using VisitGlance = std::function<void(const Glance&)>;
void each_glance(Transaction& transaction, const Sql& sql, const VisitGlance& visit) {
  transaction.each(sql, [&](const Row& row) {
    Glance one;
    read_row(row, one.id, one.owner, one.state, one.organization, one.made_by, one.ever_used, one.scopes,
             one.name_key, one.valid_to, one.created_at, one.works);
    visit(one);
  });
}

void each_of_fingerprint(Transaction& transaction, const std::optional<OrganizationId>& organization,
                         const std::string& begins, const VisitGlance& visit) {
  if (!begins_fingerprint(begins)) return;
  const std::string end = begins + std::string(base62_end);
  Sql sql = glances(organization);
  sql.add(" from tokens where id in (select token from secrets where fingerprint >= ", begins)
      .add(" and fingerprint < ", end)
      .add(")");
  each_glance(transaction, sql, visit);
}

void each_of_owners(Transaction& transaction, const std::optional<OrganizationId>& organization,
                    const std::set<UserId>& owners, const VisitGlance& visit) {
  for (const UserId& owner : owners) {
    Sql sql = glances(organization);
    each_glance(transaction, sql.add(" from tokens where owner = ", owner), visit);
  }
}

// By name, those that begin as wanted, from behind `after` on; ends when `visit` says so.
void each_of_name(Transaction& transaction, const Wanted& wanted, const PlaceOrder& order,
                  std::optional<Place> after, const std::function<bool(const Glance&)>& visit) {
  if (!wanted.name_begins()) return;
  const std::string& begin = *wanted.name_begins();
  const std::string end = begin + std::string(text_end);
  for (bool more = true; std::exchange(more, false);) {
    std::vector<Glance> some;
    Sql sql = glances(wanted.match.organization);
    // One bound at each side: with two, the engine may begin at the looser one.
    const bool begun = after && after->text >= begin && after->text < end;
    sql.add(" from tokens where 1 = ", std::int64_t{1});
    if (!begun || order.descending) sql.add(" and name_key >= ", begin);
    if (!begun || !order.descending) sql.add(" and name_key < ", end);
    if (begun)
      sql.add(order.descending ? " and (name_key, id) < (" : " and (name_key, id) > (", after->text)
          .add(", ", after->id)
          .add(")");
    sql.add(order.descending ? " order by name_key desc, id desc limit " : " order by name_key, id limit ",
            names_together);
    each_glance(transaction, sql, [&](const Glance& one) { some.push_back(one); });
    more = std::ssize(some) == names_together;
    for (const Glance& one : some)
      if (!visit(one)) return;
    if (more) after = Place{.text = some.back().name_key, .id = some.back().id};
  }
}

// Each that is wanted, where an owner, a fingerprint or a text says which rows to look at.
bool is_pointed(const InventoryMatch& match) { return match.owner || !match.fingerprint.empty(); }
void each_pointed_at(Transaction& transaction, Wanted& wanted, const VisitGlance& visit) {
  const InventoryMatch& match = wanted.match;
  std::set<TokenId> bearing;
  if (!match.text.empty())
    each_of_fingerprint(transaction, match.organization, match.text,
                        [&](const Glance& one) { bearing.insert(one.id); });
  const auto consider = [&](const Glance& one) {
    const bool told = match.text.empty() || wanted.begins_name(one) || wanted.names_owner(one.owner) ||
                      bearing.contains(one.id);
    if (told && wanted.contains(one)) visit(one);
  };
  if (!match.fingerprint.empty())
    each_of_fingerprint(transaction, match.organization, match.fingerprint, consider);
  else
    each_of_owners(transaction, match.organization, {*match.owner}, consider);
}
// What a text names beside names: owners and fingerprints.
void each_told_otherwise(Transaction& transaction, Wanted& wanted, const VisitGlance& visit) {
  const auto organization = wanted.match.organization;
  each_of_owners(transaction, organization, wanted.owners(), [&](const Glance& one) {
    if (!wanted.begins_name(one) && wanted.contains(one)) visit(one);
  });
  each_of_fingerprint(transaction, organization, wanted.match.text, [&](const Glance& one) {
    if (!wanted.begins_name(one) && !wanted.names_owner(one.owner) && wanted.contains(one)) visit(one);
  });
}

std::vector<std::optional<OrganizationId>> organizations_of(Transaction& transaction, const Wanted& wanted) {
  std::vector<std::optional<OrganizationId>> found{std::nullopt};
  if (wanted.match.organization) {
    found.push_back(wanted.match.organization);
  } else {
    transaction.each("select id from organizations where name_key > ''",
                     [&](const Row& row) { read_row(row, found.emplace_back()); });
  }
  return found;
}

// The next kind of that state and organization; skips along the index. Not by one comparison of rows: the
// engine would begin at the kind itself, and read all of its tokens.
bool next_kind(Transaction& transaction, Kind& kind, bool first) {
  const Kind last = kind;
  for (int same = first ? 0 : 2; same >= 0; --same) {
    Sql sql("select made_by, ever_used, scopes from tokens where " + state_is(last.state));
    last.organization ? sql.add(" and organization = ", *last.organization)
                      : sql.add(" and organization is null");
    if (same > 0) sql.add(" and made_by = ", last.made_by);
    if (same > 1) sql.add(" and ever_used = ", last.ever_used).add(" and scopes > ", last.scopes);
    if (same == 1) sql.add(" and ever_used > ", last.ever_used);
    if (same == 0 && !first) sql.add(" and made_by > ", last.made_by);
    sql.add(" order by made_by, ever_used, scopes limit 1");
    bool any = false;
    transaction.each(sql, [&](const Row& row) {
      read_row(row, kind.made_by, kind.ever_used, kind.scopes);
      any = true;
    });
    if (any) return true;
  }
  return false;
}

using VisitKind = std::function<void(const Kind&, const Range&)>;
void each_kind(Transaction& transaction, Wanted& wanted, const VisitKind& visit) {
  for (const auto& organization : organizations_of(transaction, wanted))
    for (const Range& range : wanted.ranges) {
      Kind kind{.state = range.state, .organization = organization};
      for (bool first = true; next_kind(transaction, kind, first); first = false)
        if (wanted.of_kind(kind)) visit(kind, range);
    }
}

// " and (they are of that kind, and were made as wanted)".
void add_of_kind(Sql& sql, const Kind& kind, const InventoryMatch& match) {
  if (kind.organization)
    sql.add(" and organization = ", *kind.organization);
  else if (!match.organization)
    sql.add(" and organization is null");
  else
    sql.add(
           " and organization is null and exists (select 1 from memberships m where m.user_id = tokens.owner "
           "and m.organization = ",
           *match.organization)
        .add(")");
  sql.add(" and made_by = ", kind.made_by).add(" and ever_used = ", kind.ever_used);
  sql.add(" and scopes = ", kind.scopes).add(" and created_at < ", match.created_before);
}

// What a page needs of a kind: from the cursor on, no further than what stands last on it already.
void each_of_kind(Transaction& transaction, const Kind& kind, const Range& range, const Wanted& wanted,
                  const InventorySearch& search, const std::optional<Place>& after, FirstPlaces& places) {
  const bool by_end = search.order == InventoryOrder::expires;
  const std::string key = by_end ? "valid_to" : "created_at";
  std::int64_t least = by_end ? microseconds(range.after) + 1 : 0,
               most = by_end ? microseconds(range.until) : INT64_MAX;
  const auto narrow = [&](const Place& place, bool from_below) {
    if (from_below)
      least = std::max(least, place.first);
    else
      most = std::min(most, place.first);
  };
  if (after) narrow(*after, !search.descending);
  if (const Place* last = places.last()) narrow(*last, search.descending);
  Sql sql("select " + key + ", id from tokens where " + state_is(kind.state));
  add_of_kind(sql, kind, wanted.match);
  sql.add(" and " + key + " >= ", least).add(" and " + key + " <= ", most);
  // Spelled so that no index is chosen for it.
  if (!by_end) sql.add(" and +valid_to > ", range.after).add(" and +valid_to <= ", range.until);
  if (after)
    sql.add(" and (" + key + ", id)" + (search.descending ? " < (" : " > ("), after->first)
        .add(", ", after->id)
        .add(")");
  const std::string_view way = search.descending ? " desc" : "";
  sql.add(" order by ").add(key).add(way).add(", id").add(way).add(" limit ", search.top + 1);
  std::vector<Place> found;
  transaction.each(sql, [&](const Row& row) {
    Place& place = found.emplace_back();
    read_row(row, place.first, place.id);
  });
  for (Place& place : found) places.add(std::move(place));
}

PlaceOrder order_of(const InventorySearch& search) {
  return {.number = static_cast<int>(search.order), .descending = search.descending};
}
Place place_in(InventoryOrder order, const auto& one) {
  return {.first = microseconds(order == InventoryOrder::created ? one.created_at : one.valid_to),
          .id = one.id};
}
Place place_of(const Glance& one, InventoryOrder order) {
  if (order == InventoryOrder::name) return {.text = one.name_key, .id = one.id};
  return place_in(order, one);
}

void find_places(Transaction& transaction, Wanted& wanted, const InventorySearch& search,
                 const PlaceOrder& order, const std::optional<Place>& after, FirstPlaces& places) {
  const auto add = [&](const Glance& one) {
    Place place = place_of(one, search.order);
    if (!after || order.stands_before(*after, place)) places.add(std::move(place));
  };
  if (is_pointed(search.match)) return each_pointed_at(transaction, wanted, add);
  if (search.order != InventoryOrder::name)
    return each_kind(transaction, wanted, [&](const Kind& kind, const Range& range) {
      each_of_kind(transaction, kind, range, wanted, search, after, places);
    });
  if (!search.match.text.empty()) each_told_otherwise(transaction, wanted, add);
  each_of_name(transaction, wanted, order, after, [&](const Glance& one) {
    if (const Place* last = places.last(); last && order.stands_before(*last, place_of(one, search.order)))
      return false;
    if (wanted.contains(one)) add(one);
    return true;
  });
}

std::int64_t count_of_kind(Transaction& transaction, const Kind& kind, const Range& range,
                           const InventoryMatch& match) {
  Sql sql("select count(*) from tokens where " + state_is(kind.state));
  add_of_kind(sql, kind, match);
  sql.add(" and valid_to > ", range.after).add(" and valid_to <= ", range.until);
  std::int64_t count = 0;
  transaction.each(sql, [&](const Row& row) { read_row(row, count); });
  return count;
}

// Of enabled ones and others.
std::int64_t count_owners(Transaction& transaction, const std::optional<OrganizationId>& organization,
                          Time now) {
  Sql sql(
      "select count(*) from users where exists (select 1 from tokens where owner = users.id and state = "
      "'live' and valid_to > ",
      now);
  if (organization)
    sql.add(" and (organization = ", *organization)
        .add(
            " or (organization is null and exists (select 1 from memberships m where m.user_id = users.id "
            "and "
            "m.organization = ",
            *organization)
        .add(")))");
  sql.add(")");
  std::int64_t count = 0;
  transaction.each(sql, [&](const Row& row) { read_row(row, count); });
  return count;
}

}  // namespace

InventoryPage search_inventory(Transaction& transaction, const InventorySearch& asked, Time now) {
  InventorySearch search = asked;
  search.top = std::max<std::int64_t>(search.top, 1);
  if (!search.match.text.empty()) search.order = InventoryOrder::name;
  const PlaceOrder order = order_of(search);
  const auto after = read_cursor(order, search.after);
  FirstPlaces first(static_cast<std::size_t>(search.top) + 1, order);
  Wanted wanted(transaction, search.match, now);
  find_places(transaction, wanted, search, order, after, first);
  auto places = std::move(first).take();
  InventoryPage page{};
  if (std::ssize(places) > search.top) {
    places.pop_back();
    page.next = cursor_text(order, places.back());
  }
  page.tokens = tokens_at(transaction, places);
  return page;
}

std::string inventory_cursor(const InventorySearch& search, const Token& last) {
  return cursor_text(order_of(search), place_in(search.order, last));
}

std::int64_t count_inventory(Transaction& transaction, const InventoryMatch& match, Time now) {
  Wanted wanted(transaction, match, now);
  std::int64_t count = 0;
  const auto add = [&](const Glance&) { ++count; };
  if (is_pointed(match)) {
    each_pointed_at(transaction, wanted, add);
  } else if (match.text.empty()) {
    each_kind(transaction, wanted, [&](const Kind& kind, const Range& range) {
      count += count_of_kind(transaction, kind, range, match);
    });
  } else {
    each_told_otherwise(transaction, wanted, add);
    each_of_name(transaction, wanted, {}, {}, [&](const Glance& one) {
      if (wanted.contains(one)) ++count;
      return true;
    });
  }
  return count;
}

InventoryFigures inventory_figures(Transaction& transaction,
                                   const std::optional<OrganizationId>& organization, Time now) {
  const InventoryMatch match{.organization = organization};
  Wanted wanted(transaction, match, now);
  InventoryFigures figures{.owners = count_owners(transaction, organization, now)};
  each_kind(transaction, wanted, [&](const Kind& kind, const Range& range) {
    const auto count = count_of_kind(transaction, kind, range, match);
    figures.live += count;
    if (token::kept_scopes(kind.scopes).is_full()) figures.full_access += count;
    if (!kind.organization) figures.all_organizations += count;
    if (!kind.ever_used) figures.never_used += count;
    const Range soon{kind.state, now, now + figures_expiring_within};
    figures.expiring_soon += count_of_kind(transaction, kind, soon, match);
  });
  return figures;
}

bool works_in(Transaction& transaction, const Token& token, const OrganizationId& organization) {
  return token.organization ? *token.organization == organization
                            : find_membership(transaction, organization, token.owner).has_value();
}

}  // namespace latchkey::store
