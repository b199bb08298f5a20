// SPDX-License-Identifier: Apache-2.0
#include <boost/json/object.hpp>
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/outbox_lists.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

struct Options {
  std::string organization, format, address;
  std::vector<std::string> ids;
  bool url_stdin = false, keep_url = false, all = false, json = false;
};

// Of the organization that is named, or of the one signed in to.
std::string path_at(const SignedIn& server, const Options& options) {
  const std::string path = "/_apis/latchkey/notices";
  return options.organization.empty() ? server.at(path) : "/" + percent_encoded(options.organization) + path;
}

ExitCode print(const json::value& state, const Options& options) {
  if (options.json) {
    print_json(state);
    return ExitCode::done;
  }
  const auto format = text_at(state, "webhook.format"), mailbox = text_at(state, "mailbox");
  if (format.empty()) {
    std::cout << "webhook: none\n";
  } else {
    std::cout << "webhook: " << format << ", " << text_at(state, "webhook.url") << "; "
              << text_at(state, "webhook.queued") << " wait to be sent\n";
    if (const auto until = text_at(state, "webhook.waitingUntil"); !until.empty())
      std::cout << "it takes nothing, and is asked again at " << until << ": "
                << receivers_words(text_at(state, "webhook.lastError")) << '\n';
  }
  std::cout << "mailbox for owners who can't be told: " << (mailbox.empty() ? "none" : mailbox) << '\n';
  if (!mailbox.empty() && text_at(state, "mail") != "true")
    std::cout << "the server has no mail: nothing is sent there\n";
  return ExitCode::done;
}

ExitCode show(const Options& options) {
  const SignedIn server;
  return print(server.call("GET", path_at(server, options)), options);
}

ExitCode set_webhook(const Options& options) {
  const SignedIn server;
  json::object request{{"format", options.format}};
  if (!options.keep_url) {
    const Secret url = options.url_stdin
                           ? read_secret("a URL")
                           : ask_secret("URL (not shown): ",
                                        "there is no terminal to ask for the URL: give it with --url-stdin");
    request["url"] = url.reveal();
  }
  return print(server.call("PUT", path_at(server, options) + "/webhook", request), options);
}

ExitCode remove_webhook(const Options& options) {
  const SignedIn server;
  server.call("DELETE", path_at(server, options) + "/webhook");
  return print(server.call("GET", path_at(server, options)), options);
}

ExitCode set_mailbox(const Options& options) {
  const SignedIn server;
  return print(
      server.call("PUT", path_at(server, options) + "/mailbox", json::object{{"address", options.address}}),
      options);
}

ExitCode remove_mailbox(const Options& options) {
  const SignedIn server;
  server.call("DELETE", path_at(server, options) + "/mailbox");
  return print(server.call("GET", path_at(server, options)), options);
}

ExitCode test(const Options& options) {
  const SignedIn server;
  const auto answer = server.call("POST", path_at(server, options) + "/webhook/test", json::object{});
  const bool taken = text_at(answer, "taken") == "true";
  const auto reply = receivers_words(text_at(answer, "reply"));
  if (options.json) print_json(answer);
  if (!taken) throw Failure(ExitCode::refused, "not taken: " + reply);
  if (!options.json) std::cout << "taken: " << reply << '\n';
  return ExitCode::done;
}

ExitCode list(const Options& options) {
  const SignedIn server;
  const auto path = path_at(server, options);
  const auto state = server.call("GET", path);
  const auto* webhook = state.as_object().if_contains("webhook");
  list_undeliverable(server, path, webhook != nullptr ? *webhook : json::value(), options.json);
  return ExitCode::done;
}

ExitCode retry(const Options& options) {
  const SignedIn server;
  retry_undeliverable(server, path_at(server, options), options.ids,
                      {.all = options.all, .json = options.json}, "latchkey notices undeliverable");
  return ExitCode::done;
}

void with_place(CLI::App& command, Options& options) {
  command.add_option("--organization", options.organization,
                     "another organization than the one signed in to");
  command.add_flag("--json", options.json, "print the API's JSON");
}

void add_webhook_commands(CLI::App& notices, Chosen& chosen) {
  add_command<Options>(
      notices, chosen, "set-webhook",
      "sets where notices go; the URL, which lets whoever has it post, is asked for and never shown again",
      "latchkey notices set-webhook slack --url-stdin < url.txt",
      [](CLI::App& command, Options& options) {
        command.add_option("FORMAT", options.format, "teams, slack or json")
            ->required()
            ->check(CLI::IsMember({"teams", "slack", "json"}));
        command.add_flag("--url-stdin", options.url_stdin, "read the URL from standard input");
        command.add_flag("--keep-url", options.keep_url, "change the format alone")->excludes("--url-stdin");
        with_place(command, options);
      },
      set_webhook);
  add_command<Options>(notices, chosen, "remove-webhook", "removes the webhook, and what waits for it",
                       "latchkey notices remove-webhook", with_place, remove_webhook);
  add_command<Options>(notices, chosen, "test", "sends a test message and prints what the receiver answers",
                       "latchkey notices test", with_place, test);
  add_command<Options>(notices, chosen, "undeliverable",
                       "lists what the webhook has not taken, the latest first",
                       "latchkey notices undeliverable", with_place, list);
  add_command<Options>(
      notices, chosen, "retry", "sends notices again; those that wait are tried at once too",
      "latchkey notices retry --all",
      [](CLI::App& command, Options& options) {
        command.add_option("ID", options.ids, "of the list of the undeliverable");
        command.add_flag("--all", options.all, "all that the webhook has not taken");
        with_place(command, options);
      },
      retry);
}

}  // namespace

void add_notice_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& notices = *app.add_subcommand(
      "notices", "sends what happens to an organization's tokens to a webhook and a mailbox");
  notices.require_subcommand(1);
  notices.footer("Example:\n  latchkey notices set-mailbox security@example.com");
  add_command<Options>(notices, chosen, "show", "shows where notices go", "latchkey notices show", with_place,
                       show);
  add_webhook_commands(notices, chosen);
  add_command<Options>(
      notices, chosen, "set-mailbox",
      "sets who gets mail about tokens whose owners can't be told: they are disabled, or have no address",
      "latchkey notices set-mailbox security@example.com",
      [](CLI::App& command, Options& options) {
        command.add_option("ADDRESS", options.address, "an email address")->required();
        with_place(command, options);
      },
      set_mailbox);
  add_command<Options>(notices, chosen, "remove-mailbox", "removes the mailbox",
                       "latchkey notices remove-mailbox", with_place, remove_mailbox);
}

}  // namespace latchkey::app
