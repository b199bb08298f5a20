// The route table is the security policy: every route is one row. From the one table come dispatch,
// authorization, the resource locations that OPTIONS answers, docs/api/coverage.md, and the check that
// docs/api/openapi.yaml is whole.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "authority/password_resets.hpp"
#include "authority/sessions.hpp"
#include "authority/throttle.hpp"
#include "git/git.hpp"
#include "http/message.hpp"
#include "http/path.hpp"
#include "store/directory.hpp"
#include "token/scopes.hpp"
#include "verify/verdict.hpp"

namespace latchkey::authority {
struct OpenWebhook;
}

namespace latchkey::api {

// Who may call a route.
enum class Callers : std::uint8_t {
  anyone = 1,        // no credential is asked for
  session,           // signed in; a token is refused
  session_or_token,  // either; a token needs the row's scope
  token,             // a token alone: a cookie is not looked at (Git, whose POSTs have no Origin guard, and
                     // what services ask)
  proxy,             // a trusted proxy, for its client's token, with any method: api/forward_auth.hpp
                     // answers, no handler
  browser,           // a person's browser: the row is there for who takes HTML, and leads to the sign-in
                     // without a session. Tokens are not looked at
};

class Portal;

// What became of a test of mail or of a webhook, with the receiver's own words.
struct Tested {
  bool taken = false;
  std::string reply;
};

// What the server's own file says of mail, where it names a mail server: it rules then.
struct MailOfFile {
  std::string url, tls, user, from;
};

// What the server answers with: shared by all routes, made once.
struct Api {
  authority::Authority& authority;
  git::Git& git;
  std::string public_url;  // without a trailing slash; links come from it alone
  bool secure = false;     // the public URL is https: __Host- cookie
  const Portal& portal;
  authority::Throttle guesses{authority::guess_rate};  // credentials that we never issued, of all reactors
  authority::Throttle password_asks{authority::asks_rate};
  std::optional<MailOfFile> mail_of_file{};
  // Sends one by the server that mail is sent by, and waits for it, a minute at most.
  std::function<Tested(const std::string& recipient)> test_mail{};
  // The same of an organization's webhook, half a minute at most.
  std::function<Tested(const store::Organization&, const authority::OpenWebhook&)> test_webhook{};
};

// What a path gave to a template: "{project}" → ("project", "P x"), decoded.
using Captures = std::vector<std::pair<std::string_view, std::string>>;

// One call, as its handler sees it. Runs on the pool.
struct Call {
  Api& api;
  const http::Request& request;
  authority::Actor actor;                           // meaningless where `callers` is anyone
  std::optional<authority::Session> session;        // where signed in
  std::optional<store::Organization> organization;  // of the URL, where the route has one
  Captures captures;
  http::Parameters query;  // names as sent; find them with parameter(), without case

  // The captured value; empty when the template has none of that name or the optional part was left out.
  [[nodiscard]] std::string_view capture(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;
  // As parse_object() (api/fields.hpp).
  [[nodiscard]] boost::json::object body() const;
};

class Verifier;
using Handler = http::Response (*)(Call&);
using OnReactor = http::Response (*)(Verifier&, const Digest& caller, const http::Request& request);
struct EntryOptions;
// A call that is answered on the reactor when its head is there.
struct Instant {
  const Api& api;
  const EntryOptions& options;
  const http::Request& request;
  const Captures& captures;
};
using AtOnce = http::Action (*)(const Instant&);

struct Route {
  http::Method method{};
  // "/{organization}/_apis/projects/{projectId}": literal segments match without ASCII case; "{name}" takes
  // one segment; a last "{*name}" takes what is left. A segment in brackets may be left out: "[{project}]".
  std::string_view path;
  std::string_view area{}, resource{}, location{};  // of the resource location; empty: not one
  int resource_version = 0;                         // the newest; 0: the route has no api-version
  bool preview = false;                             // only with "-preview"
  Callers callers = Callers::session_or_token;
  std::string_view scope{};  // "vso.code"; empty: full access, unless `any_scope`
  bool any_scope = false;    // any good credential
  Handler handler = nullptr;
  std::string_view location_template =
      {};            // the routeTemplate that OPTIONS tells; empty: not told by this row
  bool git = false;  // what Git asks: refusals are text/plain with Basic alone, no Origin guard
  std::string_view git_service = {};  // "git-upload-pack": git/ serves it, not `handler`; a GET must name it
  AtOnce at_once = nullptr;           // instead of `handler`: answered on the reactor, whatever waits
  OnReactor on_reactor = nullptr;     // instead of `handler`: when the body is here, from memory alone
  bool form = false;                  // the body is application/x-www-form-urlencoded, else JSON
};

// Each area's rows (one file each); routes() is all of them.
[[nodiscard]] std::span<const Route> session_routes() noexcept;       // api/sessions.cpp
[[nodiscard]] std::span<const Route> user_routes() noexcept;          // api/users.cpp
[[nodiscard]] std::span<const Route> organization_routes() noexcept;  // api/organizations.cpp: and members
[[nodiscard]] std::span<const Route>
location_routes() noexcept;  // api/locations.cpp: connectionData, ResourceAreas, OPTIONS
[[nodiscard]] std::span<const Route> token_routes() noexcept;       // api/pats.cpp
[[nodiscard]] std::span<const Route> token_page_routes() noexcept;  // api/token_pages.cpp
[[nodiscard]] std::span<const Route> token_hint_routes() noexcept;  // api/token_hints.cpp
[[nodiscard]] std::span<const Route> notice_routes() noexcept;      // api/notices.cpp
[[nodiscard]] std::span<const Route>
calendar_routes() noexcept;  // api/calendar.cpp: and what one chooses of notices
[[nodiscard]] std::span<const Route> project_routes() noexcept;     // api/projects.cpp: projects, operations
[[nodiscard]] std::span<const Route> repository_routes() noexcept;  // api/repositories.cpp
[[nodiscard]] std::span<const Route> build_routes() noexcept;       // api/builds.cpp
[[nodiscard]] std::span<const Route>
introspection_routes() noexcept;  // api/introspection.cpp: asking about the credentials of others
[[nodiscard]] std::span<const Route> git_routes() noexcept;          // api/git_routes.cpp: smart HTTP, LFS
[[nodiscard]] std::span<const Route> policy_routes() noexcept;       // api/policies.cpp
[[nodiscard]] std::span<const Route> group_routes() noexcept;        // api/groups.cpp: and project roles
[[nodiscard]] std::span<const Route> allow_list_routes() noexcept;   // api/allow_list.cpp
[[nodiscard]] std::span<const Route> agent_routes() noexcept;        // api/agents.cpp: pools, queues, agents
[[nodiscard]] std::span<const Route> token_admin_routes() noexcept;  // api/token_admin.cpp: Azure DevOps' own
[[nodiscard]] std::span<const Route> inventory_routes() noexcept;    // api/inventory.cpp: everybody's tokens
[[nodiscard]] std::span<const Route> revocation_routes() noexcept;   // api/revocations.cpp: jobs, bans
[[nodiscard]] std::span<const Route> audit_routes() noexcept;        // api/audit.cpp
[[nodiscard]] std::span<const Route> stream_routes() noexcept;       // api/streams.cpp
[[nodiscard]] std::span<const Route> mail_routes() noexcept;         // api/mail.cpp: the outbox
[[nodiscard]] std::span<const Route>
organization_notice_routes() noexcept;  // api/organization_notices.cpp: its webhook and mailbox
[[nodiscard]] std::span<const Route> server_routes() noexcept;        // api/server.cpp: /healthz, /readyz
[[nodiscard]] std::span<const Route> forward_auth_routes() noexcept;  // api/forward_auth.cpp: /_auth…
[[nodiscard]] std::span<const Route> page_routes() noexcept;  // api/pages.cpp: /, the portal; the last
[[nodiscard]] const std::vector<Route>& routes();
// "GET /{organization}/_apis/build/builds": by which an organization's allow list names a row of routes();
// empty for a row that is none of them.
[[nodiscard]] std::string_view route_name(const Route& route) noexcept;

}  // namespace latchkey::api
