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

constexpr char api[] = "?api-version=7.1";

struct Options {
  std::string name, new_name, project, description;
  bool json = false;
};

std::string project_path(const std::string& name = {}) {
  return "/_apis/projects" + (name.empty() ? "" : "/" + percent_encoded(name)) + api;
}

// `project`: empty for all of the organization.
std::string repository_path(const std::string& project, const std::string& name = {}) {
  return (project.empty() ? "" : "/" + percent_encoded(project)) + "/_apis/git/repositories" +
         (name.empty() ? "" : "/" + percent_encoded(name)) + api;
}

ExitCode done(const json::value& answer, const Options& options, const std::string& sentence) {
  if (options.json)
    print_json(answer);
  else
    std::cout << sentence << '\n';
  return ExitCode::done;
}

ExitCode print_list(const json::value& answer, const Options& options, Row head, const Row& members) {
  if (options.json) {
    print_json(answer);
    return ExitCode::done;
  }
  std::vector<Row> rows{std::move(head)};
  for (const auto& element : list_at(answer, "value")) {
    Row& row = rows.emplace_back();
    for (const auto& member : members) row.push_back(text_at(element, member));
  }
  std::cout << table(rows);
  return ExitCode::done;
}

ExitCode create_project(const Options& options) {
  const SignedIn server;
  const auto answer = server.call("POST", server.at(project_path()),
                                  json::object{{"name", options.name}, {"description", options.description}});
  return done(answer, options, "created the project " + options.name);
}

ExitCode list_projects(const Options& options) {
  const SignedIn server;
  return print_list(server.call("GET", server.at(project_path())), options, {"NAME", "VISIBILITY", "ID"},
                    {"name", "visibility", "id"});
}

ExitCode rename_project(const Options& options) {
  const SignedIn server;
  const auto answer =
      server.call("PATCH", server.at(project_path(options.name)), json::object{{"name", options.new_name}});
  return done(answer, options, "renamed the project " + options.name + " to " + options.new_name);
}

ExitCode delete_project(const Options& options) {
  const SignedIn server;
  return done(server.call("DELETE", server.at(project_path(options.name))), options,
              "deleted the project " + options.name);
}

ExitCode create_repository(const Options& options) {
  const SignedIn server;
  const auto answer =
      server.call("POST", server.at(repository_path(options.project)), json::object{{"name", options.name}});
  return done(answer, options, "created the repository " + text_at(answer, "remoteUrl"));
}

ExitCode list_repositories(const Options& options) {
  const SignedIn server;
  return print_list(server.call("GET", server.at(repository_path(options.project))), options,
                    {"PROJECT", "NAME", "URL"}, {"project.name", "name", "remoteUrl"});
}

ExitCode rename_repository(const Options& options) {
  const SignedIn server;
  const auto answer = server.call("PATCH", server.at(repository_path(options.project, options.name)),
                                  json::object{{"name", options.new_name}});
  return done(answer, options, "renamed the repository to " + text_at(answer, "remoteUrl"));
}

ExitCode delete_repository(const Options& options) {
  const SignedIn server;
  return done(server.call("DELETE", server.at(repository_path(options.project, options.name))), options,
              "deleted the repository " + options.name);
}

void with_json(CLI::App& command, Options& options) {
  command.add_flag("--json", options.json, "print the API's JSON");
}
void with_name(CLI::App& command, Options& options) {
  command.add_option("NAME", options.name, "its name")->required();
  with_json(command, options);
}
void with_names(CLI::App& command, Options& options) {
  command.add_option("NAME", options.name, "its name")->required();
  command.add_option("NEW_NAME", options.new_name, "its new name")->required();
  with_json(command, options);
}
template <void (*declare)(CLI::App&, Options&)>
void in_project(CLI::App& command, Options& options) {
  declare(command, options);
  command.add_option("--project", options.project, "the project it is in")->required();
}

void add_project(CLI::App& app, Chosen& chosen) {
  CLI::App& project = *app.add_subcommand("project", "creates, lists, renames and deletes projects");
  project.require_subcommand(1);
  project.footer("Example:\n  latchkey project create website");
  add_command<Options>(
      project, chosen, "create", "creates a project, and in it a repository of its name",
      "latchkey project create website --description \"The public site\"",
      [](CLI::App& command, Options& options) {
        with_name(command, options);
        command.add_option("--description", options.description, "what it is for");
      },
      create_project);
  add_command<Options>(project, chosen, "list", "lists the projects of the organization",
                       "latchkey project list", with_json, list_projects);
  add_command<Options>(project, chosen, "rename", "renames a project", "latchkey project rename website www",
                       with_names, rename_project);
  add_command<Options>(project, chosen, "delete", "deletes a project with all that is in it",
                       "latchkey project delete website", with_name, delete_project);
}

void add_repository(CLI::App& app, Chosen& chosen) {
  CLI::App& repository =
      *app.add_subcommand("repository", "creates, lists, renames and deletes repositories");
  repository.require_subcommand(1);
  repository.footer("Example:\n  latchkey repository create frontend --project website");
  add_command<Options>(repository, chosen, "create", "creates an empty repository and prints its URL",
                       "latchkey repository create frontend --project website", in_project<with_name>,
                       create_repository);
  add_command<Options>(
      repository, chosen, "list", "lists repositories", "latchkey repository list --project website",
      [](CLI::App& command, Options& options) {
        with_json(command, options);
        command.add_option("--project", options.project, "only those of a project");
      },
      list_repositories);
  add_command<Options>(repository, chosen, "rename", "renames a repository",
                       "latchkey repository rename frontend client --project website", in_project<with_names>,
                       rename_repository);
  add_command<Options>(repository, chosen, "delete", "deletes a repository with its history",
                       "latchkey repository delete frontend --project website", in_project<with_name>,
                       delete_repository);
}

}  // namespace

void add_project_commands(CLI::App& app, Chosen& chosen) {
  add_project(app, chosen);
  add_repository(app, chosen);
}

}  // namespace latchkey::app
