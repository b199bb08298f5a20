// Where an organization hears of its tokens itself, for its administrators: its webhook and its mailbox, what
// the webhook has not taken, a test.
// SPDX-License-Identifier: Apache-2.0
#include "authority/organization_notices.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/outbox_shapes.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

http::Response show(Call& call) {
  const auto notices =
      authority::show_organization_notices(call.api.authority, call.actor, call.organization->id, {}, 0);
  json::object shape{{"webhook", nullptr}, {"mailbox", nullptr}, {"mail", notices.mailing}};
  if (notices.webhook) {
    json::object webhook{{"format", store::webhook_format_name(notices.webhook->format)},
                         {"url", notices.webhook->shown},
                         {"changedAt", iso8601(notices.webhook->updated_at)}};
    add_queue(webhook, notices.queue);
    shape["webhook"] = std::move(webhook);
  }
  if (notices.mailbox) shape["mailbox"] = *notices.mailbox;
  return json_answer(shape);
}

http::Response set_webhook(Call& call) {
  const auto body = call.body();
  const auto format = store::find_webhook_format(text_field(body, "format").value_or(""));
  if (!format) refuse_value("format", "must be teams, slack or json");
  authority::set_webhook(call.api.authority, call.actor, call.organization->id,
                         {.format = *format, .url = text_field(body, "url")});
  return show(call);
}

http::Response remove_webhook(Call& call) {
  authority::remove_webhook(call.api.authority, call.actor, call.organization->id);
  return no_content();
}

http::Response test_webhook(Call& call) {
  const auto webhook = authority::webhook_to_test(call.api.authority, call.actor, call.organization->id);
  const auto tested = call.api.test_webhook ? call.api.test_webhook(*call.organization, webhook) : Tested{};
  return json_answer(json::object{{"taken", tested.taken}, {"reply", tested.reply}});
}

http::Response set_mailbox(Call& call) {
  authority::set_mailbox(call.api.authority, call.actor, call.organization->id,
                         text_field(call.body(), "address").value_or(""));
  return show(call);
}

http::Response remove_mailbox(Call& call) {
  authority::remove_mailbox(call.api.authority, call.actor, call.organization->id);
  return no_content();
}

http::Response list(Call& call) {
  const auto notices =
      authority::show_organization_notices(call.api.authority, call.actor, call.organization->id,
                                           undeliverable_cursor(call), undeliverable_top(call));
  return undeliverable_page(notices.undeliverable, notices.more);
}

http::Response retry(Call& call) {
  const auto ids = ids_to_retry(call);
  const auto& organization = call.organization->id;
  return json_answer(json::object{
      {"count", ids ? authority::retry_notices(call.api.authority, call.actor, organization, *ids)
                    : authority::retry_all_notices(call.api.authority, call.actor, organization)}});
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method,
          .path = path,
          .area = "latchkey",
          .resource = "organizationNotices",
          .callers = Callers::session,
          .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/{organization}/_apis/latchkey/notices", show),
    row(Method::put, "/{organization}/_apis/latchkey/notices/webhook", set_webhook),
    row(Method::delete_, "/{organization}/_apis/latchkey/notices/webhook", remove_webhook),
    row(Method::post, "/{organization}/_apis/latchkey/notices/webhook/test", test_webhook),
    row(Method::put, "/{organization}/_apis/latchkey/notices/mailbox", set_mailbox),
    row(Method::delete_, "/{organization}/_apis/latchkey/notices/mailbox", remove_mailbox),
    row(Method::get, "/{organization}/_apis/latchkey/notices/undeliverable", list),
    row(Method::post, "/{organization}/_apis/latchkey/notices/retry", retry),
};

}  // namespace

std::span<const Route> organization_notice_routes() noexcept { return rows; }

}  // namespace latchkey::api
