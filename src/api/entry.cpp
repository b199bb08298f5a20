// SPDX-License-Identifier: Apache-2.0
#include "api/entry.hpp"

#include <memory>
#include <utility>

#include "api/forward_auth.hpp"
#include "api/guards.hpp"
#include "api/match.hpp"
#include "api/plan.hpp"
#include "api/portal.hpp"
#include "api/verdicts.hpp"
#include "api/verifier.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
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

constexpr std::size_t here_max = 256 * std::size_t{1024};  // bytes of a body that is read on the reactor

bool holds(std::span<const std::string> segments, std::string_view literal) {
  for (const auto& segment : segments)
    if (same_ascii(segment, literal)) return true;
  return false;
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

std::string_view without_git(std::string_view repository) noexcept {
  if (repository.ends_with(".git")) repository.remove_suffix(4);
  return repository;
}

std::string_view capture(const Plan& plan, std::string_view name) {
  for (const auto& [known, value] : plan.captures)
    if (known == name) return value;
  return {};
}

// Git's paths leave the project out where it bears the repository's name; REST's take an id then.
NamedRepository repository_of(const Plan& plan) {
  const auto project = capture(plan, "project");
  const auto repository = without_git(capture(plan, "repository"));
  if (repository.empty()) return {.project = project, .repository = capture(plan, "repositoryId")};
  return {.project = project.empty() ? repository : project, .repository = repository};
}

// Ends a stream's measurement when whoever serves it lets go of the exchange.
std::shared_ptr<http::Exchange> measured(std::shared_ptr<http::Exchange> exchange, Stopwatch stopwatch,
                                         Latencies& latencies) {
  struct Held {
    Held(std::shared_ptr<http::Exchange> held, Stopwatch watch, Latencies& of)
        : exchange(std::move(held)), stopwatch(watch), latencies(of) {}
    ~Held() { stopwatch.stop(latencies); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    std::shared_ptr<http::Exchange> exchange;
    Stopwatch stopwatch;
    Latencies& latencies;
  };
  auto* const bare = exchange.get();
  return {std::make_shared<Held>(std::move(exchange), stopwatch, latencies), bare};
}

http::Response object(const Asker& asker, const Objection& objection) {
  return refuse(asker, objection.status, bad_request, objection.message);
}

http::Response no_such_path(const Asker& asker) {
  return refuse(asker, 404, describe(RefusalCode::not_found).type,
                "There is nothing at this address. Check the path; docs/api lists what there is.");
}

// The row of a path that forward-auth answers: its rows stand together, in the order of its dialects.
const Route* forward_auth_row(std::string_view path) {
  static const Route* const first = &*std::ranges::find(routes(), Callers::proxy, &Route::callers);
  return first + (path == "/_auth" ? 0 : path == "/_auth/forward" ? 1 : 2);
}

class Reception {
 public:
  Reception(Api& api, const EntryOptions& options, verify::Index::Reader reader, Counters& counters)
      : api_(api),
        options_(options),
        counters_(counters),
        guards_(options),
        verifier_(reader, api.authority.clock, api.guesses, guards_, counters),
        forward_auth_(options, guards_, api.authority.clock) {}
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  http::Action receive(const http::Request& request) {
    if (!counters_.timed) return admit_or_refuse(request);
    const Stopwatch stopwatch;
    row_ = nullptr;
    auto action = admit_or_refuse(request);
    if (row_ != nullptr) measure(action, stopwatch);
    return action;
  }

 private:
  void measure(http::Action& action, const Stopwatch& stopwatch) {
    auto& latencies = counters_.latencies[static_cast<std::size_t>(row_ - routes().data())];
    if (auto* work = std::get_if<http::Work>(&action)) {
      work->run = [run = std::move(work->run), stopwatch, &latencies](const http::Request& request) mutable {
        auto response = run(request);
        stopwatch.stop(latencies);
        return response;
      };
    } else if (auto* stream = std::get_if<http::Stream>(&action)) {
      stream->run = [run = std::move(stream->run), stopwatch,
                     &latencies](std::shared_ptr<http::Exchange> exchange) mutable {
        run(measured(std::move(exchange), stopwatch, latencies));
      };
    } else {
      stopwatch.stop(latencies);
    }
  }

  http::Action admit_or_refuse(const http::Request& request) {
    // First, since its Host is the proxied service's, and nothing here may cost it an allocation.
    if (const auto* const dialect = ForwardAuth::dialect_of(request.head.path)) {
      row_ = forward_auth_row(request.head.path);
      return forward_auth_.answer(request, *dialect, verifier_);
    }
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

  http::Action route(const http::Request& request, const Asker& asker, std::span<const std::string> segments,
                     http::Parameters query) {
    auto match =
        find_route(routes(), request.head.method, segments, service(query), takes_html(request.head));
    const bool found = match.outcome == Match::Outcome::found;
    row_ = match.route;
    if (found && match.route->at_once != nullptr)
      return match.route->at_once({api_, options_, request, match.captures});
    // Forward-auth's own paths were answered before; this one is spelled in another way.
    if (found && match.route->callers == Callers::proxy) return no_such_path(asker);
    if (!found || !match.route->git)
      if (const auto objection = guards_.check_unsafe(request, found && match.route->form))
        return object(asker, *objection);
    Plan plan{
        .route = match.route,
        .captures = std::move(match.captures),
        .query = std::move(query),
        .actor = {.user = {},
                  .token = {},
                  .strong = false,
                  .made_by = maker(request.head, asker),
                  .origin = {std::string(guards_.client_address(request)),
                             kept_agent(request.head.field("user-agent").value_or("")), request.activity}},
        .asker = asker,
        .principal = {},
        .account = {},
        .password = {},
        .presented = {},
        .verifier = &verifier_,
        .settled = {}};
    if (!found) {
      if (!asker.git && !holds(segments, "_apis")) return not_there(asker, match);
      plan.route = asker.git ? &nowhere_git : &nowhere;
      plan.settled = not_there(asker, match);
      if (!same_ascii(segments.front(), "_apis"))
        plan.captures.emplace_back("organization", segments.front());
    }
    if (plan.route->callers == Callers::anyone || plan.route->callers == Callers::browser)
      return work(std::move(plan));
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
    if (credential.kind() == verify::Credential::Kind::password)
      if (auto action = by_password(request, plan, organization)) return *std::move(action);
    verify::Demand demand = demand_of(route);
    if (!capture(plan, "organization").empty()) demand.organization_key = organization;
    {
      const auto pin = verifier_.pin();
      verify::Names names;
      auto verdict = verifier_.verdict(pin, request, credential, demand, names, repository_of(plan));
      plan.account = names.account;
      if (auto no = settle(plan, verdict)) return *std::move(no);
    }
    if (route.callers == Callers::session) return session_only(plan.asker);
    if (route.on_reactor != nullptr) {
      plan.presented = Digest::of(credential.text());
      return here(std::move(plan));
    }
    plan.actor.user = plan.principal->user;
    plan.actor.token = plan.principal->fingerprint;
    if (!route.git_service.empty()) return git(plan, Digest::of(credential.text()), organization);
    return work(std::move(plan));
  }

  // Nothing where passwords are not taken: then it is one more credential that is no token.
  std::optional<http::Action> by_password(const http::Request& request, Plan& plan,
                                          const std::string& organization) {
    if (organization.empty() || plan.route->on_reactor != nullptr) return std::nullopt;
    const auto taken_by = verifier_.takes_passwords(organization);
    auto pair = taken_by ? verify::read_password(request.head.authorization) : std::nullopt;
    if (!pair) return std::nullopt;
    plan.password = std::make_shared<const PresentedPassword>(*taken_by, *std::move(pair));
    if (plan.route->git_service.empty()) return work(std::move(plan));
    auto asked = git_request(plan);
    asked.organization = *taken_by;
    asked.identify = [this, password = plan.password, asker = plan.asker, organization](
                         git::GitRequest& whose) { return identify(whose, *password, asker, organization); };
    return api_.git.serve(std::move(asked));
  }

  // On the pool: completes what Git is asked with whoever presents the password, or gives the refusal.
  std::optional<http::Response> identify(git::GitRequest& asked, const PresentedPassword& password,
                                         const Asker& asker, const std::string& organization) {
    auto bearer = bearer_of(api_, password, asked.actor);
    if (!bearer) return nobody(asker);
    asked.still_good = [this, use = std::shared_ptr(std::move(bearer->use)), user = bearer->user.id,
                        id = password.organization, organization, address = asked.actor.origin.address] {
      return use->is_good() && verifier_.takes_password(organization, id, user, address);
    };
    return std::nullopt;
  }

  // Takes the principal into the plan, or gives the answer that is there instead.
  std::optional<http::Response> settle(Plan& plan, const verify::Verdict& verdict) const {
    if (const auto* refused = std::get_if<verify::Refused>(&verdict))
      return refuse(plan.asker, *refused, plan.route->scope, place(plan));
    if (std::holds_alternative<verify::Unavailable>(verdict)) return cannot_decide(plan.asker);
    plan.principal = std::get<verify::Principal>(verdict);
    return std::nullopt;
  }

  // On this reactor, when the body is here. Asked again then: the credential may have ended meanwhile.
  http::Action here(Plan plan) {
    return http::Work{.body_max = here_max,
                      .on_reactor = true,
                      .run = [this, plan = std::move(plan)](const http::Request& request) mutable {
                        auto demand = demand_of(*plan.route);
                        demand.address = plan.actor.origin.address;
                        if (auto no = settle(plan, verifier_.verdict(plan.presented, demand)))
                          return *std::move(no);
                        return perform(api_, plan, request);
                      }};
  }

  static verify::Demand demand_of(const Route& route) {
    if (route.any_scope || route.callers == Callers::session) return {};
    if (route.scope.empty()) return {.needs_full = true, .route = route_name(route)};
    return {.scope = token::find_scope(route.scope)};
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

  static git::GitRequest git_request(const Plan& plan) {
    const Route& route = *plan.route;
    const auto [project, repository] = repository_of(plan);
    return {.step = route.method == http::Method::get ? git::GitRequest::Step::advertise
                                                      : git::GitRequest::Step::exchange,
            .service = route.git_service == "git-upload-pack" ? git::Service::upload_pack
                                                              : git::Service::receive_pack,
            .organization = {},
            .project = std::string(project),
            .repository = std::string(repository),
            .actor = plan.actor,
            .presented = {},
            .still_good = {},
            .identify = {}};
  }

  http::Action git(const Plan& plan, const Digest& digest, std::string organization) {
    auto asked = git_request(plan);
    asked.organization = *plan.principal->organization;
    asked.presented = digest;
    asked.still_good = [this, digest, demand = demand_of(*plan.route), organization = std::move(organization),
                        address = plan.actor.origin.address]() mutable {
      demand.organization_key = organization;
      demand.address = address;
      return std::holds_alternative<verify::Principal>(verifier_.verdict(digest, demand));
    };
    auto action = api_.git.serve(std::move(asked));
    std::get<http::Stream>(action).fields = principal_fields(*plan.principal, plan.account);
    return action;
  }

  Api& api_;
  const EntryOptions& options_;
  Counters& counters_;
  Guards guards_;
  Verifier verifier_;
  ForwardAuth forward_auth_;
  const Route* row_ = nullptr;  // of the request that is being received, where there is one
};

}  // namespace

http::Entry make_entry(Api& api, const EntryOptions& options, verify::Index::Reader reader,
                       Counters& counters) {
  // On the heap: its parts refer to one another.
  auto reception = std::make_unique<Reception>(api, options, reader, counters);
  return [reception = std::move(reception)](const http::Request& request) -> http::Action {
    try {
      auto action = reception->receive(request);
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
