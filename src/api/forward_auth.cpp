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

// The headers by which proxies say what they ask about. A dialect's own stand together: host, target, method.
constexpr std::array<std::string_view, 6> said_names{"x-original-host",   "x-original-uri",
                                                     "x-original-method", "x-forwarded-host",
                                                     "x-forwarded-uri",   "x-forwarded-method"};
constexpr std::size_t host_at = 0, target_at = 1, method_at = 2;
constexpr std::size_t original = 0, forwarded = 3;  // where a dialect's begin

// How often a head has each of them, and what was said last.
class Said {
 public:
  explicit Said(const http::Head& head) noexcept {
    for (std::size_t i = 0; i < head.field_count; ++i) {
      const auto& [name, value] = head.fields[i];
      const std::size_t at = place_of(name);
      if (at == said_names.size() || !http::is_lower(name, said_names[at])) continue;
      values_[at] = value;
      ++times_[at];
    }
  }
  [[nodiscard]] int times(std::size_t at) const noexcept { return times_[at]; }
  [[nodiscard]] std::string_view value(std::size_t at) const noexcept { return values_[at]; }

 private:
  // The only one that a name of this length can be.
  static std::size_t place_of(std::string_view name) noexcept {
    switch (name.size()) {
      case 14:
        return original + target_at;
      case 15:
        return (name[2] | 0x20) == 'o' ? original + host_at : forwarded + target_at;
      case 16:
        return forwarded + host_at;
      case 17:
        return original + method_at;
      case 18:
        return forwarded + method_at;
      default:
        return said_names.size();
    }
  }

  std::array<std::string_view, said_names.size()> values_;
  std::array<int, said_names.size()> times_{};
};

constexpr Route rows[] = {
    {.method = http::Method::get, .path = "/_auth", .callers = Callers::proxy},
    {.method = http::Method::get, .path = "/_auth/forward", .callers = Callers::proxy},
    {.method = http::Method::get, .path = "/_auth/envoy/{*path}", .callers = Callers::proxy},
};

}  // namespace

std::span<const Route> forward_auth_routes() noexcept { return rows; }

struct ForwardAuth::Dialect {
  std::string_view path, proxies;
  std::optional<std::size_t> own;  // where its headers begin; none: the request's own path, host and method
  // Another dialect's headers beside the own: whoever is in front is not the proxy that this route is for, or
  // passes on what a client wrote. (X-Forwarded-Host alone says nothing: many set it.)
  std::array<std::optional<std::size_t>, 2> foreign;
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
  static constexpr Dialect nginx{"/_auth", "nginx or HAProxy", original, {forwarded}};
  static constexpr Dialect caddy{"/_auth/forward", "Caddy or Traefik", forwarded, {original}};
  static constexpr Dialect envoy{envoy_prefix, "Envoy", std::nullopt, {original, forwarded}};
  if (!path.starts_with(nginx.path)) return nullptr;
  if (path.size() == nginx.path.size()) return &nginx;
  if (path == caddy.path) return &caddy;
  return path.starts_with(envoy_prefix) && path.substr(envoy_prefix.size()).starts_with('/') ? &envoy
                                                                                             : nullptr;
}

http::Action ForwardAuth::answer(const http::Request& request, const Dialect& dialect, Verifier& verifier) {
  if (!is_trusted(request.peer->address)) {
    log(request, "the address that asks is no trusted proxy: name it in trusted_proxies if it should be");
    return refuse_request(
        "Only a proxy that is named in trusted_proxies may ask here. Ask the administrator.");
  }
  Asked asked;
  if (const auto wrong = read(request.head, dialect, asked); !wrong.empty()) {
    log(request, wrong);
    return refuse_request("The proxy in front does not say what it asks about. Tell its administrator.");
  }
  return decide(request, asked, verifier);
}

// Proxies are few, and each asks many times: their addresses needn't be read as text each time.
bool ForwardAuth::is_trusted(std::string_view address) {
  if (!trusted_.empty() && address == trusted_) return true;
  if (!guards_.trusts(address)) return false;
  trusted_ = address;
  return true;
}

std::string ForwardAuth::read(const http::Head& head, const Dialect& dialect, Asked& asked) {
  const auto expected = [&](std::string_view what) {
    return std::string(dialect.path) + " is for " + std::string(dialect.proxies) + ": " + std::string(what);
  };
  const Said said(head);
  for (const auto& foreign : dialect.foreign)
    if (foreign && (said.times(*foreign + target_at) > 0 || said.times(*foreign + method_at) > 0))
      return expected("it must not send " + std::string(said_names[*foreign + target_at]) + " or " +
                      std::string(said_names[*foreign + method_at]) +
                      ", of another dialect; take them off the client's request");
  if (!dialect.own) {
    asked = {head.host, head.path.substr(dialect.path.size()), head.method_text};
    return {};
  }
  for (const std::size_t part : {host_at, target_at, method_at})
    if (const std::size_t at = *dialect.own + part; said.times(at) != 1 || said.value(at).empty())
      return expected("it must send " + std::string(said_names[at]) + " once, and not empty; it came " +
                      std::to_string(said.times(at)) + " times");
  asked = {said.value(*dialect.own + host_at), said.value(*dialect.own + target_at),
           said.value(*dialect.own + method_at)};
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

  verify::Credential credential;
  credential.read(request.head.authorization, request.head.has_authorization);
  if (credential.kind() == verify::Credential::Kind::none) return nobody(from_browser(request.head));
  const bool any = service->organization.empty();
  verify::Demand demand{.scope = rule->scope, .some_organization = any};
  if (!any) demand.organization_key = service->organization_key;
  const auto pin = verifier.pin();
  verify::Names names;
  const auto verdict = verifier.verdict(pin, request, credential, demand, names);
  if (const auto* principal = std::get_if<verify::Principal>(&verdict))
    return accept(*principal, names, *service);
  const bool browser = from_browser(request.head);
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
  fields.assign("Cache-Control: no-store\r\nX-Latchkey-Token: ").append(principal.fingerprint.text());
  fields.append("\r\nX-Latchkey-Token-Expires: ");
  append_iso8601(fields, principal.valid_to);
  fields.append("\r\nX-Latchkey-Scopes: ");
  token::append_scope_ids(fields, principal.scopes);
  fields.append("\r\nX-Latchkey-User: ");
  principal.user.append_to(fields);
  fields.append("\r\n");
  accepted_.field("Remote-User", names.account);
  accepted_.field("X-Latchkey-Organization",
                  service.organization.empty() ? names.organization : std::string_view(service.organization));
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
