// Goal: a calendar's link opens the ends of its owner's live tokens and nothing else, until it is ended;
// names of any kind break no line of it; what tells of others' doing can't be switched off. Method: the whole
// server without a network.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/directory.hpp"
#include "authority/notice_choices.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class CalendarRoutes : public ::testing::Test {
 protected:
  void make(const std::string& name, const std::string& valid_to) {
    const auto answer =
        desk_.send(Method::post, "/halden/_apis/tokens/pats?api-version=7.1-preview.1", ann_,
                   R"({"displayName":")" + name + R"(","scope":"vso.code","validTo":")" + valid_to + "\"}");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string new_link() {
    const auto url = desk_.send(Method::post, "/_apis/latchkey/notices/calendar", ann_, "").text("/url");
    return url.substr(url.find("/_calendar"));
  }
  int choose(const std::string& body) {
    return desk_.send(Method::put, "/_apis/latchkey/notices/choices", ann_, body).status;
  }
  Answer choices() { return desk_.get("/_apis/latchkey/notices/choices", ann_); }

  Desk desk_;
  Fields ann_ = desk_.sign_in("ann@example.com");
};

TEST_F(CalendarRoutes, tell_the_ends_of_ones_live_tokens_to_who_has_the_link) {
  make("later", "2027-01-14T00:00:00Z");
  make("sooner; with, marks\\\\ and \\u00e9 of a length that has to be folded, once at the least",
       "2026-12-14T01:02:03Z");
  const std::string link = new_link();
  const auto answer = desk_.get(link);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.content_type, "text/calendar; charset=utf-8");
  std::string whole = answer.body;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = answer.body.find("\r\n", begin)) != std::string::npos; begin = end + 2)
    EXPECT_LE(end - begin, 75U) << answer.body.substr(begin, end - begin);
  EXPECT_EQ(begin, answer.body.size()) << "each line has its end";
  for (std::size_t at = 0; (at = whole.find("\r\n ")) != std::string::npos;) whole.erase(at, 3);
  EXPECT_TRUE(whole.contains("SUMMARY:Token “sooner\\; with\\, marks\\\\ and é")) << whole;
  EXPECT_TRUE(whole.contains("DTSTART:20261214T010203Z\r\n")) << whole;
  EXPECT_LT(whole.find("sooner"), whole.find("later"));
  EXPECT_TRUE(whole.contains("/halden/_usersSettings/tokens/"));
}

TEST_F(CalendarRoutes, end_with_the_link_and_with_its_owner) {
  make("t", "2027-01-14T00:00:00Z");
  const std::string first = new_link(), second = new_link();
  EXPECT_EQ(desk_.get(first).status, 404);
  EXPECT_EQ(desk_.get(second).status, 200);
  EXPECT_TRUE(choices().body.contains(R"("calendar":{"createdAt")"));
  EXPECT_EQ(desk_.send(Method::delete_, "/_apis/latchkey/notices/calendar", ann_, "").status, 204);
  EXPECT_EQ(desk_.get(second).status, 404);
  EXPECT_EQ(desk_.send(Method::delete_, "/_apis/latchkey/notices/calendar", ann_, "").status, 404);
  const std::string third = new_link();
  authority::set_user_enabled(desk_.world.authority(), authority::World::signed_in(desk_.world.admin),
                              desk_.world.ann, false);
  EXPECT_EQ(desk_.get(third).status, 404);
}

TEST_F(CalendarRoutes, take_many_wrong_codes_from_one_network_for_guesses) {
  int status = 404;
  for (int i = 0; i < 100 && status == 404; ++i)
    status = desk_.get("/_calendar/x" + std::to_string(i)).status;
  EXPECT_EQ(status, 429);
}

TEST_F(CalendarRoutes, let_go_of_reminders_but_not_of_alarms) {
  EXPECT_EQ(choices().body, R"({"unwanted":[]})") << "ann administers nothing";
  EXPECT_EQ(choose(R"({"unwanted":["expired","expiresSoon","expired"]})"), 204);
  EXPECT_EQ(choices().body, R"({"unwanted":["expired","expiresSoon"]})");
  for (const std::string fixed :
       {"created", "widened", "revokedByOther", "newNetwork", "regenerated", "nonsense"})
    EXPECT_EQ(choose(R"({"unwanted":[")" + fixed + "\"]}"), 400) << fixed;
  EXPECT_EQ(choices().body, R"({"unwanted":["expired","expiresSoon"]})");
  ann_ = desk_.sign_in("admin@example.com");
  EXPECT_EQ(choose(R"({"weeklyDigest":true})"), 204);
  EXPECT_EQ(choices().body, R"({"unwanted":[],"weeklyDigest":true})");
  const auto told = [&] {
    authority::tell_weekly(desk_.world.authority());
    return desk_.get("/_apis/latchkey/notices", ann_).text("/unread");
  };
  EXPECT_EQ(told(), "1");
  EXPECT_EQ(told(), "1") << "once a week";
}

}  // namespace
}  // namespace latchkey::api
