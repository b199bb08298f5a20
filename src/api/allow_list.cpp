// The allow list: for whom routes are open that have no scope, and so need full access. Which routes those
// are is the route table's to say.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/match.hpp"
#include "api/subjects.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

// What a restricted token could call, if only it had full access.
bool needs_full_access(const Route& row) {
  return (row.callers == Callers::session_or_token || row.callers == Callers::token) && row.scope.empty() &&
         !row.any_scope;
}

struct Description {
  std::string_view route, text;
};
constexpr Description descriptions[] = {
    {"GET /{organization}/_apis/latchkey/groups", "List the organization's groups"},
    {"GET /{organization}/_apis/latchkey/groups/{groupId}", "Show a group"},
    {"GET /{organization}/_apis/latchkey/groups/{groupId}/members", "List a group's members"},
    {"GET /{organization}/_apis/latchkey/projects/{projectId}/roles", "List the roles on a project"},
};

std::string_view description_of(const Route& row) {
  const auto* const found = std::ranges::find(descriptions, route_name(row), &Description::route);
  return found == std::ranges::end(descriptions) ? std::string_view() : found->text;
}

json::object shape_of(const Route& row, const std::vector<authority::Subject>& subjects) {
  return {{"method", method_name(row.method)},
          {"path", row.path},
          {"description", description_of(row)},
          {"subjects", subject_shapes(subjects)}};
}

http::Response list(Call& call) {
  const auto allowed = authority::list_allowed_routes(call.api.authority, call.actor, call.organization->id);
  json::array shapes;
  for (const Route& row : routes()) {
    if (!needs_full_access(row)) continue;
    const auto named = std::ranges::find(allowed, route_name(row), &authority::AllowedRoute::route);
    shapes.push_back(
        shape_of(row, named == allowed.end() ? std::vector<authority::Subject>() : named->subjects));
  }
  return list_answer(call.request, std::move(shapes));
}

const Route& named_row(const json::object& body) {
  const auto method = text_field(body, "method").value_or(""), path = text_field(body, "path").value_or("");
  const auto row = std::ranges::find_if(routes(), [&](const Route& one) {
    return needs_full_access(one) && same_ascii(method_name(one.method), method) && one.path == path;
  });
  if (row == routes().end())
    refuse_value("path", "must be, with method, a route of the allow list: GET it to see which there are");
  return *row;
}

http::Response set(Call& call) {
  const auto body = call.body();
  const Route& row = named_row(body);
  const auto allowed = authority::set_allowed_route(
      call.api.authority, call.actor, call.organization->id,
      {.route = std::string(route_name(row)), .grantees = subjects_field(body, "subjects")});
  return json_answer(shape_of(row, allowed.subjects));
}

constexpr std::string_view path = "/{organization}/_apis/latchkey/allowList";
constexpr Route rows[] = {
    {.method = http::Method::get, .path = path, .callers = Callers::session, .handler = list},
    {.method = http::Method::put, .path = path, .callers = Callers::session, .handler = set},
};

}  // namespace

std::span<const Route> allow_list_routes() noexcept { return rows; }

}  // namespace latchkey::api
