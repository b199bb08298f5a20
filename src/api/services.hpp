// Services: forward-auth's policy. Which programs stand behind a proxy, and which scope a request to one of
// them needs. Compiled from what the settings file says, and never changed afterwards: a reload makes
// another.
//
// The first service that matches the host, the first of its rules that matches path and method; no match
// refuses. Hosts, paths and methods match without regard to ASCII case, so that `/Admin` or `post` can't step
// around a closing rule that stands before an open one. Const calls from any thread; they allocate nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "token/scopes.hpp"

namespace latchkey::api {

// What the file says. Each origin ("latchkey.toml, line 3") goes in front of what is said about it.
struct RuleDeclaration {
  std::string path;                  // "/api/**": `**` is the rest, or nothing; `*` is one segment
  std::vector<std::string> methods;  // none: all
  std::string scope, origin;
};
struct ServiceDeclaration {
  std::string host;          // with a port: that one alone; without: any
  std::string organization;  // whose tokens; empty: those of any that the token covers
  std::vector<RuleDeclaration> rules;
  std::string origin;
};
struct Declarations {
  std::vector<token::ScopeDeclaration> scopes;
  std::vector<ServiceDeclaration> services;
};

class Services {
 public:
  struct Rule {
    std::vector<std::string> segments;  // lower case; "*" is any one
    bool rest = false;                  // ended in `**`
    std::vector<std::string> methods;   // empty: all
    token::Scope scope;
    std::string origin;
  };
  struct Service {
    std::string host;
    std::string host_key;                        // in lower case
    bool any_port = false;                       // `host` names none
    std::string organization, organization_key;  // as written, and folded; empty: any
    std::vector<Rule> rules;
    std::string origin;
  };

  // Checks everything, then declares the scopes and compiles the rules. Null, with every error, where
  // something is wrong, be it what `errors` told of before: nothing has happened then. `warnings` tell of
  // what can never match. One thread at a time.
  [[nodiscard]] static std::shared_ptr<const Services> compile(const Declarations& declarations,
                                                               std::vector<std::string>& errors,
                                                               std::vector<std::string>& warnings);

  // Null: none. `host` as the client sent it.
  [[nodiscard]] const Service* find_service(std::string_view host) const noexcept;
  // `path` as read_proxied_path() makes it.
  [[nodiscard]] static const Rule* find_rule(const Service& service, std::string_view path,
                                             std::string_view method) noexcept;

 private:
  std::vector<Service> services_;
};

}  // namespace latchkey::api
