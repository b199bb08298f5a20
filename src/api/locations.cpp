// Discovery: connectionData, resource areas, and the resource locations that SDKs ask for first. The
// locations come from the route table itself.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/shapes.hpp"
#include "api/version.hpp"
#include "authority/directory.hpp"
#include "base/encoding.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

struct Area {
  std::string_view id, name;
};
constexpr Area areas[] = {{"79134c72-4a58-4b42-976c-04e7115f32bf", "core"},
                          {"4e080c62-fa21-4fbc-8fef-2a10a2b38049", "git"},
                          {"965220d5-5bb9-42cf-8d67-9b146df2a5a4", "build"},
                          {"a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd", "distributedtask"},
                          {"55967393-20ef-45c6-a96c-b5d5d5986a9a", "tokens"},
                          {"af68438b-ed04-4407-9eb6-f1dbae3f922e", "tokenadmin"}};

json::object identity_shape(const store::User& user) {
  return {{"id", user.id.text()},
          {"descriptor", "Microsoft.IdentityModel.Claims.ClaimsIdentity;" + user.email},
          {"subjectDescriptor", "lk." + user.id.text()},
          {"providerDisplayName", user.display_name},
          {"isActive", true},
          {"isContainer", false},
          {"properties", {{"Account", {{"$type", "System.String"}, {"$value", user.email}}}}},
          {"resourceVersion", 2},
          {"metaTypeId", 0}};
}

http::Response connection_data(Call& call) {
  const auto user = authority::find_user(call.api.authority, call.actor.user);
  constexpr std::string_view mapping = "PublicAccessMapping", none = "00000000-0000-0000-0000-000000000000";
  const auto identity = identity_shape(user);
  const json::object place{{"displayName", "Public Access Mapping"},
                           {"moniker", mapping},
                           {"accessPoint", call.api.public_url + "/"},
                           {"serviceOwner", none},
                           {"virtualDirectory", call.organization->name}};
  return json_answer(json::object{{"authenticatedUser", identity},
                                  {"authorizedUser", identity},
                                  {"instanceId", call.organization->id.text()},
                                  {"deploymentType", "onPremises"},
                                  {"locationServiceData",
                                   {{"serviceOwner", none},
                                    {"defaultAccessMappingMoniker", mapping},
                                    {"lastChangeId", 1},
                                    {"lastChangeId64", 1},
                                    {"clientCacheFresh", false},
                                    {"clientCacheTimeToLive", 3600},
                                    {"accessMappings", json::array{place}},
                                    {"serviceDefinitions", json::array()}}}});
}

// None: so that clients use the address that they have for every area.
http::Response no_areas(Call& call) { return list_answer(call.request, {}); }

http::Response show_area(Call& call) {
  for (const auto& area : areas)
    if (same_ascii(area.id, call.capture("areaId")))
      return json_answer(
          json::object{{"id", area.id}, {"name", area.name}, {"locationUrl", link(call, {}) + "/"}});
  throw Refusal(RefusalCode::not_found, "This server has no resource area with this id.", "areaId");
}

http::Response locations(Call& call) {
  const auto asked = call.capture("area");
  json::array values;
  for (const Route& row : routes()) {
    if (row.location_template.empty() || (!asked.empty() && !same_ascii(asked, row.area))) continue;
    values.push_back(json::object{{"id", row.location},
                                  {"area", row.area},
                                  {"resourceName", row.resource},
                                  {"routeTemplate", row.location_template},
                                  {"resourceVersion", row.resource_version},
                                  {"minVersion", oldest_version},
                                  {"maxVersion", newest_version},
                                  {"releasedVersion", released_version}});
  }
  return list_answer(call.request, std::move(values));
}

constexpr Route areas_row(std::string_view path, Handler handler, std::string_view location_template = {}) {
  return {.method = http::Method::get,
          .path = path,
          .area = "Location",
          .resource = "ResourceAreas",
          .location = "e81700f7-3be2-46de-8624-2eb35882fcaa",
          .resource_version = 1,
          .any_scope = true,
          .handler = handler,
          .location_template = location_template};
}

constexpr Route rows[] = {
    {.method = http::Method::get,
     .path = "/{organization}/_apis/connectionData",
     .area = "Location",
     .resource = "ConnectionData",
     .location = "00d9565f-ed9c-4a06-9a50-00e7896ccab4",
     .resource_version = 1,
     .preview = true,
     .any_scope = true,
     .handler = connection_data,
     .location_template = "_apis/{resource}"},
    areas_row("/{organization}/_apis/ResourceAreas", no_areas, "_apis/{resource}/{areaId}"),
    areas_row("/{organization}/_apis/ResourceAreas/{areaId}", show_area),
    {.method = http::Method::options,
     .path = "/{organization}/_apis/[{area}]",
     .any_scope = true,
     .handler = locations},
};

}  // namespace

std::span<const Route> location_routes() noexcept { return rows; }

}  // namespace latchkey::api
