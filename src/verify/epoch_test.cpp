// Goal: advance() waits for who was pinned before it, and for nobody else; whoever is idle is neither waited
// for nor woken.
// SPDX-License-Identifier: Apache-2.0
#include "verify/epoch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "verify/index.hpp"

namespace latchkey::verify {
namespace {

using namespace std::chrono_literals;

TEST(Epoch, waits_for_who_was_pinned_before) {
  Epoch epoch(2);
  epoch.pin(1);
  std::atomic<bool> begun = false, advanced = false;
  std::thread writer([&] {
    begun = true;
    begun.notify_one();
    epoch.advance();
    advanced = true;
  });
  begun.wait(false);
  for (int i = 0; i < 1000; ++i) {
    epoch.pin(0);  // others go on meanwhile
    epoch.unpin(0);
    std::this_thread::yield();
  }
  EXPECT_FALSE(advanced);
  epoch.unpin(1);
  writer.join();
}

TEST(EpochDeathTest, takes_one_pin_of_a_reader_at_a_time) {
  Epoch epoch(1);
  epoch.pin(0);
  EXPECT_DEATH(epoch.pin(0), "unpinned");
}

// How often a thread of this process gave up its processor, or was made to.
std::string switches_of(pid_t thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
  std::string line, all;
  while (std::getline(status, line))
    if (line.find("ctxt_switches") != std::string::npos) all += line + "\n";
  return all;
}
bool sleeps(pid_t thread) {
  std::ifstream stat("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string number, name, state;
  stat >> number >> name >> state;
  return state == "S";
}

TEST(Epoch, leaves_idle_reactors_asleep_and_is_not_held_up_by_them) {
  constexpr unsigned readers = 16;
  Index index(readers);
  SecretEntry secret{.digest = Digest::of("a"),
                     .state = TokenState::live,
                     .deadline = first_second + 1h,
                     .owner = UserId::random(),
                     .organization = {},
                     .scopes = {}};
  const auto apply = [&](TokenState state) {
    secret.state = state;
    const Change change = secret;
    index.writer().apply({&change, 1});
  };
  apply(TokenState::live);

  std::atomic<bool> ended = false;
  std::atomic<unsigned> ready = 0;
  std::vector<std::atomic<pid_t>> ids(readers);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < readers; ++i)
    threads.emplace_back([&, reader = index.reader(i), i]() mutable {
      EXPECT_FALSE(reader.pin().look(secret.digest).token.empty());
      ids[i] = ::gettid();
      ++ready;
      ready.notify_one();
      ended.wait(false);
    });
  for (unsigned now = ready; now < readers; now = ready) ready.wait(now);
  for (const auto& id : ids)
    while (!sleeps(id)) std::this_thread::yield();

  std::vector<std::string> before, after;
  for (const auto& id : ids) before.push_back(switches_of(id));
  std::vector<std::chrono::steady_clock::duration> took;
  for (int i = 0; i < 101; ++i) {
    apply(TokenState::live);
    const auto begin = std::chrono::steady_clock::now();
    apply(TokenState::revoked);
    took.push_back(std::chrono::steady_clock::now() - begin);
  }
  for (const auto& id : ids) after.push_back(switches_of(id));
  EXPECT_EQ(before, after);
  std::ranges::nth_element(took, took.begin() + 50);
  EXPECT_LE(took[50], 1ms);
  ended = true;
  ended.notify_all();
}

}  // namespace
}  // namespace latchkey::verify
