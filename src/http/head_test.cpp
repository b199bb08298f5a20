// Goal: no head that two parsers could read differently gets through, and good ones are read right.
// Method: tables of heads with the status that each must get, and two properties: a head fed byte by byte
// ends as it does whole, and a good head in the middle of others uses exactly its own bytes.
// SPDX-License-Identifier: Apache-2.0
#include "http/head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace latchkey::http {
namespace {

using Outcome = Scan::Outcome;

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }
std::string line(const std::string& first) { return first + "\r\nHost: h\r\n\r\n"; }
std::string many(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": v\r\n";
  return fields;
}

struct Row {
  std::string bytes;
  int status;  // 0: taken
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      // good ones
      {get(""), 0},
      {"\r\n" + get(""), 0},
      {line("GET /a/b?c=d HTTP/1.1"), 0},
      {line("PATCH /a HTTP/1.1"), 0},
      {line("BREW /a HTTP/1.1"), 0},
      {"GET / HTTP/1.0\r\n\r\n", 0},
      {line("GET http://h/a HTTP/1.1"), 0},
      {line("GET HTTP://h HTTP/1.1"), 0},
      {line("OPTIONS * HTTP/1.1"), 0},
      {get("Content-Length: 0\r\n"), 0},
      {get("Content-Length: 123456789012345678\r\n"), 0},
      {get("Content-Length:7\r\n"), 0},
      {get("Content-Length: \t7 \t\r\n"), 0},
      {get("Transfer-Encoding: chunked\r\n"), 0},
      {get("Transfer-Encoding: CHUNKED\r\n"), 0},
      {get("Expect: 100-continue\r\n"), 0},
      {get("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"), 0},
      {get("X: caf\xC3\xA9 \xE9\r\n"), 0},
      {get("X:\r\n"), 0},
      {get("X: a\tb\r\n"), 0},
      {get(many(63)), 0},
      {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0},
      {"GET / HTTP/1.1\nHost: h\n\n", 400},
      // the request line
      {line("GET /"), 400},
      {"GET /\r\n\r\n", 400},
      {line("GET  / HTTP/1.1"), 400},
      {line("GET /  HTTP/1.1"), 400},
      {line("GET\t/ HTTP/1.1"), 400},
      {line(" GET / HTTP/1.1"), 400},
      {line("GET / HTTP/1.1 "), 400},
      {line("GET / http/1.1"), 400},
      {line("GET / HTTP/1.10"), 400},
      {line("GET / HTTP/11"), 400},
      {line("GET / HTTP/x.1"), 400},
      {line("GET / HTTP/2.0"), 505},
      {line("GET / HTTP/0.9"), 505},
      {line("GET / HTTP/1.2"), 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {line("G(T / HTTP/1.1"), 400},
      {line("GET /a b HTTP/1.1"), 400},
      {line("GET /a#b HTTP/1.1"), 400},
      {line("GET /\xC3\xA9 HTTP/1.1"), 400},
      {line("GET a HTTP/1.1"), 400},
      {line("GET * HTTP/1.1"), 400},
      {line("GET http://other/a HTTP/1.1"), 400},
      {line("GET http:///a HTTP/1.1"), 400},
      {line("GET http://h@other/a HTTP/1.1"), 400},
      {line("GET ftp://h/a HTTP/1.1"), 400},
      {line("GET h:80 HTTP/1.1"), 400},
      {line("TRACE / HTTP/1.1"), 501},
      {"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", 501},
      {"\r\n\r\n" + get(""), 400},
      {"\n" + get(""), 400},
      {"\x16\x03\x01\x02", 400},
      {line("GET /" + std::string(head_max, 'a') + " HTTP/1.1"), 414},
      {std::string("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 28), 400},
      // Host
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {get("Host: h\r\n"), 400},
      {get("host: other\r\n"), 400},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      // where a body ends
      {get("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {get("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {get("Content-Length: 5, 5\r\n"), 400},
      {get("Content-Length: +5\r\n"), 400},
      {get("Content-Length: -5\r\n"), 400},
      {get("Content-Length: 0x5\r\n"), 400},
      {get("Content-Length: 05\r\n"), 400},
      {get("Content-Length: 5 5\r\n"), 400},
      {get("Content-Length: 5.0\r\n"), 400},
      {get("Content-Length: five\r\n"), 400},
      {get("Content-Length:\r\n"), 400},
      {get("Content-Length: 1234567890123456789\r\n"), 400},
      {get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400},
      {get("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {get("Transfer-Encoding: chunked, chunked\r\n"), 501},
      {get("Transfer-Encoding: chunked, identity\r\n"), 501},
      {get("Transfer-Encoding: identity\r\n"), 501},
      {get("Transfer-Encoding: xchunked\r\n"), 501},
      {get("Transfer-Encoding: \"chunked\"\r\n"), 501},
      {get("Transfer-Encoding: chunked;q=1\r\n"), 501},
      {get("Transfer-Encoding: \x0b"
           "chunked\r\n"),
       400},
      {get("Transfer-Encoding:\r\n"), 501},
      {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      // fields
      {get("Content-Length : 5\r\n"), 400},
      {get("Transfer-Encoding\t: chunked\r\n"), 400},
      {get(" Folded: x\r\n"), 400},
      {get("X: a\r\n b\r\n"), 400},
      {get("X: a\r\n\tb\r\n"), 400},
      {get(": nameless\r\n"), 400},
      {get("no colon\r\n"), 400},
      {get("X\r\n"), 400},
      {get("X: a\rb\r\n"), 400},
      {get("X: a\nY: b\r\n"), 400},
      {get("X: a\r\r\n"), 400},
      {get(std::string("X: a\0b\r\n", 8)), 400},
      {get(std::string("X\0: a\r\n", 7)), 400},
      {get("X: a\x7f\r\n"), 400},
      {get("X\xC3\xA9: a\r\n"), 400},
      {get("X(: a\r\n"), 400},
      {"GET / HTTP/1.1\r\nHost: h\r\n\rX", 400},
      {"GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {get("Authorization: Basic a\r\nAuthorization: Basic a\r\n"), 400},
      {get("Authorization: Basic a\r\nauthorization: Bearer b\r\n"), 400},
      {get("Expect: 200-ok\r\n"), 417},
      {get(many(64)), 431},
      {get("X: " + std::string(head_max, 'a') + "\r\n"), 431},
  };
  return table;
}

Scan scan(std::string_view bytes) {
  Head head;
  return scan_head(bytes, head);
}

TEST(ScanHead, gives_each_head_of_the_table_its_status) {
  ASSERT_GE(rows().size(), 100U);
  for (const auto& row : rows()) {
    const auto result = scan(row.bytes);
    EXPECT_EQ(result.outcome, row.status == 0 ? Outcome::whole : Outcome::refused) << row.bytes;
    EXPECT_EQ(result.status, row.status) << row.bytes;
    if (row.status == 0) EXPECT_EQ(result.used, row.bytes.size()) << row.bytes;
  }
}

TEST(ScanHead, ends_the_same_when_it_is_fed_byte_by_byte) {
  for (const auto& row : rows()) {
    const auto whole = scan(row.bytes);
    Scan last{Outcome::partial, 0, 0, {}};
    const std::size_t step =
        row.bytes.size() > 4096 ? 127 : 1;  // the largest in larger steps: time is squared
    for (std::size_t n = 0; n < row.bytes.size() + step && last.outcome == Outcome::partial; n += step) {
      last = scan(std::string_view(row.bytes).substr(0, n));
    }
    EXPECT_EQ(last.outcome, whole.outcome) << row.bytes;
    EXPECT_EQ(last.status, whole.status) << row.bytes;
    EXPECT_EQ(last.used, whole.used) << row.bytes;
  }
}

TEST(ScanHead, uses_its_own_bytes_and_no_more) {
  for (const auto& row : rows()) {
    if (row.status != 0) continue;
    EXPECT_EQ(scan(row.bytes + "GET /next HTTP/1.1\r\n\r\n").used, row.bytes.size()) << row.bytes;
  }
}

TEST(ScanHead, takes_no_random_damage_for_partial_for_ever) {
  std::mt19937 random(7);  // NOLINT: any seed does
  const auto good = get("Content-Length: 5\r\nAuthorization: Basic abc\r\n");
  for (int round = 0; round < 5000; ++round) {
    auto damaged = good;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto result = scan(damaged + std::string(head_max, 'a'));
    EXPECT_NE(result.outcome, Outcome::partial) << damaged;
  }
}

TEST(ScanHead, reads_what_the_engine_must_know) {
  Head head;
  const std::string bytes =
      "POST /a/b%20c?x=1&y=2?z HTTP/1.1\r\nHost: Example.com:8080\r\nAUTHORIZATION: \t Basic  abc \r\n"
      "Content-Length: 42\r\nExpect: 100-Continue\r\nX-Two: 1\r\nx-two: 2\r\n\r\n";
  ASSERT_EQ(scan_head(bytes, head).outcome, Outcome::whole);
  EXPECT_EQ(head.method, Method::post);
  EXPECT_EQ(head.method_text, "POST");
  EXPECT_EQ(head.target, "/a/b%20c?x=1&y=2?z");
  EXPECT_EQ(head.path, "/a/b%20c");
  EXPECT_EQ(head.query, "x=1&y=2?z");
  EXPECT_EQ(head.host, "Example.com:8080");
  EXPECT_TRUE(head.has_authorization);
  EXPECT_EQ(head.authorization, "Basic  abc");
  EXPECT_EQ(head.content_length, 42U);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_TRUE(head.has_body());
  EXPECT_EQ(head.field("x-two"), "1");
  EXPECT_EQ(head.field("x-three"), std::nullopt);
}

TEST(ScanHead, leaves_nothing_of_what_the_head_said_before) {
  Head head;
  ASSERT_EQ(scan_head("POST /a?b HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nTransfer-Encoding: chunked\r\n"
                      "Expect: 100-continue\r\nConnection: close\r\nX-One: 1\r\n\r\n",
                      head)
                .outcome,
            Outcome::whole);
  ASSERT_EQ(scan_head("GET /c HTTP/1.0\r\n\r\n", head).outcome, Outcome::whole);
  EXPECT_EQ(head.query, "");
  EXPECT_EQ(head.host.data(), nullptr);
  EXPECT_FALSE(head.has_authorization || head.has_body() || head.expect_continue);
  EXPECT_EQ(head.authorization, "");
  EXPECT_EQ(head.field("x-one"), std::nullopt);
}

TEST(ScanHead, keeps_an_empty_authorization_apart_from_none) {
  Head head;
  ASSERT_EQ(scan_head(get("Authorization:\r\n"), head).outcome, Outcome::whole);
  EXPECT_TRUE(head.has_authorization);
  EXPECT_EQ(head.authorization, "");
}

TEST(ScanHead, knows_the_methods_in_their_own_case_only) {
  const std::vector<std::pair<std::string, Method>> methods{
      {"GET", Method::get},         {"HEAD", Method::head},   {"POST", Method::post},
      {"PUT", Method::put},         {"PATCH", Method::patch}, {"DELETE", Method::delete_},
      {"OPTIONS", Method::options}, {"get", Method::other},   {"GETS", Method::other}};
  for (const auto& [text, method] : methods) {
    Head head;
    const auto bytes = line(text + " / HTTP/1.1");
    ASSERT_EQ(scan_head(bytes, head).outcome, Outcome::whole);
    EXPECT_EQ(head.method, method) << text;
  }
}

TEST(ScanHead, decides_whether_the_connection_stays) {
  const std::vector<std::pair<std::string, bool>> table{
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: x , Close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
      {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
  };
  for (const auto& [bytes, stays] : table) {
    Head head;
    ASSERT_EQ(scan_head(bytes, head).outcome, Outcome::whole);
    EXPECT_EQ(head.keep_alive, stays) << bytes;
  }
}

TEST(ScanHead, splits_every_form_of_target) {
  const auto path_and_query = [](const std::string& first) {
    Head head;
    const auto bytes = line(first);
    EXPECT_EQ(scan_head(bytes, head).outcome, Outcome::whole) << first;
    return std::string(head.path) + "|" + std::string(head.query);
  };
  EXPECT_EQ(path_and_query("GET / HTTP/1.1"), "/|");
  EXPECT_EQ(path_and_query("GET /? HTTP/1.1"), "/|");
  EXPECT_EQ(path_and_query("GET //a HTTP/1.1"), "//a|");
  EXPECT_EQ(path_and_query("GET http://h/a?b HTTP/1.1"), "/a|b");
  EXPECT_EQ(path_and_query("GET https://h?b HTTP/1.1"), "/|b");
  EXPECT_EQ(path_and_query("OPTIONS * HTTP/1.1"), "*|");
}

TEST(Rebase, moves_every_view_to_the_copy) {
  Head head;
  const std::string bytes = "GET http://h HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\n\r\n";
  ASSERT_EQ(scan_head(bytes, head).outcome, Outcome::whole);
  const std::string copy = bytes;
  rebase(head, bytes, copy);
  const auto inside = [&](std::string_view view) {
    return view.data() >= copy.data() && view.data() + view.size() <= copy.data() + copy.size();
  };
  EXPECT_TRUE(inside(head.method_text) && inside(head.target) && inside(head.host) &&
              inside(head.authorization));
  EXPECT_TRUE(inside(head.fields[0].name) && inside(head.fields[1].value));
  EXPECT_EQ(head.path, "/");  // a literal: "http://h" has none
  EXPECT_EQ(head.query.data(), nullptr);
}

}  // namespace
}  // namespace latchkey::http
