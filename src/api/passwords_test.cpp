// Goal: where an organization takes passwords over Basic, its API and Git's paths do, and nothing else does;
// anywhere else a password is one more credential that is no token. Method: requests as values through the
// real entry; who gets in at which row is matrix_test.cpp's.
// SPDX-License-Identifier: Apache-2.0
#include "api/passwords.hpp"

#include <gtest/gtest.h>

#include "api/testing.hpp"
#include "authority/directory.hpp"
#include "authority/policies.hpp"

namespace latchkey::api {
namespace {

using http::Method;

constexpr const char* projects = "/halden/_apis/projects?api-version=7.1";
constexpr const char* git = "/halden/_git/house/info/refs?service=git-upload-pack";

class BasicPasswords : public ::testing::Test {
 protected:
  void turn_on() {
    authority::set_policy(world_.authority(), admin(), world_.organization,
                          {.name = "basic-passwords", .value = "true"});
  }
  [[nodiscard]] authority::Actor admin() const { return authority::World::signed_in(world_.admin); }
  static Fields password(std::string_view user = "ann@example.com",
                         std::string_view text = authority::World::password) {
    return Desk::basic(text, user);
  }
  // All of an answer that its client can compare.
  static std::string told(const Answer& answer) {
    return std::to_string(answer.status) + answer.content_type + answer.fields + answer.body;
  }
  std::string unknown_token(std::string_view target) {
    const auto never_issued = token::issue(world_.now());
    return told(desk_.get(std::string(target), Desk::basic(never_issued.text.reveal())));
  }
  std::int64_t failed_sign_ins() {
    return std::ranges::count(world_.audit(), "Session.SignInFailed", &store::AuditEvent::action);
  }

  Desk desk_;
  authority::World& world_ = desk_.world;
};

TEST_F(BasicPasswords, are_no_credential_until_they_are_turned_on) {
  for (const char* target : {projects, git, "/elsewhere/_apis/projects"}) {
    EXPECT_EQ(told(desk_.get(target, password())), unknown_token(target)) << target;
    EXPECT_EQ(told(desk_.get(target, password())), told(desk_.get(target))) << target;
  }
  EXPECT_EQ(failed_sign_ins(), 0);
}

TEST_F(BasicPasswords, work_beside_tokens_once_they_are_turned_on) {
  turn_on();
  const auto answer = desk_.get(projects, password());
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.field("X-VSS-UserData"), world_.ann.text() + ":ann@example.com");
  EXPECT_EQ(answer.field("X-Latchkey-Token-Expires"), "");
  EXPECT_EQ(desk_.get("/tfs/Halden/_apis/projects?api-version=7.1", password("ANN@example.com")).status, 200);
  EXPECT_EQ(desk_.get(projects, desk_.token(world_.ann, "vso.project")).status, 200);
  EXPECT_TRUE(desk_.get(git, password()).streamed);
  EXPECT_TRUE(desk_.get(git, desk_.token(world_.ann, "vso.code")).streamed);
  EXPECT_EQ(desk_.get("/halden/_apis/nothing", password()).status, 404);
}

TEST_F(BasicPasswords, give_their_users_own_rights_and_no_more) {
  turn_on();
  const auto make = [&](const Fields& fields) {
    return desk_.send(Method::post, "/halden/_apis/projects", fields, R"({"name":"house"})").status;
  };
  EXPECT_EQ(make(password()), 403);
  EXPECT_EQ(make(password("admin@example.com")), 202);
  world_.add_user("root@example.com", std::nullopt, true);
  EXPECT_EQ(desk_.get(projects, password("root@example.com")).status, 401);
}

TEST_F(BasicPasswords, that_are_wrong_are_told_like_a_token_that_we_never_issued) {
  turn_on();
  world_.add_user("eve@example.com", std::nullopt);
  world_.add_user("gone@example.com", Role::reader);
  const auto gone =
      world_.look([](store::Transaction& t) { return find_user_by_email(t, "gone@example.com"); });
  set_user_enabled(world_.authority(), admin(), gone->id, false);
  const std::string uniform = unknown_token(projects);
  for (const Fields& fields :
       {password("ann@example.com", "wrong horse battery"), password("nobody@example.com"),
        password("eve@example.com"), password("gone@example.com"), password("Ann"), password("", "x"),
        password("ann@example.com", ""), password("\xff\xfe")})
    EXPECT_EQ(told(desk_.get(projects, fields)), uniform);
  EXPECT_EQ(failed_sign_ins(), 6);  // an empty half is none
}

TEST_F(BasicPasswords, stand_for_no_sign_in) {
  turn_on();
  const auto answer = desk_.send(Method::post, "/halden/_apis/tokens/pats", password(),
                                 R"({"displayName":"t","scope":"vso.code"})");
  EXPECT_EQ(answer.status, 403) << answer.body;
  EXPECT_TRUE(answer.text("/message").starts_with("A password that comes with the request may not do this"));
  EXPECT_EQ(desk_.get("/halden/_apis/latchkey/policies", password("admin@example.com")).status, 403);
  for (const char* of_server : {"/_session", "/_apis/connectionData", "/_apis/latchkey/users"})
    EXPECT_EQ(desk_.get(of_server, password("admin@example.com")).status, 401) << of_server;
}

TEST_F(BasicPasswords, are_refused_in_the_request_after_what_ends_them) {
  turn_on();
  const auto now = [&] { return desk_.get(projects, password()).status; };
  const auto set_password = [&](std::string_view text) {
    authority::reset_password(world_.authority(), "ann@example.com", Secret(std::string(text)), {});
  };
  EXPECT_EQ(now(), 200);
  set_user_enabled(world_.authority(), admin(), world_.ann, false);
  EXPECT_EQ(now(), 401);
  set_user_enabled(world_.authority(), admin(), world_.ann, true);
  EXPECT_EQ(now(), 200);
  remove_member(world_.authority(), admin(), world_.organization, world_.ann);
  EXPECT_EQ(now(), 401);
  set_member(world_.authority(), admin(), world_.organization, world_.ann, Role::reader);
  EXPECT_EQ(now(), 200);
  set_organization_open(world_.authority(), admin(), world_.organization, false);
  EXPECT_EQ(now(), 401);
  set_organization_open(world_.authority(), admin(), world_.organization, true);
  EXPECT_EQ(now(), 200);
  clear_policy(world_.authority(), admin(), world_.organization, "basic-passwords");
  EXPECT_EQ(now(), 401);
  turn_on();
  EXPECT_EQ(now(), 200);
  set_password("another long password");
  EXPECT_EQ(now(), 401);
  EXPECT_EQ(desk_.get(projects, password("ann@example.com", "another long password")).status,
            401);  // a first
}

// The body took its time: what ended meanwhile is refused as well.
TEST_F(BasicPasswords, are_asked_when_the_body_is_there) {
  turn_on();
  desk_.while_body_comes = [&] { set_user_enabled(world_.authority(), admin(), world_.ann, false); };
  EXPECT_EQ(desk_.get(projects, password()).status, 401);
}

TEST_F(BasicPasswords, are_no_text_of_a_tokens_shape) {
  turn_on();
  const std::string long_one(84, 'x');
  world_.write([&](store::Transaction& transaction) {
    auto user = store::find_user(transaction, world_.ann).value();
    user.password = hash_password(Secret(long_one));
    store::update_user(transaction, user);
  });
  EXPECT_EQ(told(desk_.get(projects, password("ann@example.com", long_one))), unknown_token(projects));
  EXPECT_EQ(failed_sign_ins(), 0);
  const auto revoked = world_.issue(world_.ann, "vso.project");
  authority::revoke_token(world_.authority(), authority::World::signed_in(world_.ann), revoked.token.id,
                          world_.organization);
  EXPECT_TRUE(desk_.get(projects, Desk::basic(revoked.text.reveal(), "ann@example.com"))
                  .text("/message")
                  .contains("was revoked"));
  EXPECT_EQ(failed_sign_ins(), 0);
}

TEST_F(BasicPasswords, are_refused_where_others_ask_about_credentials) {
  turn_on();
  std::vector<std::string> errors, warnings;
  desk_.services.replace(Services::compile(
      {.scopes = {}, .services = {{"site.example.com", "halden", {{"/**", {}, "vso.code", ""}}, ""}}}, errors,
      warnings));
  const auto about = [&](const Fields& credential) {
    Fields fields{
        {"X-Original-Host", "site.example.com"}, {"X-Original-URI", "/x"}, {"X-Original-Method", "GET"}};
    fields.insert(fields.end(), credential.begin(), credential.end());
    return desk_.ask({.target = "/_auth",
                      .fields = fields,
                      .peer = {.address = "10.0.0.1", .loopback = false, .secure = false}});
  };
  EXPECT_EQ(about(desk_.token(world_.ann, "vso.code")).status, 200);
  const auto answer = about(password());
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(told(answer), told(about({})));

  auto asking = desk_.token(world_.admin, "latchkey.verify");
  const auto asked = desk_.send(Method::post, "/_apis/latchkey/verify", asking,
                                R"({"credentials":["correct horse battery"]})");
  EXPECT_EQ(asked.text("/value/0/accepted"), "false") << asked.body;
  EXPECT_EQ(desk_
                .send(Method::post, "/_apis/latchkey/verify", password("admin@example.com"),
                      R"({"credentials":["x"]})")
                .status,
            401);
  asking.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  const auto introspected = desk_.ask({.method = Method::post,
                                       .target = "/oauth/introspect",
                                       .fields = asking,
                                       .body = "token=correct+horse+battery"});
  EXPECT_EQ(introspected.text("/active"), "false") << introspected.body;
}

// Bounded by account and network as sign-ins are, and by network as all other credentials that are no good.
TEST_F(BasicPasswords, that_are_wrong_too_often_wait) {
  turn_on();
  for (int i = 0; i < authority::password_rate.at_once; ++i)
    EXPECT_EQ(desk_.get(projects, password("ann@example.com", "wrong horse battery")).status, 401);
  const auto waits = desk_.get(projects, password("ann@example.com", "wrong horse battery"));
  EXPECT_EQ(waits.status, 429);
  EXPECT_EQ(waits.field("Retry-After"), "60");
  EXPECT_EQ(desk_.get(projects, password("ben@example.com")).status, 200);
  EXPECT_EQ(desk_.get(projects, desk_.token(world_.ann, "vso.project")).status, 200);
}

TEST_F(BasicPasswords, that_are_wrong_are_guesses_of_their_network) {
  turn_on();
  const auto garbage = Desk::bearer("garbage");
  for (int i = 0; i < authority::guess_rate.at_once - 1; ++i)
    ASSERT_EQ(desk_.get(projects, garbage).status, 401);
  EXPECT_EQ(desk_.get(projects, password("ann@example.com", "wrong horse battery")).status, 401);
  EXPECT_EQ(desk_.get(projects, password("ann@example.com", "wrong horse battery")).status, 429);
  EXPECT_EQ(desk_.get(projects, password()).status, 200);  // a good one is never slowed by others
}

TEST_F(BasicPasswords, of_a_page_of_a_stranger_change_nothing) {
  turn_on();
  auto fields = password("admin@example.com");
  fields.emplace_back("Origin", "https://evil.example.com");
  EXPECT_EQ(desk_.send(Method::post, "/halden/_apis/projects", fields, R"({"name":"house"})").status, 403);
}

}  // namespace
}  // namespace latchkey::api
