// SPDX-License-Identifier: Apache-2.0
#include "api/services.hpp"

#include <algorithm>

#include "api/proxied_path.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "http/chars.hpp"

namespace latchkey::api {
namespace {

using Rule = Services::Rule;
using Service = Services::Service;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = ascii_lower(c);
  return result;
}

bool is_all(std::string_view text, const http::CharClass& table) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) { return http::is(table, c); });
}

std::string_view without_port(std::string_view host) noexcept {
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos
             ? host
             : host.substr(0, colon);
}

// Whether whatever matches `narrow` matches `wide` too.
bool host_covers(std::string_view wide, std::string_view narrow) noexcept {
  const bool any_port = without_port(wide).size() == wide.size();
  return same_ascii(wide, narrow) || (any_port && same_ascii(wide, without_port(narrow)));
}

bool path_covers(const Rule& wide, const Rule& narrow) noexcept {
  if (wide.rest ? narrow.segments.size() < wide.segments.size()
                : narrow.rest || narrow.segments.size() != wide.segments.size())
    return false;
  return std::equal(wide.segments.begin(), wide.segments.end(), narrow.segments.begin(),
                    [](const auto& a, const auto& b) { return a == "*" || a == b; });
}

// ---- what the file says, checked ----
class Compiler {
 public:
  Compiler(const Declarations& declarations, std::vector<std::string>& errors)
      : declarations_(declarations), errors_(errors) {}

  std::vector<Service> services() {
    std::vector<Service> all;
    all.reserve(declarations_.services.size());
    for (const auto& said : declarations_.services) all.push_back(service(said));
    return all;
  }

 private:
  void wrong(const std::string& origin, const std::string& what) { errors_.push_back(origin + ": " + what); }

  Service service(const ServiceDeclaration& said) {
    if (!is_all(said.host, http::host_chars))
      wrong(said.origin, "the host \"" + said.host + "\" is no name or address, as in grafana.example.com");
    Service made{.host = said.host,
                 .host_key = lower(said.host),
                 .any_port = without_port(said.host).size() == said.host.size(),
                 .organization = said.organization,
                 .organization_key = {},
                 .rules = {},
                 .origin = said.origin};
    const auto name = normalized(said.organization);
    if (!name) wrong(said.origin, "the organization can't be read as a name");
    made.organization_key = folded(name.value_or(""));
    for (const auto& rule : said.rules) made.rules.push_back(this->rule(rule));
    return made;
  }

  Rule rule(const RuleDeclaration& said) {
    Rule made{.segments = {}, .rest = false, .methods = {}, .scope = scope(said), .origin = said.origin};
    for (const auto& method : said.methods) {
      if (!is_all(method, http::token_chars))
        wrong(said.origin, "\"" + method + "\" is no method, as in \"GET\"");
      made.methods.push_back(method);
    }
    std::string_view rest = said.path;
    if (!rest.starts_with('/')) wrong(said.origin, "the path \"" + said.path + "\" must begin with /");
    while (rest.size() > 1) {
      rest.remove_prefix(1);
      const auto segment = rest.substr(0, rest.find('/'));
      rest.remove_prefix(segment.size());
      if (segment == "**" && rest.empty())
        made.rest = true;
      else
        made.segments.push_back(this->segment(segment, said));
    }
    return made;
  }

  std::string segment(std::string_view text, const RuleDeclaration& said) {
    PathBuffer buffer;
    const auto read = read_proxied_path("/" + percent_encoded(text), buffer);
    const bool readable = !text.empty() && read && read->substr(1) == lower(text);
    if (text != "*" && (text.contains('*') || !readable))
      wrong(said.origin, "no request has the path \"" + said.path +
                             "\": write it decoded, without query, empty or dot segments; * stands for one "
                             "whole segment, ** at the end for the rest");
    return lower(text);
  }

  token::Scope scope(const RuleDeclaration& said) {
    const auto& own = declarations_.scopes;
    if (std::ranges::find(own, said.scope, &token::ScopeDeclaration::id) == own.end()) {
      const auto& all = token::catalogue();
      if (std::ranges::find(all, said.scope, &token::ScopeDescription::id) == all.end())
        wrong(said.origin, "there is no scope \"" + said.scope + "\": declare it with [[scope]]");
    }
    return token::find_scope(said.scope).value_or(token::Scope(0));
  }

  const Declarations& declarations_;
  std::vector<std::string>& errors_;
};

// ---- what can never match ----
// The methods of `rule` that no rule of `above` takes from it; nothing where all are taken.
bool is_reached(const Rule& rule, std::span<const Rule> above) {
  const auto taken = [&](std::string_view method) {
    return std::ranges::any_of(above, [&](const Rule& one) {
      return path_covers(one, rule) &&
             (one.methods.empty() ||
              std::ranges::any_of(one.methods, [&](const auto& other) { return same_ascii(other, method); }));
    });
  };
  // No method has an empty name: only a rule for all of them takes that one.
  if (rule.methods.empty()) return !taken("");
  return !std::ranges::all_of(rule.methods, taken);
}

void warn(const std::vector<Service>& services, std::vector<std::string>& warnings) {
  for (std::size_t i = 0; i < services.size(); ++i) {
    const Service& service = services[i];
    const auto above = std::span(services).first(i);
    const auto first = std::ranges::find_if(
        above, [&](const Service& other) { return host_covers(other.host, service.host); });
    if (first != above.end())
      warnings.push_back(service.origin + ": no request reaches this service: " + first->origin +
                         " matches its host before");
    if (service.rules.empty())
      warnings.push_back(service.origin + ": the service has no rule: every request to it is refused");
    for (std::size_t at = 0; at < service.rules.size(); ++at)
      if (!is_reached(service.rules[at], std::span(service.rules).first(at)))
        warnings.push_back(service.rules[at].origin +
                           ": this rule never matches: rules above it take all of its requests");
  }
}

bool matches(const Rule& rule, std::string_view path) noexcept {
  for (const auto& segment : rule.segments) {
    if (path.size() < 2) return false;  // nothing is left, or it was the root
    path.remove_prefix(1);
    const auto own = path.substr(0, path.find('/'));
    if (segment != "*" && own != segment) return false;
    path.remove_prefix(own.size());
  }
  return rule.rest || path.empty() || path == "/";
}

}  // namespace

std::shared_ptr<const Services> Services::compile(const Declarations& declarations,
                                                  std::vector<std::string>& errors,
                                                  std::vector<std::string>& warnings) {
  token::check_scopes(declarations.scopes, errors);
  static_cast<void>(Compiler(declarations, errors).services());
  if (!errors.empty()) return nullptr;
  token::declare_scopes(declarations.scopes);
  auto made = std::make_shared<Services>();
  made->services_ = Compiler(declarations, errors).services();  // once more, now that the scopes are there
  warn(made->services_, warnings);
  return made;
}

const Services::Service* Services::find_service(std::string_view host) const noexcept {
  // As host_covers(), by what is known of each service.
  const auto found = std::ranges::find_if(services_, [&](const Service& service) {
    return http::is_lower(host, service.host_key) ||
           (service.any_port && http::is_lower(without_port(host), service.host_key));
  });
  return found == services_.end() ? nullptr : &*found;
}

const Services::Rule* Services::find_rule(const Service& service, std::string_view path,
                                          std::string_view method) noexcept {
  const auto found = std::ranges::find_if(service.rules, [&](const Rule& rule) {
    return matches(rule, path) &&
           (rule.methods.empty() ||
            std::ranges::any_of(rule.methods, [&](const auto& own) { return same_ascii(own, method); }));
  });
  return found == service.rules.end() ? nullptr : &*found;
}

}  // namespace latchkey::api
