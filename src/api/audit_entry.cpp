// SPDX-License-Identifier: Apache-2.0
#include "api/audit_entry.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

#include "authority/audit_actions.hpp"
#include "base/csv.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::string_view nobody = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view columns[] = {"id",
                                        "timestamp",
                                        "actionId",
                                        "area",
                                        "category",
                                        "details",
                                        "actorUserId",
                                        "actorUPN",
                                        "actorDisplayName",
                                        "authenticationMechanism",
                                        "ipAddress",
                                        "userAgent",
                                        "scopeType",
                                        "scopeDisplayName",
                                        "scopeId",
                                        "projectId",
                                        "projectName",
                                        "data",
                                        "correlationId",
                                        "activityId",
                                        "actorCUID",
                                        "actorClientId",
                                        "categoryDisplayName",
                                        "position",
                                        "subject",
                                        "digest"};

std::string mechanism(const store::AuditEvent& event, const json::object& data) {
  if (!event.actor) return "";
  if (data.contains("ActorByPassword")) return "Basic";
  const auto* fingerprint = data.if_contains("ActorFingerprint");
  return fingerprint ? "PAT " + std::string(std::string_view(fingerprint->get_string())) : "UserAuthToken";
}

std::string capitalized(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') result[0] = static_cast<char>(result[0] - 32);
  return result;
}

std::string scope_name(const store::AuditEventTold& told) {
  return told.event.organization ? told.organization_name + " (Organization)" : "Latchkey (Deployment)";
}

}  // namespace

json::object audit_entry(const store::AuditEventTold& told) {
  const store::AuditEvent& event = told.event;
  json::object data = json::parse(event.data).get_object();
  const authority::AuditAction action = authority::audit_action(event.action);
  const std::string actor = event.actor ? event.actor->text() : std::string(nobody);
  const auto category = authority::category_name(action.category);
  json::object entry{
      {"id", std::to_string(event.position) + ";" + event.activity.text() + ";" + event.correlation.text()},
      {"correlationId", event.correlation.text()},
      {"activityId", event.activity.text()},
      {"actorCUID", actor},
      {"actorUserId", actor},
      {"actorClientId", nobody},
      {"actorUPN", told.actor_email},
      {"authenticationMechanism", mechanism(event, data)},
      {"timestamp", iso8601(event.time)},
      {"scopeType", event.organization ? "organization" : "deployment"},
      {"scopeDisplayName", scope_name(told)},
      {"scopeId", event.organization ? event.organization->text() : std::string(nobody)}};
  if (const auto* id = data.if_contains("ProjectId")) entry["projectId"] = *id;
  if (const auto* name = data.if_contains("ProjectName")) entry["projectName"] = *name;
  entry["ipAddress"] = event.address;
  entry["userAgent"] = event.agent;
  entry["actionId"] = event.action;
  entry["details"] = authority::audit_details(action, data);
  entry["data"] = std::move(data);
  entry["area"] = action.area();
  entry["category"] = category;
  entry["categoryDisplayName"] = capitalized(category);
  entry["actorDisplayName"] = told.actor_name;
  entry["actorImageUrl"] = nullptr;
  entry["position"] = event.position;
  entry["subject"] = event.subject;
  entry["digest"] = hex(event.digest.bytes());
  return entry;
}

json::object streamed_audit_entry(const store::AuditEventTold& told) {
  json::object entry;
  for (auto& [name, value] : audit_entry(told)) entry[capitalized(name)] = std::move(value);
  return entry;
}

std::string audit_csv_head() {
  std::string line;
  append_csv_line(line, std::vector<std::string>(std::begin(columns), std::end(columns)));
  return line;
}

void append_audit_csv(std::string& out, const store::AuditEventTold& told) {
  const json::object entry = audit_entry(told);
  std::vector<std::string> cells;
  for (const auto column : columns) {
    const auto* value = entry.if_contains(column);
    if (value == nullptr)
      cells.emplace_back();
    else
      cells.push_back(value->is_string() ? std::string(std::string_view(value->get_string()))
                                         : json::serialize(*value));
  }
  append_csv_line(out, cells);
}

}  // namespace latchkey::api
