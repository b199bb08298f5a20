// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <iostream>

#include "app/command.hpp"
#include "app/expiry.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/table.hpp"
#include "app/terminal.hpp"
#include "app/token_verify.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

constexpr char api[] = "api-version=7.1-preview.1";
constexpr char pats[] = "/_apis/tokens/pats";

struct TokenOptions {
  std::string id, name, expires, filter = "active";
  std::vector<std::string> scopes;
  std::optional<std::int64_t> grace;
  bool full = false, all_organizations = false, json = false;
};

std::string one_token(const std::string& id) {
  return std::string(pats) + "?authorizationId=" + percent_encoded(id) + "&" + api;
}

// What the options say, under the API's names; what they leave open is left out.
json::object asked(const TokenOptions& options) {
  json::object body;
  if (!options.name.empty()) body["displayName"] = options.name;
  std::string scopes = options.full ? "app_token" : "";
  for (const auto& scope : options.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  if (!scopes.empty()) body["scope"] = scopes;
  if (options.all_organizations) body["allOrgs"] = true;
  if (!options.expires.empty()) {
    const auto until = parse_expiry(options.expires, Clock().now());
    if (!until)
      throw Failure(ExitCode::usage,
                    "--expires: \"" + options.expires + "\" is neither 30d nor a date like 2027-01-31");
    body["validTo"] = iso8601(*until);
  }
  return body;
}

// A refusal comes as 200 with its name in patTokenError.
json::value expect_token(const json::value& answer) {
  const std::string error = text_at(answer, "patTokenError"),
                    message = text_at(answer, "patTokenErrorMessage");
  if (!error.empty() && error != "none") throw Failure(ExitCode::refused, message.empty() ? error : message);
  if (text_at(answer, "patToken").empty())
    throw Failure(ExitCode::unreachable, "the server's answer holds no token: is this a Latchkey server?");
  return answer;
}

std::string last_use(const json::value& token) {
  const std::string at = text_at(token, "lastUsed");
  return at.empty() ? "never" : at;
}

Row row(const json::value& token) {
  return {text_at(token, "authorizationId"), text_at(token, "displayName"),
          text_at(token, "scope"),           text_at(token, "targetAccounts").empty() ? "all" : "one",
          text_at(token, "validTo"),         last_use(token)};
}

const Row head{"ID", "NAME", "SCOPES", "ORGANIZATIONS", "VALID UNTIL", "LAST USED"};

void print_token(const json::value& answer, bool as_json) {
  if (as_json) return print_json(answer);
  std::cout << table({head, row(answer.at("patToken"))});
}

// The secret goes alone to standard output, so that a script can take it; what people want to know goes
// beside.
void print_secret(const json::value& answer, bool as_json) {
  if (as_json) return print_json(answer);
  std::cout << text_at(answer, "patToken.token") << std::endl;
  std::cerr << table({head, row(answer.at("patToken"))}) << "Keep the token now: it is not shown again.\n";
}

ExitCode create(const TokenOptions& options) {
  if (options.scopes.empty() == !options.full)
    throw Failure(ExitCode::usage,
                  "say what the token may do: --scope vso.code_write, or --full for everything");
  const json::object body = asked(options);
  const SignedIn server;
  print_secret(expect_token(server.call("POST", server.at(std::string(pats) + "?" + api), body)),
               options.json);
  return ExitCode::done;
}

ExitCode list(const TokenOptions& options) {
  const SignedIn server;
  json::array tokens;
  std::string next;
  do {
    const json::value page =
        server.call("GET", server.at(std::string(pats) + "?displayFilterOption=" + options.filter +
                                     (next.empty() ? "" : "&continuationToken=" + percent_encoded(next)) +
                                     "&$top=100&" + api));
    for (auto& token : list_at(page, "patTokens")) tokens.push_back(token);
    next = text_at(page, "continuationToken");
  } while (!next.empty());
  if (options.json) {
    print_json(json::object{{"continuationToken", ""}, {"patTokens", tokens}});
    return ExitCode::done;
  }
  std::vector<Row> rows{head};
  for (const auto& token : tokens) rows.push_back(row(token));
  std::cout << table(rows);
  return ExitCode::done;
}

ExitCode show(const TokenOptions& options) {
  const SignedIn server;
  print_token(expect_token(server.call("GET", server.at(one_token(options.id)))), options.json);
  return ExitCode::done;
}

ExitCode uses(const TokenOptions& options) {
  const SignedIn server;
  const json::value found =
      server.call("GET", server.at(std::string(pats) + "/" + percent_encoded(options.id) + "/uses?" + api));
  if (options.json) {
    print_json(found);
    return ExitCode::done;
  }
  std::vector<Row> rows{{"", "NAME", "ACCEPTED", "REFUSED", "FIRST", "LAST"}};
  constexpr std::pair<const char*, const char*> kinds[] = {{"outcome", "outcomes"},
                                                           {"address", "addresses"},
                                                           {"agent", "userAgents"},
                                                           {"scope", "scopes"},
                                                           {"repository", "repositories"}};
  for (const auto& [kind, member] : kinds)
    for (const auto& use : list_at(found, member))
      rows.push_back({kind, text_at(use, "name"), text_at(use, "accepted"), text_at(use, "refused"),
                      text_at(use, "firstUsed"), text_at(use, "lastUsed")});
  std::cout << "last used: " << last_use(found) << '\n';
  if (rows.size() > 1) std::cout << table(rows);
  return ExitCode::done;
}

ExitCode edit(const TokenOptions& options) {
  json::object body = asked(options);
  if (body.empty())
    throw Failure(ExitCode::usage, "say what to change: --name, --scope, --full or --expires");
  body["authorizationId"] = options.id;
  const SignedIn server;
  print_token(expect_token(server.call("PUT", server.at(std::string(pats) + "?" + api), body)), options.json);
  return ExitCode::done;
}

ExitCode regenerate(const TokenOptions& options) {
  json::object body = asked(options);
  if (options.grace) body["graceSeconds"] = *options.grace;
  const SignedIn server;
  const std::string path = std::string(pats) + "/" + percent_encoded(options.id) + "/regenerate?" + api;
  print_secret(expect_token(server.call("POST", server.at(path), body)), options.json);
  return ExitCode::done;
}

ExitCode revoke(const TokenOptions& options) {
  const SignedIn server;
  server.call("DELETE", server.at(one_token(options.id)));
  std::cerr << "revoked " << options.id << '\n';
  return ExitCode::done;
}

struct VerifyOptions {
  std::string server, organization, ca;
  bool json = false;
};

ExitCode verify(const VerifyOptions& options) {
  const Secret secret = read_secret("a token");
  VerifyTarget target{options.server, options.organization, options.ca};
  if (const auto session = load_session(session_file(std::getenv))) {
    if (target.server.empty()) target = {session->server, target.organization, session->ca};
    if (target.organization.empty() && target.server == session->server)
      target.organization = session->organization;
  }
  const Verification found = verify_token(secret, target);
  if (options.json)
    print_json({{"accepted", found.accepted}, {"reason", found.reason}, {"fingerprint", found.fingerprint}});
  else
    std::cout << (found.accepted ? "accepted" : "refused") << ": " << found.reason << '\n';
  return found.accepted ? ExitCode::done : ExitCode::refused;
}

struct FindOptions {
  std::string fingerprint;
  bool everywhere = false, json = false;
};

ExitCode find(const FindOptions& options) {
  const std::string path = "/_apis/latchkey/inventory/find?api-version=7.1";
  const SignedIn server;
  json::object body;
  if (options.fingerprint.empty())
    body["token"] = read_secret("a token").reveal();
  else
    body["fingerprint"] = options.fingerprint;
  const json::value found = server.call("POST", options.everywhere ? path : server.at(path), body);
  if (options.json)
    print_json(found);
  else
    std::cout << table({{"ID", "NAME", "OWNER", "STATUS", "VALID UNTIL", "LAST USED"},
                        {text_at(found, "id"), text_at(found, "name"), text_at(found, "owner.email"),
                         text_at(found, "status"), text_at(found, "validTo"), text_at(found, "lastUsedAt")}});
  return ExitCode::done;
}

void with_id(CLI::App& command, TokenOptions& options) {
  command.add_option("ID", options.id, "the token's id, as token list shows it")->required();
}
void with_json(CLI::App& command, TokenOptions& options) {
  command.add_flag("--json", options.json, "print the API's JSON");
}
void with_expires(CLI::App& command, TokenOptions& options) {
  command.add_option("--expires", options.expires, "30d, 12h, or a date (the server's default: 30 days)");
}
void with_scopes(CLI::App& command, TokenOptions& options) {
  auto* scopes =
      command.add_option("--scope", options.scopes, "what it may do, as vso.code_write; may be repeated");
  command.add_flag("--full", options.full, "everything that its owner may do")->excludes(scopes);
  command.add_flag("--all-organizations", options.all_organizations,
                   "good in all organizations of its owner");
}

void add_reading(CLI::App& token, Chosen& chosen) {
  add_command<TokenOptions>(
      token, chosen, "list", "lists your tokens", "latchkey token list --filter all",
      [](CLI::App& command, TokenOptions& options) {
        command.add_option("--filter", options.filter, "which ones")
            ->check(CLI::IsMember({"active", "revoked", "expired", "all"}))
            ->capture_default_str();
        with_json(command, options);
      },
      list);
  add_command<TokenOptions>(
      token, chosen, "show", "shows one of your tokens",
      "latchkey token show 4f1c0a7e-5d0b-4c8e-9a53-0b8c9f1d2e3a",
      [](CLI::App& command, TokenOptions& options) {
        with_id(command, options);
        with_json(command, options);
      },
      show);
  add_command<TokenOptions>(
      token, chosen, "uses", "shows what a token was used for, from where, and what it was refused",
      "latchkey token uses 4f1c0a7e-5d0b-4c8e-9a53-0b8c9f1d2e3a",
      [](CLI::App& command, TokenOptions& options) {
        with_id(command, options);
        with_json(command, options);
      },
      uses);
  add_command<FindOptions>(
      token, chosen, "find", "tells administrators whose the token on standard input is, live or ended",
      "latchkey token find < found.txt",
      [](CLI::App& command, FindOptions& options) {
        command.add_option("--fingerprint", options.fingerprint,
                           "its 12 public characters, instead of the text");
        command.add_flag("--all", options.everywhere, "among all of the server (server administrators)");
        command.add_flag("--json", options.json, "print the API's JSON");
      },
      find);
  add_command<VerifyOptions>(
      token, chosen, "verify", "says whether the token on standard input is good, or why not",
      "latchkey token verify --server http://localhost:8080 < token.txt",
      [](CLI::App& command, VerifyOptions& options) {
        command.add_option("--server", options.server, "the server's URL (the one signed in to)");
        command.add_option("--organization", options.organization, "the organization (the one signed in to)");
        command.add_option("--ca", options.ca, "a certificate file (PEM) to trust")->check(CLI::ExistingFile);
        command.add_flag("--json", options.json, "print JSON");
      },
      verify);
}

void add_changing(CLI::App& token, Chosen& chosen) {
  add_command<TokenOptions>(
      token, chosen, "create", "creates a token and prints it, once",
      "latchkey token create --name laptop --scope vso.code_write --expires 30d",
      [](CLI::App& command, TokenOptions& options) {
        command.add_option("--name", options.name, "its name")->required();
        with_scopes(command, options);
        with_expires(command, options);
        with_json(command, options);
      },
      create);
  add_command<TokenOptions>(
      token, chosen, "edit", "changes a token; its text stays the same",
      "latchkey token edit 4f1c0a7e-5d0b-4c8e-9a53-0b8c9f1d2e3a --expires 90d",
      [](CLI::App& command, TokenOptions& options) {
        with_id(command, options);
        command.add_option("--name", options.name, "its new name");
        with_scopes(command, options);
        with_expires(command, options);
        with_json(command, options);
      },
      edit);
  add_command<TokenOptions>(
      token, chosen, "regenerate", "gives a token a new text and prints it, once",
      "latchkey token regenerate 4f1c0a7e-5d0b-4c8e-9a53-0b8c9f1d2e3a --grace 3600",
      [](CLI::App& command, TokenOptions& options) {
        with_id(command, options);
        with_expires(command, options);
        command.add_option("--grace", options.grace, "seconds in which the old text is still good (0)");
        with_json(command, options);
      },
      regenerate);
  add_command<TokenOptions>(token, chosen, "revoke", "ends a token at once and for ever",
                            "latchkey token revoke 4f1c0a7e-5d0b-4c8e-9a53-0b8c9f1d2e3a", with_id, revoke);
}

}  // namespace

void add_token_commands(CLI::App& app, Chosen& chosen) {
  CLI::App* token = app.add_subcommand("token", "creates, lists, changes and checks personal access tokens");
  token->require_subcommand(1);
  token->footer("Example:\n  latchkey token create --name laptop --scope vso.code_write");
  add_changing(*token, chosen);
  add_reading(*token, chosen);
}

}  // namespace latchkey::app
