// Goal: no decision is answered while a ref may move under what it ended, and none waits for another's.
// Method: the list by hand, positions and verdicts as told; a thread that waits where an answer would.
// SPDX-License-Identifier: Apache-2.0
#include "authority/long_requests.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace latchkey::authority {
namespace {

using store::Position;

class LongRequestsTest : public testing::Test {
 protected:
  // Tells of a change of the owner at `position`.
  void touch(const UserId& owner, int position) {
    const store::Change change = store::OwnerChange{.id = owner, .state = {}, .memberships = {}};
    list_.tell({&change, 1}, Position{position}, Position{position});
  }
  [[nodiscard]] std::unique_ptr<LongRequest> request() {
    return std::make_unique<LongRequest>(
        list_, LongRequest::Subjects{.presented = {}, .owner = owner_, .organization = {}},
        [this] {
          if (meanwhile_) std::exchange(meanwhile_, nullptr)();
          return accepted_.load();
        },
        [this] { ++touched_; });
  }
  // Whether an answer at `position` is not out before `then`; with that it is.
  [[nodiscard]] bool waits(int position, const std::function<void()>& then) {
    std::promise<void> out;
    auto answer = out.get_future();
    std::jthread thread([&] {
      list_.wait_for_windows(Position{position});
      out.set_value();
    });
    const bool waited = answer.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout;
    then();
    answer.wait();
    return waited;
  }

  LongRequests list_;
  const UserId owner_ = UserId::random();
  std::atomic<bool> accepted_ = true;
  std::function<void()> meanwhile_;  // during the next verification
  int touched_ = 0;
};

TEST_F(LongRequestsTest, tell_whom_a_change_touches) {
  const auto one = request();
  touch(UserId::random(), 1);
  EXPECT_EQ(touched_, 0);
  touch(owner_, 2);
  EXPECT_EQ(touched_, 1);
}

TEST_F(LongRequestsTest, a_window_holds_the_answers_from_its_change_on) {
  const auto one = request();
  ASSERT_TRUE(one->open_window());
  touch(owner_, 5);
  list_.wait_for_windows(Position{4});  // returns
  EXPECT_TRUE(waits(5, [&] { one->shut_window(); }));
  list_.wait_for_windows(Position{6});
}

TEST_F(LongRequestsTest, a_window_of_what_is_still_accepted_holds_none) {
  const auto one = request();
  ASSERT_TRUE(one->open_window());
  touch(owner_, 5);
  EXPECT_TRUE(one->still_accepted());
  list_.wait_for_windows(Position{5});
}

TEST_F(LongRequestsTest, a_verification_clears_only_what_it_was_told_before) {
  const auto one = request();
  ASSERT_TRUE(one->open_window());
  touch(owner_, 5);
  meanwhile_ = [&] { touch(owner_, 6); };
  EXPECT_TRUE(one->still_accepted());
  accepted_ = false;
  EXPECT_FALSE(one->still_accepted());
  EXPECT_TRUE(waits(6, [&] { one->shut_window(); }));
}

TEST_F(LongRequestsTest, no_window_opens_for_what_has_ended_and_its_end_shuts_it) {
  auto one = request();
  accepted_ = false;
  EXPECT_FALSE(one->open_window());
  EXPECT_FALSE(one->window_is_open());
  accepted_ = true;
  ASSERT_TRUE(one->open_window());
  touch(owner_, 7);
  EXPECT_TRUE(waits(7, [&] { one.reset(); }));
}

}  // namespace
}  // namespace latchkey::authority
