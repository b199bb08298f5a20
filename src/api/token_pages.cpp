// The portal's page of one's own tokens: find, show, shrink, revoke many. Creating, editing, regenerating and
// revoking one is the PAT lifecycle API's (api/pats.cpp).
// SPDX-License-Identifier: Apache-2.0
#include "authority/token_pages.hpp"

#include <boost/json/parse.hpp>
#include <limits>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "authority/tokens.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 50, page_max = 100;

constexpr EnumValue statuses[] = {{0, "all"},      {1, "active"},  {2, "expiresSoon"},
                                  {3, "inactive"}, {4, "expired"}, {5, "revoked"}};

std::string_view status_name(store::TokenStatus status) {
  return statuses[static_cast<std::size_t>(status)].name;
}

// Nothing for "all".
std::optional<store::TokenStatus> status_named(const std::optional<std::string>& name) {
  for (const EnumValue& value : statuses)
    if (value.number != 0 && name == value.name) return static_cast<store::TokenStatus>(value.number);
  return std::nullopt;
}

store::TokenMatch match_of(std::optional<store::TokenStatus> status, std::string_view scope,
                           std::string text) {
  store::TokenMatch match{.status = status, .text = std::move(text)};
  if (match.text.size() > 400) refuse_value("q", "is at most 100 characters long");
  if (!scope.empty()) match.scope = token::find_scope(scope);
  if (!scope.empty() && !match.scope) refuse_value("scope", "must be a scope's id");
  return match;
}

json::value organization_shape(const std::optional<store::Organization>& organization) {
  if (!organization) return nullptr;
  return json::object{{"id", organization->id.text()}, {"name", organization->name}};
}

json::object last_use_shape(const store::Token& token) {
  json::object shape{{"at", iso8601(*token.used_at)}};
  if (token.used_address) shape["address"] = *token.used_address;
  if (token.used_agent) shape["userAgent"] = *token.used_agent;
  return shape;
}

json::object token_shape(const authority::TokenShown& shown) {
  const store::Token& token = shown.token;
  json::object shape{{"id", token.id.text()},
                     {"name", token.name},
                     {"fingerprint", token.fingerprint},
                     {"status", status_name(shown.status)},
                     {"organization", organization_shape(shown.organization)},
                     {"scopes", ids_of(token.scopes)},
                     {"fullAccess", token::kept_scopes(token.scopes).is_full()},
                     {"validFrom", iso8601(token.valid_from)},
                     {"validTo", iso8601(token.valid_to)},
                     {"createdAt", iso8601(token.created_at)},
                     {"madeBy", token.made_by}};
  if (token.used_at) shape["lastUsed"] = last_use_shape(token);
  if (shown.old_secret_until) shape["oldSecretUntil"] = iso8601(*shown.old_secret_until);
  if (shown.status == store::TokenStatus::expired) shape["endedAt"] = iso8601(token.valid_to);
  if (token.ended_at) shape["endedAt"] = iso8601(*token.ended_at);
  if (token.ended_by)
    shape["endedBy"] =
        json::object{{"displayName", shown.ended_by}, {"self", *token.ended_by == token.owner}};
  if (token.ended_reason) shape["endedReason"] = *token.ended_reason;
  return shape;
}

json::object counts_shape(const store::TokenCounts& counts) {
  json::object shape{{"all", counts.all}};
  for (const EnumValue& status : statuses)
    if (status.number != 0) shape[status.name] = counts.of.at(static_cast<std::size_t>(status.number) - 1);
  return shape;
}

json::object page_shape(json::array values, const std::string& next) {
  json::object page{{"count", values.size()}, {"value", std::move(values)}};
  if (!next.empty()) page["next"] = next;
  return page;
}

TokenId token_id(const Call& call) {
  const auto id = TokenId::parse(call.capture("tokenId"));
  if (!id) throw Refusal(RefusalCode::token_not_found, "You have no token with this id.", "tokenId");
  return *id;
}

http::Response find(Call& call) {
  constexpr EnumValue orders[] = {
      {1, "expires"}, {2, "name"}, {3, "created"}, {4, "lastUsed"}, {5, "status"}};
  auto order = store::TokenOrder::expires;
  const auto name = enum_parameter(call, "sort", orders);
  for (const EnumValue& value : orders)
    if (name == value.name) order = static_cast<store::TokenOrder>(value.number);
  const auto found = authority::find_tokens(
      call.api.authority, call.actor,
      {.match = match_of(status_named(enum_parameter(call, "status", statuses)),
                         call.parameter("scope").value_or(""), std::string(call.parameter("q").value_or(""))),
       .order = order,
       .descending = bool_parameter(call, "descending").value_or(false),
       .top = number_parameter(call, "top", 1, page_max).value_or(page_default),
       .after = std::string(call.parameter("after").value_or(""))});
  json::array tokens;
  for (const auto& token : found.tokens) tokens.push_back(token_shape(token));
  auto page = page_shape(std::move(tokens), found.next);
  page["counts"] = counts_shape(found.counts);
  return json_answer(page);
}

http::Response ending(Call& call) {
  constexpr std::int64_t days_default = 90, days_max = 366;
  const auto shown = authority::ending_tokens(
      call.api.authority, call.actor,
      std::chrono::days(number_parameter(call, "days", 1, days_max).value_or(days_default)));
  json::array tokens;
  for (const auto& token : shown.soonest)
    tokens.push_back(
        json::object{{"id", token.id.text()}, {"name", token.name}, {"validTo", iso8601(token.valid_to)}});
  auto page = page_shape(std::move(tokens), "");
  page["total"] = shown.total;
  page["endingIn7Days"] = shown.soon;
  return json_answer(page);
}

http::Response show(Call& call) {
  const auto detail = authority::token_detail(call.api.authority, call.actor, token_id(call));
  const store::Token& token = detail.shown.token;
  auto shape = token_shape(detail.shown);
  shape["description"] = token.description;
  shape["madeFrom"] = json::object{{"address", token.made_address}, {"userAgent", token.made_agent}};
  json::array secrets;
  for (const auto& secret : detail.secrets) {
    json::object one{{"fingerprint", secret.fingerprint}, {"createdAt", iso8601(secret.created_at)}};
    if (secret.live_until) one["liveUntil"] = iso8601(*secret.live_until);
    secrets.push_back(std::move(one));
  }
  shape["secrets"] = std::move(secrets);
  if (detail.shrink)
    shape["shrink"] = json::object{{"undoUntil", iso8601(detail.shrink->undo_until)},
                                   {"scopes", ids_of(detail.shrink->scopes)}};
  return json_answer(shape);
}

json::array client_shapes(const std::vector<authority::ClientShown>& clients) {
  json::array shapes;
  for (const auto& shown : clients) {
    json::object shape{{"userAgent", shown.client.agent}, {"address", shown.client.address}};
    if (!shown.repository.empty()) {
      json::object repository{{"name", shown.repository}, {"project", shown.project}};
      if (shown.id) repository["id"] = shown.id->text();
      shape["repository"] = std::move(repository);
    }
    shape["accepted"] = shown.client.accepted;
    shape["refused"] = shown.client.refused;
    shape["lastUsed"] = iso8601(shown.client.last_at);
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

json::array refusal_shapes(const std::vector<store::RefusedUses>& refusals) {
  json::array shapes;
  for (const auto& refused : refusals)
    shapes.push_back(json::object{{"reason", refused.reason},
                                  {"count", refused.count},
                                  {"firstDay", iso_date(refused.first_day)},
                                  {"lastDay", iso_date(refused.last_day)}});
  return shapes;
}

void add_scopes(json::object& shape, const authority::TokenUse& use) {
  json::array scopes;
  for (const auto& one : use.scopes)
    scopes.push_back(
        json::object{{"scope", one.scope}, {"accepted", one.accepted}, {"lastUsed", iso8601(one.last_at)}});
  shape["scopes"] = std::move(scopes);
  shape["neverUsed"] = json::array(use.never_used.begin(), use.never_used.end());
  shape["suggested"] = use.suggested ? json::value(ids_of(*use.suggested)) : json::value(nullptr);
}

http::Response show_use(Call& call) {
  constexpr std::int64_t days_default = 30, days_max = 90;
  const std::chrono::days span(number_parameter(call, "days", 1, days_max).value_or(days_default));
  const auto use =
      authority::token_use(call.api.authority, call.actor, call.organization->id, token_id(call), span);
  json::array days;
  std::int64_t accepted = 0, refused = 0;
  for (const auto& day : use.days) {
    days.push_back(
        json::object{{"day", iso_date(day.day)}, {"accepted", day.accepted}, {"refused", day.refused}});
    accepted += day.accepted;
    refused += day.refused;
  }
  json::object shape{{"days", std::move(days)},
                     {"totals", {{"accepted", accepted}, {"refused", refused}}},
                     {"clients", client_shapes(use.clients)},
                     {"refusals", refusal_shapes(use.refusals)}};
  add_scopes(shape, use);
  if (use.old_secret)
    shape["oldSecret"] = json::object{{"until", iso8601(use.old_secret->until)},
                                      {"clients", client_shapes(use.old_secret->clients)}};
  return json_answer(shape);
}

http::Response show_history(Call& call) {
  constexpr auto newest = std::numeric_limits<std::int64_t>::max();
  const auto history =
      authority::token_history(call.api.authority, call.actor, token_id(call),
                               number_parameter(call, "after", 1, newest).value_or(newest), page_default);
  json::array events;
  for (const auto& [event, actor] : history.events)
    events.push_back(json::object{
        {"at", iso8601(event.time)},
        {"action", event.action},
        {"actor", {{"displayName", actor.value_or("")}, {"self", event.actor == call.actor.user}}},
        {"address", event.address},
        {"userAgent", event.agent},
        {"data", json::parse(event.data)}});
  return json_answer(page_shape(std::move(events),
                                history.more ? std::to_string(history.events.back().event.position) : ""));
}

// The scopes of the body, separated by blanks. An id that holds one is unknown as a whole.
std::string scopes_field(const json::object& body) {
  std::string scopes;
  for (const auto& id : texts_field(body, "scopes")) {
    if (id.contains(' ')) refuse_value("scopes", "must be a list of scopes' ids");
    (scopes += scopes.empty() ? "" : " ") += id;
  }
  return scopes;
}

http::Response shrink(Call& call) {
  const auto token =
      authority::shrink_token(call.api.authority, call.actor, token_id(call), scopes_field(call.body()));
  return json_answer(token_shape(authority::shown_token(call.api.authority, token)));
}

http::Response undo_shrink(Call& call) {
  const auto token =
      authority::undo_shrink(call.api.authority, call.actor, token_id(call), call.organization->id);
  return json_answer(token_shape(authority::shown_token(call.api.authority, token)));
}

authority::ManyRevoked revoke(Call& call, const json::object& body) {
  auto& authority = call.api.authority;
  if (bool_field(body, "all") == true)
    return authority::revoke_matching_tokens(
        authority, call.actor,
        match_of(status_named(enum_field(body, "status", statuses)), text_field(body, "scope").value_or(""),
                 text_field(body, "q").value_or("")));
  std::vector<TokenId> ids;
  for (const auto& text : texts_field(body, "ids")) {
    const auto id = TokenId::parse(text);
    if (!id) throw Refusal(RefusalCode::token_not_found, "You have no token with this id.", "ids");
    ids.push_back(*id);
  }
  if (ids.empty()) refuse_value("ids", "must name tokens, or \"all\" be true");
  if (ids.size() > authority::revoked_at_once) refuse_value("ids", "may name 1000 tokens at once");
  return authority::revoke_tokens(authority, call.actor, ids);
}

http::Response revoke_many(Call& call) {
  const auto done = revoke(call, call.body());
  return json_answer(json::object{{"revoked", done.revoked}, {"more", done.more}});
}

constexpr std::string_view all_tokens = "/{organization}/_apis/latchkey/tokens";

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method,
          .path = path,
          .area = "latchkey",
          .resource = "tokens",
          .callers = Callers::session,
          .handler = handler};
}

constexpr Route rows[] = {
    row(http::Method::get, all_tokens, find),
    row(http::Method::get, "/{organization}/_apis/latchkey/tokens/ending", ending),
    row(http::Method::post, "/{organization}/_apis/latchkey/tokens/revoke", revoke_many),
    row(http::Method::get, "/{organization}/_apis/latchkey/tokens/{tokenId}", show),
    row(http::Method::get, "/{organization}/_apis/latchkey/tokens/{tokenId}/uses", show_use),
    row(http::Method::get, "/{organization}/_apis/latchkey/tokens/{tokenId}/history", show_history),
    row(http::Method::post, "/{organization}/_apis/latchkey/tokens/{tokenId}/shrink", shrink),
    row(http::Method::delete_, "/{organization}/_apis/latchkey/tokens/{tokenId}/shrink", undo_shrink),
};

}  // namespace

std::span<const Route> token_page_routes() noexcept { return rows; }

}  // namespace latchkey::api
