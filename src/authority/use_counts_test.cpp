// Goal: a reactor counts each use once, within bounds, whatever comes. Method: values.
// SPDX-License-Identifier: Apache-2.0
#include "authority/use_counts.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "store/uses.hpp"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define LATCHKEY_COUNTS_ALLOCATIONS 1
#endif

namespace latchkey::authority {
namespace {

constexpr Time now = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

token::Fingerprint fingerprint(std::size_t number) {
  std::string text = std::to_string(number);
  text.insert(0, token::Fingerprint::size - text.size(), 'a');
  return *token::Fingerprint::parse(text);
}

class UseCountsTest : public ::testing::Test {
 protected:
  void add(std::size_t token, std::string_view address, std::string_view agent = "git/2",
           std::string_view outcome = store::accepted, Time at = now) {
    counts_.add({.fingerprint = fingerprint(token),
                 .outcome = outcome,
                 .operation = "vso.code",
                 .address = address,
                 .agent = agent,
                 .organization = {}},
                at);
  }
  // What was counted of a token since the last turn, by address.
  std::map<std::string, std::int64_t> turned(std::size_t token) {
    counts_.turn();
    std::map<std::string, std::int64_t> found;
    for (const auto& use : counts_.turned().uses)
      if (use.fingerprint == fingerprint(token)) found[use.address] += use.count;
    return found;
  }

  UseCounts counts_;
};

TEST_F(UseCountsTest, count_each_kind_by_itself) {
  for (int i = 0; i < 3; ++i) add(1, "192.0.2.1");
  add(1, "192.0.2.2");
  add(1, "192.0.2.2", "curl/7");
  add(1, "192.0.2.2", "curl/7", "revoked");
  add(2, "192.0.2.1");
  counts_.turn();
  ASSERT_EQ(counts_.turned().uses.size(), 5U);
  EXPECT_EQ(turned(1), (std::map<std::string, std::int64_t>{{"192.0.2.1", 3}, {"192.0.2.2", 3}}));
  EXPECT_EQ(turned(2), (std::map<std::string, std::int64_t>{{"192.0.2.1", 1}}));
}

TEST_F(UseCountsTest, know_the_first_and_the_last_time_whatever_the_clock_does) {
  add(1, "192.0.2.1", "a", store::accepted, now);
  add(1, "192.0.2.1", "a", store::accepted, now + std::chrono::seconds(9));
  add(1, "192.0.2.1", "a", store::accepted, now - std::chrono::seconds(5));
  counts_.turn();
  EXPECT_EQ(counts_.turned().uses.at(0).first_at, now - std::chrono::seconds(5));
  EXPECT_EQ(counts_.turned().uses.at(0).last_at, now + std::chrono::seconds(9));
}

TEST_F(UseCountsTest, keep_few_details_of_a_token_and_lose_no_use_of_it) {
  constexpr std::int64_t addresses = 100'000;
  for (std::int64_t i = 0; i < addresses; ++i) add(1, "address " + std::to_string(i));
  const auto found = turned(1);
  EXPECT_EQ(found.size(), UseCounts::of_token_max + 1);
  EXPECT_EQ(found.at(std::string(store::other)), addresses - std::int64_t{UseCounts::of_token_max});
  EXPECT_EQ(counts_.lost().value(), 0U);
}

TEST_F(UseCountsTest, go_without_details_then_lose_and_say_so_when_there_are_too_many_tokens) {
  constexpr std::size_t tokens = UseCounts::uses_max + 10;
  for (std::size_t i = 0; i < tokens; ++i) add(i, "192.0.2.1");
  add(0, "192.0.2.1");  // a warm one has its place
  counts_.turn();
  EXPECT_EQ(counts_.turned().uses.size(), UseCounts::uses_max);
  EXPECT_EQ(turned(0).at("192.0.2.1"), 2);
  EXPECT_EQ(turned(UseCounts::detailed_max).at(std::string(store::other)), 1);
  EXPECT_EQ(counts_.lost().value(), 10U);
}

TEST_F(UseCountsTest, keep_tokens_apart_wherever_they_are_kept) {
  const auto expect_all_apart = [&](std::string_view address) {
    for (std::size_t token = 0; token < UseCounts::detailed_max; ++token)
      for (std::size_t times = 0; times <= token % 3; ++times) add(token, address);
    counts_.turn();
    std::map<std::string, std::int64_t> found;
    for (const auto& use : counts_.turned().uses) found[std::string(use.fingerprint.text())] += use.count;
    ASSERT_EQ(found.size(), UseCounts::detailed_max);
    for (std::size_t token = 0; token < UseCounts::detailed_max; ++token)
      ASSERT_EQ(found[std::string(fingerprint(token).text())], static_cast<std::int64_t>(token % 3 + 1));
    counts_.turned().uses.clear();
  };
  expect_all_apart("192.0.2.1");
  expect_all_apart("192.0.2.2");  // nothing is left of those before
}

TEST_F(UseCountsTest, fetch_what_is_there_and_what_is_not) {
  const auto fetch = [&](std::size_t token) {
    counts_.fetch_place(fingerprint(token));
    counts_.fetch_uses(fingerprint(token));
  };
  fetch(1);
  add(1, "192.0.2.1");
  fetch(1);
  fetch(2);
  EXPECT_EQ(turned(1), (std::map<std::string, std::int64_t>{{"192.0.2.1", 1}}));
  fetch(1);
}

TEST_F(UseCountsTest, turn_only_when_all_was_folded) {
  add(1, "192.0.2.1");
  counts_.turn();
  const Uuid id = counts_.turned().id;
  add(1, "192.0.2.2");
  counts_.turn();
  EXPECT_EQ(counts_.turned().id, id);
  EXPECT_EQ(turned(1), (std::map<std::string, std::int64_t>{{"192.0.2.1", 1}}));
  counts_.turned().uses.clear();
  EXPECT_EQ(turned(1), (std::map<std::string, std::int64_t>{{"192.0.2.2", 1}}));
  EXPECT_NE(counts_.turned().id, id);
}

TEST_F(UseCountsTest, mask_and_cut_what_a_program_says_of_itself) {
  const std::string token = std::string(52, 'a') + "JQQJ9" + std::string(27, 'b');
  for (int i = 0; i < 2; ++i) {
    add(1, "192.0.2.1", "curl " + token);
    add(1, "192.0.2.1", std::string(5000, 'x'));
    add(1, "192.0.2.1", "tab\tand \xc3\xa4");
  }
  counts_.turn();
  const auto& uses = counts_.turned().uses;
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].agent, "curl [token]");
  EXPECT_EQ(uses[1].agent, std::string(200, 'x'));
  EXPECT_EQ(uses[2].agent, "tab?and ??");
  for (const auto& use : uses) EXPECT_EQ(use.count, 2);
}

#ifdef LATCHKEY_COUNTS_ALLOCATIONS
thread_local int allocations = 0;

TEST_F(UseCountsTest, allocate_nothing_for_what_they_know) {
  const auto count = [](const volatile void*, std::size_t) { ++allocations; };
  ASSERT_GT(__sanitizer_install_malloc_and_free_hooks(count, [](const volatile void*) {}), 0);
  const std::string address = "2001:db8:1234:5678:9abc:def0:1234:5678", agent(200, 'x');
  for (std::size_t token = 0; token < 1000; ++token) add(token, address, agent);
  ASSERT_GT(allocations, 0);  // the hook works
  allocations = 0;
  for (std::size_t token = 0; token < 1000; ++token)
    counts_.add({.fingerprint = fingerprint(token),
                 .outcome = store::accepted,
                 .operation = "vso.code",
                 .address = address,
                 .agent = agent,
                 .organization = {}},
                now);
  EXPECT_EQ(allocations, 0);
}
#endif

}  // namespace
}  // namespace latchkey::authority
