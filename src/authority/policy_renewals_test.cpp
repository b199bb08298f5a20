// Goal: a token for all organizations is judged where it is renewed, or its scopes are given back, as where
// it is made. Method: one such token, and policies of one of two organizations.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "authority/directory.hpp"
#include "authority/policies.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

struct PolicyRenewals : testing::Test {
  void set(std::string name, std::string value = "true") {
    set({.name = std::move(name), .value = std::move(value)});
  }
  void set(const PolicyChange& change) {
    set_policy(world.authority(), World::signed_in(world.admin), place_of(change.name), change);
  }
  void clear(const std::string& name) {
    clear_policy(world.authority(), World::signed_in(world.admin), place_of(name), name);
  }
  [[nodiscard]] Place place_of(std::string_view name) const {
    return find_policy_rule(name, true) != nullptr ? Place() : Place(world.organization);
  }

  World world;
  IssuedToken everywhere = create_token(world.authority(), World::signed_in(world.ann), world.organization,
                                        {.name = "a token",
                                         .scopes = "vso.build vso.code",
                                         .valid_to = {},
                                         .all_organizations = true,
                                         .description = {}});
};

// Contract 5.2, 5.3: nobody regenerates one where creation is restricted, and what is renewed must satisfy.
TEST_F(PolicyRenewals, JudgeAGlobalTokenWhereItIsRenewedAsWhereItIsMade) {
  const auto renewal = [&](const std::optional<OrganizationId>& where) {
    return refusal_of([&] {
      return regenerate_token(world.authority(), World::signed_in(world.ann), everywhere.token.id, {},
                              std::chrono::seconds(0), where);
    });
  };
  const auto elsewhere =
      create_organization(world.authority(), World::signed_in(world.admin), "elsewhere").id;
  set("forbidden-scopes", "vso.build");
  EXPECT_EQ(renewal(world.organization), RefusalCode::invalid_scope);
  EXPECT_EQ(renewal(elsewhere), std::nullopt);
  clear("forbidden-scopes");
  set("restrict-creation");
  EXPECT_EQ(renewal(world.organization), RefusalCode::creation_policy);
  EXPECT_EQ(renewal(elsewhere), std::nullopt);
  set({.name = "restrict-creation", .value = "true", .exceptions = {world.ann}});
  EXPECT_EQ(renewal(world.organization), std::nullopt);
  set("restrict-global-tokens");
  EXPECT_EQ(renewal(elsewhere), RefusalCode::global_token_policy);
  EXPECT_EQ(renewal(world.organization), RefusalCode::global_token_policy);
}

TEST_F(PolicyRenewals, JudgeAGlobalTokenWhereItsScopesAreGivenBack) {
  static_cast<void>(
      shrink_token(world.authority(), World::signed_in(world.ann), everywhere.token.id, "vso.code"));
  set("forbidden-scopes", "vso.build");
  const auto undoing = [&](const std::optional<OrganizationId>& where) {
    return refusal_of([&] {
      return undo_shrink(world.authority(), World::signed_in(world.ann), everywhere.token.id, where);
    });
  };
  EXPECT_EQ(undoing(world.organization), RefusalCode::invalid_scope);
  clear("forbidden-scopes");
  EXPECT_EQ(undoing(world.organization), std::nullopt);
}

}  // namespace
}  // namespace latchkey::authority
