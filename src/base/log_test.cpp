// Goal: each call writes one line of JSON that no value can break, forge or leak a token into.
// Method: standard error is captured and every line read as JSON.
// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace latchkey {
namespace {

template <class Act>
std::vector<std::string> lines_of(const Act& act) {
  testing::internal::CaptureStderr();
  act();
  const std::string text = testing::internal::GetCapturedStderr();
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != text.npos; begin = end + 1, end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
  }
  EXPECT_EQ(begin, text.size()) << "the last line has no end";
  return lines;
}

TEST(Log, writes_time_level_event_and_fields) {
  const auto lines = lines_of([] { log_warning("listening", {{"url", "http://localhost:8080"}}); });
  ASSERT_EQ(lines.size(), 1u);
  const auto line = boost::json::parse(lines[0]).as_object();
  EXPECT_EQ(line.size(), 4u);
  EXPECT_EQ(line.at("level"), "warning");
  EXPECT_EQ(line.at("event"), "listening");
  EXPECT_EQ(line.at("url"), "http://localhost:8080");
  const std::string time(line.at("time").as_string());
  EXPECT_EQ(time.size(), 27u);
  EXPECT_EQ(time[10], 'T');
  EXPECT_EQ(time.back(), 'Z');
}

TEST(Log, keeps_any_value_on_its_line_and_in_ascii) {
  const std::string value =
      std::string("a\n\"}\\ \x1b[31m\x7f ä \xf0\x9f\x98\x80 \xc2\x85\xe2\x80\xa8 \xff end") + '\0';
  const auto lines = lines_of([&] { log_info("value", {{"text", value}}); });
  ASSERT_EQ(lines.size(), 1u);
  for (const char c : lines[0]) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << static_cast<int>(c);
  const auto line = boost::json::parse(lines[0]).as_object();
  const std::string expected =
      std::string("a\n\"}\\ \x1b[31m\x7f ä \xf0\x9f\x98\x80 \xc2\x85\xe2\x80\xa8 \xef\xbf\xbd end") + '\0';
  EXPECT_EQ(line.at("text").as_string(), expected);
}

TEST(Log, masks_a_token) {
  const std::string token = std::string(52, 'a') + "JQQJ99AA" + std::string(24, 'b');
  const auto lines = lines_of([&] { log_error("failed " + token, {{"path", "/x?t=" + token}}); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(lines[0].contains("JQQJ9"));
  EXPECT_EQ(boost::json::parse(lines[0]).at("path"), "/x?t=[token]");
}

TEST(Log, leaves_out_what_is_below_the_level) {
  const auto lines = lines_of([] {
    log_debug("hidden");
    set_log_level(LogLevel::debug);
    log_debug("shown");
    set_log_level(LogLevel::error);
    log_warning("hidden");
    log_error("shown");
    set_log_level(LogLevel::info);
  });
  ASSERT_EQ(lines.size(), 2u);
  for (const auto& line : lines) EXPECT_EQ(boost::json::parse(line).at("event"), "shown");
}

TEST(Log, never_mixes_the_lines_of_threads) {
  const std::string value(500, 'v');
  const auto lines = lines_of([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 200; ++n) log_info("many", {{"value", value}});
      });
    }
  });
  ASSERT_EQ(lines.size(), 800u);
  for (const auto& line : lines) EXPECT_EQ(boost::json::parse(line).at("value").as_string(), value);
}

}  // namespace
}  // namespace latchkey
