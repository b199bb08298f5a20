// Goal: a request that is not what Git sends gets a 4xx before anything is done for it. Method: one good
// request of each kind, and each rule broken alone. SPDX-License-Identifier: Apache-2.0
#include "git/rules.hpp"

#include <gtest/gtest.h>

namespace latchkey::git {
namespace {

using Step = GitRequest::Step;

http::Head head(http::Method method, std::string_view query, std::initializer_list<http::Field> fields = {}) {
  http::Head head;
  head.method = method;
  head.query = query;
  for (const auto& field : fields) head.fields[head.field_count++] = field;
  return head;
}

int status(const http::Head& head, Step step, Service service) {
  const auto broken = broken_rule(head, step, service);
  return broken ? broken->status : 200;
}

int advertised(http::Method method, std::string_view query) {
  return status(head(method, query), Step::advertise, Service::upload_pack);
}

int exchanged(http::Method method, std::string_view type, std::string_view encoding, Service service) {
  return status(head(method, "", {{"Content-Type", type}, {"Content-Encoding", encoding}}), Step::exchange,
                service);
}

TEST(BrokenRule, wants_one_service) {
  using enum http::Method;
  EXPECT_EQ(advertised(get, "service=git-upload-pack"), 200);
  EXPECT_EQ(advertised(head, "service=git%2Dupload-pack&x=y"), 200);
  for (const std::string_view query :
       {"", "service=", "service=git-receive-pack", "service=git-upload-archive",
        "service=git-upload-pack&service=git-upload-pack", "service=git-upload-pack&service=git-receive-pack",
        "service=%zz"}) {
    EXPECT_EQ(advertised(get, query), 400) << query;
  }
}

TEST(BrokenRule, wants_the_method) {
  using enum http::Method;
  EXPECT_EQ(advertised(post, "service=git-upload-pack"), 405);
  EXPECT_EQ(exchanged(get, "application/x-git-upload-pack-request", "identity", Service::upload_pack), 405);
}

TEST(BrokenRule, wants_the_content_type_of_the_service) {
  constexpr auto post = http::Method::post;
  EXPECT_EQ(exchanged(post, "application/x-git-upload-pack-request", "identity", Service::upload_pack), 200);
  EXPECT_EQ(exchanged(post, "application/x-git-receive-pack-request", "identity", Service::receive_pack),
            200);
  for (const std::string_view type : {"", "text/plain", "application/x-git-receive-pack-request",
                                      "application/x-git-upload-pack-request; charset=utf-8"}) {
    EXPECT_EQ(exchanged(post, type, "identity", Service::upload_pack), 415) << type;
  }
}

TEST(BrokenRule, takes_gzip_for_a_fetch_alone) {
  constexpr auto post = http::Method::post;
  const std::string_view fetch = "application/x-git-upload-pack-request",
                         push = "application/x-git-receive-pack-request";
  EXPECT_EQ(exchanged(post, fetch, "gzip", Service::upload_pack), 200);
  EXPECT_EQ(exchanged(post, fetch, "X-Gzip", Service::upload_pack), 200);
  EXPECT_EQ(exchanged(post, fetch, "deflate", Service::upload_pack), 415);
  EXPECT_EQ(exchanged(post, fetch, "gzip, gzip", Service::upload_pack), 415);
  EXPECT_EQ(exchanged(post, push, "gzip", Service::receive_pack), 415);
}

TEST(GitProtocol, passes_on_what_git_sends_and_nothing_else) {
  const auto protocol = [](std::string_view value) {
    return git_protocol(head(http::Method::get, "", {{"Git-Protocol", value}}));
  };
  EXPECT_EQ(protocol("version=2"), "version=2");
  EXPECT_EQ(protocol("version=2:key=value"), "version=2:key=value");
  EXPECT_EQ(protocol("version=2 x"), "");
  EXPECT_EQ(protocol("version=2\nX=1"), "");
  EXPECT_EQ(protocol(std::string(129, 'a')), "");
  EXPECT_EQ(git_protocol(head(http::Method::get, "")), "");
}

}  // namespace
}  // namespace latchkey::git
