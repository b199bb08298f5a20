// Streams of the audit: Azure DevOps' own calls, for an organization and for the whole server, and beside its
// fields the stream's health.
// SPDX-License-Identifier: Apache-2.0
#include "authority/streams.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::string_view asterisks = "********";
constexpr EnumValue statuses[] = {{0, "unknown"},          {1, "enabled"}, {2, "disabledByUser"},
                                  {3, "disabledBySystem"}, {4, "deleted"}, {5, "backfilling"}};

authority::Place organization_of(const Call& call) {
  return call.organization ? authority::Place(call.organization->id) : std::nullopt;
}

std::string_view status_name(const store::AuditStream& stream) {
  switch (stream.state) {
    case store::StreamState::enabled:
      return stream.progress.position < stream.progress.backfill_until ? "backfilling" : "enabled";
    case store::StreamState::disabled_by_user:
      return "disabledByUser";
    case store::StreamState::disabled_by_system:
      return "disabledBySystem";
  }
  return "unknown";
}

json::object health_shape(const authority::StreamShown& shown) {
  const auto& progress = shown.stream.progress;
  json::object health{{"lastPosition", progress.position},
                      {"behind", std::max<std::int64_t>(shown.last - progress.position, 0)},
                      {"failures", progress.failures}};
  if (progress.delivered_at) health["lastDeliveredAt"] = iso8601(*progress.delivered_at);
  if (!progress.last_error.empty()) health["lastError"] = progress.last_error;
  if (progress.failures > 0 && shown.stream.state == store::StreamState::enabled)
    health["nextAttemptAt"] = iso8601(progress.next_attempt_at);
  return health;
}

json::object stream_shape(const authority::StreamShown& shown) {
  const store::AuditStream& stream = shown.stream;
  const auto& consumer = authority::stream_consumer(stream.consumer);
  json::object inputs;
  for (const auto& [name, value] : authority::inputs_of(stream)) inputs[name] = value;
  for (const auto& input : consumer.inputs)
    if (input.secret && !stream.secret.empty()) inputs[input.name] = asterisks;
  return {{"id", stream.id.text()},
          {"consumerType", consumer.name},
          {"consumerInputs", std::move(inputs)},
          {"displayName", stream.name},
          {"status", status_name(stream)},
          {"statusReason", stream.reason},
          {"createdTime", iso8601(stream.created_at)},
          {"updatedTime", iso8601(stream.updated_at)},
          {"health", health_shape(shown)}};
}

authority::StreamRequest request_of(const json::object& body) {
  authority::StreamRequest request{.name = text_field(body, "displayName").value_or("")};
  const auto type = text_field(body, "consumerType").value_or("");
  for (const auto& consumer : authority::stream_consumers())
    if (type == consumer.name) request.consumer = consumer.consumer;
  if (request.consumer == store::Consumer{})
    refuse_value("consumerType", "must be WebHook, Splunk, Syslog or File");
  const auto* inputs = find_field(body, "consumerInputs");
  if (inputs == nullptr || !inputs->is_object()) refuse_value("consumerInputs", "must be an object");
  for (const auto& [name, value] : inputs->get_object()) {
    if (value.is_null()) continue;
    if (!value.is_string()) refuse_value("consumerInputs." + std::string(name), "must be a text");
    request.inputs.emplace(name, std::string_view(value.get_string()));
  }
  return request;
}

store::StreamId stream_id(const Call& call) { return id_capture<store::StreamId>(call, "streamId"); }

http::Response list(Call& call) {
  json::array values;
  for (const auto& shown : authority::list_streams(call.api.authority, call.actor, organization_of(call)))
    values.push_back(stream_shape(shown));
  return list_answer(call.request, std::move(values));
}

http::Response show(Call& call) {
  return json_answer(stream_shape(
      authority::show_stream(call.api.authority, call.actor, organization_of(call), stream_id(call))));
}

http::Response create(Call& call) {
  const std::chrono::days backfill(
      number_parameter(call, "daysToBackfill", 0, authority::backfill_longest.count()).value_or(0));
  return json_answer(
      stream_shape(authority::create_stream(call.api.authority, call.actor, organization_of(call),
                                            request_of(call.body()), backfill)),
      201);
}

// A status in the body is what the caller saw: it is set by itself.
http::Response edit(Call& call) {
  const auto body = call.body();
  const auto id = store::StreamId::parse(text_field(body, "id").value_or(""));
  if (!id) refuse_value("id", "must be the id of a stream");
  return json_answer(stream_shape(
      authority::edit_stream(call.api.authority, call.actor, organization_of(call), *id, request_of(body))));
}

http::Response set_status(Call& call) {
  const auto status = enum_parameter(call, "status", statuses);
  if (status != "enabled" && status != "disabledByUser")
    refuse_value("status", "must be enabled or disabledByUser");
  return json_answer(stream_shape(authority::set_stream_enabled(
      call.api.authority, call.actor, organization_of(call), stream_id(call), status == "enabled")));
}

http::Response remove(Call& call) {
  authority::delete_stream(call.api.authority, call.actor, organization_of(call), stream_id(call));
  return no_content();
}

constexpr std::string_view reading = "vso.auditlog", managing = "vso.auditstreams_manage";

constexpr Route row(http::Method method, std::string_view path, std::string_view scope, Handler handler,
                    std::string_view location_template = {}) {
  return {.method = method,
          .path = path,
          .area = "audit",
          .resource = "streams",
          .location = "77d60bf9-1882-41c5-a90d-3a6d3c13fd3b",
          .resource_version = 1,
          .preview = true,
          .scope = scope,
          .handler = handler,
          .location_template = location_template};
}
constexpr Route own_row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr std::string_view all = "/{organization}/_apis/audit/streams",
                           one = "/{organization}/_apis/audit/streams/{streamId}",
                           all_own = "/_apis/audit/streams", one_own = "/_apis/audit/streams/{streamId}";
constexpr Route rows[] = {
    row(Method::get, all, reading, list, "_apis/{area}/{resource}/{streamId}"),
    row(Method::post, all, managing, create),
    row(Method::put, all, managing, edit),
    row(Method::get, one, reading, show),
    row(Method::put, one, managing, set_status),
    row(Method::delete_, one, managing, remove),
    own_row(Method::get, all_own, list),
    own_row(Method::post, all_own, create),
    own_row(Method::put, all_own, edit),
    own_row(Method::get, one_own, show),
    own_row(Method::put, one_own, set_status),
    own_row(Method::delete_, one_own, remove),
};

}  // namespace

std::span<const Route> stream_routes() noexcept { return rows; }

}  // namespace latchkey::api
