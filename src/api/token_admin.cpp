// The token administration API (azure-devops.md 4): for an organization's administrators, and for their
// tokens with vso.tokenadministration. Of SSH keys, which it tells by isPublic, there are none.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/revocations.hpp"
#include "authority/inventory.hpp"
#include "authority/tokens.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 20, page_max = 100;
constexpr std::string_view descriptor_type = "lk.";  // as api/locations.cpp tells them

json::object session_token_shape(const store::Token& token, Time now) {
  json::object shape{{"clientId", nullptr},
                     {"accessId", nullptr},
                     {"authorizationId", token.id.text()},
                     {"hostAuthorizationId", nullptr},
                     {"userId", token.owner.text()},
                     {"validFrom", iso8601(token.valid_from)},
                     {"validTo", iso8601(token.valid_to)},
                     {"displayName", token.name},
                     {"scope", token.scopes},
                     {"targetAccounts", nullptr},
                     {"token", nullptr},
                     {"alternateToken", nullptr},
                     {"isValid", token.state == store::TokenState::live && token.valid_to > now},
                     {"isPublic", false},
                     {"publicData", nullptr},
                     {"source", nullptr},
                     {"claims", nullptr},
                     {"crossCompanyCorrelatingId", nullptr}};
  if (token.organization) shape["targetAccounts"] = json::array{token.organization->text()};
  return shape;
}

UserId described_user(const Call& call) {
  const auto descriptor = call.capture("subjectDescriptor");
  const auto id = descriptor.starts_with(descriptor_type)
                      ? UserId::parse(descriptor.substr(descriptor_type.size()))
                      : std::nullopt;
  if (!id) refuse_value("subjectDescriptor", "must be that of a user, as connectionData tells it");
  return *id;
}

std::optional<TokenId> continuation(const Call& call) {
  const auto text = call.parameter("continuationToken");
  if (!text || text->empty()) return {};
  const auto id = TokenId::parse(*text);
  if (!id) refuse_value("continuationToken", "must be that of the page before");
  return id;
}

http::Response list(Call& call) {
  const auto user = described_user(call);
  const auto page = authority::tokens_of_user(
      call.api.authority, call.actor, call.organization->id, user, continuation(call),
      number_parameter(call, "pageSize", 1, page_max).value_or(page_default));
  json::object answer{{"value", json::array()}, {"continuationToken", nullptr}};
  if (bool_parameter(call, "isPublic") == true) return json_answer(answer);
  const Time now = call.api.authority.clock.now();
  for (const auto& token : page.tokens) answer["value"].as_array().push_back(session_token_shape(token, now));
  if (page.more) answer["continuationToken"] = page.tokens.back().id.text();
  return json_answer(answer);
}

http::Response revoke(Call& call) {
  std::vector<TokenId> ids;
  for (const auto& element : parse_array(call.request.body)) {
    const auto text =
        element.is_object() ? text_field(element.get_object(), "authorizationId") : std::nullopt;
    const auto id = TokenId::parse(text.value_or(""));
    if (!id) refuse_value("authorizationId", "must be the id of a token");
    ids.push_back(*id);
  }
  if (ids.size() > authority::revoked_at_once)
    refuse_value("authorizationId", "may be given 1000 times at once");
  if (bool_parameter(call, "isPublic") == true)
    refuse_value("isPublic", "can't be true: there are no SSH keys");
  authority::revoke_tokens_of_others(call.api.authority, call.actor, call.organization->id, ids);
  return no_content();
}

http::Response add_rule(Call& call) {
  const auto body = call.body();
  std::optional<Time> created_before;
  if (const auto text = text_field(body, "createdBefore")) {
    created_before = parse_time(*text);
    if (!created_before) refuse_value("createdBefore", "must be a date, such as 2026-11-24T07:55:23Z");
  }
  return json_answer(revocation_shape(authority::start_revocation_rule(
                         call.api.authority, call.actor, call.organization->id,
                         text_field(body, "scopes").value_or(""), created_before)),
                     201);
}

constexpr Route row(http::Method method, std::string_view path, std::string_view resource, Handler handler) {
  return {.method = method,
          .path = path,
          .area = "tokenadmin",
          .resource = resource,
          .resource_version = 1,
          .scope = "vso.tokenadministration",
          .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/{organization}/_apis/tokenadmin/personalaccesstokens/{subjectDescriptor}",
        "personalaccesstokens", list),
    row(Method::post, "/{organization}/_apis/tokenadmin/revocations", "revocations", revoke),
    row(Method::post, "/{organization}/_apis/tokenadmin/revocationrules", "revocationrules", add_rule),
};

}  // namespace

std::span<const Route> token_admin_routes() noexcept { return rows; }

}  // namespace latchkey::api
