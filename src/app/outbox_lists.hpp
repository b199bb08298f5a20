// What commands about mail and about webhooks print alike. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "app/session.hpp"

namespace latchkey::app {

// A receiver's own words come out as they are, but for what could steer a terminal.
[[nodiscard]] std::string receivers_words(std::string words);

// Lists all that could not be delivered, the latest first; how the queue stands, to standard error.
void list_undeliverable(const SignedIn& server, const std::string& path, const boost::json::value& queue,
                        bool json);

struct Retry {
  bool all = false, json = false;
};
// Has those sent again, or all; prints how many.
void retry_undeliverable(const SignedIn& server, const std::string& path, const std::vector<std::string>& ids,
                         Retry how, const std::string& command);

}  // namespace latchkey::app
