// Mail, for server administrators: what waits and why, what could not be delivered and is to be tried again,
// a test; and by which server it is sent.
// SPDX-License-Identifier: Apache-2.0
#include "authority/mail.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "authority/mail_settings.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 50, page_max = 200;

constexpr EnumValue securities[] = {{1, "startTls"}, {2, "tls"}, {3, "never"}};

// For who may know.
bool is_configured(const Call& call) {
  const auto settings = authority::show_mail_settings(call.api.authority, call.actor);
  return call.api.mail_of_file || settings;
}

http::Response show(Call& call) {
  const auto state = authority::show_mail(call.api.authority, call.actor, {}, 0);
  json::object shape{{"configured", is_configured(call)}, {"queued", state.queue.queued}};
  if (state.queue.waiting_until) shape["waitingUntil"] = iso8601(*state.queue.waiting_until);
  if (!state.last_error.empty()) shape["lastError"] = state.last_error;
  return json_answer(shape);
}

json::object undeliverable_shape(const store::Undeliverable& one) {
  json::object shape{{"id", one.row.notice.text()},
                     {"kind", one.kind},
                     {"recipient", {{"emailAddress", one.email}, {"displayName", one.display_name}}},
                     {"queuedAt", iso8601(one.row.created_at)},
                     {"attempts", one.row.attempts},
                     {"lastError", one.row.last_error}};
  if (!one.token_name.empty()) shape["tokenName"] = one.token_name;
  return shape;
}

// "1764000000000000.{id}": where the page before ended.
std::optional<store::UndeliverableCursor> cursor(const Call& call) {
  const auto text = call.parameter("after");
  if (!text || text->empty()) return std::nullopt;
  const auto dot = std::min(text->find('.'), text->size());
  const auto id = NoticeId::parse(text->substr(std::min(dot + 1, text->size())));
  if (!id) refuse_value("after", "must be the next of the page before");
  return store::UndeliverableCursor{
      .created_at = time_from_microseconds(parse_number(text->substr(0, dot), "after")), .notice = *id};
}

http::Response list(Call& call) {
  const auto state = authority::show_mail(call.api.authority, call.actor, cursor(call),
                                          number_parameter(call, "top", 1, page_max).value_or(page_default));
  json::array values;
  for (const auto& one : state.undeliverable) values.push_back(undeliverable_shape(one));
  json::object page{{"count", values.size()}, {"value", std::move(values)}};
  if (state.more) {
    const auto& last = state.undeliverable.back().row;
    page["next"] = std::to_string(microseconds(last.created_at)) + "." + last.notice.text();
  }
  return json_answer(page);
}

http::Response retry(Call& call) {
  constexpr std::size_t ids_max = 1000;
  const auto body = call.body();
  if (bool_field(body, "all") == true)
    return json_answer(json::object{{"count", authority::retry_all_mails(call.api.authority, call.actor)}});
  std::vector<NoticeId> ids;
  for (const auto& text : texts_field(body, "ids"))
    if (const auto id = NoticeId::parse(text)) ids.push_back(*id);
  if (ids.size() > ids_max) refuse_value("ids", "may name 1000 mails at once");
  return json_answer(json::object{{"count", authority::retry_mails(call.api.authority, call.actor, ids)}});
}

std::string own_address(Call& call) {
  return call.api.authority.store.read([&](store::Transaction& transaction) {
    return store::find_user(transaction, call.actor.user).value().email;
  });
}

http::Response test(Call& call) {
  const auto to = text_field(call.body(), "to").value_or(own_address(call));
  if (!is_configured(call))
    return json_answer(json::object{
        {"to", to},
        {"taken", false},
        {"reply",
         "There is no mail server. Name one in the portal, or in the server's own file: smtp and from in "
         "[mail]."}});
  authority::record_test_mail(call.api.authority, call.actor, to);
  const auto sent = call.api.test_mail(to);
  return json_answer(json::object{{"to", to}, {"taken", sent.taken}, {"reply", sent.reply}});
}

json::object settings_shape(const store::MailSettings& settings) {
  return {{"source", "portal"},    {"host", settings.host},
          {"port", settings.port}, {"tls", store::mail_security_name(settings.tls)},
          {"user", settings.user}, {"hasPassword", !settings.password.empty()},
          {"from", settings.from}};
}

http::Response show_settings(Call& call) {
  const auto settings = authority::show_mail_settings(call.api.authority, call.actor);
  if (const auto& file = call.api.mail_of_file)
    return json_answer(json::object{{"source", "file"},
                                    {"url", file->url},
                                    {"tls", file->tls},
                                    {"user", file->user},
                                    {"hasPassword", !file->user.empty()},
                                    {"from", file->from}});
  return json_answer(settings ? settings_shape(*settings) : json::object{{"source", "none"}});
}

void refuse_where_the_file_rules(const Call& call) {
  if (!call.api.mail_of_file) return;
  static_cast<void>(authority::show_mail_settings(call.api.authority, call.actor));  // for who may know
  throw Refusal(RefusalCode::invalid_value,
                "The server's own file names the mail server, and rules: change [mail] in latchkey.toml.");
}

http::Response set_settings(Call& call) {
  refuse_where_the_file_rules(call);
  const auto body = call.body();
  authority::MailSettingsRequest request{.host = text_field(body, "host").value_or(""),
                                         .port = number_field(body, "port"),
                                         .user = text_field(body, "user").value_or(""),
                                         .from = text_field(body, "from").value_or("")};
  const auto tls = enum_field(body, "tls", securities).value_or("startTls");
  if (tls == "tls") request.tls = store::MailSecurity::tls;
  if (tls == "never") request.tls = store::MailSecurity::never;
  if (auto password = text_field(body, "password")) request.password.emplace(std::move(*password));
  return json_answer(settings_shape(authority::set_mail_settings(call.api.authority, call.actor, request)));
}

http::Response forget_settings(Call& call) {
  refuse_where_the_file_rules(call);
  authority::forget_mail_settings(call.api.authority, call.actor);
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method,
          .path = path,
          .area = "latchkey",
          .resource = "mail",
          .callers = Callers::session,
          .handler = handler};
}
constexpr Route rows[] = {
    row(http::Method::get, "/_apis/latchkey/mail", show),
    row(http::Method::get, "/_apis/latchkey/mail/undeliverable", list),
    row(http::Method::post, "/_apis/latchkey/mail/retry", retry),
    row(http::Method::post, "/_apis/latchkey/mail/test", test),
    row(http::Method::get, "/_apis/latchkey/mail/settings", show_settings),
    row(http::Method::put, "/_apis/latchkey/mail/settings", set_settings),
    row(http::Method::delete_, "/_apis/latchkey/mail/settings", forget_settings),
};

}  // namespace

std::span<const Route> mail_routes() noexcept { return rows; }

}  // namespace latchkey::api
