// Looking into the API's JSON, and printing it. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace latchkey::app {

// The text, number or truth at a dotted path ("project.name"); empty where there is none.
[[nodiscard]] std::string text_at(const boost::json::value& value, std::string_view path);
// The elements at a member; an empty list where there are none.
[[nodiscard]] boost::json::array list_at(const boost::json::value& value, std::string_view member);
// One line of JSON on standard output.
void print_json(const boost::json::value& value);

}  // namespace latchkey::app
