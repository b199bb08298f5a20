// Goal: what an administrator sets of an organization's notices comes back over the wire, but for the URL;
// what is wrong is refused with the field's name. Method: requests as values through the real entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/mail.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class OrganizationNoticeRoutes : public ::testing::Test {
 protected:
  Answer call(Method method, const std::string& at, const std::string& body = "{}") {
    return desk_.send(method, "/halden/_apis/latchkey/notices" + at, admin_, body);
  }
  Answer state() { return desk_.get("/halden/_apis/latchkey/notices", admin_); }

  Desk desk_;
  Fields admin_ = desk_.sign_in("admin@example.com");
};

TEST_F(OrganizationNoticeRoutes, show_what_was_set_without_the_url) {
  EXPECT_EQ(state().body, R"({"webhook":null,"mailbox":null,"mail":false})");
  const auto set =
      call(Method::put, "/webhook",
           R"({"format":"teams","url":"https://example.com/workflows/0123456789abcdef?sig=secret"})");
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(set.text("/webhook/format"), "teams");
  EXPECT_EQ(set.text("/webhook/url"), "example.com/…cret");
  EXPECT_EQ(set.text("/webhook/queued"), "0");
  EXPECT_FALSE(set.body.contains("0123456789abcdef"));
  EXPECT_EQ(call(Method::put, "/webhook", R"({"format":"json"})").text("/webhook/url"), "example.com/…cret");
  EXPECT_EQ(call(Method::put, "/mailbox", R"({"address":"security@example.com"})").text("/mailbox"),
            "security@example.com");
  authority::set_mailing(desk_.world.authority(), true);
  EXPECT_EQ(state().text("/mail"), "true");
  authority::set_mailing(desk_.world.authority(), false);
  EXPECT_EQ(call(Method::delete_, "/webhook", "").status, 204);
  EXPECT_EQ(call(Method::delete_, "/mailbox", "").status, 204);
  EXPECT_EQ(state().body, R"({"webhook":null,"mailbox":null,"mail":false})");
}

TEST_F(OrganizationNoticeRoutes, name_the_field_that_is_wrong) {
  const auto refused = [&](const std::string& at, const std::string& body) {
    const auto answer = call(Method::put, at, body);
    EXPECT_EQ(answer.status, 400) << body;
    return answer.text("/field");
  };
  const std::string fields[] = {refused("/webhook", R"({"format":"pager","url":"https://example.com/"})"),
                                refused("/webhook", R"({"format":"json","url":"http://example.com/"})"),
                                refused("/mailbox", R"({"address":"nobody"})"), refused("/mailbox", "{}")};
  EXPECT_EQ(fields[0], "format");
  EXPECT_EQ(fields[1], "url");
  EXPECT_EQ(fields[2], "address");
  EXPECT_EQ(fields[3], "address");
}

TEST_F(OrganizationNoticeRoutes, have_nothing_to_test_without_a_webhook) {
  EXPECT_EQ(call(Method::post, "/webhook/test").status, 404);
}

}  // namespace
}  // namespace latchkey::api
