// The audit: Azure DevOps' actions, auditlog and downloadlog, for an organization and for the whole server;
// the chart's counts and the chain, which are our own.
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <limits>

#include "api/audit_entry.hpp"
#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "authority/audit_check.hpp"
#include "authority/audit_log.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr EnumValue categories[] = {{0, "unknown"}, {1, "modify"}, {2, "remove"},
                                    {3, "create"},  {4, "access"}, {5, "execute"}};

std::string text_parameter(const Call& call, std::string_view name) {
  constexpr std::size_t longest = 400;
  const auto text = normalized(call.parameter(name).value_or(""));
  if (!text || text->size() > longest) refuse_value(name, "must be a text of at most 100 characters");
  return *text;
}

std::optional<OrganizationId> organization_of(const Call& call) {
  return call.organization ? std::optional(call.organization->id) : std::nullopt;
}

authority::AuditFilter filter_of(const Call& call) {
  authority::AuditFilter filter{.organization = organization_of(call),
                                .from = time_parameter(call, "startTime"),
                                .until = time_parameter(call, "endTime"),
                                .area = text_parameter(call, "area"),
                                .category = enum_parameter(call, "category", categories).value_or(""),
                                .text = text_parameter(call, "q")};
  if (const auto actor = text_parameter(call, "actor"); !actor.empty()) {
    filter.actor = UserId::parse(actor);
    if (!filter.actor) refuse_value("actor", "must be the id of a user");
  }
  if (auto subject = text_parameter(call, "subject"); !subject.empty()) filter.subject = std::move(subject);
  if (filter.from && filter.until && *filter.until < *filter.from)
    refuse_value("endTime", "must not be earlier than startTime");
  return filter;
}

// "1764000000000000.17": the place of the last event of the page before.
std::string token_of(const store::AuditPlace& place) {
  return std::to_string(microseconds(place.time)) + "." + std::to_string(place.position);
}
std::optional<store::AuditPlace> place_of(const Call& call) {
  constexpr std::string_view name = "continuationToken";
  const auto text = call.parameter(name);
  if (!text || text->empty()) return std::nullopt;
  const auto dot = text->find('.');
  if (dot == std::string_view::npos) refuse_value(name, "must be that of the page before");
  return store::AuditPlace{.time = time_from_microseconds(parse_number(text->substr(0, dot), name)),
                           .position = parse_number(text->substr(dot + 1), name)};
}

http::Response list_actions(Call& call) {
  authority::require_audit(call.api.authority, call.actor, organization_of(call));
  const auto area = call.parameter("areaName").value_or("");
  json::array values;
  for (const auto& action : authority::audit_actions())
    if (area.empty() || same_ascii(area, action.area()))
      values.push_back(json::object{{"actionId", action.id},
                                    {"area", action.area()},
                                    {"category", authority::category_name(action.category)}});
  return list_answer(call.request, std::move(values));
}

http::Response query(Call& call) {
  constexpr std::int64_t page_default = 200, page_max = 1000;
  const auto page =
      authority::audit_log(call.api.authority, call.actor, filter_of(call), place_of(call),
                           number_parameter(call, "batchSize", 1, page_max).value_or(page_default),
                           !bool_parameter(call, "skipAggregation").value_or(false));
  json::array entries;
  for (const auto& [told, aggregated] : page.entries) {
    auto entry = audit_entry(told);
    if (aggregated > 1) entry["aggregated"] = aggregated;
    entries.push_back(std::move(entry));
  }
  json::object answer{{"decoratedAuditLogEntries", std::move(entries)},
                      {"continuationToken", nullptr},
                      {"hasMore", page.after.has_value()}};
  if (page.after) answer["continuationToken"] = token_of(*page.after);
  return json_answer(answer);
}

// The pieces of a download, one after another; keeps nothing but its place.
class Download {
 public:
  Download(authority::Authority& authority, authority::Actor actor, authority::AuditFilter filter, bool csv)
      : authority_(authority), actor_(std::move(actor)), filter_(std::move(filter)), csv_(csv) {}

  std::string operator()() {
    std::string text;
    while (text.empty() && !ended_) {
      const auto piece = authority::audit_piece(authority_, actor_, filter_, after_);
      for (const auto& told : piece.events) {
        if (csv_) {
          append_audit_csv(text, told);
        } else {
          text += std::exchange(any_, true) ? ",\n" : "\n";
          text += json::serialize(audit_entry(told));
        }
      }
      after_ = piece.after;
      ended_ = !after_;
      if (ended_ && !csv_) text += "\n]\n";
    }
    return text;
  }

 private:
  authority::Authority& authority_;
  authority::Actor actor_;
  authority::AuditFilter filter_;
  bool csv_, any_ = false, ended_ = false;
  std::optional<store::AuditPlace> after_{};
};

http::Response download(Call& call) {
  constexpr EnumValue formats[] = {{0, "json"}, {1, "csv"}};
  const auto format = enum_parameter(call, "format", formats);
  if (!format) refuse_value("format", "must be json or csv");
  const bool csv = *format == "csv";
  auto filter = authority::begin_audit_download(call.api.authority, call.actor, filter_of(call), *format);
  http::Response response{
      .content_type = "application/octet-stream", .fields = {}, .body = csv ? audit_csv_head() : "["};
  response.field("Content-Disposition", "attachment; filename=\"audit." + *format + "\"");
  response.more = Download(call.api.authority, call.actor, std::move(filter), csv);
  return response;
}

http::Response activity(Call& call) {
  constexpr std::int64_t parts_default = 48, parts_max = 500;
  const auto shown =
      authority::audit_activity(call.api.authority, call.actor, filter_of(call),
                                number_parameter(call, "buckets", 1, parts_max).value_or(parts_default));
  return json_answer(json::object{{"startTime", iso8601(shown.from)},
                                  {"endTime", iso8601(shown.until)},
                                  {"counts", json::array(shown.counts.begin(), shown.counts.end())},
                                  {"refusals", json::array(shown.refusals.begin(), shown.refusals.end())},
                                  {"complete", shown.complete}});
}

http::Response check(Call& call) {
  const auto [check, last] = authority::audit_state(call.api.authority, call.actor, organization_of(call));
  json::object shape{{"position", last}, {"looked", check.looked.position}};
  if (check.whole_at) {
    shape["unbroken"] = check.whole.position;
    shape["checkedAt"] = iso8601(*check.whole_at);
  }
  if (check.broken) shape["broken"] = *check.broken;
  return json_answer(shape);
}

json::object link_shape(const store::AuditEvent& event, const std::optional<OrganizationId>& organization) {
  json::object shape{{"position", event.position}, {"digest", hex(event.digest.bytes())}};
  if (organization && event.organization != organization) return shape;
  shape["time"] = microseconds(event.time);
  if (event.actor) shape["actor"] = event.actor->text();
  if (event.organization) shape["organization"] = event.organization->text();
  shape["action"] = event.action;
  shape["subject"] = event.subject;
  shape["data"] = event.data;
  shape["address"] = event.address;
  shape["agent"] = event.agent;
  shape["activity"] = event.activity.text();
  shape["correlation"] = event.correlation.text();
  return shape;
}

http::Response chain(Call& call) {
  constexpr std::int64_t page_default = 1000, page_max = 5000;
  const auto organization = organization_of(call);
  const auto page = authority::audit_chain(
      call.api.authority, call.actor, organization,
      number_parameter(call, "after", 0, std::numeric_limits<std::int64_t>::max()).value_or(0),
      number_parameter(call, "top", 1, page_max).value_or(page_default));
  json::array links;
  for (const auto& event : page.events) links.push_back(link_shape(event, organization));
  json::object answer{
      {"boundary", {{"position", page.boundary.position}, {"digest", hex(page.boundary.digest.bytes())}}},
      {"value", std::move(links)}};
  if (page.more) answer["next"] = page.events.back().position;
  return json_answer(answer);
}

constexpr Route row(std::string_view path, std::string_view resource, Handler handler,
                    std::string_view location, std::string_view location_template) {
  return {.method = http::Method::get,
          .path = path,
          .area = "audit",
          .resource = resource,
          .location = location,
          .resource_version = 1,
          .preview = true,
          .scope = "vso.auditlog",
          .handler = handler,
          .location_template = location_template};
}
// Of the whole server, or our own: a session's.
constexpr Route own_row(std::string_view path, Handler handler) {
  return {.method = http::Method::get, .path = path, .callers = Callers::session, .handler = handler};
}

constexpr std::string_view actions_id = "6fa30b9a-9558-4e3b-a95f-a12572caa6e6",
                           log_id = "4e5fa14f-7097-4b73-9c85-00abc7353c61",
                           download_id = "b7b98a76-04e8-4f4d-ac72-9d46492caaac";
constexpr Route rows[] = {
    row("/{organization}/_apis/audit/actions", "actions", list_actions, actions_id,
        "_apis/{area}/{resource}"),
    row("/{organization}/_apis/audit/auditlog", "auditlog", query, log_id, "_apis/{area}/{resource}"),
    row("/{organization}/_apis/audit/downloadlog", "downloadlog", download, download_id,
        "_apis/{area}/{resource}"),
    own_row("/{organization}/_apis/latchkey/audit/activity", activity),
    own_row("/{organization}/_apis/latchkey/audit/chain", chain),
    own_row("/{organization}/_apis/latchkey/audit/check", check),
    own_row("/_apis/audit/actions", list_actions),
    own_row("/_apis/audit/auditlog", query),
    own_row("/_apis/audit/downloadlog", download),
    own_row("/_apis/latchkey/audit/activity", activity),
    own_row("/_apis/latchkey/audit/chain", chain),
    own_row("/_apis/latchkey/audit/check", check),
};

}  // namespace

std::span<const Route> audit_routes() noexcept { return rows; }

}  // namespace latchkey::api
