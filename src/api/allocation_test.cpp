// Goal: a verification costs no allocation from its first byte to the last of its answer. Method: a real
// server with one reactor and a warm connection; the sanitizer's hook counts every malloc() of the reactor's
// thread while requests come alone, and sixteen in one write; builds without a sanitizer skip it.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "api/testing.hpp"
#include "http/test_client.hpp"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define LATCHKEY_COUNTS_ALLOCATIONS 1
#endif

namespace latchkey::api {
namespace {

[[maybe_unused]] thread_local bool counts = false;
[[maybe_unused]] std::atomic<int> allocations = 0;

TEST(Allocation, none_between_the_bytes_of_a_request_and_those_of_its_answer) {
#ifndef LATCHKEY_COUNTS_ALLOCATIONS
  GTEST_SKIP() << "needs the debug or tsan preset";
#else
  Desk desk;
  desk.options.trusted_proxies = {"127.0.0.1"};
  std::vector<std::string> errors, warnings;
  desk.services.replace(Services::compile(
      {.scopes = {},
       .services = {{"site.example.com", "halden", {{"/a/*/**", {"GET"}, "vso.code", ""}}, ""}}},
      errors, warnings));
  const auto text = desk.world.issue(desk.world.ann, "vso.code_write vso.build vso.wiki").text;
  const std::string request = "GET /_auth HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                              Desk::basic(text.reveal(), "ann")[0].first + ": " +
                              Desk::basic(text.reveal(), "ann")[0].second +
                              "\r\nX-Original-Host: site.example.com\r\nX-Original-Method: GET\r\n"
                              "X-Original-URI: /a/a%20long%20segment%20of%20a%20path/and/more?query=1\r\n"
                              "X-Forwarded-For: 192.0.2.7\r\nUser-Agent: a program\r\n\r\n";
  std::string sixteen;
  for (int i = 0; i < 16; ++i) sixteen += request;

  ASSERT_GT(
      __sanitizer_install_malloc_and_free_hooks(
          [](const volatile void*, std::size_t) { allocations += counts; }, [](const volatile void*) {}),
      0);
  auto entry = desk.new_entry();
  http::TestServer server([&](const http::Request& asked) {
    counts = true;  // this is the reactor's thread, and stays it
    return entry(asked);
  });
  http::TestClient client = server.client();
  const auto ask = [&](const std::string& bytes, int times) {
    client.send(bytes);
    for (int i = 0; i < times; ++i) EXPECT_EQ(client.read_answer().status, 200);
  };
  // Once a second the reactor writes the date anew: of a few rounds most are without that.
  const auto least = [&](const std::string& bytes, int times) {
    int fewest = std::numeric_limits<int>::max();
    for (int round = 0; round < 20; ++round) {
      allocations = 0;
      ask(bytes, times);
      fewest = std::min(fewest, allocations.load());
    }
    return fewest;
  };
  ask(request, 1);
  ask(sixteen, 16);
  EXPECT_GT(allocations, 0);  // the hook works; from now on the connection is warm
  EXPECT_EQ(least(request, 1), 0);
  EXPECT_EQ(least(sixteen, 16), 0);
#endif
}

}  // namespace
}  // namespace latchkey::api
