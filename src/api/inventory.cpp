// Everybody's tokens, for administrators: the list, its figures, and whose a found token is. Each route is
// there for an organization and for the server.
// SPDX-License-Identifier: Apache-2.0
#include "api/inventory.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "base/csv.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "token/text.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 50, page_max = 100, days_max = 366;
constexpr std::size_t text_longest = 400;

constexpr EnumValue statuses[] = {
    {1, "live"}, {2, "expiresSoon"}, {3, "expired"}, {4, "revoked"}, {5, "all"}};
constexpr EnumValue orders[] = {{1, "expires"}, {2, "created"}};
constexpr EnumValue ways[] = {{1, "portal"}, {2, "api"}, {3, "command line"}, {4, "client"}};

template <class E>
std::optional<E> enum_named(const std::optional<std::string>& name, EnumValues values) {
  for (const EnumValue& value : values)
    if (name == value.name) return static_cast<E>(value.number);
  return std::nullopt;
}

// The same fields, as a query has them and as a body has them.
struct QueryFields {
  const Call& call;
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(call.parameter(name).value_or(""));
  }
  [[nodiscard]] auto flag(std::string_view name) const { return bool_parameter(call, name); }
  [[nodiscard]] auto choice(std::string_view name, EnumValues values) const {
    return enum_parameter(call, name, values);
  }
  [[nodiscard]] auto number(std::string_view name) const { return number_parameter(call, name, 1, days_max); }
};
struct BodyFields {
  const json::object& body;
  [[nodiscard]] std::string text(std::string_view name) const { return text_field(body, name).value_or(""); }
  [[nodiscard]] auto flag(std::string_view name) const { return bool_field(body, name); }
  [[nodiscard]] auto choice(std::string_view name, EnumValues values) const {
    return enum_field(body, name, values);
  }
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const {
    const auto given = number_field(body, name);
    if (given && *given < 1) refuse_value(name, "must be at least 1");
    return given ? std::optional(std::min(*given, days_max)) : std::nullopt;
  }
};

std::string bounded_text(std::string text, std::string_view name) {
  if (text.size() > text_longest) refuse_value(name, "is at most 100 characters long");
  if (masked(text) != text) refuse_value(name, "holds the text of a token: look for it with find");
  return text;
}

authority::InventoryAsked filters(const auto& fields) {
  authority::InventoryAsked asked{.search = {}, .owner = bounded_text(fields.text("owner"), "owner")};
  store::InventoryMatch& match = asked.search.match;
  if (const auto scope = fields.text("scope"); !scope.empty()) {
    match.scope = token::find_scope(scope);
    if (scope == token::full_access)
      match.full = true;
    else if (!match.scope)
      refuse_value("scope", "must be a scope's id");
  }
  if (const auto full = fields.flag("full")) match.full = full;
  match.all_organizations = fields.flag("allOrganizations");
  match.never_used = fields.flag("neverUsed");
  if (const auto days = fields.number("expiringWithin")) match.expiring_within = std::chrono::days(*days);
  match.status = enum_named<store::InventoryStatus>(fields.choice("status", statuses), statuses)
                     .value_or(store::InventoryStatus::live);
  match.made_by = fields.choice("madeBy", ways).value_or("");
  match.fingerprint = bounded_text(fields.text("fingerprint"), "fingerprint");
  if (match.fingerprint.size() > token::Fingerprint::size)
    refuse_value("fingerprint", "has 12 characters, or is the beginning of one");
  match.text = bounded_text(fields.text("q"), "q");
  return asked;
}

std::string_view status_name(store::TokenStatus status) {
  switch (status) {
    case store::TokenStatus::active:
      return "active";
    case store::TokenStatus::expires_soon:
      return "expiresSoon";
    case store::TokenStatus::inactive:
      return "inactive";
    case store::TokenStatus::expired:
      return "expired";
    case store::TokenStatus::revoked:
      return "revoked";
  }
  return "";
}

std::string_view owner_state(const store::User& owner) {
  return owner.state == store::UserState::removed ? "removed" : state_name(owner);
}

json::object entry_shape(const authority::InventoryEntry& entry) {
  const store::Token& token = entry.token;
  json::object shape{
      {"id", token.id.text()},
      {"name", token.name},
      {"fingerprint", token.fingerprint},
      {"owner", owner_shape(entry.owner)},
      {"ownerState", entry.owner.state == store::UserState::removed ? std::string_view("removed")
                                                                    : state_name(entry.owner)},
      {"scopes", ids_of(token.scopes)},
      {"fullAccess", token::kept_scopes(token.scopes).is_full()},
      {"banned", entry.banned},
      {"validFrom", iso8601(token.valid_from)},
      {"validTo", iso8601(token.valid_to)},
      {"status", status_name(entry.status)},
      {"madeBy", token.made_by},
      {"madeFrom", {{"address", token.made_address}, {"agent", token.made_agent}}},
      {"createdAt", iso8601(token.created_at)}};
  if (entry.organization)
    shape["organization"] =
        json::object{{"id", entry.organization->id.text()}, {"name", entry.organization->name}};
  if (token.used_at) shape["lastUsedAt"] = iso8601(*token.used_at);
  if (token.used_address) shape["lastAddress"] = *token.used_address;
  if (entry.status == store::TokenStatus::expired) shape["endedAt"] = iso8601(token.valid_to);
  if (token.ended_at) shape["endedAt"] = iso8601(*token.ended_at);
  if (token.ended_reason) shape["endedReason"] = *token.ended_reason;
  return shape;
}

// All that matches, some rows with each call.
class Csv {
 public:
  Csv(const Call& call, authority::InventoryAsked asked)
      : authority_(call.api.authority), actor_(call.actor), place_(place_of(call)), asked_(std::move(asked)) {
    asked_.search.top = csv_rows;
  }
  std::string operator()() {
    std::string text;
    if (ended_) return text;
    const auto found = authority::list_inventory(authority_, actor_, place_, asked_);
    for (const auto& entry : found.entries) append_csv_line(text, cells(entry));
    asked_.search.after = found.next;
    ended_ = found.next.empty();
    return text;
  }
  static std::string head() {
    std::string text;
    append_csv_line(
        text, std::vector<std::string>{
                  "id",        "name",         "fingerprint", "owner",  "ownerName",       "ownerState",
                  "scopes",    "organization", "banned",      "status", "validFrom",       "validTo",
                  "createdAt", "lastUsedAt",   "lastAddress", "madeBy", "madeFromAddress", "madeFromAgent",
                  "endedAt",   "endedReason"});
    return text;
  }

 private:
  static constexpr std::int64_t csv_rows = 500;

  static std::vector<std::string> cells(const authority::InventoryEntry& entry) {
    const store::Token& token = entry.token;
    const auto time = [](const std::optional<Time>& at) { return at ? iso8601(*at) : std::string(); };
    return {token.id.text(),
            token.name,
            token.fingerprint,
            entry.owner.email,
            entry.owner.display_name,
            std::string(owner_state(entry.owner)),
            token.scopes,
            entry.organization ? entry.organization->name : "",
            entry.banned ? "true" : "false",
            std::string(status_name(entry.status)),
            iso8601(token.valid_from),
            iso8601(token.valid_to),
            iso8601(token.created_at),
            time(token.used_at),
            token.used_address.value_or(""),
            token.made_by,
            token.made_address,
            token.made_agent,
            time(token.ended_at),
            token.ended_reason.value_or("")};
  }

  authority::Authority& authority_;
  authority::Actor actor_;
  authority::Place place_;
  authority::InventoryAsked asked_;
  bool ended_ = false;
};

bool wants_csv(const Call& call) {
  constexpr EnumValue formats[] = {{0, "json"}, {1, "csv"}};
  if (const auto format = enum_parameter(call, "format", formats)) return *format == "csv";
  return call.request.head.field("accept").value_or("").starts_with("text/csv");
}

http::Response csv_answer(Csv csv) {
  http::Response response{
      .status = 200, .content_type = "text/csv; charset=utf-8", .fields = {}, .body = Csv::head()};
  response.field("Content-Disposition", "attachment; filename=\"tokens.csv\"");
  response.body += csv();  // what is refused is refused before anything is sent
  response.more = std::move(csv);
  return response;
}

http::Response list(Call& call) {
  auto asked = inventory_filters(call);
  asked.search.order = enum_named<store::InventoryOrder>(enum_parameter(call, "sort", orders), orders)
                           .value_or(store::InventoryOrder::expires);
  asked.search.descending = bool_parameter(call, "descending").value_or(false);
  asked.search.top = number_parameter(call, "top", 1, page_max).value_or(page_default);
  asked.search.after = std::string(call.parameter("after").value_or(""));
  if (wants_csv(call)) return csv_answer(Csv(call, std::move(asked)));
  const auto found =
      authority::list_inventory(call.api.authority, call.actor, place_of(call), std::move(asked));
  json::array entries;
  for (const auto& entry : found.entries) entries.push_back(entry_shape(entry));
  json::object page{{"count", entries.size()}, {"value", std::move(entries)}};
  if (!found.next.empty()) page["next"] = found.next;
  return json_answer(page);
}

http::Response figures(Call& call) {
  const auto found = authority::inventory_figures(call.api.authority, call.actor, place_of(call));
  return json_answer(json::object{{"live", found.live},
                                  {"fullAccess", found.full_access},
                                  {"allOrganizations", found.all_organizations},
                                  {"neverUsed", found.never_used},
                                  {"expiringSoon", found.expiring_soon},
                                  {"owners", found.owners}});
}

// A text as it was found: blanks and line ends around it count for nothing.
std::string trimmed(std::string text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.erase(std::min(text.find_last_not_of(blanks) + 1, text.size()));
  return text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
}

http::Response find(Call& call) {
  const auto body = call.body();
  auto& authority = call.api.authority;
  const auto place = place_of(call);
  auto text = text_field(body, "token");
  const auto fingerprint = text_field(body, "fingerprint");
  if (text.has_value() == fingerprint.has_value()) refuse_value("token", "or fingerprint must be given");
  if (text) {
    const Secret found(trimmed(*text));
    wipe(*text);
    return json_answer(entry_shape(authority::find_by_text(authority, call.actor, place, found)));
  }
  if (!token::Fingerprint::parse(*fingerprint))
    refuse_value("fingerprint", "must be the 12 characters of one");
  return json_answer(entry_shape(authority::find_by_fingerprint(authority, call.actor, place, *fingerprint)));
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/{organization}/_apis/latchkey/inventory", list),
    row(Method::get, "/{organization}/_apis/latchkey/inventory/figures", figures),
    row(Method::post, "/{organization}/_apis/latchkey/inventory/find", find),
    row(Method::get, "/_apis/latchkey/inventory", list),
    row(Method::get, "/_apis/latchkey/inventory/figures", figures),
    row(Method::post, "/_apis/latchkey/inventory/find", find),
};

}  // namespace

authority::InventoryAsked inventory_filters(const Call& call) { return filters(QueryFields{call}); }
authority::InventoryAsked inventory_filters(const json::object& match) { return filters(BodyFields{match}); }

authority::Place place_of(const Call& call) {
  return call.organization ? authority::Place(call.organization->id) : std::nullopt;
}

json::object owner_shape(const store::User& user) {
  return {{"id", user.id.text()}, {"email", user.email}, {"displayName", user.display_name}};
}

std::span<const Route> inventory_routes() noexcept { return rows; }

}  // namespace latchkey::api
