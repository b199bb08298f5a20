// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/table.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

constexpr char users[] = "/_apis/latchkey/users";
constexpr char version[] = "api-version=7.1";

struct Options {
  std::string user, name, organization, role;
  bool administrator = false, password_stdin = false, json = false;
};

std::string path_of(const std::string& id, const std::string& rest = {}) {
  return std::string(users) + "/" + percent_encoded(id) + rest + "?" + version;
}

// All that the list finds for a text, page after page.
json::array listed(const SignedIn& server, const std::string& text) {
  json::array found;
  std::string next;
  do {
    const auto page = server.call("GET", std::string(users) + "?top=200&q=" + percent_encoded(text) +
                                             "&after=" + percent_encoded(next) + "&" + version);
    for (const auto& user : list_at(page, "value")) found.push_back(user);
    next = text_at(page, "next");
  } while (!next.empty());
  return found;
}

// By id or email address.
json::value found_user(const SignedIn& server, const std::string& user) {
  const bool by_id = UserId::parse(user).has_value();
  for (const auto& one : listed(server, by_id ? "" : user))
    if (same_ascii(text_at(one, by_id ? "id" : "email"), user)) return one;
  throw Failure(ExitCode::refused, "there is no user " + user);
}

Row row(const json::value& user) {
  return {text_at(user, "email"),      text_at(user, "displayName"),
          text_at(user, "state"),      text_at(user, "serverAdministrator") == "true" ? "yes" : "no",
          text_at(user, "liveTokens"), text_at(user, "id")};
}
const Row head{"EMAIL", "NAME", "STATE", "SERVER ADMINISTRATOR", "LIVE TOKENS", "ID"};

ExitCode print(const json::value& answer, const Options& options, const std::string& sentence) {
  if (options.json)
    print_json(answer);
  else
    std::cout << sentence << '\n';
  return ExitCode::done;
}

ExitCode list(const Options& options) {
  const SignedIn server;
  const auto found = listed(server, options.user);
  if (options.json) {
    print_json(json::object{{"count", found.size()}, {"value", found}});
    return ExitCode::done;
  }
  std::vector<Row> rows{head};
  for (const auto& user : found) rows.push_back(row(user));
  std::cout << table(rows);
  return ExitCode::done;
}

ExitCode show(const Options& options) {
  const SignedIn server;
  const auto user = found_user(server, options.user);
  std::string text = table({head, row(user)});
  for (const auto& organization : list_at(user, "organizations"))
    text += text_at(organization, "name") + ": " + text_at(organization, "role") + '\n';
  if (options.json) print_json(user);
  if (!options.json) std::cout << text;
  return ExitCode::done;
}

// The link goes to standard output alone, so that a script can take it.
ExitCode print_invitation(const json::value& answer, const json::value& invitation, const Options& options) {
  if (options.json) {
    print_json(answer);
    return ExitCode::done;
  }
  std::cout << text_at(invitation, "url") << std::endl;
  std::cerr << "Send " << options.user << " this link: it is good once, until "
            << text_at(invitation, "endsAt") << ", and not shown again.\n";
  return ExitCode::done;
}

ExitCode create(const Options& options) {
  json::object body{{"email", options.user}, {"serverAdministrator", options.administrator}};
  if (!options.name.empty()) body["displayName"] = options.name;
  if (!options.organization.empty()) body["organization"] = options.organization;
  if (!options.role.empty()) body["role"] = options.role;
  const SignedIn server;
  if (options.password_stdin) body["password"] = read_secret("a password").reveal();
  const auto answer = server.call("POST", std::string(users) + "?" + version, body);
  if (options.password_stdin) return print(answer, options, "created the user " + options.user);
  return print_invitation(answer, answer.at("invitation"), options);
}

ExitCode invite(const Options& options) {
  const SignedIn server;
  const auto answer = server.call(
      "POST", path_of(text_at(found_user(server, options.user), "id"), "/invitation"), json::object());
  return print_invitation(answer, answer, options);
}

ExitCode set_state(const Options& options, const char* state) {
  const SignedIn server;
  const auto answer = server.call("PATCH", path_of(text_at(found_user(server, options.user), "id")),
                                  json::object{{"state", state}});
  return print(answer, options, std::string(state) + " the user " + options.user);
}
ExitCode disable(const Options& options) { return set_state(options, "disabled"); }
ExitCode enable(const Options& options) { return set_state(options, "enabled"); }

ExitCode remove(const Options& options) {
  const SignedIn server;
  const auto answer = server.call("DELETE", path_of(text_at(found_user(server, options.user), "id")));
  return print(answer, options, "removed the user " + options.user);
}

void with_user(CLI::App& command, Options& options) {
  command.add_option("USER", options.user, "the email address or the id")->required();
  command.add_flag("--json", options.json, "print the API's JSON");
}

void add_changing(CLI::App& user, Chosen& chosen) {
  add_command<Options>(
      user, chosen, "create", "makes a user and prints the link with which they take a password",
      "latchkey user create ada@example.com --organization halden --role contributor",
      [](CLI::App& command, Options& options) {
        with_user(command, options);
        command.add_option("--name", options.name, "the display name");
        command.add_option("--organization", options.organization, "of which they become a member");
        command.add_option("--role", options.role, "there: reader, contributor, administrator")
            ->check(CLI::IsMember({"reader", "contributor", "administrator"}));
        command.add_flag("--server-administrator", options.administrator, "with all rights on the server");
        command.add_flag("--password-stdin", options.password_stdin,
                         "no link: the password is the line on standard input");
      },
      create);
  add_command<Options>(user, chosen, "invite", "prints a new link; the one before is dead",
                       "latchkey user invite ada@example.com", with_user, invite);
  add_command<Options>(user, chosen, "disable", "ends every sign-in; every token is refused from then on",
                       "latchkey user disable ada@example.com", with_user, disable);
  add_command<Options>(user, chosen, "enable", "lets sign in again; the tokens work again",
                       "latchkey user enable ada@example.com", with_user, enable);
  add_command<Options>(user, chosen, "remove", "removes for good: every token is revoked",
                       "latchkey user remove ada@example.com", with_user, remove);
}

}  // namespace

void add_user_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& user = *app.add_subcommand("user", "creates, lists, disables and removes users");
  user.require_subcommand(1);
  user.footer("Example:\n  latchkey user list");
  add_command<Options>(
      user, chosen, "list", "lists the users", "latchkey user list --search example.com",
      [](CLI::App& command, Options& options) {
        command.add_option("--search", options.user, "part of an email address or display name");
        command.add_flag("--json", options.json, "print the API's JSON");
      },
      list);
  add_command<Options>(user, chosen, "show", "shows a user", "latchkey user show ada@example.com", with_user,
                       show);
  add_changing(user, chosen);
}

}  // namespace latchkey::app
