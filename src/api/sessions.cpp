// Signing in and out with a local password: POST, GET, DELETE /_session.
// SPDX-License-Identifier: Apache-2.0
#include "authority/sessions.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/plan.hpp"

namespace latchkey::api {
namespace {

constexpr std::string_view plain_name = "latchkey", secure_name = "__Host-latchkey";
constexpr int session_seconds_max = 7 * 24 * 3600;

void set_cookie(http::Response& response, const Api& api, std::string_view value, int seconds) {
  std::string text(cookie_name(api));
  text.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(seconds));
  text.append("; HttpOnly; SameSite=Lax").append(api.secure ? "; Secure" : "");
  response.field("Set-Cookie", text);
  wipe(text);
}

http::Response session_answer(const authority::Session& session) {
  return json_answer(boost::json::object{{"user",
                                          {{"id", session.user.id.text()},
                                           {"email", session.user.email},
                                           {"displayName", session.user.display_name},
                                           {"serverAdministrator", session.user.server_administrator}}},
                                         {"strong", session.strong},
                                         {"endsAt", iso8601(session.ends_at)}});
}

http::Response sign_in(Call& call) {
  const auto body = call.body();
  const auto user = text_field(body, "user");
  Secret password(text_field(body, "password").value_or(""));
  if (!user || password.empty())
    throw Refusal(RefusalCode::malformed_request,
                  "Send your account and password: {\"user\": …, \"password\": …}.");
  std::optional<Secret> new_password;
  if (auto text = text_field(body, "newPassword")) new_password.emplace(std::move(*text));
  const auto signed_in =
      authority::sign_in(call.api.authority, *user, password, call.actor.origin, new_password);
  auto response = session_answer(signed_in.session);
  set_cookie(response, call.api, signed_in.cookie.reveal(), session_seconds_max);
  return response;
}

http::Response who_am_i(Call& call) { return session_answer(*call.session); }

http::Response sign_out(Call& call) {
  authority::sign_out(call.api.authority, session_cookie(call.api, call.request), call.actor.origin);
  auto response = no_content();
  set_cookie(response, call.api, "", 0);
  return response;
}

constexpr Route rows[] = {
    {.method = http::Method::post, .path = "/_session", .callers = Callers::anyone, .handler = sign_in},
    {.method = http::Method::get, .path = "/_session", .callers = Callers::session, .handler = who_am_i},
    {.method = http::Method::delete_, .path = "/_session", .callers = Callers::session, .handler = sign_out},
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
