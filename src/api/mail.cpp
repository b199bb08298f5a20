// Mail, for server administrators: what waits and why, what could not be delivered and is to be tried again,
// a test; and by which server it is sent.
// SPDX-License-Identifier: Apache-2.0
#include "authority/mail.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/outbox_shapes.hpp"
#include "authority/mail_settings.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr EnumValue securities[] = {{1, "startTls"}, {2, "tls"}, {3, "never"}};

// For who may know.
bool is_configured(const Call& call) {
  const auto settings = authority::show_mail_settings(call.api.authority, call.actor);
  return call.api.mail_of_file || settings;
}

http::Response show(Call& call) {
  const auto state = authority::show_mail(call.api.authority, call.actor, {}, 0);
  json::object shape{{"configured", is_configured(call)}};
  add_queue(shape, state.queue);
  if (!state.last_error.empty()) shape["lastError"] = state.last_error;
  return json_answer(shape);
}

http::Response list(Call& call) {
  const auto state = authority::show_mail(call.api.authority, call.actor, undeliverable_cursor(call),
                                          undeliverable_top(call));
  return undeliverable_page(state.undeliverable, state.more);
}

http::Response retry(Call& call) {
  const auto ids = ids_to_retry(call);
  return json_answer(
      json::object{{"count", ids ? authority::retry_mails(call.api.authority, call.actor, *ids)
                                 : authority::retry_all_mails(call.api.authority, call.actor)}});
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
