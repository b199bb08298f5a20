// Groups of users, an organization's and the server's; roles on projects.
// SPDX-License-Identifier: Apache-2.0
#include "authority/groups.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/people.hpp"
#include "api/shapes.hpp"
#include "api/subjects.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

authority::Place place_of(const Call& call) {
  return call.organization ? std::optional(call.organization->id) : std::nullopt;
}
GroupId group_of(const Call& call) { return id_capture<GroupId>(call, "groupId"); }

json::object group_shape(const store::CountedGroup& counted) {
  const auto& [group, members] = counted;
  return {{"id", group.id.text()},
          {"name", group.name},
          {"description", group.description},
          {"members", members},
          {"createdAt", iso8601(group.created_at)}};
}

json::object member_shape(const store::User& user) {
  return {{"id", user.id.text()},
          {"email", user.email},
          {"displayName", user.display_name},
          {"state", state_name(user)}};
}

authority::GroupEdit group_edit(const Call& call) {
  const auto body = call.body();
  return {.name = text_field(body, "name"), .description = text_field(body, "description")};
}

http::Response list(Call& call) {
  const auto asked = people_page(call);
  auto groups = authority::list_groups(call.api.authority, call.actor, place_of(call), asked.after,
                                       one_more(asked).top);
  return people_answer(
      groups, asked, [](const store::CountedGroup& counted) { return counted.group.name; }, group_shape);
}

http::Response create(Call& call) {
  return json_answer(
      group_shape(authority::create_group(call.api.authority, call.actor, place_of(call), group_edit(call))),
      201);
}

http::Response show(Call& call) {
  return json_answer(
      group_shape(authority::show_group(call.api.authority, call.actor, place_of(call), group_of(call))));
}

http::Response edit(Call& call) {
  return json_answer(group_shape(authority::edit_group(call.api.authority, call.actor, place_of(call),
                                                       group_of(call), group_edit(call))));
}

http::Response remove(Call& call) {
  authority::delete_group(call.api.authority, call.actor, place_of(call), group_of(call));
  return no_content();
}

http::Response list_members(Call& call) {
  const auto asked = people_page(call);
  auto members = authority::list_group_members(call.api.authority, call.actor, place_of(call), group_of(call),
                                               one_more(asked));
  return people_answer(members, asked, [](const store::User& user) { return user.email; }, member_shape);
}

http::Response add_member(Call& call) {
  authority::add_group_member(call.api.authority, call.actor, place_of(call), group_of(call),
                              id_capture<UserId>(call, "userId"));
  return no_content();
}

http::Response remove_member(Call& call) {
  authority::remove_group_member(call.api.authority, call.actor, place_of(call), group_of(call),
                                 id_capture<UserId>(call, "userId"));
  return no_content();
}

json::object role_shape(const authority::ProjectRole& role) {
  return {{"subject", subject_shape(role.subject)}, {"role", role_name(role.role)}};
}

store::Grantee grantee_of(const Call& call) {
  if (const auto grantee = store::grantee_of(call.capture("kind"), id_capture<UserId>(call, "id").value()))
    return *grantee;
  throw Refusal(RefusalCode::not_found, "Roles are those of a user or a group.", "kind");
}

http::Response list_roles(Call& call) {
  json::array shapes;
  for (const auto& role : authority::list_project_roles(call.api.authority, call.actor, call.organization->id,
                                                        call.capture("projectId")))
    shapes.push_back(role_shape(role));
  return list_answer(call.request, std::move(shapes));
}

http::Response set_role(Call& call) {
  const auto role = role_field(call.body());
  if (!role) refuse_value("role", "must be reader, contributor or administrator");
  return json_answer(role_shape(authority::set_project_role(call.api.authority, call.actor,
                                                            call.organization->id, call.capture("projectId"),
                                                            {.grantee = grantee_of(call), .role = *role})));
}

http::Response remove_role(Call& call) {
  authority::remove_project_role(call.api.authority, call.actor, call.organization->id,
                                 call.capture("projectId"), grantee_of(call));
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}
// A look, which a token with full access may have: no scope is about groups.
constexpr Route look(std::string_view path, Handler handler) {
  return {.method = http::Method::get, .path = path, .handler = handler};
}

using http::Method;
constexpr std::string_view groups = "/{organization}/_apis/latchkey/groups",
                           group = "/{organization}/_apis/latchkey/groups/{groupId}",
                           members = "/{organization}/_apis/latchkey/groups/{groupId}/members",
                           member = "/{organization}/_apis/latchkey/groups/{groupId}/members/{userId}",
                           server_groups = "/_apis/latchkey/groups",
                           server_group = "/_apis/latchkey/groups/{groupId}",
                           server_members = "/_apis/latchkey/groups/{groupId}/members",
                           server_member = "/_apis/latchkey/groups/{groupId}/members/{userId}",
                           roles = "/{organization}/_apis/latchkey/projects/{projectId}/roles",
                           role = "/{organization}/_apis/latchkey/projects/{projectId}/roles/{kind}/{id}";
constexpr Route rows[] = {
    look(groups, list),
    row(Method::post, groups, create),
    look(group, show),
    row(Method::patch, group, edit),
    row(Method::delete_, group, remove),
    look(members, list_members),
    row(Method::put, member, add_member),
    row(Method::delete_, member, remove_member),
    row(Method::get, server_groups, list),
    row(Method::post, server_groups, create),
    row(Method::get, server_group, show),
    row(Method::patch, server_group, edit),
    row(Method::delete_, server_group, remove),
    row(Method::get, server_members, list_members),
    row(Method::put, server_member, add_member),
    row(Method::delete_, server_member, remove_member),
    look(roles, list_roles),
    row(Method::put, role, set_role),
    row(Method::delete_, role, remove_role),
};

}  // namespace

std::span<const Route> group_routes() noexcept { return rows; }

}  // namespace latchkey::api
