// core/projects, and the operations that stand for acts on them: already succeeded when a client learns of
// one.
// SPDX-License-Identifier: Apache-2.0
#include "authority/projects.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

// Clients read the first page only, so that it is large.
constexpr std::int64_t page_max = 1000;

std::optional<store::Visibility> visibility_field(const json::object& body) {
  constexpr EnumValue values[] = {{0, "private"}, {2, "public"}};
  const auto name = enum_field(body, "visibility", values);
  if (!name) return {};
  return *name == "public" ? store::Visibility::public_ : store::Visibility::private_;
}

json::object operation_shape(const Call& call, const store::Operation& operation) {
  return {{"id", operation.id.text()},
          {"status", "succeeded"},
          {"url", link(call, {"_apis", "operations", operation.id.text()})}};
}

http::Response list(Call& call) {
  auto skip = number_parameter(call, "$skip", 0, INT32_MAX).value_or(0);
  if (const auto token = number_parameter(call, "continuationToken", 0, INT32_MAX)) skip = *token;
  const auto top = number_parameter(call, "$top", 1, page_max).value_or(page_max);
  auto projects =
      authority::list_projects(call.api.authority, call.actor, call.organization->id, skip, top + 1);
  const bool more = std::cmp_greater(projects.size(), top);
  if (more) projects.pop_back();
  json::array values;
  for (const auto& project : projects) values.push_back(project_shape(call, project));
  auto response = list_answer(call.request, std::move(values));
  if (more) response.field("x-ms-continuationtoken", std::to_string(skip + top));
  return response;
}

http::Response show(Call& call) {
  const auto project = authority::show_project(call.api.authority, call.actor, call.organization->id,
                                               call.capture("projectId"));
  auto shape = project_shape(call, project);
  if (bool_parameter(call, "includeCapabilities").value_or(false))
    shape["capabilities"] = {{"versioncontrol", {{"sourceControlType", "Git"}, {"gitEnabled", "True"}}}};
  return json_answer(std::move(shape));
}

http::Response create(Call& call) {
  const auto body = call.body();
  const auto acted =
      authority::create_project(call.api.authority, call.actor, call.organization->id,
                                {.name = text_field(body, "name").value_or(""),
                                 .description = text_field(body, "description").value_or(""),
                                 .visibility = visibility_field(body).value_or(store::Visibility::private_)});
  return json_answer(operation_shape(call, acted.operation), 202);
}

http::Response edit(Call& call) {
  const auto body = call.body();
  const auto acted = authority::edit_project(call.api.authority, call.actor, call.organization->id,
                                             call.capture("projectId"),
                                             {.name = text_field(body, "name"),
                                              .description = text_field(body, "description"),
                                              .visibility = visibility_field(body)});
  return json_answer(operation_shape(call, acted.operation), 202);
}

http::Response remove(Call& call) {
  const auto operation = authority::delete_project(call.api.authority, call.actor, call.organization->id,
                                                   call.capture("projectId"));
  return json_answer(operation_shape(call, operation), 202);
}

http::Response show_operation(Call& call) {
  const auto id = Uuid::parse(call.capture("operationId"));
  if (!id) throw Refusal(RefusalCode::not_found, "There is no operation with this id.", "operationId");
  return json_answer(operation_shape(call, authority::show_operation(call.api.authority, call.actor, *id)));
}

constexpr Route row(http::Method method, std::string_view path, std::string_view scope, Handler handler,
                    std::string_view location_template = {}) {
  return {.method = method,
          .path = path,
          .area = "core",
          .resource = "projects",
          .location = "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
          .resource_version = 4,
          .scope = scope,
          .handler = handler,
          .location_template = location_template};
}

using http::Method;
constexpr std::string_view all = "/{organization}/_apis/projects",
                           one = "/{organization}/_apis/projects/{projectId}";
constexpr Route rows[] = {
    row(Method::get, all, "vso.project", list, "_apis/{resource}/{*projectId}"),
    row(Method::post, all, "vso.project_manage", create),
    row(Method::get, one, "vso.project", show),
    row(Method::patch, one, "vso.project_write", edit),
    row(Method::delete_, one, "vso.project_manage", remove),
    {.method = Method::get,
     .path = "/{organization}/_apis/operations/{operationId}",
     .area = "operations",
     .resource = "operations",
     .location = "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949",
     .resource_version = 1,
     .any_scope = true,
     .handler = show_operation,
     .location_template = "_apis/{resource}/{operationId}"},
};

}  // namespace

std::span<const Route> project_routes() noexcept { return rows; }

}  // namespace latchkey::api
