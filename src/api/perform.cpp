// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>

#include "api/plan.hpp"
#include "api/portal.hpp"
#include "api/verdicts.hpp"
#include "api/version.hpp"
#include "authority/directory.hpp"
#include "base/log.hpp"
#include "store/errors.hpp"

namespace latchkey::api {
namespace {

// Who the request acts as, as soon as that is known: named in every answer, refusals too.
using Identity = std::optional<store::User>;

http::Response fault(const Plan& plan, const http::Request& request, std::string_view what) {
  const auto activity = request.activity.text();
  log_error("request failed", {{"activity", activity}, {"route", plan.route->path}, {"what", what}});
  return refuse(plan.asker, 500,
                {"InternalServerErrorException", "Microsoft.TeamFoundation.Framework.Server"},
                "The server failed. Tell its administrator the activity id " + activity + ".");
}

http::Response store_failed(const Plan& plan, const http::Request& request, const store::Error& error) {
  switch (error.kind()) {
    case store::ErrorKind::busy:
    case store::ErrorKind::unavailable:
    case store::ErrorKind::disk:
      return refuse(plan.asker,
                    Refusal(RefusalCode::unavailable,
                            "The database did not answer in time. Repeat the request: that is safe."));
    case store::ErrorKind::full:
      return refuse(plan.asker,
                    Refusal(RefusalCode::storage_full,
                            "The disk of the server is full; nothing was changed. Tell its administrator."));
    case store::ErrorKind::taken:
    case store::ErrorKind::missing:
    case store::ErrorKind::broken:
      break;
  }
  return fault(plan, request, error.what());
}

// The caller, or nothing when there is no good session, or the password is none.
Identity identify(Call& call, const Plan& plan) {
  auto& authority = call.api.authority;
  if (plan.principal) return authority::find_user(authority, plan.principal->user);
  if (plan.password) {
    auto bearer = bearer_of(call.api, *plan.password, call.actor);
    return bearer ? Identity(std::move(bearer->user)) : Identity();
  }
  call.session = authority::find_session(authority, session_cookie(call.api, call.request));
  if (!call.session) return {};
  call.actor.user = call.session->user.id;
  call.actor.strong = call.session->strong;
  return call.session->user;
}

std::string user_data(const UserId& user, std::string_view account) {
  http::Response response;
  response.field("X-VSS-UserData", user.text().append(":").append(account));
  return response.fields;
}

http::Response answer(Api& api, Plan& plan, const http::Request& request, Identity& identity) {
  if (plan.route->on_reactor != nullptr)
    return plan.route->on_reactor(*plan.verifier, plan.presented, request);
  Call call{.api = api,
            .request = request,
            .actor = plan.actor,
            .session = {},
            .organization = {},
            .captures = plan.captures,
            .query = plan.query};
  if (plan.route->callers != Callers::anyone) {
    identity = identify(call, plan);
    const bool page = plan.route->callers == Callers::browser;
    if (!identity) return page ? api.portal.sign_in_first(request) : nobody(plan.asker);
    if (plan.password && plan.route->callers == Callers::session) return session_only(plan.asker, true);
    // A page says itself that there is no such organization.
    if (const auto name = call.capture("organization"); !page && !name.empty())
      call.organization = authority::find_organization(api.authority, call.actor, name);
  }
  if (plan.settled) return std::move(*plan.settled);
  check_version(*plan.route, request.head.method, asked_version(request.head, call.query));
  return plan.route->handler(call);
}

http::Response attempt(Api& api, Plan& plan, const http::Request& request, Identity& identity) {
  try {
    return answer(api, plan, request, identity);
  } catch (const Refusal& refusal) {
    return refuse(plan.asker, refusal);
  } catch (const store::Error& error) {
    return store_failed(plan, request, error);
  } catch (const std::exception& error) {
    return fault(plan, request, error.what());
  }
}

}  // namespace

std::string principal_fields(const verify::Principal& principal, std::string_view account) {
  http::Response response;
  response.field("X-Latchkey-Token-Expires", iso8601(principal.valid_to));
  return user_data(principal.user, account) + response.fields;
}

http::Response perform(Api& api, Plan& plan, const http::Request& request) noexcept {
  Identity identity;
  auto response = attempt(api, plan, request, identity);
  if (plan.principal)
    response.fields += principal_fields(*plan.principal, plan.account);
  else if (identity)
    response.fields += user_data(identity->id, identity->email);
  response.field("Cache-Control", "no-store");
  return response;
}

}  // namespace latchkey::api
