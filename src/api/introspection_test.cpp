// Goal: who may ask about the credentials of others learns what is so, of those that its own token reaches
// and of no others; nothing that is asked about is repeated. Method: requests as values through the real
// entry.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/testing.hpp"
#include "authority/directory.hpp"
#include "authority/policies.hpp"

namespace latchkey::api {
namespace {

using http::Method;
using namespace std::chrono_literals;

constexpr std::string_view verify_path = "/_apis/latchkey/verify";

class Introspection : public ::testing::Test {
 protected:
  authority::World& world_ = desk_.world;

  static std::string text(const authority::IssuedToken& issued) { return std::string(issued.text.reveal()); }

  OrganizationId add_organization(std::string_view name) {
    const auto id = OrganizationId::random();
    world_.write([&](store::Transaction& transaction) {
      store::insert_organization(transaction,
                                 {.id = id, .name = std::string(name), .created_at = world_.now()});
    });
    return id;
  }
  void join(const OrganizationId& organization, const UserId& user) {
    world_.write([&](store::Transaction& transaction) {
      store::put_membership(transaction, organization, user, Role::administrator);
    });
  }
  authority::IssuedToken issue(const UserId& owner, const OrganizationId& organization, bool everywhere,
                               std::string_view scopes = "vso.code") {
    return authority::create_token(world_.authority(), authority::World::signed_in(owner), organization,
                                   {.name = "t",
                                    .scopes = std::string(scopes),
                                    .valid_to = {},
                                    .all_organizations = everywhere,
                                    .description = {}});
  }

  Answer introspect(Fields caller, std::string form) {
    caller.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return desk_.ask({.method = Method::post,
                      .target = "/oauth/introspect",
                      .fields = std::move(caller),
                      .body = std::move(form)});
  }
  Answer verify(Fields caller, const std::vector<std::string>& texts) {
    boost::json::array list(texts.begin(), texts.end());
    return desk_.send(Method::post, std::string(verify_path), std::move(caller),
                      boost::json::serialize(boost::json::object{{"credentials", std::move(list)}}));
  }
  // What a caller learns of one text.
  boost::json::object learned(const Fields& caller, const std::string& text) {
    const auto answer = verify(caller, {text});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json().at("value").at(0).as_object();
  }

  Desk desk_;
  Fields caller_ = desk_.token(world_.admin, "latchkey.verify");
};

const boost::json::object unknown{{"accepted", false}, {"reason", "unknown"}};

TEST_F(Introspection, tells_what_rfc_7662_names) {
  const auto issued = world_.issue(world_.ann, "vso.code_status vso.wiki_write");
  const auto answer = introspect(caller_, "token_type_hint=access_token&token=" + text(issued));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  const boost::json::object expected{
      {"active", true},
      {"token_type", "Bearer"},
      {"username", "ann@example.com"},
      {"scope", "vso.code_status vso.wiki vso.wiki_write"},
      {"sub", world_.ann.text()},
      {"exp", std::chrono::floor<std::chrono::seconds>(issued.token.valid_to).time_since_epoch().count()}};
  EXPECT_EQ(answer.json(), expected);
}

TEST_F(Introspection, says_inactive_and_no_more_of_what_is_no_good) {
  const auto revoked = world_.issue(world_.ann), expiring = world_.issue(world_.ann);
  authority::revoke_token(world_.authority(), authority::World::signed_in(world_.ann), revoked.token.id);
  const auto never_issued = token::issue(world_.now());
  for (const auto& presented :
       {text(revoked), std::string(never_issued.text.reveal()), std::string("x"), std::string()})
    EXPECT_EQ(introspect(caller_, "token=" + presented).body, R"({"active":false})");
  EXPECT_TRUE(introspect(caller_, "token=" + text(expiring)).json().at("active").as_bool());
  world_.advance(31 * 24h);
  const auto again = desk_.token(world_.admin, "latchkey.verify");
  EXPECT_EQ(introspect(again, "token=" + text(expiring)).body, R"({"active":false})");
}

TEST_F(Introspection, takes_a_form_with_one_token_alone) {
  for (const auto* form : {"", "token", "tokens=x", "token=x&token=x", "token=%zz"}) {
    const auto answer = introspect(caller_, form);
    EXPECT_EQ(answer.status, std::string_view(form) == "token" ? 200 : 400) << form << answer.body;
  }
  EXPECT_EQ(desk_.send(Method::post, "/oauth/introspect", caller_, R"({"token":"x"})").status, 415);
  auto page = caller_;
  page.emplace_back("Origin", "https://elsewhere.example");
  EXPECT_EQ(introspect(page, "token=x").status, 403);
}

TEST_F(Introspection, verifies_many_in_their_order) {
  const auto good = world_.issue(world_.ann, "vso.code"), full = world_.issue(world_.ben, "app_token");
  const auto ended = world_.issue(world_.ann);
  authority::revoke_token(world_.authority(), authority::World::signed_in(world_.ann), ended.token.id);
  const auto answer = verify(caller_, {text(good), "nonsense", text(ended), text(full), text(good)});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("count"), 5);
  const auto values = answer.json().at("value").as_array();
  const std::string expires = iso8601(good.token.valid_to);
  const boost::json::object of_good{
      {"accepted", true},          {"fingerprint", text(good).substr(60, 12)},
      {"user", world_.ann.text()}, {"account", "ann@example.com"},
      {"organization", "halden"},  {"scope", "vso.code vso.hooks vso.hooks_write vso.profile"},
      {"expires", expires}};
  EXPECT_EQ(values[0], of_good);
  EXPECT_EQ(values[1], unknown);
  const boost::json::object of_ended{{"accepted", false},
                                     {"reason", "revoked"},
                                     {"fingerprint", text(ended).substr(60, 12)},
                                     {"since", iso8601(world_.now())}};
  EXPECT_EQ(values[2], of_ended);
  EXPECT_EQ(values[3].at("scope"), "app_token");
  EXPECT_EQ(values[4], of_good);
  EXPECT_EQ(answer.field("X-Latchkey-Token-Expires"), expires);
}

TEST_F(Introspection, tells_texts_that_we_do_not_know_alike) {
  auto wrong_checksum = std::string(token::issue(world_.now()).text.reveal());
  wrong_checksum[3] = wrong_checksum[3] == 'a' ? 'b' : 'a';
  const auto never_issued = token::issue(world_.now());
  for (const auto& presented :
       {std::string(), std::string("x"), std::string(1000, 'x'), std::string(84, 'x'), wrong_checksum,
        std::string(never_issued.text.reveal()), "Bearer " + wrong_checksum})
    EXPECT_EQ(learned(caller_, presented), unknown) << presented;
}

TEST_F(Introspection, bounds_a_call_and_repeats_nothing_of_it) {
  const std::string secret = text(world_.issue(world_.ann));
  EXPECT_EQ(verify(caller_, std::vector<std::string>(1000, secret)).json().at("count"), 1000);
  const auto too_many = verify(caller_, std::vector<std::string>(1001, secret));
  EXPECT_EQ(too_many.status, 400);
  EXPECT_FALSE(too_many.body.contains(secret));
  const std::string bodies[] = {
      R"({"credentials":[")" + secret + R"(",7]})", R"({"credentials":")" + secret + R"("})",
      R"({"credential":[")" + secret + R"("]})", R"([")" + secret + R"("])", "{\"credentials\":[\"" + secret};
  for (const auto& body : bodies) {
    const auto answer = desk_.send(Method::post, std::string(verify_path), caller_, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_FALSE(answer.body.contains(secret.substr(0, 20))) << answer.body;
  }
}

TEST_F(Introspection, is_for_tokens_with_the_scope_alone) {
  const std::string good = text(world_.issue(world_.ann));
  EXPECT_EQ(verify({}, {good}).status, 401);
  EXPECT_EQ(verify(desk_.sign_in("admin@example.com"), {good}).status, 401);
  const auto full = verify(desk_.token(world_.admin, "app_token"), {good});
  EXPECT_EQ(full.status, 403);
  EXPECT_EQ(full.field("WWW-Authenticate"), R"(Bearer error="insufficient_scope", scope="latchkey.verify")");
  EXPECT_EQ(verify(desk_.token(world_.admin, "app_token latchkey.verify"), {good}).status, 200);
}

TEST_F(Introspection, asks_again_when_the_body_has_come) {
  const auto issued = world_.issue(world_.admin, "latchkey.verify");
  const auto fields = Desk::bearer(issued.text.reveal());
  const std::string good = text(world_.issue(world_.ann));
  EXPECT_EQ(verify(fields, {good}).status, 200);
  desk_.while_body_comes = [&] {
    authority::revoke_token(world_.authority(), authority::World::signed_in(world_.admin), issued.token.id);
  };
  const auto answer = verify(fields, {good});
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.text("/message").contains("was revoked")) << answer.body;
}

// Two organizations beside halden, of which the administrator is in one; carl is in both, ann in none.
TEST_F(Introspection, knows_nothing_of_tokens_beyond_the_callers_reach) {
  const auto near = add_organization("near"), far = add_organization("far");
  const auto carl = world_.add_user("carl@example.com", {});
  join(near, world_.admin);
  join(near, carl);
  join(far, carl);
  const auto in_near = issue(carl, near, false), in_far = issue(carl, far, false),
             everywhere = issue(carl, near, true), ended_far = issue(carl, far, false);
  authority::revoke_token(world_.authority(), authority::World::signed_in(carl), ended_far.token.id);
  const auto in_halden = world_.issue(world_.ann);

  const Fields all = Desk::bearer(issue(world_.admin, near, true, "latchkey.verify").text.reveal());
  EXPECT_EQ(learned(all, text(in_near)).at("organization"), "near");
  EXPECT_FALSE(learned(all, text(everywhere)).contains("organization"));
  EXPECT_EQ(learned(all, text(in_halden)).at("organization"), "halden");
  EXPECT_EQ(learned(all, text(in_far)), unknown);
  EXPECT_EQ(learned(all, text(ended_far)), unknown);
  EXPECT_EQ(introspect(all, "token=" + text(in_far)).body, R"({"active":false})");

  EXPECT_EQ(learned(caller_, text(in_halden)).at("accepted"), true);
  EXPECT_EQ(learned(caller_, text(in_near)), unknown);
  EXPECT_EQ(learned(caller_, text(everywhere)), unknown);
}

// A wrong yes otherwise: a stolen text would be good wherever a service asks about it.
TEST_F(Introspection, refuses_what_came_from_elsewhere_where_sources_are_limited) {
  const auto issued = world_.issue(world_.ann), ended = world_.issue(world_.ann);
  authority::revoke_token(world_.authority(), authority::World::signed_in(world_.ann), ended.token.id);
  const auto active = [&](const std::string& more) {
    return introspect(caller_, "token=" + text(issued) + more).text("/active") == "true";
  };
  EXPECT_TRUE(active(""));
  authority::set_policy(world_.authority(), authority::World::signed_in(world_.admin), world_.organization,
                        {.name = "source-networks", .value = "10.0.0.0/8"});
  EXPECT_FALSE(active(""));
  EXPECT_FALSE(active("&client_address=192.0.2.7"));
  EXPECT_TRUE(active("&client_address=10.1.2.3"));
  for (const std::string wrong : {"&client_address=", "&client_address=10.0.0.0%2F8",
                                  "&client_address=10.1.2.3&client_address=10.1.2.3"})
    EXPECT_EQ(introspect(caller_, "token=" + text(issued) + wrong).status, 400) << wrong;

  const auto said = [&](const boost::json::value& address) {
    return desk_
        .send(Method::post, std::string(verify_path), caller_,
              boost::json::serialize(boost::json::object{{"credentials", {text(issued), text(ended)}},
                                                         {"clientAddress", address}}))
        .json()
        .at("value")
        .as_array();
  };
  EXPECT_EQ(said("10.1.2.3").at(0).at("accepted"), true);
  for (const boost::json::value& other : {boost::json::value("2001:db8::7"), boost::json::value(nullptr)}) {
    EXPECT_EQ(said(other).at(0).at("reason"), "address_not_allowed");
    EXPECT_EQ(said(other).at(0).at("fingerprint").as_string(), text(issued).substr(60, 12));
    EXPECT_EQ(said(other).at(1).at("reason"), "revoked");
  }
}

TEST_F(Introspection, of_a_member_who_left_knows_nothing) {
  const auto issued = world_.issue(world_.ann);
  EXPECT_EQ(learned(caller_, text(issued)).at("accepted"), true);
  authority::remove_member(world_.authority(), authority::World::signed_in(world_.admin), world_.organization,
                           world_.ann);
  EXPECT_EQ(learned(caller_, text(issued)), unknown);
}

}  // namespace
}  // namespace latchkey::api
