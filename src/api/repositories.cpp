// git/repositories: with the project in the URL, or the repository by its id alone.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "authority/projects.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

json::object shape_of(const Call& call, const authority::RepositoryShown& shown) {
  const auto& [repository, project] = shown;
  const auto remote = link(call, {project.name, "_git", repository.name});
  json::object shape{
      {"id", repository.id.text()},
      {"name", repository.name},
      {"url", link(call, {project.id.text(), "_apis", "git", "repositories", repository.id.text()})},
      {"project", project_shape(call, project)}};
  if (repository.default_branch) shape["defaultBranch"] = *repository.default_branch;
  shape["size"] = repository.size;
  shape["remoteUrl"] = remote;
  shape["webUrl"] = remote;
  shape["isDisabled"] = repository.disabled;
  shape["isFork"] = false;
  shape["isInMaintenance"] = false;
  shape["creationDate"] = iso8601(repository.created_at);
  return shape;
}

http::Response list(Call& call) {
  json::array values;
  for (const auto& shown :
       authority::list_repositories(call.api.authority, call.actor, call.organization->id, url_project(call)))
    values.push_back(shape_of(call, shown));
  return list_answer(call.request, std::move(values));
}

http::Response show(Call& call) {
  return json_answer(
      shape_of(call, authority::show_repository(call.api.authority, call.actor, call.organization->id,
                                                url_project(call), call.capture("repositoryId"))));
}

http::Response create(Call& call) {
  const auto body = call.body();
  const auto shown =
      authority::create_repository(call.api.authority, call.actor, call.organization->id,
                                   project_of(call, body), text_field(body, "name").value_or(""));
  return json_answer(shape_of(call, shown), 201);
}

http::Response edit(Call& call) {
  const auto body = call.body();
  const auto shown = authority::edit_repository(call.api.authority, call.actor, call.organization->id,
                                                url_project(call), call.capture("repositoryId"),
                                                {.name = text_field(body, "name"),
                                                 .default_branch = text_field(body, "defaultBranch"),
                                                 .disabled = bool_field(body, "isDisabled")});
  return json_answer(shape_of(call, shown));
}

http::Response remove(Call& call) {
  authority::delete_repository(call.api.authority, call.actor, call.organization->id, url_project(call),
                               call.capture("repositoryId"));
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, std::string_view scope, Handler handler,
                    std::string_view location_template = {}) {
  return {.method = method,
          .path = path,
          .area = "git",
          .resource = "repositories",
          .location = "225f7195-f9c7-4d14-ab28-a83f7ff77e1f",
          .resource_version = 2,
          .scope = scope,
          .handler = handler,
          .location_template = location_template};
}

using http::Method;
constexpr std::string_view all = "/{organization}/[{project}]/_apis/git/repositories",
                           one = "/{organization}/[{project}]/_apis/git/repositories/{repositoryId}";
constexpr Route rows[] = {
    row(Method::get, all, "vso.code", list, "{project}/_apis/{area}/{resource}/{repositoryId}"),
    row(Method::post, all, "vso.code_manage", create),
    row(Method::get, one, "vso.code", show),
    row(Method::patch, one, "vso.code_manage", edit),
    row(Method::delete_, one, "vso.code_manage", remove),
};

}  // namespace

std::span<const Route> repository_routes() noexcept { return rows; }

}  // namespace latchkey::api
