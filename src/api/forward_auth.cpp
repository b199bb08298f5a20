// SPDX-License-Identifier: Apache-2.0
#include "api/forward_auth.hpp"

#include <array>

#include "api/route.hpp"
#include "api/verdicts.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "http/chars.hpp"

namespace latchkey::api {
namespace {

constexpr std::string_view envoy_prefix = "/_auth/envoy";
constexpr std::chrono::seconds silence{10};  // between two log lines of a reactor

// The headers by which a proxy says what it was asked.
struct Names {
  std::string_view host, target, method;
};
constexpr Names original{"x-original-host", "x-original-uri", "x-original-method"};
constexpr Names forwarded{"x-forwarded-host", "x-forwarded-uri", "x-forwarded-method"};

int count(const http::Head& head, std::string_view name, std::string_view& value) noexcept {
  int times = 0;
  for (std::size_t i = 0; i < head.field_count; ++i) {
    if (!http::is_lower(head.fields[i].name, name)) continue;
    value = head.fields[i].value;
    ++times;
  }
  return times;
}

bool has(const http::Head& head, std::string_view name) noexcept { return head.field(name).has_value(); }

constexpr Route rows[] = {
    {.method = http::Method::get, .path = "/_auth", .callers = Callers::proxy},
    {.method = http::Method::get, .path = "/_auth/forward", .callers = Callers::proxy},
    {.method = http::Method::get, .path = "/_auth/envoy/{*path}", .callers = Callers::proxy},
};

}  // namespace

std::span<const Route> forward_auth_routes() noexcept { return rows; }

struct ForwardAuth::Dialect {
  std::string_view path, proxies;
  const Names* own;  // null: the request's own path, host and method
  // Another dialect's headers beside the own: whoever is in front is not the proxy that this route is for, or
  // passes on what a client wrote. (X-Forwarded-Host alone says nothing: many set it.)
  std::array<const Names*, 2> foreign;
};

ForwardAuth::ForwardAuth(const EntryOptions& options, const Guards& guards, const Clock& clock)
    : options_(options), guards_(guards), clock_(clock), services_(options.services) {
  const auto prepare = [&](bool browser) {
    auto response = api::nobody({.git = false, .browser = browser, .public_url = options.public_url});
    response.field("Cache-Control", "no-store");
    return response;
  };
  nobody_ = prepare(false);
  nobody_in_browser_ = prepare(true);
}

const ForwardAuth::Dialect* ForwardAuth::dialect_of(std::string_view path) noexcept {
  static constexpr Dialect nginx{"/_auth", "nginx or HAProxy", &original, {&forwarded}};
  static constexpr Dialect caddy{"/_auth/forward", "Caddy or Traefik", &forwarded, {&original}};
  static constexpr Dialect envoy{envoy_prefix, "Envoy", nullptr, {&original, &forwarded}};
  if (!path.starts_with("/_auth")) return nullptr;
  if (path == nginx.path) return &nginx;
  if (path == caddy.path) return &caddy;
  return path.starts_with(envoy_prefix) && path.substr(envoy_prefix.size()).starts_with('/') ? &envoy
                                                                                             : nullptr;
}

std::optional<http::Action> ForwardAuth::answer(const http::Request& request, Verifier& verifier) {
  const auto* dialect = dialect_of(request.head.path);
  if (dialect == nullptr) return std::nullopt;
  if (!guards_.trusts(request.peer->address)) {
    log(request, "the address that asks is no trusted proxy: name it in trusted_proxies if it should be");
    return refuse_request(
        "Only a proxy that is named in trusted_proxies may ask here. Ask the administrator.");
  }
  Asked asked;
  if (const auto wrong = read(request.head, *dialect, asked); !wrong.empty()) {
    log(request, wrong);
    return refuse_request("The proxy in front does not say what it asks about. Tell its administrator.");
  }
  return decide(request, asked, verifier);
}

std::string ForwardAuth::read(const http::Head& head, const Dialect& dialect, Asked& asked) {
  const auto expected = [&](std::string_view what) {
    return std::string(dialect.path) + " is for " + std::string(dialect.proxies) + ": " + std::string(what);
  };
  for (const auto* names : dialect.foreign)
    if (names != nullptr && (has(head, names->target) || has(head, names->method)))
      return expected("it must not send " + std::string(names->target) + " or " + std::string(names->method) +
                      ", of another dialect; take them off the client's request");
  if (dialect.own == nullptr) {
    asked = {head.host, head.path.substr(dialect.path.size()), head.method_text};
    return {};
  }
  const std::pair<std::string_view, std::string_view*> wanted[] = {{dialect.own->host, &asked.host},
                                                                   {dialect.own->target, &asked.target},
                                                                   {dialect.own->method, &asked.method}};
  for (const auto& [name, value] : wanted)
    if (const int times = count(head, name, *value); times != 1 || value->empty())
      return expected("it must send " + std::string(name) + " once, and not empty; it came " +
                      std::to_string(times) + " times");
  return {};
}

http::Action ForwardAuth::decide(const http::Request& request, const Asked& asked, Verifier& verifier) {
  const auto path = read_proxied_path(asked.target, path_);
  if (!path)
    return refuse_request("The path can be read in more than one way, or not at all: it is not let through.");
  const Services& services = services_.now();
  const auto* service = services.find_service(asked.host);
  if (service == nullptr) {
    log(request, "there is no [[service]] for the host " + masked(asked.host));
    return refuse_request("No service is known here under this name. Check the host.");
  }
  const auto* rule = Services::find_rule(*service, *path, asked.method);
  if (rule == nullptr) return refuse_request("No rule lets a request with this path and method through.");

  const bool browser = from_browser(request.head);
  verify::Credential credential;
  credential.read(request.head.authorization, request.head.has_authorization);
  if (credential.kind() == verify::Credential::Kind::none) return nobody(browser);
  const bool any = service->organization.empty();
  verify::Demand demand{.scope = rule->scope, .some_organization = any};
  if (!any) demand.organization_key = service->organization_key;
  const auto pin = verifier.pin();
  verify::Names names;
  const auto verdict = verifier.verdict(pin, request, credential, demand, names);
  if (const auto* principal = std::get_if<verify::Principal>(&verdict))
    return accept(*principal, names, *service);
  const Asker asker{.git = false, .browser = browser, .public_url = options_.public_url};
  if (std::holds_alternative<verify::Unavailable>(verdict)) return cannot_decide(asker);
  const auto& refused = std::get<verify::Refused>(verdict);
  if (verify::is_unknown(refused.reason)) return nobody(browser);
  const auto place =
      any ? options_.public_url
          : options_.public_url + "/" + percent_encoded(service->organization) + "/_usersSettings/tokens";
  return refuse(asker, refused, token::describe(rule->scope).id, place);
}

http::Action ForwardAuth::accept(const verify::Principal& principal, const verify::Names& names,
                                 const Services::Service& service) {
  auto& fields = accepted_.fields;
  fields.clear();
  accepted_.field("Remote-User", names.account);
  fields += "X-Latchkey-User: ";
  principal.user.append_to(fields);
  fields += "\r\n";
  accepted_.field("X-Latchkey-Organization",
                  service.organization.empty() ? names.organization : std::string_view(service.organization));
  fields += "X-Latchkey-Scopes: ";
  token::append_scope_ids(fields, principal.scopes);
  fields.append("\r\nX-Latchkey-Token: ").append(principal.fingerprint.text());
  fields += "\r\nX-Latchkey-Token-Expires: ";
  append_iso8601(fields, principal.valid_to);
  fields += "\r\nCache-Control: no-store\r\n";
  user_data_.clear();
  principal.user.append_to(user_data_);
  accepted_.field("X-VSS-UserData", user_data_.append(":").append(names.account));
  return http::Kept{&accepted_};
}

http::Action ForwardAuth::nobody(bool browser) const {
  return http::Kept{browser ? &nobody_in_browser_ : &nobody_};
}

http::Action ForwardAuth::refuse_request(std::string_view message) const {
  return error_answer(403, describe(RefusalCode::forbidden).type, message);
}

void ForwardAuth::log(const http::Request& request, std::string_view what) {
  const Time now = clock_.now();
  if (now < silent_until_ && silent_until_ - now <= silence) {  // unless the clock was set back
    ++unlogged_;
    return;
  }
  log_warning("forward-auth refused",
              {{"what", what}, {"proxy", request.peer->address}, {"more", std::to_string(unlogged_)}});
  silent_until_ = now + silence;
  unlogged_ = 0;
}

}  // namespace latchkey::api
