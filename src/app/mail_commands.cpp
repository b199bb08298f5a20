// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/outbox_lists.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

struct Options {
  std::string to;
  std::vector<std::string> ids;
  bool all = false, json = false;
};

const std::string path = "/_apis/latchkey/mail";

ExitCode test(const Options& options) {
  const SignedIn server;
  json::object request;
  if (!options.to.empty()) request["to"] = options.to;
  const auto answer = server.call("POST", path + "/test", request);
  const bool taken = text_at(answer, "taken") == "true";
  if (options.json) {
    print_json(answer);
    return taken ? ExitCode::done : ExitCode::refused;
  }
  const auto reply = receivers_words(text_at(answer, "reply"));
  if (!taken) throw Failure(ExitCode::refused, "not sent: " + reply);
  std::cout << "taken for " << receivers_words(text_at(answer, "to")) << ": " << reply << '\n';
  return ExitCode::done;
}

ExitCode list(const Options& options) {
  const SignedIn server;
  list_undeliverable(server, path, server.call("GET", path), options.json);
  return ExitCode::done;
}

ExitCode retry(const Options& options) {
  const SignedIn server;
  retry_undeliverable(server, path, options.ids, {.all = options.all, .json = options.json},
                      "latchkey mail undeliverable");
  return ExitCode::done;
}

}  // namespace

void add_mail_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& mail =
      *app.add_subcommand("mail", "tests mail, and lists and repeats what could not be delivered");
  mail.require_subcommand(1);
  mail.footer("Example:\n  latchkey mail test");
  add_command<Options>(
      mail, chosen, "test", "sends a test mail and prints what the mail server answers", "latchkey mail test",
      [](CLI::App& command, Options& options) {
        command.add_option("--to", options.to, "the address (your own)");
        command.add_flag("--json", options.json, "print the API's JSON");
      },
      test);
  add_command<Options>(
      mail, chosen, "undeliverable", "lists mails that could not be delivered, the latest first",
      "latchkey mail undeliverable",
      [](CLI::App& command, Options& options) {
        command.add_flag("--json", options.json, "print the API's JSON");
      },
      list);
  add_command<Options>(
      mail, chosen, "retry", "sends mails again; those that wait are tried at once too",
      "latchkey mail retry --all",
      [](CLI::App& command, Options& options) {
        command.add_option("ID", options.ids, "of the list of the undeliverable");
        command.add_flag("--all", options.all, "all that could not be delivered");
        command.add_flag("--json", options.json, "print the API's JSON");
      },
      retry);
}

}  // namespace latchkey::app
