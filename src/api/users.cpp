// Users, for server administrators: who there is, invitations, rights.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/people.hpp"
#include "api/shapes.hpp"
#include "authority/directory.hpp"
#include "authority/people.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

json::object user_shape(const authority::Person& person) {
  const store::User& user = person.user;
  json::object shape{{"id", user.id.text()},
                     {"email", user.email},
                     {"displayName", user.display_name},
                     {"state", state_name(user)},
                     {"serverAdministrator", user.server_administrator}};
  if (user.signed_in_at) shape["signedInAt"] = iso8601(*user.signed_in_at);
  shape["createdAt"] = iso8601(user.created_at);
  shape["organizations"] = membership_shapes(person.memberships);
  shape["liveTokens"] = person.live_tokens;
  return shape;
}

// The one place where an invitation's code becomes part of an answer (P2). In the fragment: no server, proxy
// or log ever sees it.
json::object invitation_shape(const Api& api, const authority::Invitation& invitation) {
  return {{"code", invitation.code.reveal()},
          {"url", api.public_url + "/_invitation#" + std::string(invitation.code.reveal())},
          {"endsAt", iso8601(invitation.ends_at)}};
}

http::Response list(Call& call) {
  const auto asked = people_page(call);
  auto people = authority::list_people(call.api.authority, call.actor, one_more(asked));
  return people_answer(
      people, asked, [](const authority::Person& person) { return person.user.email; }, user_shape);
}

http::Response create(Call& call) {
  const auto body = call.body();
  authority::NewUser request{.email = text_field(body, "email").value_or(""),
                             .display_name = text_field(body, "displayName").value_or(""),
                             .password = {},
                             .server_administrator = bool_field(body, "serverAdministrator").value_or(false),
                             .organization = text_field(body, "organization").value_or(""),
                             .role = role_field(body).value_or(Role::contributor)};
  if (auto password = text_field(body, "password")) request.password.emplace(std::move(*password));
  const auto created = authority::create_user(call.api.authority, call.actor, request);
  auto shape = user_shape(authority::show_person(call.api.authority, call.actor, created.user.id));
  if (created.invitation) shape["invitation"] = invitation_shape(call.api, *created.invitation);
  return json_answer(std::move(shape), 201);
}

http::Response invite(Call& call) {
  return json_answer(invitation_shape(call.api, authority::invite(call.api.authority, call.actor,
                                                                  id_capture<UserId>(call, "userId"))),
                     201);
}

http::Response edit(Call& call) {
  constexpr EnumValue states[] = {{1, "enabled"}, {2, "disabled"}};
  const auto body = call.body();
  authority::UserEdit edit{.enabled = {},
                           .server_administrator = bool_field(body, "serverAdministrator"),
                           .display_name = text_field(body, "displayName")};
  if (const auto state = enum_field(body, "state", states)) edit.enabled = *state == "enabled";
  const auto user =
      authority::edit_user(call.api.authority, call.actor, id_capture<UserId>(call, "userId"), edit);
  return json_answer(user_shape(authority::show_person(call.api.authority, call.actor, user.id)));
}

http::Response remove(Call& call) {
  authority::remove_user(call.api.authority, call.actor, id_capture<UserId>(call, "userId"));
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/_apis/latchkey/users", list),
    row(Method::post, "/_apis/latchkey/users", create),
    row(Method::patch, "/_apis/latchkey/users/{userId}", edit),
    row(Method::delete_, "/_apis/latchkey/users/{userId}", remove),
    row(Method::post, "/_apis/latchkey/users/{userId}/invitation", invite),
};

}  // namespace

std::span<const Route> user_routes() noexcept { return rows; }

}  // namespace latchkey::api
