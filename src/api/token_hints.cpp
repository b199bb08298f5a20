// What a new token may be, told before its maker decides: the hints of an organization, and the scopes by
// group.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/envelope.hpp"
#include "api/route.hpp"
#include "api/shapes.hpp"
#include "authority/people.hpp"
#include "authority/policy_checks.hpp"
#include "base/encoding.hpp"
#include "token/groups.hpp"
#include "token/lifetime.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

json::object allowed(const std::string& reason, const json::array& ask) {
  json::object shape{{"allowed", reason.empty()}};
  if (reason.empty()) return shape;
  shape["reason"] = reason;
  shape["ask"] = ask;
  return shape;
}

http::Response hints(Call& call) {
  const Time now = call.api.authority.clock.now();
  const auto ruled = authority::policy_hints(call.api.authority, call.actor.user, call.organization->id);
  json::array organizations, forbidden, ask;
  for (const auto& [one, role] : authority::memberships_of(call.api.authority, call.actor.user))
    organizations.push_back(json::object{{"id", one.id.text()}, {"name", one.name}});
  if (!call.session->user.server_administrator)
    forbidden.emplace_back(token::describe(token::verify_scope).id);
  for (const std::string& scope : ruled.forbidden_scopes) forbidden.emplace_back(scope);
  for (const store::User& one : ruled.ask) ask.push_back(plain_person_shape(one));
  const std::int64_t days = std::min(ruled.longest_days.value_or(token::lifetime_longest.count()),
                                     std::int64_t{token::lifetime_longest.count()});
  auto creation = allowed(ruled.packages_only ? std::string() : ruled.no_creation, ask);
  creation["packagingOnly"] = ruled.packages_only;
  json::object tokens{{"live", ruled.live_tokens}};
  if (ruled.most_tokens) tokens["most"] = *ruled.most_tokens;
  return json_answer(json::object{
      {"now", iso8601(now)},
      {"organizations", std::move(organizations)},
      {"creation", std::move(creation)},
      {"allOrganizations", allowed(ruled.no_global_tokens, ask)},
      {"fullAccess", allowed(ruled.no_full_access, ask)},
      {"forbiddenScopes", std::move(forbidden)},
      {"latestValidTo", iso8601(std::chrono::floor<std::chrono::seconds>(now + std::chrono::days(days)))},
      {"longestDays", days},
      {"longestByPolicy", ruled.longest_days.has_value()},
      {"tokens", std::move(tokens)}});
}

// "Project and Team" → "project-and-team".
std::string group_name(std::string_view title) {
  std::string name;
  for (const char c : title) name += c == ' ' ? '-' : ascii_lower(c);
  return name;
}

json::array included_by(token::Scope scope) {
  token::ScopeSet one;
  one.add(scope);
  json::array ids;
  token::closure(one).each([&](token::Scope other) {
    if (other != scope && token::describe(other).offered) ids.emplace_back(token::describe(other).id);
  });
  return ids;
}

json::object scope_shape(const token::GroupedScope& one) {
  const auto& said = token::describe(one.scope);
  const bool declared = said.access == said.description;
  return {{"id", said.id},
          {"title", declared ? said.id : said.access},
          {"description", said.description},
          {"includes", included_by(one.scope)},
          {"ladder", one.ladder},
          {"highPrivilege", said.high_privilege}};
}

http::Response scopes(Call& call) {
  json::array groups;
  for (const auto& group : token::scope_groups()) {
    json::array of_group;
    for (const auto& one : group.scopes) of_group.push_back(scope_shape(one));
    groups.push_back(json::object{{"group", group_name(group.title)},
                                  {"title", group.title},
                                  {"description", group.description},
                                  {"common", group.common},
                                  {"scopes", std::move(of_group)}});
  }
  return list_answer(call.request, std::move(groups));
}

constexpr Route rows[] = {
    {.method = http::Method::get,
     .path = "/{organization}/_apis/latchkey/hints",
     .area = "latchkey",
     .resource = "hints",
     .callers = Callers::session,
     .handler = hints},
    {.method = http::Method::get,
     .path = "/{organization}/_apis/latchkey/scopes",
     .area = "latchkey",
     .resource = "scopes",
     .callers = Callers::session,
     .handler = scopes},
};

}  // namespace

std::span<const Route> token_hint_routes() noexcept { return rows; }

}  // namespace latchkey::api
