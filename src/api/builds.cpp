// build/builds: queue, show, list and update records of builds, with and without the project in the URL.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "authority/projects.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

// Clients read the first page only, so that it is large.
constexpr std::int64_t page_max = 1000;
constexpr std::size_t definitions_max = 20;

// As the 7.2 specification names and numbers them: the number of a name is what stock clients send.
constexpr EnumValue statuses[] = {
    {1, "inProgress"}, {2, "completed"}, {4, "cancelling"}, {8, "postponed"}, {32, "notStarted"}};
constexpr EnumValue results[] = {
    {2, "succeeded"}, {4, "partiallySucceeded"}, {8, "failed"}, {32, "canceled"}};
constexpr EnumValue reasons[] = {
    {1, "manual"},          {2, "individualCI"},      {4, "batchedCI"},          {8, "schedule"},
    {16, "scheduleForced"}, {32, "userCreated"},      {64, "validateShelveset"}, {128, "checkInShelveset"},
    {256, "pullRequest"},   {512, "buildCompletion"}, {1024, "resourceTrigger"}};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A definition is kept as the text that named it: a number is its id, and its name as well.
json::object definition_shape(const std::string& definition) {
  json::object shape;
  if (is_number(definition)) shape["id"] = std::stoll(definition);
  shape["name"] = definition;
  return shape;
}

json::object shape_of(const Call& call, const authority::BuildShown& shown) {
  const auto& [build, project, requested_by] = shown;
  const auto number = std::to_string(build.number);
  const auto person = person_shape(call, requested_by);
  json::object shape{{"id", build.number}, {"buildNumber", build.build_number}, {"status", build.status}};
  if (build.result) shape["result"] = *build.result;
  shape["queueTime"] = iso8601(build.queued_at);
  if (build.started_at) shape["startTime"] = iso8601(*build.started_at);
  if (build.finished_at) shape["finishTime"] = iso8601(*build.finished_at);
  shape["url"] = link(call, {project.id.text(), "_apis", "build", "Builds", number});
  shape["uri"] = "vstfs:///Build/Build/" + number;
  shape["definition"] = definition_shape(build.definition);
  shape["project"] = project_shape(call, project);
  shape["sourceBranch"] = build.branch;
  shape["sourceVersion"] = build.commit;
  shape["reason"] = build.reason;
  shape["priority"] = "normal";
  shape["requestedFor"] = person;
  shape["requestedBy"] = person;
  return shape;
}

std::int64_t build_number(const Call& call) {
  const auto text = call.capture("buildId");
  if (!is_number(text)) throw Refusal(RefusalCode::not_found, "There is no build with this id.", "buildId");
  return parse_number(text, "buildId");
}

std::string definition_field(const json::object& body) {
  const auto* definition = find_field(body, "definition");
  if (definition != nullptr && definition->is_object()) {
    const auto& object = definition->get_object();
    if (auto name = text_field(object, "name"); name && !name->empty()) return std::move(*name);
    if (const auto id = number_field(object, "id")) return std::to_string(*id);
  }
  refuse_value("definition", "must name what to build: {\"definition\": {\"id\": 1}} or {\"name\": …}");
}

http::Response queue(Call& call) {
  const auto body = call.body();
  const auto shown =
      authority::create_build(call.api.authority, call.actor, call.organization->id, project_of(call, body),
                              {.definition = definition_field(body),
                               .branch = text_field(body, "sourceBranch").value_or(""),
                               .commit = text_field(body, "sourceVersion").value_or(""),
                               .reason = enum_field(body, "reason", reasons).value_or("manual")});
  return json_answer(shape_of(call, shown));
}

http::Response show(Call& call) {
  return json_answer(
      shape_of(call, authority::show_build(call.api.authority, call.actor, call.organization->id,
                                           url_project(call), build_number(call))));
}

http::Response edit(Call& call) {
  const auto body = call.body();
  const auto shown = authority::edit_build(
      call.api.authority, call.actor, call.organization->id, url_project(call), build_number(call),
      {.status = enum_field(body, "status", statuses), .result = enum_field(body, "result", results)});
  return json_answer(shape_of(call, shown));
}

std::optional<std::string> text_parameter(const Call& call, std::string_view name) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  return std::string(*text);
}

std::optional<UserId> person_parameter(const Call& call, std::string_view name) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return {};
  const auto id = UserId::parse(*text);
  if (!id) refuse_value(name, "must be a user's id");
  return id;
}

store::BuildFilter filter_of(const Call& call) {
  store::BuildFilter filter;
  for (const auto& id : list_parameter(call, "buildIds"))
    filter.numbers.push_back(parse_number(id, "buildIds"));
  filter.build_number = text_parameter(call, "buildNumber");
  filter.branch = text_parameter(call, "branchName");
  filter.statuses = flags_parameter(call, "statusFilter", statuses);
  filter.results = flags_parameter(call, "resultFilter", results);
  const auto asked = flags_parameter(call, "reasonFilter", reasons);
  if (asked.size() > 1) refuse_value("reasonFilter", "can be one reason, or all");
  if (!asked.empty()) filter.reason = asked.front();
  filter.requested_for = person_parameter(call, "requestedFor");
  filter.queued_from = time_parameter(call, "minTime");
  filter.queued_to = time_parameter(call, "maxTime");
  filter.before_number = number_parameter(call, "continuationToken", 1, INT64_MAX);
  return filter;
}

// The newest `top` of each definition that is asked for, merged: so the newest of all of them.
std::vector<authority::BuildShown> find_builds(const Call& call, store::BuildFilter filter) {
  auto& authority = call.api.authority;
  const auto& organization = call.organization->id;
  const auto definitions = list_parameter(call, "definitions");
  if (definitions.empty())
    return authority::list_builds(authority, call.actor, organization, url_project(call), filter);
  if (definitions.size() > definitions_max) refuse_value("definitions", "can be at most 20");
  std::vector<authority::BuildShown> all;
  for (const auto& definition : definitions) {
    filter.definition = definition;
    std::ranges::move(authority::list_builds(authority, call.actor, organization, url_project(call), filter),
                      std::back_inserter(all));
  }
  const auto number = [](const authority::BuildShown& shown) { return shown.build.number; };
  std::ranges::sort(all, std::greater(), number);
  const auto twice = std::ranges::unique(all, {}, number);
  all.erase(twice.begin(), twice.end());
  return all;
}

http::Response list(Call& call) {
  const auto top = number_parameter(call, "$top", 1, page_max).value_or(page_max);
  auto filter = filter_of(call);
  filter.top = top + 1;
  auto builds = find_builds(call, std::move(filter));
  const bool more = std::cmp_greater(builds.size(), top);
  if (more) builds.erase(builds.begin() + top, builds.end());
  json::array values;
  for (const auto& shown : builds) values.push_back(shape_of(call, shown));
  auto response = list_answer(call.request, std::move(values));
  if (more) response.field("x-ms-continuationtoken", std::to_string(builds.back().build.number));
  return response;
}

constexpr Route row(http::Method method, std::string_view path, std::string_view scope, Handler handler,
                    std::string_view location_template = {}) {
  return {.method = method,
          .path = path,
          .area = "build",
          .resource = "Builds",
          .location = "0cd358e1-9217-4d94-8269-1c1ee6f93dcf",
          .resource_version = 7,
          .scope = scope,
          .handler = handler,
          .location_template = location_template};
}

using http::Method;
constexpr std::string_view all = "/{organization}/[{project}]/_apis/build/builds",
                           one = "/{organization}/[{project}]/_apis/build/builds/{buildId}";
constexpr Route rows[] = {
    row(Method::get, all, "vso.build", list, "{project}/_apis/build/{resource}/{buildId}"),
    row(Method::post, all, "vso.build_execute", queue),
    row(Method::get, one, "vso.build", show),
    row(Method::patch, one, "vso.build_execute", edit),
};

}  // namespace

std::span<const Route> build_routes() noexcept { return rows; }

}  // namespace latchkey::api
