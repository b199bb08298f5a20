// Organizations, and their members.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/people.hpp"
#include "api/shapes.hpp"
#include "authority/directory.hpp"
#include "authority/people.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

json::object organization_shape(const store::Organization& organization, std::optional<Role> role) {
  json::object shape{{"id", organization.id.text()},
                     {"name", organization.name},
                     {"state", organization.open ? "open" : "closed"}};
  if (role) shape["role"] = role_name(*role);
  shape["createdAt"] = iso8601(organization.created_at);
  return shape;
}

json::object member_shape(const store::Member& member) {
  return {{"user",
           {{"id", member.user.id.text()},
            {"email", member.user.email},
            {"displayName", member.user.display_name},
            {"state", state_name(member.user)}}},
          {"role", role_name(member.role)}};
}

http::Response list(Call& call) {
  json::array shapes;
  for (const auto& [organization, role] : authority::list_organizations(call.api.authority, call.actor))
    shapes.push_back(organization_shape(organization, role));
  return list_answer(call.request, std::move(shapes));
}

http::Response create(Call& call) {
  const auto name = text_field(call.body(), "name").value_or("");
  return json_answer(organization_shape(authority::create_organization(call.api.authority, call.actor, name),
                                        Role::administrator),
                     201);
}

http::Response edit(Call& call) {
  constexpr EnumValue states[] = {{1, "open"}, {2, "closed"}};
  const auto state = enum_field(call.body(), "state", states);
  if (!state) refuse_value("state", "must be open or closed");
  const auto id = id_capture<OrganizationId>(call, "organizationId");
  const auto organization =
      authority::set_organization_open(call.api.authority, call.actor, id, *state == "open");
  return json_answer(organization_shape(organization, {}));
}

http::Response list_members(Call& call) {
  const auto asked = people_page(call);
  auto members =
      authority::list_members(call.api.authority, call.actor, call.organization->id, one_more(asked));
  return people_answer(
      members, asked, [](const store::Member& member) { return member.user.email; }, member_shape);
}

store::User named_user(const Call& call) {
  return authority::find_person(call.api.authority, call.actor, call.organization->id,
                                call.capture("member"));
}

http::Response set_member(Call& call) {
  const auto role = role_field(call.body());
  if (!role) refuse_value("role", "must be reader, contributor or administrator");
  const auto user = named_user(call);
  authority::set_member(call.api.authority, call.actor, call.organization->id, user.id, *role);
  return json_answer(member_shape({.user = user, .role = *role}));
}

http::Response remove_member(Call& call) {
  authority::remove_member(call.api.authority, call.actor, call.organization->id, named_user(call).id);
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr std::string_view member = "/{organization}/_apis/latchkey/members/{member}";
constexpr Route rows[] = {
    row(Method::get, "/_apis/latchkey/organizations", list),
    row(Method::post, "/_apis/latchkey/organizations", create),
    row(Method::patch, "/_apis/latchkey/organizations/{organizationId}", edit),
    row(Method::get, "/{organization}/_apis/latchkey/members", list_members),
    row(Method::put, member, set_member),
    row(Method::delete_, member, remove_member),
};

}  // namespace

std::span<const Route> organization_routes() noexcept { return rows; }

}  // namespace latchkey::api
