// SPDX-License-Identifier: Apache-2.0
#include "app/outbox_lists.hpp"

#include <algorithm>
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/table.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {

namespace json = boost::json;

std::string receivers_words(std::string words) {
  std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return words;
}

void list_undeliverable(const SignedIn& server, const std::string& path, const json::value& queue,
                        bool json) {
  json::array all;
  for (std::string after;;) {
    const auto page = server.call("GET", path + "/undeliverable?top=200&after=" + percent_encoded(after));
    for (auto& element : list_at(page, "value")) all.push_back(std::move(element));
    after = text_at(page, "next");
    if (after.empty()) break;
  }
  if (json) return print_json(json::object{{"count", all.size()}, {"value", all}});
  std::vector<Row> rows{{"ID", "TO", "KIND", "SINCE", "TRIED", "LAST ERROR"}};
  for (const auto& one : all)
    rows.push_back({text_at(one, "id"), text_at(one, "recipient.emailAddress"), text_at(one, "kind"),
                    text_at(one, "queuedAt"), text_at(one, "attempts"), text_at(one, "lastError")});
  std::cout << table(rows);
  const std::string queued = text_at(queue, "queued");
  std::cerr << (queued.empty() ? "0" : queued) << " more wait to be sent";
  if (const auto error = text_at(queue, "lastError"); !error.empty())
    std::cerr << "; the server said last: " << receivers_words(error);
  std::cerr << '\n';
}

void retry_undeliverable(const SignedIn& server, const std::string& path, const std::vector<std::string>& ids,
                         Retry how, const std::string& command) {
  if (how.all == !ids.empty())
    throw Failure(ExitCode::usage, "name them by the ids that " + command + " lists, or say --all");
  json::object request{{"all", how.all}};
  request["ids"] = json::array(ids.begin(), ids.end());
  const auto answer = server.call("POST", path + "/retry", request);
  if (how.json) return print_json(answer);
  std::cout << text_at(answer, "count") << " are sent again\n";
}

}  // namespace latchkey::app
