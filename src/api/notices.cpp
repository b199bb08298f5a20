// The bell: what happened to one's own tokens.
// SPDX-License-Identifier: Apache-2.0
#include "authority/notices.hpp"

#include <boost/json/parse.hpp>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

// The members of an audit event's data that a notice tells too.
void add_told(json::object& shape, const json::object& told, store::NoticeKind kind) {
  const bool scopes = kind == store::NoticeKind::created || kind == store::NoticeKind::widened;
  if (const auto* value = told.if_contains("Scopes"); value != nullptr && scopes) shape["scopes"] = *value;
  if (const auto* value = told.if_contains("OldSecretUntil")) shape["oldSecretUntil"] = *value;
  if (const auto* value = told.if_contains("PolicyName")) shape["policy"] = *value;
  if (const auto* value = told.if_contains("RefuseFrom")) shape["refuseFrom"] = *value;
  if (const auto* value = told.if_contains("RevokeFrom")) shape["revokeFrom"] = *value;
  if (kind == store::NoticeKind::revoked_by_other)
    if (const auto* value = told.if_contains("Reason"); value && !value->as_string().empty())
      shape["reason"] = *value;
  if (kind != store::NoticeKind::stream_disabled) return;
  shape["stream"] = told.at("DisplayName");
  shape["reason"] = told.at("Reason");
}

json::object data_shape(const store::NoticeShown& shown) {
  json::object shape;
  if (shown.notice.valid_to) shape["validTo"] = iso8601(*shown.notice.valid_to);
  const bool by_other = shown.notice.kind == store::NoticeKind::revoked_by_other ||
                        shown.notice.kind == store::NoticeKind::policy_warning ||
                        shown.notice.kind == store::NoticeKind::revoked_by_policy;
  if (by_other && shown.actor) shape["actor"] = *shown.actor;
  const auto& address = shown.notice.address ? shown.notice.address : shown.address;
  const auto& agent = shown.notice.agent ? shown.notice.agent : shown.agent;
  if (!by_other && address) shape["address"] = *address;
  if (!by_other && agent) shape["userAgent"] = *agent;
  if (shown.notice.count > 1) shape["count"] = shown.notice.count;
  if (shown.data) add_told(shape, json::parse(*shown.data).as_object(), shown.notice.kind);
  return shape;
}

json::object notice_shape(const store::NoticeShown& shown) {
  json::object shape{{"id", shown.notice.id.text()},
                     {"kind", store::notice_kind_name(shown.notice.kind)},
                     {"at", iso8601(shown.notice.created_at)},
                     {"read", shown.read},
                     {"data", data_shape(shown)}};
  if (!shown.notice.token) return shape;
  json::object token{{"id", shown.notice.token->text()},
                     {"name", shown.name},
                     {"fingerprint", shown.fingerprint},
                     {"organization", nullptr}};
  if (shown.organization)
    token["organization"] =
        json::object{{"id", shown.organization->text()}, {"name", shown.organization_name.value_or("")}};
  shape["token"] = std::move(token);
  return shape;
}

// "1764000000000000.{id}": where the page before ended.
std::string cursor_text(const store::Notice& notice) {
  return std::to_string(microseconds(notice.created_at)) + "." + notice.id.text();
}

std::optional<store::NoticeCursor> cursor(const Call& call) {
  const auto text = call.parameter("after");
  if (!text || text->empty()) return std::nullopt;
  const auto dot = std::min(text->find('.'), text->size());
  const auto id = NoticeId::parse(text->substr(std::min(dot + 1, text->size())));
  if (!id) refuse_value("after", "must be the next of the page before");
  return store::NoticeCursor{
      .created_at = time_from_microseconds(parse_number(text->substr(0, dot), "after")), .id = *id};
}

http::Response list(Call& call) {
  constexpr std::int64_t page_default = 50, page_max = 100;
  const auto shown =
      authority::list_notices(call.api.authority, call.actor, cursor(call),
                              number_parameter(call, "top", 1, page_max).value_or(page_default));
  json::array notices;
  for (const auto& one : shown.notices) notices.push_back(notice_shape(one));
  json::object page{{"count", notices.size()}, {"value", std::move(notices)}, {"unread", shown.unread}};
  if (shown.more) page["next"] = cursor_text(shown.notices.back().notice);
  return json_answer(page);
}

http::Response read(Call& call) {
  constexpr std::size_t ids_max = 1000;
  const auto body = call.body();
  if (bool_field(body, "all") == true) {
    authority::read_all_notices(call.api.authority, call.actor);
    return no_content();
  }
  std::vector<NoticeId> ids;
  for (const auto& text : texts_field(body, "ids"))
    if (const auto id = NoticeId::parse(text)) ids.push_back(*id);
  if (ids.size() > ids_max) refuse_value("ids", "may name 1000 notices at once");
  authority::read_notices(call.api.authority, call.actor, ids);
  return no_content();
}

constexpr Route rows[] = {
    {.method = http::Method::get,
     .path = "/_apis/latchkey/notices",
     .area = "latchkey",
     .resource = "notices",
     .callers = Callers::session,
     .handler = list},
    {.method = http::Method::post,
     .path = "/_apis/latchkey/notices/read",
     .area = "latchkey",
     .resource = "notices",
     .callers = Callers::session,
     .handler = read},
};

}  // namespace

std::span<const Route> notice_routes() noexcept { return rows; }

}  // namespace latchkey::api
