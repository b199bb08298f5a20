// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <iostream>

#include "app/command.hpp"
#include "app/expiry.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/table.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

struct PolicyOptions {
  std::string name, value, organization, report_from, warn_from, refuse_from, revoke_from;
  std::vector<std::string> except;
  bool dry_run = false, json = false;
};

// The names of the server's own policies (authority/policy_rules.cpp); all others are an organization's.
bool is_of_server(std::string_view name) {
  constexpr std::array<std::string_view, 4> names{"restrict-global-tokens", "restrict-full-scope",
                                                  "maximum-lifespan-days", "revoke-leaked"};
  return std::ranges::find(names, name) != names.end();
}

// Below what a path of our own lies: the server, or an organization.
std::string place(const SignedIn& server, const PolicyOptions& options, bool of_server) {
  if (of_server) return "/_apis/latchkey";
  return options.organization.empty() ? server.at("/_apis/latchkey")
                                      : "/" + percent_encoded(options.organization) + "/_apis/latchkey";
}

std::string policy_path(const SignedIn& server, const PolicyOptions& options) {
  return place(server, options, is_of_server(options.name)) + "/policies/" + percent_encoded(options.name);
}

void add_date(json::object& body, const char* field, const std::string& option, const std::string& text) {
  if (text.empty()) return;
  const auto at = text == "now" ? Clock().now() : parse_expiry(text, Clock().now());
  if (!at)
    throw Failure(ExitCode::usage,
                  option + ": \"" + text + "\" is neither now, 14d nor a date like 2027-01-31");
  body[field] = iso8601(*at);
}

// A number, true or false; else ids or networks separated by commas or blanks.
json::value value_of(const std::string& text) {
  if (text == "true" || text == "on") return true;
  if (text == "false" || text == "off") return false;
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
      text.size() < 10)
    return std::int64_t{std::stol(text)};
  json::array texts;
  std::string one;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') {
      one += c;
    } else if (!one.empty()) {
      texts.emplace_back(std::exchange(one, {}));
    }
  }
  return texts;
}

// A user by email address, or a group by its name.
json::object grantee(const SignedIn& server, const PolicyOptions& options, const std::string& name) {
  const bool of_server = is_of_server(options.name), person = name.contains('@');
  const std::string at = place(server, options, of_server);
  const std::string list = person ? (of_server ? "/users" : "/members") : "/groups";
  const auto answer = server.call("GET", at + list + "?top=200&q=" + percent_encoded(name));
  for (const auto& one : list_at(answer, "value")) {
    const std::string prefix = person && !of_server ? "user." : "";
    if (same_ascii(text_at(one, prefix + (person ? "email" : "name")), name))
      return {{"kind", person ? "user" : "group"}, {"id", text_at(one, prefix + "id")}};
  }
  throw Failure(ExitCode::refused,
                "there is no " + std::string(person ? "user " : "group ") + name + " to except");
}

ExitCode print_list(const json::value& answer, const PolicyOptions& options, std::vector<Row>& rows) {
  if (options.json) {
    print_json(answer);
    return ExitCode::done;
  }
  for (const auto& one : list_at(answer, "value")) {
    const auto* value = one.as_object().if_contains("value");
    rows.push_back({text_at(one, "name"), text_at(one, "place"), text_at(one, "stage"),
                    value == nullptr ? "" : json::serialize(*value), text_at(one, "refuseFrom")});
  }
  return ExitCode::done;
}

ExitCode list_policies(const PolicyOptions& options) {
  const SignedIn server;
  std::vector<Row> rows{{"NAME", "PLACE", "STAGE", "VALUE", "REFUSES FROM"}};
  print_list(server.call("GET", place(server, options, false) + "/policies"), options, rows);
  const Answer of_server = server.send("GET", "/_apis/latchkey/policies");
  if (of_server.status != 403)  // not for who administers the organization alone
    print_list(expect_done(of_server, server.session().server), options, rows);
  if (!options.json) std::cout << table(rows);
  return ExitCode::done;
}

ExitCode show_policy(const PolicyOptions& options) {
  const SignedIn server;
  const auto answer = server.call("GET", place(server, options, is_of_server(options.name)) + "/policies");
  for (const auto& one : list_at(answer, "value"))
    if (text_at(one, "name") == options.name) {
      print_json(one);
      return ExitCode::done;
    }
  throw Failure(ExitCode::refused, "there is no policy " + options.name);
}

void print_dry_run(const json::value& answer) {
  std::cout << text_at(answer, "tokens") << " live tokens of " << text_at(answer, "owners")
            << " owners break it; " << text_at(answer, "refusedUses")
            << " of their uses in the past 30 days would have been refused\n";
  std::vector<Row> rows{{"TOKEN", "FINGERPRINT", "OWNER", "LAST USED", "USES REFUSED", "WHY"}};
  for (const auto& one : list_at(answer, "value"))
    rows.push_back({text_at(one, "token.name"), text_at(one, "token.fingerprint"),
                    text_at(one, "owner.email"), text_at(one, "token.lastUsedAt"),
                    text_at(one, "refusedUses"), text_at(one, "why")});
  if (rows.size() > 1) std::cout << table(rows);
}

ExitCode set_policy(const PolicyOptions& options) {
  const SignedIn server;
  json::object body{{"value", value_of(options.value)}};
  add_date(body, "reportFrom", "--report-from", options.report_from);
  add_date(body, "warnFrom", "--warn-from", options.warn_from);
  add_date(body, "refuseFrom", "--refuse-from", options.refuse_from);
  add_date(body, "revokeFrom", "--revoke-from", options.revoke_from);
  json::array exceptions;
  for (const std::string& name : options.except) exceptions.push_back(grantee(server, options, name));
  body["exceptions"] = std::move(exceptions);
  const std::string path = policy_path(server, options);
  const auto answer =
      options.dry_run ? server.call("POST", path + "/dryRun", body) : server.call("PUT", path, body);
  if (options.json)
    print_json(answer);
  else if (options.dry_run)
    print_dry_run(answer);
  else
    std::cout << "the policy " << options.name << " is set; its stage now: " << text_at(answer, "stage")
              << '\n';
  return ExitCode::done;
}

ExitCode clear_policy(const PolicyOptions& options) {
  const SignedIn server;
  const auto answer = server.call("DELETE", policy_path(server, options));
  if (options.json)
    print_json(answer);
  else
    std::cout << "the policy " << options.name << " is taken back\n";
  return ExitCode::done;
}

void with_place(CLI::App& command, PolicyOptions& options) {
  command.add_option("--organization", options.organization,
                     "another organization than the one signed in to");
  command.add_flag("--json", options.json, "print the API's JSON");
}
void with_name(CLI::App& command, PolicyOptions& options) {
  command.add_option("NAME", options.name, "its name, as policy list shows it")->required();
  with_place(command, options);
}
void with_change(CLI::App& command, PolicyOptions& options) {
  with_name(command, options);
  command.add_option("VALUE", options.value, "on, off, a number, or scopes or networks separated by commas")
      ->required();
  command.add_option("--report-from", options.report_from, "now, 14d or a date: show what it would touch");
  command.add_option("--warn-from", options.warn_from, "warn the owners of what breaks it");
  command.add_option("--refuse-from", options.refuse_from, "refuse; without any date: from now on");
  command.add_option("--revoke-from", options.revoke_from, "revoke what still breaks it");
  command.add_option("--except", options.except, "a user's email address or a group's name; may be repeated");
  command.add_flag("--dry-run", options.dry_run, "change nothing: print what it would touch");
}

}  // namespace

void add_policy_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& policy = *app.add_subcommand("policy", "rules which tokens may exist and be used");
  policy.require_subcommand(1);
  policy.footer("Example:\n  latchkey policy set maximum-lifespan-days 90 --dry-run");
  add_command<PolicyOptions>(policy, chosen, "list", "lists the policies and the stage of each",
                             "latchkey policy list", with_place, list_policies);
  add_command<PolicyOptions>(policy, chosen, "show", "prints one policy", "latchkey policy show idle-days",
                             with_name, show_policy);
  add_command<PolicyOptions>(
      policy, chosen, "set", "makes or changes a policy, or tells what it would touch",
      "latchkey policy set restrict-full-scope on --warn-from now --refuse-from 14d --except builders",
      with_change, set_policy);
  add_command<PolicyOptions>(policy, chosen, "clear", "takes a policy back: what it refused works again",
                             "latchkey policy clear idle-days", with_name, clear_policy);
}

}  // namespace latchkey::app
