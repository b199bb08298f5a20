// Signing in and out with a local password, and one's sign-ins; the ways in by a code: set-up and
// invitations, and links for a new password.
// SPDX-License-Identifier: Apache-2.0
#include "authority/sessions.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/plan.hpp"
#include "api/shapes.hpp"
#include "authority/directory.hpp"
#include "authority/password_resets.hpp"
#include "authority/people.hpp"
#include "base/refusal.hpp"
#include "base/version.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::string_view plain_name = "latchkey", secure_name = "__Host-latchkey";
constexpr int session_seconds_max = 7 * 24 * 3600;

void set_cookie(http::Response& response, const Api& api, std::string_view value, int seconds) {
  std::string text(cookie_name(api));
  text.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(seconds));
  text.append("; HttpOnly; SameSite=Lax").append(api.secure ? "; Secure" : "");
  response.field("Set-Cookie", text);
  wipe(text);
}

json::object session_shape(const Api& api, const authority::Session& session) {
  return {{"user",
           {{"id", session.user.id.text()},
            {"email", session.user.email},
            {"displayName", session.user.display_name},
            {"serverAdministrator", session.user.server_administrator}}},
          {"strong", session.strong},
          {"strongUntil", iso8601(session.strong_until)},
          {"endsAt", iso8601(session.ends_at)},
          {"organizations", membership_shapes(authority::memberships_of(api.authority, session.user.id))},
          {"publicUrl", api.public_url},
          {"version", version}};
}

// The one place where a cookie becomes part of an answer (P2).
http::Response signed_in_answer(const Api& api, const authority::NewSession& signed_in) {
  auto response = json_answer(session_shape(api, signed_in.session));
  set_cookie(response, api, signed_in.cookie.reveal(), session_seconds_max);
  return response;
}

// Empty where it is left out.
Secret secret_field(const json::object& body, std::string_view name) {
  return Secret(text_field(body, name).value_or(""));
}

http::Response sign_in(Call& call) {
  const auto body = call.body();
  const auto user = text_field(body, "user");
  const Secret password = secret_field(body, "password");
  if (!user || password.empty())
    throw Refusal(RefusalCode::malformed_request,
                  "Send your account and password: {\"user\": …, \"password\": …}.");
  std::optional<Secret> new_password;
  if (auto text = text_field(body, "newPassword")) new_password.emplace(std::move(*text));
  return signed_in_answer(call.api, authority::sign_in(call.api.authority, *user, password, call.actor.origin,
                                                       new_password, session_cookie(call.api, call.request)));
}

http::Response who_am_i(Call& call) { return json_answer(session_shape(call.api, *call.session)); }

http::Response sign_out(Call& call) {
  authority::sign_out(call.api.authority, session_cookie(call.api, call.request), call.actor.origin);
  auto response = no_content();
  set_cookie(response, call.api, "", 0);
  return response;
}

http::Response change_password(Call& call) {
  const auto body = call.body();
  try {
    return signed_in_answer(call.api, authority::sign_in(call.api.authority, call.session->user.email,
                                                         secret_field(body, "password"), call.actor.origin,
                                                         secret_field(body, "newPassword")));
  } catch (const Refusal& refusal) {
    // Whoever asks is signed in: 401 would tell them that they aren't.
    if (refusal.code() == RefusalCode::not_signed_in) refuse_value("password", "is wrong");
    throw;
  }
}

http::Response list_sign_ins(Call& call) {
  json::array shapes;
  for (const auto& sign_in : authority::list_sign_ins(call.api.authority, call.actor))
    shapes.push_back(json::object{{"id", sign_in.id.text()},
                                  {"address", sign_in.address},
                                  {"userAgent", sign_in.agent},
                                  {"createdAt", iso8601(sign_in.created_at)},
                                  {"seenAt", iso8601(sign_in.seen_at)},
                                  {"endsAt", iso8601(authority::end_of(sign_in))},
                                  {"current", sign_in.id == call.session->id}});
  return list_answer(call.request, std::move(shapes));
}

http::Response end_sign_in(Call& call) {
  authority::end_sign_in(call.api.authority, call.actor, id_capture<SignInId>(call, "signInId"));
  return no_content();
}

http::Response end_other_sign_ins(Call& call) {
  authority::end_other_sign_ins(call.api.authority, call.actor, call.session->id);
  return no_content();
}

http::Action set_up_state(const Instant& instant) {
  return json_answer(json::object{{"open", instant.api.authority.set_up.is_open()}});
}

http::Response set_up(Call& call) {
  const auto body = call.body();
  const Secret code = secret_field(body, "code");
  const auto& origin = call.actor.origin;
  if (bool_field(body, "check").value_or(false)) {
    authority::check_set_up_code(call.api.authority, code.reveal(), origin);
    return no_content();
  }
  const authority::FirstRun first{.organization = text_field(body, "organization").value_or(""),
                                  .email = text_field(body, "email").value_or(""),
                                  .password = secret_field(body, "password"),
                                  .display_name = text_field(body, "displayName").value_or("")};
  authority::set_up(call.api.authority, code.reveal(), first, origin);
  return signed_in_answer(call.api,
                          authority::sign_in(call.api.authority, first.email, first.password, origin));
}

http::Response accept_invitation(Call& call) {
  const auto body = call.body();
  const Secret code = secret_field(body, "code");
  if (bool_field(body, "check").value_or(false)) {
    const auto user = authority::invited(call.api.authority, code.reveal(), call.actor.origin);
    return json_answer(json::object{{"email", user.email}, {"displayName", user.display_name}});
  }
  return signed_in_answer(call.api,
                          authority::accept_invitation(call.api.authority, code.reveal(),
                                                       secret_field(body, "password"), call.actor.origin));
}

http::Response password_reset_state(Call& call) {
  return json_answer(json::object{{"byMail", authority::sends_mail(call.api.authority)}});
}

http::Response ask_password_reset(Call& call) {
  const auto user = text_field(call.body(), "user");
  if (!user || user->empty()) refuse_value("user", "must be an email address");
  authority::ask_password_reset(call.api.authority, call.api.password_asks, *user, call.actor.origin);
  return no_content();
}

http::Response choose_password(Call& call) {
  const auto body = call.body();
  const Secret code = secret_field(body, "code");
  if (bool_field(body, "check").value_or(false)) {
    const auto user = authority::resetting(call.api.authority, code.reveal(), call.actor.origin);
    return json_answer(json::object{{"email", user.email}, {"displayName", user.display_name}});
  }
  return signed_in_answer(
      call.api, authority::choose_password(call.api.authority, code.reveal(), secret_field(body, "password"),
                                           call.actor.origin));
}

constexpr Route open_row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::anyone, .handler = handler};
}
constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr std::string_view sign_ins = "/_apis/latchkey/sign-ins";
constexpr Route rows[] = {
    open_row(Method::post, "/_session", sign_in),
    row(Method::get, "/_session", who_am_i),
    row(Method::delete_, "/_session", sign_out),
    {.method = Method::get,
     .path = "/_apis/latchkey/set-up",
     .callers = Callers::anyone,
     .at_once = set_up_state},
    open_row(Method::post, "/_setup", set_up),
    open_row(Method::post, "/_invitation", accept_invitation),
    open_row(Method::get, "/_apis/latchkey/password-reset", password_reset_state),
    open_row(Method::post, "/_forgot", ask_password_reset),
    open_row(Method::post, "/_password", choose_password),
    row(Method::post, "/_apis/latchkey/password", change_password),
    row(Method::get, sign_ins, list_sign_ins),
    row(Method::delete_, sign_ins, end_other_sign_ins),
    row(Method::delete_, "/_apis/latchkey/sign-ins/{signInId}", end_sign_in),
};

}  // namespace

std::string_view cookie_name(const Api& api) noexcept { return api.secure ? secure_name : plain_name; }

std::string_view session_cookie(const Api& api, const http::Request& request) noexcept {
  std::string_view cookies = request.head.field("cookie").value_or("");
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto pair = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == cookie_name(api))
      return pair.substr(equals + 1);
  }
  return {};
}

std::span<const Route> session_routes() noexcept { return rows; }

}  // namespace latchkey::api
