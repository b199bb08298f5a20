// The PAT lifecycle API (azure-devops.md 3) and its regeneration. A decision's "no" about a token is HTTP 200
// with patTokenError, as clients of this API expect; only a DELETE, which has no body to tell it in, answers
// by status.
// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/refusals.hpp"
#include "authority/tokens.hpp"
#include "authority/uses.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_max = 100;

// Dates that Azure DevOps doesn't tell are left out where there are none.
json::object token_shape(const store::Token& token) {
  json::object shape{{"displayName", token.name},
                     {"validTo", iso8601(token.valid_to)},
                     {"scope", token.scopes},
                     {"targetAccounts", nullptr},
                     {"validFrom", iso8601(token.valid_from)},
                     {"authorizationId", token.id.text()},
                     {"fingerprint", token.fingerprint},
                     {"token", nullptr}};
  if (token.organization) shape["targetAccounts"] = json::array{token.organization->text()};
  if (token.used_at) shape["lastUsed"] = iso8601(*token.used_at);
  return shape;
}

json::array use_shapes(const std::vector<store::UseGroup>& groups) {
  json::array shapes;
  for (const auto& group : groups)
    shapes.push_back(json::object{{"name", group.name},
                                  {"accepted", group.accepted},
                                  {"refused", group.refused},
                                  {"firstUsed", iso8601(group.first_at)},
                                  {"lastUsed", iso8601(group.last_at)}});
  return shapes;
}

http::Response result(json::object token) {
  return json_answer(json::object{{"patToken", std::move(token)}, {"patTokenError", "none"}});
}

// The one place where the text of a token becomes part of an answer (P2).
http::Response result(const authority::IssuedToken& issued) {
  auto shape = token_shape(issued.token);
  shape["token"] = issued.text.reveal();
  return result(std::move(shape));
}

http::Response refused(std::string_view error, std::string_view message) {
  return json_answer(
      json::object{{"patToken", nullptr}, {"patTokenError", error}, {"patTokenErrorMessage", message}});
}

// Runs what may be refused for a reason that this API names.
template <class Decide>
http::Response told(Decide decide) {
  try {
    return decide();
  } catch (const Refusal& refusal) {
    const auto error = describe(refusal.code()).token_error;
    if (error.empty()) throw;
    return refused(error, refusal.message());
  }
}

std::optional<TokenId> token_id(std::string_view text) { return TokenId::parse(text); }
http::Response invalid_id() {
  return refused("invalidAuthorizationId", "authorizationId must be a token's id.");
}

// Nothing where it is left out; "validTo": "" counts as left out.
std::optional<Time> end_field(const json::object& body) {
  const auto* value = find_field(body, "validTo");
  if (value == nullptr || (value->is_string() && value->get_string().empty())) return {};
  const auto time = value->is_string() ? parse_time(std::string_view(value->get_string())) : std::nullopt;
  if (!time)
    throw Refusal(RefusalCode::invalid_valid_to, "validTo must be a date, such as 2026-11-24T07:55:23Z.",
                  "validTo");
  return time;
}

store::TokenFilter filter_parameter(const Call& call) {
  constexpr EnumValue values[] = {{1, "active"}, {2, "revoked"}, {3, "expired"}, {4, "all"}};
  const auto name = enum_parameter(call, "displayFilterOption", values).value_or("active");
  if (name == "revoked") return store::TokenFilter::revoked;
  if (name == "expired") return store::TokenFilter::expired;
  return name == "all" ? store::TokenFilter::all : store::TokenFilter::active;
}

store::TokenSort sort_parameter(const Call& call) {
  constexpr EnumValue values[] = {{1, "displayName"}, {2, "displayDate"}, {3, "status"}};
  const auto name = enum_parameter(call, "sortByOption", values).value_or("displayDate");
  if (name == "displayName") return store::TokenSort::display_name;
  return name == "status" ? store::TokenSort::status : store::TokenSort::display_date;
}

http::Response list(Call& call) {
  const auto page =
      authority::list_tokens(call.api.authority, call.actor,
                             {.filter = filter_parameter(call),
                              .sort = sort_parameter(call),
                              .ascending = bool_parameter(call, "isSortAscending").value_or(true),
                              .top = number_parameter(call, "$top", 1, page_max).value_or(page_max),
                              .after = std::string(call.parameter("continuationToken").value_or(""))});
  json::array tokens;
  for (const auto& token : page.tokens) tokens.push_back(token_shape(token));
  return json_answer(json::object{{"continuationToken", page.next}, {"patTokens", std::move(tokens)}});
}

http::Response list_or_show(Call& call) {
  const auto asked = call.parameter("authorizationId");
  if (!asked) return list(call);
  return told([&] {
    const auto id = token_id(*asked);
    if (!id) return invalid_id();
    return result(token_shape(authority::show_token(call.api.authority, call.actor, *id)));
  });
}

http::Response create(Call& call) {
  return told([&] {
    const auto body = call.body();
    return result(authority::create_token(call.api.authority, call.actor, call.organization->id,
                                          {.name = text_field(body, "displayName").value_or(""),
                                           .scopes = text_field(body, "scope").value_or(""),
                                           .valid_to = end_field(body),
                                           .all_organizations = bool_field(body, "allOrgs").value_or(false),
                                           .description = {}}));
  });
}

http::Response edit(Call& call) {
  return told([&] {
    const auto body = call.body();
    const auto id = token_id(text_field(body, "authorizationId").value_or(""));
    if (!id) return invalid_id();
    return result(token_shape(authority::edit_token(call.api.authority, call.actor, call.organization->id,
                                                    {.id = *id,
                                                     .name = text_field(body, "displayName"),
                                                     .scopes = text_field(body, "scope"),
                                                     .description = {},
                                                     .valid_to = end_field(body),
                                                     .all_organizations = bool_field(body, "allOrgs")})));
  });
}

http::Response revoke(Call& call) {
  const auto id = token_id(call.parameter("authorizationId").value_or(""));
  if (!id) refuse_value("authorizationId", "must be the id of one of your tokens");
  authority::revoke_token(call.api.authority, call.actor, *id, call.organization->id);
  return no_content();
}

http::Response regenerate(Call& call) {
  return told([&] {
    const auto body = call.request.body.empty() ? json::object() : call.body();
    const auto id = token_id(call.capture("authorizationId"));
    if (!id) return invalid_id();
    // More seconds than the longest grace are refused by the decision; this only keeps them countable.
    constexpr std::int64_t countable = 1'000'000'000;
    const auto grace = std::clamp(number_field(body, "graceSeconds").value_or(0), -countable, countable);
    return result(authority::regenerate_token(call.api.authority, call.actor, *id, end_field(body),
                                              std::chrono::seconds(grace), call.organization->id));
  });
}

http::Response show_uses(Call& call) {
  const auto id = token_id(call.capture("authorizationId"));
  if (!id) refuse_value("authorizationId", "must be a token's id");
  const auto shown = authority::token_uses(call.api.authority, call.actor, call.organization->id, *id);
  json::object shape{{"authorizationId", id->text()}};
  if (shown.token.used_at) shape["lastUsed"] = iso8601(*shown.token.used_at);
  if (shown.details) {
    shape["outcomes"] = use_shapes(shown.details->outcomes);
    shape["addresses"] = use_shapes(shown.details->addresses);
    shape["userAgents"] = use_shapes(shown.details->agents);
    shape["scopes"] = use_shapes(shown.details->operations);
    shape["repositories"] = use_shapes(shown.details->repositories);
  }
  return json_answer(shape);
}

constexpr Route row(http::Method method, Handler handler,
                    std::string_view path = "/{organization}/_apis/tokens/pats") {
  return {.method = method,
          .path = path,
          .area = "tokens",
          .resource = "pats",
          .resource_version = 1,
          .callers = Callers::session,
          .handler = handler};
}

constexpr Route rows[] = {
    row(http::Method::get, list_or_show),
    row(http::Method::post, create),
    row(http::Method::put, edit),
    row(http::Method::delete_, revoke),
    row(http::Method::post, regenerate, "/{organization}/_apis/tokens/pats/{authorizationId}/regenerate"),
    row(http::Method::get, show_uses, "/{organization}/_apis/tokens/pats/{authorizationId}/uses"),
};

}  // namespace

std::span<const Route> token_routes() noexcept { return rows; }

}  // namespace latchkey::api
