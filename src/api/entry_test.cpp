// Goal: who gets in, and what everybody else is told: uniform for strangers (P7), exact for holders of real
// texts. Method: requests as values through the real entry, over a real store, authority and index.
// SPDX-License-Identifier: Apache-2.0
#include "api/entry.hpp"

#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/directory.hpp"

namespace latchkey::api {
namespace {

using http::Method;

constexpr std::string_view projects = "/halden/_apis/projects";
constexpr std::string_view refs = "/halden/p/_git/r/info/refs?service=git-upload-pack";

std::string with_flipped_end(std::string text) {
  text[10] = text[10] == 'a' ? 'b' : 'a';
  return text;
}

TEST(Entry, answers_strangers_uniformly) {
  Desk desk;
  const auto never_issued = token::issue(desk.world.now());
  const auto first = desk.get(std::string(projects));
  EXPECT_EQ(first.status, 401);
  EXPECT_EQ(first.all("WWW-Authenticate"),
            (std::vector<std::string>{"Basic realm=\"http://localhost:8080\"", "Bearer"}));
  EXPECT_EQ(first.text("/typeKey"), "UnauthorizedRequestException");
  EXPECT_TRUE(first.text("/message").starts_with("TF400813: "));
  const Fields strangers[] = {Desk::basic(never_issued.text.reveal()),
                              Desk::bearer(never_issued.text.reveal()),
                              Desk::basic(with_flipped_end(std::string(never_issued.text.reveal()))),
                              Desk::basic("a password", "ann"),
                              {{"Authorization", "Basic %%%"}},
                              {{"Authorization", ""}},
                              {{"Authorization", "Negotiate abc"}},
                              {{"Cookie", "latchkey=nonsense"}},
                              {{"Cookie", "__Host-latchkey=nonsense"}}};
  for (const auto& fields : strangers)
    for (const auto* path : {"/halden/_apis/projects", "/nowhere/_apis/projects", "/halden/_apis/nothing"}) {
      const auto answer = desk.get(path, fields);
      EXPECT_EQ(answer.status, 401);
      EXPECT_EQ(answer.fields, first.fields) << fields.front().second;
      EXPECT_EQ(answer.body, first.body);
    }
}

TEST(Entry, challenges_browsers_and_git_in_their_ways) {
  Desk desk;
  const auto browser = desk.get(std::string(projects), {{"Sec-Fetch-Mode", "cors"}});
  EXPECT_EQ(browser.all("WWW-Authenticate"), std::vector<std::string>{"Bearer"});
  for (const auto* path :
       {"/halden/p/_git/r/info/refs?service=git-upload-pack", "/tfs/halden/_git/r/git-upload-pack",
        "/halden/p/_git/r/HEAD", "/halden/p/_git/r.git/info/lfs/objects/batch"}) {
    const auto git = desk.get(path);
    EXPECT_EQ(git.status, 401) << path;
    EXPECT_EQ(git.all("WWW-Authenticate"), std::vector<std::string>{"Basic realm=\"http://localhost:8080\""});
    EXPECT_EQ(git.content_type, "text/plain; charset=utf-8");
  }
}

TEST(Entry, tells_the_holder_of_an_ended_text_what_became_of_it) {
  Desk desk;
  auto& world = desk.world;
  const auto revoked = world.issue(world.ann, "vso.project");
  const auto replaced = world.issue(world.ann, "vso.project");
  const auto expired = world.issue(world.ann, "vso.project");
  authority::revoke_token(world.authority(), world.signed_in(world.ann), revoked.token.id);
  static_cast<void>(authority::regenerate_token(world.authority(), world.signed_in(world.ann),
                                                replaced.token.id, {}, std::chrono::seconds(0)));
  const auto check = [&](const Secret& text, std::string_view cause) {
    const auto answer = desk.get(std::string(projects), Desk::basic(text.reveal()));
    EXPECT_EQ(answer.status, 401);
    EXPECT_TRUE(answer.text("/message").contains(cause)) << answer.body;
    EXPECT_TRUE(answer.text("/message").contains(text.reveal().substr(60, 12))) << "names the fingerprint";
    EXPECT_TRUE(answer.text("/message").contains("http://localhost:8080/halden/_usersSettings/tokens"))
        << answer.body;
    EXPECT_EQ(percent_decoded(answer.field("X-TFS-ServiceError")), answer.text("/message"));
    EXPECT_EQ(answer.all("WWW-Authenticate").size(), 2U);
    EXPECT_FALSE((answer.fields + answer.body).contains(text.reveal())) << "P2";
    EXPECT_FALSE((answer.fields + answer.body).contains("ann")) << "never the owner";
    const auto git = desk.get(std::string(refs), Desk::basic(text.reveal()));
    EXPECT_EQ(git.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(git.body, answer.text("/message") + "\n");
  };
  check(revoked.text, "was revoked on 2026-11-24");
  check(replaced.text, "was replaced on 2026-11-24");
  world.advance(std::chrono::days(31));
  check(expired.text, "expired on 2026-12-24");
}

TEST(Entry, tells_the_holder_of_a_text_that_the_owner_is_disabled) {
  Desk desk;
  const auto fields = desk.token(desk.world.ann, "vso.project");
  authority::set_user_enabled(desk.world.authority(), desk.world.signed_in(desk.world.admin), desk.world.ann,
                              false);
  const auto answer = desk.get(std::string(projects), fields);
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.text("/message").contains("disabled"));
}

TEST(Entry, refuses_a_wrong_organization_like_one_that_is_not_there) {
  Desk desk;
  auto& world = desk.world;
  world.write([&](store::Transaction& transaction) {
    store::insert_organization(transaction,
                               {.id = OrganizationId::random(), .name = "other", .created_at = world.now()});
  });
  const auto fields = desk.token(world.ann, "app_token");
  const auto absent = desk.get("/nowhere/_apis/projects", fields),
             other = desk.get("/OTHER/_apis/projects", fields);
  EXPECT_EQ(absent.status, 401);
  EXPECT_EQ(absent.body, other.body);
  EXPECT_EQ(absent.fields, other.fields);
  const auto session = desk.sign_in("ann@example.com");
  EXPECT_EQ(desk.get("/nowhere/_apis/projects", session).status, 404);
  EXPECT_EQ(desk.get("/other/_apis/projects", session).body,
            desk.get("/nowhere/_apis/projects", session).body);
}

TEST(Entry, names_the_scope_that_is_missing) {
  Desk desk;
  const auto fields = desk.token(desk.world.ann, "vso.build");
  const auto answer = desk.get(std::string(projects), fields);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.field("WWW-Authenticate"), "Bearer error=\"insufficient_scope\", scope=\"vso.project\"");
  EXPECT_EQ(answer.all("WWW-Authenticate").size(), 1U);
  EXPECT_TRUE(answer.text("/message").contains("vso.project "));
  EXPECT_EQ(answer.text("/typeKey"), "AccessCheckException");
  const auto git = desk.get("/halden/p/_git/r/info/refs?service=git-receive-pack", fields);
  EXPECT_EQ(git.status, 403);
  EXPECT_EQ(git.content_type, "text/plain; charset=utf-8");
  EXPECT_TRUE(git.body.contains("vso.code_write"));
}

TEST(Entry, knows_who_asks) {
  Desk desk;
  const auto issued = desk.world.issue(desk.world.ann, "vso.project");
  for (const auto& fields :
       {Desk::basic(issued.text.reveal()), Desk::basic("", issued.text.reveal()),
        Desk::basic(issued.text.reveal(), "anyone"), Desk::bearer(issued.text.reveal())}) {
    const auto answer = desk.get(std::string(projects), fields);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.field("X-VSS-UserData"), desk.world.ann.text() + ":ann@example.com");
    EXPECT_EQ(answer.field("X-Latchkey-Token-Expires"), iso8601(issued.token.valid_to));
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  }
  const auto session = desk.get(std::string(projects), desk.sign_in("ann@example.com"));
  EXPECT_EQ(session.field("X-VSS-UserData"), desk.world.ann.text() + ":ann@example.com");
  EXPECT_EQ(session.field("X-Latchkey-Token-Expires"), "");
}

TEST(Entry, lets_a_header_decide_before_a_cookie) {
  Desk desk;
  auto fields = desk.sign_in("ann@example.com");
  fields.emplace_back("Authorization", "Basic nonsense");
  EXPECT_EQ(desk.get(std::string(projects), fields).status, 401);
}

TEST(Entry, serves_the_alias_in_place) {
  Desk desk;
  const auto fields = desk.token(desk.world.ann, "vso.project");
  const auto plain = desk.get("/halden/_apis/projects", fields);
  for (const auto* path : {"/tfs/halden/_apis/projects", "/TFS/Halden/_APIS/Projects/"}) {
    const auto alias = desk.get(path, fields);
    EXPECT_EQ(alias.status, 200);
    EXPECT_EQ(alias.body, plain.body);
  }
  EXPECT_EQ(desk.ask({.method = Method::head, .target = "/tfs"}).status, 200);
}

TEST(Entry, answers_good_callers_what_is_not_there) {
  Desk desk;
  for (const auto& fields : {desk.token(desk.world.ben, "vso.build"), desk.sign_in("ben@example.com")}) {
    const auto unknown = desk.get("/halden/_apis/wit/workitems", fields);
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.text("/typeKey"), "ResourceNotFoundException");
    const auto method = desk.send(Method::put, std::string(projects), fields, "{}");
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.field("Allow"), "GET, POST");
    EXPECT_EQ(desk.get("/_apis/projects", fields).status, 404);
  }
  EXPECT_EQ(desk.get("/_apis/projects").status, 401);
  EXPECT_EQ(desk.get("/elsewhere").status, 404);
  const auto code = desk.token(desk.world.ben, "vso.code");
  EXPECT_EQ(desk.get("/halden/p/_git/r/HEAD", code).status, 404);
  EXPECT_EQ(desk.get("/halden/p/_git/r/HEAD", code).content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(desk.get("/halden/p/_git/r/info/refs", code).status, 400);
  EXPECT_EQ(desk.get(std::string(refs) + "&service=git-upload-pack", code).status, 400)
      << "two of them refuse";
}

TEST(Entry, hands_git_over_to_git) {
  Desk desk;
  const auto code = desk.token(desk.world.ann, "vso.code");
  EXPECT_TRUE(desk.get(std::string(refs), code).streamed);
  EXPECT_TRUE(desk.get("/tfs/halden/_git/r.git/info/refs?service=git-upload-pack", code).streamed);
  EXPECT_TRUE(desk.ask({.method = Method::post, .target = "/halden/p/_git/r/git-upload-pack", .fields = code})
                  .streamed)
      << "no content type is asked for here";
  EXPECT_EQ(desk.get(std::string(refs), desk.sign_in("ann@example.com")).status, 401)
      << "a cookie is no way into Git";
  const auto lfs = desk.ask({.method = Method::post,
                             .target = "/halden/p/_git/r.git/info/lfs/objects/batch",
                             .fields = code,
                             .body = "{}"});
  EXPECT_EQ(lfs.status, 501);
  EXPECT_NE(lfs.text("/message"), "(missing)");
  EXPECT_EQ(desk.ask({.method = Method::post,
                      .target = "/halden/p/_git/r.git/info/lfs/locks/verify",
                      .fields = code})
                .status,
            404);
}

TEST(Entry, is_called_by_its_name) {
  Desk desk;
  EXPECT_EQ(desk.ask({.target = "/", .host = "evil.example"}).status, 421);
  EXPECT_EQ(desk.ask({.target = "/", .host = ""}).status, 400);
  EXPECT_EQ(desk.ask({.target = "/", .host = "127.0.0.1:8080"}).status, 200);
  EXPECT_EQ(desk.ask({.target = "/healthz", .host = ""}).status, 200)
      << "monitors of this machine say what they like";
  EXPECT_EQ(desk.ask({.target = "/readyz", .host = "10.0.0.5:8080"}).status, 200);
  const http::Peer far{.address = "198.51.100.1", .loopback = false, .secure = true};
  EXPECT_EQ(desk.ask({.target = "/healthz", .host = "evil.example", .peer = far}).status, 421);
  const http::Peer clear{.address = "198.51.100.1", .loopback = false, .secure = false};
  EXPECT_EQ(desk.ask({.target = "/", .peer = clear}).status, 403);
}

TEST(Entry, refuses_paths_that_can_be_read_twice) {
  Desk desk;
  for (const auto* target : {"//halden/_apis/projects", "/halden/../_apis/projects", "/halden/%2e%2e/x",
                             "/a%2fb", "/%zz", "/halden/_apis/projects?a=%zz"}) {
    EXPECT_EQ(desk.get(target).status, 400) << target;
  }
}

TEST(Entry, tells_monitors_how_it_is) {
  Desk desk;
  EXPECT_EQ(desk.get("/readyz").status, 200);
  desk.ready = false;
  EXPECT_EQ(desk.get("/readyz").status, 503);
  EXPECT_EQ(desk.get("/readyz").field("Retry-After"), "1");
  EXPECT_EQ(desk.get("/healthz").status, 200);
}

TEST(Entry, guards_what_changes_something) {
  Desk desk;
  const auto session = desk.sign_in("ann@example.com");
  const auto post = [&](Fields fields) {
    fields.insert(fields.end(), session.begin(), session.end());
    return desk
        .ask({.method = Method::post,
              .target = "/halden/_apis/tokens/pats?api-version=7.1",
              .fields = std::move(fields),
              .body = "{}"})
        .status;
  };
  EXPECT_EQ(post({{"Content-Type", "application/json"}}), 200);
  EXPECT_EQ(post({{"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(post({{"Content-Type", "application/json"}, {"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(post({{"Content-Type", "application/json"}, {"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(desk.send(Method::post, "/_session", {{"Origin", "http://evil.example"}}, "{}").status, 403);
}

TEST(Entry, reads_json_strictly) {
  Desk desk;
  const auto admin = desk.sign_in("admin@example.com");
  const auto post = [&](std::string body) {
    return desk.send(Method::post, std::string(projects), admin, std::move(body));
  };
  std::string deep = R"({"name":"deep","x":)";
  for (int i = 0; i < 32; ++i) deep += "[";
  for (int i = 0; i < 32; ++i) deep += "]";
  for (const std::string& body : {std::string("{"), std::string("[]"), std::string("{\"name\":\"x\"} x"),
                                  std::string("{\"name\":\"\xff\"}"), deep + "}"}) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.text("/typeKey"), "InvalidRequestException") << body;
  }
  EXPECT_EQ(post(R"({"name":5})").text("/typeKey"), "VssPropertyValidationException");
  EXPECT_EQ(post(R"({"NAME":"shallow","unknown":[[[[]]]]})").status, 202);
}

TEST(Entry, says_503_when_the_database_does_not_answer_and_500_when_it_is_broken) {
  Desk desk;
  const auto admin = desk.sign_in("admin@example.com");
  const auto create = [&](store::ErrorKind kind) {
    desk.world.node->store.fail({.nth = 1, .from_then_on = true, .kind = kind});
    const auto answer = desk.send(Method::post, std::string(projects), admin, R"({"name":"p"})");
    desk.world.node->store.fail({});
    return answer;
  };
  EXPECT_EQ(create(store::ErrorKind::unavailable).status, 503);
  EXPECT_EQ(create(store::ErrorKind::busy).field("Retry-After"), "1");
  EXPECT_EQ(create(store::ErrorKind::full).status, 507);
  const auto broken = create(store::ErrorKind::broken);
  EXPECT_EQ(broken.status, 500);
  EXPECT_TRUE(broken.text("/message").contains("activity id"));
}

}  // namespace
}  // namespace latchkey::api
