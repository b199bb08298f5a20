// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <utf8proc.h>

#include <memory>
#include <string>

#include "base/secret.hpp"

namespace latchkey {
namespace {

spdlog::logger& logger() {
  // Never destroyed: threads may still log while the process ends.
  static spdlog::logger& instance = *[] {
    auto made =
        std::make_unique<spdlog::logger>("latchkey", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::trace);
    return made.release();
  }();
  return instance;
}

// A JSON string of printable ASCII alone, so that nothing can act on a terminal or start a line.
void append_string(std::string& line, std::string_view text) {
  const auto* rest = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto* const end = rest + text.size();
  line += '"';
  while (rest != end) {
    utf8proc_int32_t c = 0;
    const auto size = utf8proc_iterate(rest, end - rest, &c);
    rest += size > 0 ? size : 1;
    if (size <= 0) c = 0xfffd;  // a byte that is not UTF-8
    if (c == '"' || c == '\\') {
      line += '\\';
      line += static_cast<char>(c);
    } else if (c >= 0x20 && c < 0x7f) {
      line += static_cast<char>(c);
    } else if (c < 0x10000) {
      line += fmt::format("\\u{:04x}", c);
    } else {
      line +=
          fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, LogFields fields) {
  if (!logger().should_log(level)) return;
  std::string line = "\"event\":";
  append_string(line, masked(event));
  for (const auto& [name, value] : fields) {
    line += ',';
    append_string(line, name);
    line += ':';
    append_string(line, masked(value));
  }
  logger().log(level, spdlog::string_view_t(line));
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
}

}  // namespace

void set_log_level(LogLevel least) { logger().set_level(level_of(least)); }
void log_debug(std::string_view event, LogFields fields) { write(spdlog::level::debug, event, fields); }
void log_info(std::string_view event, LogFields fields) { write(spdlog::level::info, event, fields); }
void log_warning(std::string_view event, LogFields fields) { write(spdlog::level::warn, event, fields); }
void log_error(std::string_view event, LogFields fields) { write(spdlog::level::err, event, fields); }

}  // namespace latchkey
