// Goal: what is decided reaches verification, for a request and for what runs long alike. Method: both
// questions, by the credential and by the digest, are asked after each thing that can happen to a token, and
// must agree.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "authority/directory.hpp"
#include "authority/testing.hpp"
#include "authority/tokens.hpp"
#include "verify/verify.hpp"

namespace latchkey::authority {
namespace {

class Verification : public ::testing::Test {
 protected:
  bool still(std::string_view scope = "vso.code_write", std::string_view organization = "halden") {
    const verify::Demand demand{.organization_key = organization, .scope = token::find_scope(scope)};
    const auto accepted = [](const verify::Verdict& verdict) {
      return std::holds_alternative<verify::Principal>(verdict);
    };
    const bool now = accepted(
        verify::verify(Digest::of(token_.text.reveal()), world_.node->reader.pin(), world_.now(), demand));
    verify::Credential credential;
    credential.read("Bearer " + std::string(token_.text.reveal()), true);
    EXPECT_EQ(now, accepted(verify::verify(credential, world_.node->reader.pin(), world_.now(), demand)));
    return now;
  }
  Authority& authority() { return world_.authority(); }

  authority::World world_;
  authority::Actor ann_ = authority::World::signed_in(world_.ann),
                   admin_ = authority::World::signed_in(world_.admin);
  authority::IssuedToken token_ = world_.issue(world_.ann, "vso.code_write");
};

TEST_F(Verification, asks_for_scope_and_organization) {
  EXPECT_TRUE(still());
  EXPECT_TRUE(still("vso.code")) << "included";
  EXPECT_FALSE(still("vso.code_manage"));
  EXPECT_FALSE(still("vso.code", "elsewhere"));
  world_.write([&](store::Transaction& transaction) {
    const store::Organization other{
        .id = OrganizationId::random(), .name = "other", .created_at = world_.now()};
    store::insert_organization(transaction, other);
    store::put_membership(transaction, other.id, world_.ann, Role::contributor);
  });
  EXPECT_FALSE(still("vso.code", "other")) << "the token is bound to the first";
}

TEST_F(Verification, ends_with_the_token) {
  authority::revoke_token(authority(), ann_, token_.token.id);
  EXPECT_FALSE(still());
}

TEST_F(Verification, ends_with_the_grace_of_a_regeneration) {
  static_cast<void>(
      authority::regenerate_token(authority(), ann_, token_.token.id, {}, std::chrono::seconds(60)));
  EXPECT_TRUE(still());
  world_.advance(std::chrono::seconds(60));
  EXPECT_FALSE(still());
}

TEST_F(Verification, ends_when_the_token_expires) {
  world_.clock.hold(token_.token.valid_to - std::chrono::microseconds(1));
  EXPECT_TRUE(still());
  world_.clock.hold(token_.token.valid_to);
  EXPECT_FALSE(still());
}

TEST_F(Verification, ends_with_what_its_owner_may) {
  authority::set_user_enabled(authority(), admin_, world_.ann, false);
  EXPECT_FALSE(still());
  authority::set_user_enabled(authority(), admin_, world_.ann, true);
  EXPECT_TRUE(still());
  authority::remove_member(authority(), admin_, world_.organization, world_.ann);
  EXPECT_FALSE(still());
}

}  // namespace
}  // namespace latchkey::authority
