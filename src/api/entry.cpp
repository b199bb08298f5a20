// SPDX-License-Identifier: Apache-2.0
#include "api/entry.hpp"

#include <utility>

#include "api/guards.hpp"
#include "api/match.hpp"
#include "api/plan.hpp"
#include "api/verdicts.hpp"
#include "api/verifier.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "verify/credential.hpp"
#include "verify/verify.hpp"

namespace latchkey::api {
namespace {

constexpr ErrorType bad_request{"InvalidRequestException", "Microsoft.VisualStudio.Services.WebApi"};

// Where a path leads to that no row is for: a good caller learns so, others get the challenge.
constexpr Route nowhere{.path = "/{organization}/_apis/{*path}", .any_scope = true};
constexpr Route nowhere_git{
    .path = "/{organization}/_git/{*path}", .callers = Callers::token, .any_scope = true, .git = true};

bool holds(std::span<const std::string> segments, std::string_view literal) {
  for (const auto& segment : segments)
    if (same_ascii(segment, literal)) return true;
  return false;
}

bool from_browser(const http::Head& head) {
  constexpr std::string_view prefix = "sec-fetch-";
  for (std::size_t i = 0; i < head.field_count; ++i)
    if (same_ascii(head.fields[i].name.substr(0, prefix.size()), prefix)) return true;
  return false;
}

// What the caller's program says of itself: masked, printable, cut.
std::string agent(const http::Head& head) {
  constexpr std::size_t agent_max = 200;
  std::string text = masked(head.field("user-agent").value_or(""));
  if (text.size() > agent_max) text.resize(agent_max);
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

std::string_view maker(const http::Head& head, const Asker& asker) {
  if (asker.browser) return "portal";
  return head.field("user-agent").value_or("").starts_with("latchkey/") ? "command line" : "api";
}

// The one `service` parameter; empty when there is none or more than one.
std::string_view service(const http::Parameters& query) {
  std::string_view found;
  int times = 0;
  for (const auto& [name, value] : query)
    if (name == "service") {
      found = value;
      ++times;
    }
  return times == 1 ? found : std::string_view();
}

std::string folded_key(std::string_view name) {
  const auto text = normalized(name);
  return text ? folded(*text) : std::string();
}

std::string without_git(std::string_view repository) {
  if (repository.ends_with(".git")) repository.remove_suffix(4);
  return std::string(repository);
}

std::string_view capture(const Plan& plan, std::string_view name) {
  for (const auto& [known, value] : plan.captures)
    if (known == name) return value;
  return {};
}

http::Response object(const Asker& asker, const Objection& objection) {
  return refuse(asker, objection.status, bad_request, objection.message);
}

http::Response no_such_path(const Asker& asker) {
  return refuse(asker, 404, describe(RefusalCode::not_found).type,
                "There is nothing at this address. Check the path; docs/api lists what there is.");
}

class Reception {
 public:
  Reception(Api& api, const EntryOptions& options, verify::Index::Reader reader)
      : api_(api),
        options_(options),
        reader_(reader),
        guards_(options),
        verifier_(reader, api.authority.clock) {}

  http::Action receive(const http::Request& request) {
    auto segments = http::split_path(request.head.path);
    if (segments && !segments->empty() && same_ascii(segments->front(), "tfs"))
      segments->erase(segments->begin());
    const bool git = segments && holds(*segments, "_git") && !holds(*segments, "_apis");
    const Asker asker{.git = git, .browser = from_browser(request.head), .public_url = options_.public_url};
    const bool monitor =
        request.peer->loopback && segments && segments->size() == 1 &&
        (same_ascii(segments->front(), "healthz") || same_ascii(segments->front(), "readyz"));
    if (!monitor)
      if (const auto objection = guards_.check_host(request)) return object(asker, *objection);
    if (const auto objection = guards_.check_transport(request)) return object(asker, *objection);
    auto query = http::split_query(request.head.query);
    if (!segments || !query)
      return refuse(asker, 400, bad_request,
                    "The path or query of the request can't be read. Encode it as RFC 3986 says.");
    return route(request, asker, *segments, std::move(*query));
  }

 private:
  http::Action route(const http::Request& request, const Asker& asker, std::span<const std::string> segments,
                     http::Parameters query) {
    auto match = find_route(routes(), request.head.method, segments, service(query));
    const bool found = match.outcome == Match::Outcome::found;
    if (found && match.route->at_once != nullptr) return match.route->at_once(options_);
    if (!found || !match.route->git)
      if (const auto objection = guards_.check_unsafe(request)) return object(asker, *objection);
    Plan plan{.route = match.route,
              .captures = std::move(match.captures),
              .query = std::move(query),
              .actor = {.user = {},
                        .token = {},
                        .strong = false,
                        .made_by = maker(request.head, asker),
                        .origin = {guards_.client_address(request), agent(request.head), request.activity}},
              .asker = asker,
              .principal = {},
              .settled = {}};
    if (!found) {
      if (!asker.git && !holds(segments, "_apis")) return not_there(asker, match);
      plan.route = asker.git ? &nowhere_git : &nowhere;
      plan.settled = not_there(asker, match);
      if (!same_ascii(segments.front(), "_apis"))
        plan.captures.emplace_back("organization", segments.front());
    }
    if (plan.route->callers == Callers::anyone) return work(std::move(plan));
    return admit(request, std::move(plan));
  }

  static http::Response not_there(const Asker& asker, const Match& match) {
    if (match.outcome == Match::Outcome::wrong_service)
      return refuse(asker, 400, bad_request,
                    "Latchkey speaks Git's smart protocol alone: ask for ?service=git-upload-pack or "
                    "?service=git-receive-pack, once.");
    if (match.outcome == Match::Outcome::no_such_path) return no_such_path(asker);
    auto response = refuse(asker, 405, bad_request,
                           "This address does not take that method. It takes " + match.allow + ".");
    response.field("Allow", match.allow);
    return response;
  }

  // The credential's verdict: a session's is found on the pool, a token's here and now.
  http::Action admit(const http::Request& request, Plan plan) {
    const Route& route = *plan.route;
    verify::Credential credential;
    credential.read(request.head.authorization, request.head.has_authorization);
    if (credential.kind() == verify::Credential::Kind::none) {
      if (route.callers != Callers::token && !session_cookie(api_, request).empty())
        return work(std::move(plan));
      return nobody(plan.asker);
    }
    const std::string organization = folded_key(capture(plan, "organization"));
    verify::Demand demand = demand_of(route);
    if (!capture(plan, "organization").empty()) demand.organization_key = organization;
    const auto verdict = verifier_.verdict(request, credential, demand);
    if (const auto* refused = std::get_if<verify::Refused>(&verdict))
      return refuse(plan.asker, *refused, route, place(plan));
    if (std::holds_alternative<verify::Unavailable>(verdict)) return cannot_decide(plan.asker);
    if (route.callers == Callers::session) return session_only(plan.asker);
    plan.principal = std::get<verify::Principal>(verdict);
    plan.actor.user = plan.principal->user;
    plan.actor.token = plan.principal->fingerprint;
    if (!route.git_service.empty()) return git(plan, Digest::of(credential.text()), organization);
    return work(std::move(plan));
  }

  static verify::Demand demand_of(const Route& route) {
    if (route.any_scope || route.callers == Callers::session) return {};
    if (route.scope.empty()) return {.organization_key = {}, .scope = {}, .needs_full = true};
    return {.organization_key = {}, .scope = token::find_scope(route.scope), .needs_full = false};
  }

  // Where the tokens of the one who asks are managed.
  std::string place(const Plan& plan) const {
    const auto organization = masked(percent_encoded(capture(plan, "organization")));
    return organization.empty() ? options_.public_url
                                : options_.public_url + "/" + organization + "/_usersSettings/tokens";
  }

  http::Action work(Plan plan) const {
    return http::Work{.run = [&api = api_, plan = std::move(plan)](const http::Request& request) mutable {
      return perform(api, plan, request);
    }};
  }

  http::Action git(const Plan& plan, const Digest& digest, std::string organization) {
    const Route& route = *plan.route;
    const auto repository = without_git(capture(plan, "repository"));
    const auto project = capture(plan, "project");
    return api_.git.serve(
        {.step = route.method == http::Method::get ? git::GitRequest::Step::advertise
                                                   : git::GitRequest::Step::exchange,
         .service =
             route.git_service == "git-upload-pack" ? git::Service::upload_pack : git::Service::receive_pack,
         .organization = *plan.principal->organization,
         .project = project.empty() ? repository : std::string(project),
         .repository = repository,
         .actor = plan.actor,
         .still_good = [reader = reader_, &clock = api_.authority.clock, digest, demand = demand_of(route),
                        organization = std::move(organization)]() mutable {
           demand.organization_key = organization;
           return std::holds_alternative<verify::Principal>(
               verify::verify(digest, reader.pin(), clock.never_back(), demand));
         }});
  }

  Api& api_;
  const EntryOptions& options_;
  verify::Index::Reader reader_;
  Guards guards_;
  Verifier verifier_;
};

}  // namespace

http::Entry make_entry(Api& api, const EntryOptions& options, verify::Index::Reader reader) {
  return [reception = Reception(api, options, reader)](const http::Request& request) mutable -> http::Action {
    try {
      auto action = reception.receive(request);
      if (auto* response = std::get_if<http::Response>(&action)) response->field("Cache-Control", "no-store");
      return action;
    } catch (const std::exception& error) {
      const auto activity = request.activity.text();
      log_error("request failed", {{"activity", activity}, {"what", error.what()}});
      return error_answer(500, {"InternalServerErrorException", "Microsoft.TeamFoundation.Framework.Server"},
                          "The server failed. Tell its administrator the activity id " + activity + ".");
    }
  };
}

}  // namespace latchkey::api
