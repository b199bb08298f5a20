// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/table.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

struct Options {
  std::string name, new_name, description, user;
  bool of_server = false, json = false;
};

std::string at(const SignedIn& server, const Options& options, const std::string& path) {
  const std::string whole = "/_apis/latchkey/" + path;
  return options.of_server ? whole : server.at(whole);
}

// All pages of a list, each element handed to `take`, until it says that it has what it wants.
template <class Take>
void each(const SignedIn& server, const std::string& list, Take take) {
  for (std::string after;;) {
    const auto page = server.call(
        "GET", list + (list.contains('?') ? "&" : "?") + "top=200&after=" + percent_encoded(after));
    for (const auto& element : list_at(page, "value"))
      if (take(element)) return;
    after = text_at(page, "next");
    if (after.empty()) return;
  }
}

// The id of the element whose `member` is `text`, without case; `text` itself may be the id.
std::string id_of(const SignedIn& server, const std::string& list, std::string_view member,
                  const std::string& text, const std::string& what) {
  std::string id;
  each(server, list, [&](const json::value& element) {
    if (same_ascii(text_at(element, member), text) || text_at(element, "id") == text)
      id = text_at(element, "id");
    return !id.empty();
  });
  if (id.empty()) throw Failure(ExitCode::refused, "There is no " + what + " " + text + " here.");
  return id;
}

std::string group_path(const SignedIn& server, const Options& options) {
  return at(server, options,
            "groups/" + id_of(server, at(server, options, "groups"), "name", options.name, "group"));
}

// Of the server's groups any user; else a member of the organization.
std::string user_id(const SignedIn& server, const Options& options) {
  const std::string query = "?q=" + percent_encoded(options.user);
  std::string id;
  each(server, at(server, options, options.of_server ? "users" : "members") + query,
       [&](const json::value& element) {
         const std::string prefix = options.of_server ? "" : "user.";
         if (same_ascii(text_at(element, prefix + "email"), options.user))
           id = text_at(element, prefix + "id");
         return !id.empty();
       });
  if (id.empty())
    throw Failure(ExitCode::refused, options.of_server
                                         ? "There is no user " + options.user + "."
                                         : options.user + " is not a member of the organization.");
  return id;
}

ExitCode done(const json::value& answer, const Options& options, const std::string& sentence) {
  if (options.json)
    print_json(answer);
  else
    std::cout << sentence << '\n';
  return ExitCode::done;
}

ExitCode print(const SignedIn& server, const Options& options, const std::string& list, Row head,
               const Row& members) {
  json::array all;
  std::vector<Row> rows{std::move(head)};
  each(server, list, [&](const json::value& element) {
    Row& row = rows.emplace_back();
    for (const auto& member : members) row.push_back(text_at(element, member));
    all.push_back(element);
    return false;
  });
  if (options.json)
    print_json(json::object{{"count", all.size()}, {"value", std::move(all)}});
  else
    std::cout << table(rows);
  return ExitCode::done;
}

ExitCode list_groups(const Options& options) {
  const SignedIn server;
  return print(server, options, at(server, options, "groups"), {"NAME", "MEMBERS", "DESCRIPTION", "ID"},
               {"name", "members", "description", "id"});
}

ExitCode create_group(const Options& options) {
  const SignedIn server;
  return done(server.call("POST", at(server, options, "groups"),
                          json::object{{"name", options.name}, {"description", options.description}}),
              options, "created the group " + options.name);
}

ExitCode rename_group(const Options& options) {
  const SignedIn server;
  return done(server.call("PATCH", group_path(server, options), json::object{{"name", options.new_name}}),
              options, "renamed the group " + options.name + " to " + options.new_name);
}

ExitCode delete_group(const Options& options) {
  const SignedIn server;
  return done(server.call("DELETE", group_path(server, options)), options,
              "deleted the group " + options.name);
}

ExitCode list_members(const Options& options) {
  const SignedIn server;
  return print(server, options, group_path(server, options) + "/members", {"EMAIL", "NAME", "STATE", "ID"},
               {"email", "displayName", "state", "id"});
}

ExitCode add_member(const Options& options) {
  const SignedIn server;
  const auto path = group_path(server, options) + "/members/" + user_id(server, options);
  return done(server.call("PUT", path, json::object()), options,
              options.user + " is in the group " + options.name);
}

ExitCode remove_member(const Options& options) {
  const SignedIn server;
  const auto group = group_path(server, options);
  const auto id = id_of(server, group + "/members", "email", options.user, "member");
  return done(server.call("DELETE", group + "/members/" + id), options,
              options.user + " is not in the group " + options.name + " any more");
}

void with_place(CLI::App& command, Options& options) {
  command.add_flag("--of-server", options.of_server, "a group of the server, not of the organization");
  command.add_flag("--json", options.json, "print the API's JSON");
}
void with_name(CLI::App& command, Options& options) {
  command.add_option("NAME", options.name, "its name, or its id")->required();
  with_place(command, options);
}
void with_user(CLI::App& command, Options& options) {
  command.add_option("NAME", options.name, "the group's name, or its id")->required();
  command.add_option("USER", options.user, "the user's email address")->required();
  with_place(command, options);
}

}  // namespace

void add_group_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("group", "groups of users: which there are, and who is in them");
  group.require_subcommand(1);
  group.footer("Example:\n  latchkey group add builders ann@example.com");
  add_command<Options>(group, chosen, "list", "lists the groups of the organization", "latchkey group list",
                       with_place, list_groups);
  add_command<Options>(
      group, chosen, "create", "creates a group",
      "latchkey group create builders --description \"Who may build\"",
      [](CLI::App& command, Options& options) {
        with_name(command, options);
        command.add_option("--description", options.description, "what it is for");
      },
      create_group);
  add_command<Options>(
      group, chosen, "rename", "renames a group", "latchkey group rename builders makers",
      [](CLI::App& command, Options& options) {
        command.add_option("NAME", options.name, "its name, or its id")->required();
        command.add_option("NEW_NAME", options.new_name, "its new name")->required();
        with_place(command, options);
      },
      rename_group);
  add_command<Options>(group, chosen, "delete", "deletes a group; what names it is kept, and grants nothing",
                       "latchkey group delete builders", with_name, delete_group);
  add_command<Options>(group, chosen, "members", "lists who is in a group", "latchkey group members builders",
                       with_name, list_members);
  add_command<Options>(group, chosen, "add", "puts a user into a group",
                       "latchkey group add builders ann@example.com", with_user, add_member);
  add_command<Options>(group, chosen, "remove", "takes a user out of a group",
                       "latchkey group remove builders ann@example.com", with_user, remove_member);
}

}  // namespace latchkey::app
