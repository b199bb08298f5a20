// The log: one JSON object a line on standard error. Values are escaped, so that no line can be forged, and masked,
// so that no token's text gets in (P2). Any thread. Never called on the way of a verification.
//
//   log_info("listening", {{"url", url}});
//
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <string_view>
#include <utility>

namespace latchkey {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

enum class LogLevel { debug = 1, info, warning, error };

void set_log_level(LogLevel least);
void log_debug(std::string_view event, LogFields fields = {});
void log_info(std::string_view event, LogFields fields = {});
void log_warning(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, LogFields fields = {});

}  // namespace latchkey
