// SPDX-License-Identifier: Apache-2.0
#include "api/shapes.hpp"

#include "api/fields.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {

std::string link(const Call& call, std::initializer_list<std::string_view> segments) {
  std::string url = call.api.public_url + "/" + percent_encoded(call.organization->name);
  for (const auto segment : segments) url += "/" + percent_encoded(segment);
  return url;
}

boost::json::object project_shape(const Call& call, const store::Project& project) {
  boost::json::object shape{{"id", project.id.text()}, {"name", project.name}};
  if (!project.description.empty()) shape["description"] = project.description;
  shape["url"] = link(call, {"_apis", "projects", project.id.text()});
  shape["state"] = "wellFormed";
  shape["revision"] = project.revision;
  shape["visibility"] = project.visibility == store::Visibility::public_ ? "public" : "private";
  shape["lastUpdateTime"] = iso8601(project.updated_at);
  return shape;
}

boost::json::object person_shape(const Call& call, const store::User& user) {
  return {{"id", user.id.text()},
          {"displayName", user.display_name},
          {"uniqueName", user.email},
          {"url", link(call, {"_apis", "Identities", user.id.text()})}};
}

boost::json::array ids_of(std::string_view text) {
  boost::json::array ids;
  for (auto id = token::next_id(text); !id.empty(); id = token::next_id(text)) ids.emplace_back(id);
  return ids;
}

boost::json::object plain_person_shape(const store::User& user) {
  return {{"id", user.id.text()}, {"email", user.email}, {"displayName", user.display_name}};
}

std::string_view state_name(const store::User& user) noexcept {
  if (user.state != store::UserState::enabled) return "disabled";
  return user.password ? "enabled" : "invited";
}

std::string_view role_name(Role role) noexcept {
  if (role == Role::administrator) return "administrator";
  return role == Role::contributor ? "contributor" : "reader";
}

boost::json::array membership_shapes(const std::vector<store::Membership>& memberships) {
  boost::json::array shapes;
  for (const auto& [organization, role] : memberships)
    shapes.push_back(boost::json::object{
        {"id", organization.id.text()}, {"name", organization.name}, {"role", role_name(role)}});
  return shapes;
}

std::optional<std::string_view> url_project(const Call& call) noexcept {
  const auto name = call.capture("project");
  return name.empty() ? std::nullopt : std::optional(name);
}

std::string project_of(const Call& call, const boost::json::object& body) {
  if (const auto named = url_project(call)) return std::string(*named);
  const auto* project = find_field(body, "project");
  if (project != nullptr && project->is_object())
    for (const auto* name : {"id", "name"})
      if (auto text = text_field(project->get_object(), name); text && !text->empty())
        return std::move(*text);
  refuse_value("project", "must be named: in the URL, or in the body as {\"project\": {\"id\": …}}");
}

}  // namespace latchkey::api
