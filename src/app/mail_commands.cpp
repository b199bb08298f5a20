// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
  std::string to;
  std::vector<std::string> ids;
  bool all = false, json = false;
};

const std::string path = "/_apis/latchkey/mail";

// The server's own words come out as they are, but for what could steer a terminal.
std::string shown(std::string words) {
  std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return words;
}

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
  const auto reply = shown(text_at(answer, "reply"));
  if (!taken) throw Failure(ExitCode::refused, "not sent: " + reply);
  std::cout << "taken for " << shown(text_at(answer, "to")) << ": " << reply << '\n';
  return ExitCode::done;
}

ExitCode list(const Options& options) {
  const SignedIn server;
  json::array all;
  for (std::string after;;) {
    const auto page = server.call("GET", path + "/undeliverable?top=200&after=" + percent_encoded(after));
    for (auto& element : list_at(page, "value")) all.push_back(std::move(element));
    after = text_at(page, "next");
    if (after.empty()) break;
  }
  if (options.json) {
    print_json(json::object{{"count", all.size()}, {"value", all}});
    return ExitCode::done;
  }
  std::vector<Row> rows{{"ID", "TO", "KIND", "SINCE", "TRIED", "LAST ERROR"}};
  for (const auto& one : all)
    rows.push_back({text_at(one, "id"), text_at(one, "recipient.emailAddress"), text_at(one, "kind"),
                    text_at(one, "queuedAt"), text_at(one, "attempts"), text_at(one, "lastError")});
  std::cout << table(rows);
  const auto state = server.call("GET", path);
  std::cerr << text_at(state, "queued") << " more wait to be sent";
  if (const auto error = text_at(state, "lastError"); !error.empty())
    std::cerr << "; the server said last: " << shown(error);
  std::cerr << '\n';
  return ExitCode::done;
}

ExitCode retry(const Options& options) {
  if (options.all == !options.ids.empty())
    throw Failure(ExitCode::usage,
                  "name mails by the ids that latchkey mail undeliverable lists, or say --all");
  const SignedIn server;
  json::object request{{"all", options.all}};
  request["ids"] = json::array(options.ids.begin(), options.ids.end());
  const auto answer = server.call("POST", path + "/retry", request);
  if (options.json)
    print_json(answer);
  else
    std::cout << text_at(answer, "count") << " are sent again\n";
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
