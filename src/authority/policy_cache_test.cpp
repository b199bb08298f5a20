// SPDX-License-Identifier: Apache-2.0
#include "authority/policy_cache.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "authority/testing.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

struct PolicyCacheTest : testing::Test {
  World world;
  PolicyCache cache;

  store::Policy limit(std::string days) {
    return {.name = "maximum-lifespan-days",
            .organization = {},
            .value = std::move(days),
            .report_from = {},
            .warn_from = {},
            .refuse_from = world.now(),
            .revoke_from = {},
            .exceptions = {},
            .changed_at = world.now(),
            .changed_by = world.admin};
  }
  // What the cache says; empty: nothing.
  std::string days(store::Transaction& transaction) {
    const auto policies = cache.policies_for(transaction, world.organization);
    return policies->empty() ? "" : policies->front().policy.value;
  }
  std::string days() {
    return world.look([&](store::Transaction& transaction) { return days(transaction); });
  }
  void set(const std::string& value) {
    world.write([&](store::Transaction& transaction) { store::put_policy(transaction, limit(value)); });
  }
};

TEST_F(PolicyCacheTest, says_what_was_set_last) {
  EXPECT_EQ(days(), "");
  set("30");
  EXPECT_EQ(days(), "30");
  EXPECT_EQ(days(), "30");
  set("60");
  EXPECT_EQ(days(), "60");
  world.write([&](store::Transaction& transaction) {
    ASSERT_TRUE(store::delete_policy(transaction, std::nullopt, "maximum-lifespan-days"));
  });
  EXPECT_EQ(days(), "");
}

TEST_F(PolicyCacheTest, forgets_what_came_to_nothing) {
  const auto in_vain = [&] {
    EXPECT_THROW(world.write([&](store::Transaction& transaction) {
      store::put_policy(transaction, limit("60"));
      EXPECT_EQ(days(transaction), "60");
      throw std::runtime_error("comes to nothing");
    }),
                 std::runtime_error);
  };
  set("30");
  in_vain();
  EXPECT_EQ(days(), "30");
  in_vain();
  set("90");
  EXPECT_EQ(days(), "90");
}

TEST_F(PolicyCacheTest, says_of_an_older_snapshot_what_held_then) {
  set("30");
  world.look([&](store::Transaction& before) {
    EXPECT_EQ(days(before), "30");
    set("60");
    EXPECT_EQ(days(), "60");
    EXPECT_EQ(days(before), "30");
    return 0;
  });
  EXPECT_EQ(days(), "60");
}

TEST_F(PolicyCacheTest, is_of_each_organization) {
  const OrganizationId other = OrganizationId::random();
  world.write([&](store::Transaction& transaction) {
    store::insert_organization(transaction, {.id = other, .name = "other", .created_at = world.now()});
    store::Policy policy = limit("vso.build");
    policy.name = "forbidden-scopes";
    policy.organization = other;
    store::put_policy(transaction, policy);
  });
  EXPECT_EQ(days(), "");
  EXPECT_EQ(world.look([&](store::Transaction& transaction) {
    return cache.policies_for(transaction, other)->size();
  }),
            1);
}

TEST_F(PolicyCacheTest, says_that_a_value_cannot_be_read) {
  set("soon");
  EXPECT_THROW(static_cast<void>(days()), store::Error);
}

}  // namespace
}  // namespace latchkey::authority
