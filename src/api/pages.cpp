// The portal: pages for browsers, and what they are made of. Every page is the same one; it looks at its
// address itself.
// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"
#include "api/portal.hpp"
#include "api/route.hpp"
#include "authority/people.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

// What credential managers ask to learn what we are: an answer that says nothing.
http::Action front_door(const Instant&) { return text_answer(200, "Latchkey"); }

http::Action asset(const Instant& instant) {
  const auto& path = instant.captures.front().second;
  if (const auto* kept = instant.api.portal.asset(path, instant.request)) return http::Kept{kept};
  return text_answer(404, "There is no such file. Load the page again: the server may be a newer one.");
}

http::Action set_up_page(const Instant& instant) { return instant.api.portal.page(instant.request); }

// For who isn't signed in yet. Before the set-up there is nobody who could.
http::Action open_page(const Instant& instant) {
  const Portal& portal = instant.api.portal;
  return instant.api.authority.set_up.is_open() ? portal.redirect(instant.request, "_setup")
                                                : portal.page(instant.request);
}

http::Response page(Call& call) { return call.api.portal.page(call.request); }

http::Response tokens_page(const Call& call, std::string_view organization) {
  return call.api.portal.redirect(call.request, percent_encoded(organization) + "/_usersSettings/tokens");
}

http::Response own_tokens(Call& call) { return tokens_page(call, call.capture("organization")); }

http::Response home(Call& call) {
  const auto memberships = authority::memberships_of(call.api.authority, call.actor.user);
  return memberships.empty() ? page(call) : tokens_page(call, memberships.front().organization.name);
}

constexpr Route open_row(std::string_view path, AtOnce answer) {
  return {.method = http::Method::get, .path = path, .callers = Callers::anyone, .at_once = answer};
}
constexpr Route row(std::string_view path, Handler handler = page) {
  return {.method = http::Method::get, .path = path, .callers = Callers::browser, .handler = handler};
}

constexpr Route rows[] = {
    open_row("/_assets/{*path}", asset),
    open_row("/_signin", open_page),
    open_row("/_setup", set_up_page),
    open_row("/_invitation", open_page),
    open_row("/_forgot", open_page),
    open_row("/_password", open_page),
    row("/", home),
    open_row("/", front_door),
    row("/{organization}"),
    row("/{organization}/_usersSettings", own_tokens),
    row("/{organization}/_usersSettings/{*path}"),
    row("/{organization}/_details/security/tokens", own_tokens),
    row("/{organization}/_settings/{*path}"),
    row("/{organization}/{project}/_settings"),
    row("/{organization}/{project}/_git"),
    row("/{organization}/[{project}]/_git/{repository}"),
};

}  // namespace

std::span<const Route> page_routes() noexcept { return rows; }

}  // namespace latchkey::api
