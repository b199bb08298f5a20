// Policies of an organization and of the server, and what one would touch before it is made.
// SPDX-License-Identifier: Apache-2.0
#include "authority/policies.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/shapes.hpp"
#include "api/subjects.hpp"
#include "authority/policy_reach.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;
using authority::PolicyKind;

std::string_view kind_name(PolicyKind kind) noexcept {
  constexpr std::string_view names[] = {"switch", "days", "count", "scopes", "networks"};
  return names[static_cast<std::size_t>(kind) - 1];
}

std::string_view stage_name(authority::PolicyStage stage) noexcept {
  constexpr std::string_view names[] = {"off", "report", "warn", "refuse", "revoke"};
  return names[static_cast<std::size_t>(stage) - 1];
}

std::string_view existing_name(authority::Existing existing) noexcept {
  constexpr std::string_view names[] = {"keepWorking", "globalOnesStop", "stop"};
  return names[static_cast<std::size_t>(existing) - 1];
}

json::value value_shape(const authority::PolicyRule& rule, std::string_view text) {
  const auto value = authority::read_policy_value(rule, text);
  if (!value) return nullptr;  // of another version
  if (rule.kind == PolicyKind::toggle) return text == "true";
  if (rule.kind == PolicyKind::days || rule.kind == PolicyKind::count) return value->number;
  json::array texts;
  for (const std::string& one : value->texts) texts.emplace_back(one);
  return texts;
}

json::array stages_shape(const authority::PolicyRule& rule) {
  if (!rule.staged) return {};
  json::array stages{"report", "warn", "refuse"};
  if (rule.revokes) stages.emplace_back("revoke");
  return stages;
}

void add_policy(json::object& shape, const authority::ShownPolicy& one) {
  const store::Policy& policy = *one.policy;
  shape["value"] = value_shape(*one.rule, policy.value);
  const std::pair<std::string_view, std::optional<Time>> dates[] = {{"reportFrom", policy.report_from},
                                                                    {"warnFrom", policy.warn_from},
                                                                    {"refuseFrom", policy.refuse_from},
                                                                    {"revokeFrom", policy.revoke_from}};
  for (const auto& [name, date] : dates)
    if (date && one.rule->staged) shape[name] = iso8601(*date);
  shape["changedAt"] = iso8601(policy.changed_at);
  if (one.changed_by) shape["changedBy"] = plain_person_shape(*one.changed_by);
}

json::object policy_shape(const authority::ShownPolicy& one) {
  const authority::PolicyRule& rule = *one.rule;
  json::object shape{{"name", rule.name},
                     {"place", rule.of_server ? "server" : "organization"},
                     {"kind", kind_name(rule.kind)},
                     {"title", rule.title},
                     {"description", rule.description},
                     {"existing", existing_name(rule.existing)},
                     {"default", rule.default_on},
                     {"stage", stage_name(one.stage)},
                     {"stages", stages_shape(rule)},
                     {"takesExceptions", rule.staged},
                     {"exceptions", subject_shapes(one.exceptions)}};
  if (one.policy) add_policy(shape, one);
  return shape;
}

// A value in JSON as the store keeps it: true, 90, ["vso.code"] or "vso.code".
std::string value_field(const json::object& body) {
  const auto* value = find_field(body, "value");
  if (value == nullptr) refuse_value("value", "must be given");
  if (value->is_bool()) return value->get_bool() ? "true" : "false";
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_string()) return std::string(value->get_string());
  if (!value->is_array()) refuse_value("value", "must be true, a number or a list of texts");
  std::string text;
  for (const std::string& one : texts_field(body, "value")) text.append(text.empty() ? "" : " ").append(one);
  return text;
}

std::optional<Time> date_field(const json::object& body, std::string_view name) {
  const auto text = text_field(body, name);
  if (!text || text->empty()) return std::nullopt;
  const auto time = parse_time(*text);
  if (!time) refuse_value(name, "must be a date, such as 2026-12-01T00:00:00Z");
  return time;
}

authority::PolicyChange change_of(const Call& call) {
  const auto body = call.body();
  return {.name = std::string(call.capture("policy")),
          .value = value_field(body),
          .report_from = date_field(body, "reportFrom"),
          .warn_from = date_field(body, "warnFrom"),
          .refuse_from = date_field(body, "refuseFrom"),
          .revoke_from = date_field(body, "revokeFrom"),
          .exceptions = subjects_field(body, "exceptions")};
}

std::optional<OrganizationId> place_of(const Call& call) {
  return call.organization ? std::optional(call.organization->id) : std::nullopt;
}

http::Response list(Call& call) {
  json::array policies;
  for (const auto& one : authority::list_policies(call.api.authority, call.actor, place_of(call)))
    policies.push_back(policy_shape(one));
  return list_answer(call.request, std::move(policies));
}

http::Response set(Call& call) {
  return json_answer(
      policy_shape(authority::set_policy(call.api.authority, call.actor, place_of(call), change_of(call))));
}

http::Response clear(Call& call) {
  return json_answer(policy_shape(
      authority::clear_policy(call.api.authority, call.actor, place_of(call), call.capture("policy"))));
}

json::object touched_shape(const authority::TouchedToken& one) {
  json::object token{{"id", one.token.id.text()},
                     {"name", one.token.name},
                     {"fingerprint", one.token.fingerprint},
                     {"scopes", ids_of(one.token.scopes)},
                     {"allOrganizations", !one.token.organization},
                     {"validTo", iso8601(one.token.valid_to)}};
  if (one.token.used_at) token["lastUsedAt"] = iso8601(*one.token.used_at);
  return {{"token", std::move(token)},
          {"owner", plain_person_shape(one.owner)},
          {"refusedUses", one.refused_uses},
          {"why", one.why}};
}

http::Response dry_run(Call& call) {
  constexpr std::int64_t page_max = 1000;
  const auto run = authority::dry_run_policy(
      call.api.authority, call.actor, place_of(call), change_of(call),
      static_cast<std::size_t>(number_parameter(call, "top", 1, page_max).value_or(50)),
      call.parameter("after").value_or(""));
  json::array touched;
  for (const auto& one : run.touched) touched.push_back(touched_shape(one));
  json::object shape{{"tokens", run.tokens},
                     {"owners", run.owners},
                     {"refusedUses", run.refused_uses},
                     {"existing", existing_name(run.existing)},
                     {"count", touched.size()},
                     {"value", std::move(touched)}};
  if (!run.next.empty()) shape["next"] = run.next;
  return json_answer(std::move(shape));
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/_apis/latchkey/policies", list),
    row(Method::put, "/_apis/latchkey/policies/{policy}", set),
    row(Method::delete_, "/_apis/latchkey/policies/{policy}", clear),
    row(Method::post, "/_apis/latchkey/policies/{policy}/dryRun", dry_run),
    row(Method::get, "/{organization}/_apis/latchkey/policies", list),
    row(Method::put, "/{organization}/_apis/latchkey/policies/{policy}", set),
    row(Method::delete_, "/{organization}/_apis/latchkey/policies/{policy}", clear),
    row(Method::post, "/{organization}/_apis/latchkey/policies/{policy}/dryRun", dry_run),
};

}  // namespace

std::span<const Route> policy_routes() noexcept { return rows; }

}  // namespace latchkey::api
