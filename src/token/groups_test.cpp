// Goal: every scope that can be chosen stands in one group, ladders are ladders, and what is suggested is
// enough and the least. Method: laws over the whole catalogue; cases by hand.
// SPDX-License-Identifier: Apache-2.0
#include "token/groups.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace latchkey::token {
namespace {

ScopeSet set_of(std::string_view ids) {
  ScopeSet set;
  for (auto id = next_id(ids); !id.empty(); id = next_id(ids)) set.add(find_scope(id).value());
  return set;
}

TEST(Groups, hold_every_scope_that_can_be_chosen_once) {
  std::set<std::string_view> grouped, offered;
  for (const auto& group : scope_groups())
    for (const auto& one : group.scopes) {
      if (group.title == "Declared") continue;  // by other tests of this process
      EXPECT_TRUE(grouped.insert(describe(one.scope).id).second);
      EXPECT_EQ(describe(one.scope).category, group.title);
      EXPECT_FALSE(group.description.empty());
    }
  for (const auto& row : catalogue())
    if (row.offered && row.id != full_access) offered.insert(row.id);
  EXPECT_EQ(grouped, offered);
}

TEST(Groups, have_ladders_whose_steps_include_those_below) {
  std::map<std::string_view, std::string> ladders, sides;
  for (const auto& group : scope_groups()) {
    ScopeSet below;
    for (const auto& one : group.scopes) {
      (one.ladder ? ladders : sides)[group.title] += std::string(describe(one.scope).id) + " ";
      if (!one.ladder) continue;
      EXPECT_TRUE(kept_scopes(describe(one.scope).id).includes(below)) << group.title;
      below.add(one.scope);
    }
  }
  EXPECT_EQ(ladders["Code"], "vso.code vso.code_write vso.code_manage vso.code_full ");
  EXPECT_EQ(sides["Code"], "vso.code_status ");
  EXPECT_EQ(ladders["Marketplace"], "vso.gallery vso.gallery_publish vso.gallery_manage ");
  EXPECT_EQ(sides["Marketplace"], "vso.gallery_acquire ");
  EXPECT_EQ(sides["Notifications"], "vso.notification_diagnostics ");
  EXPECT_EQ(ladders["Analytics"], "") << "one step is no ladder";
}

TEST(LeastScopes, are_what_was_needed_and_nothing_that_another_includes) {
  EXPECT_EQ(least_scopes("vso.code_full vso.build_execute vso.packaging",
                         set_of("vso.code vso.code_write vso.packaging")),
            "vso.code_write vso.packaging");
  EXPECT_EQ(least_scopes("app_token", set_of("vso.code")), "vso.code");
}

TEST(LeastScopes, are_none_where_no_less_is_enough) {
  EXPECT_EQ(least_scopes("vso.code_write", set_of("vso.code vso.code_write")), std::nullopt);
  EXPECT_EQ(least_scopes("app_token", set_of("vso.code app_token")), std::nullopt);
  EXPECT_EQ(least_scopes("vso.code", {}), std::nullopt);
  EXPECT_EQ(least_scopes("vso.wiki", set_of("vso.code")), std::nullopt) << "what it does not hold any more";
}

TEST(LeastScopes, stand_in_for_what_can_not_be_chosen) {
  // vso.hooks_write is in vso.code and vso.build, but nobody can choose it.
  EXPECT_EQ(least_scopes("vso.code_full vso.wiki", set_of("vso.hooks_write")), "vso.code");
}

TEST(LeastScopes, of_every_pair_hold_what_was_needed_and_are_less) {
  for (const auto& held : catalogue())
    for (const auto& needed : catalogue()) {
      if (!held.offered || needed.id == full_access) continue;
      const auto least = least_scopes(held.id, set_of(needed.id));
      if (!least) continue;
      const auto chosen = choose_scopes(*least);
      ASSERT_TRUE(chosen) << *least;
      EXPECT_TRUE(chosen->closed.includes(set_of(needed.id))) << held.id << " " << needed.id;
      EXPECT_TRUE(kept_scopes(held.id).includes(chosen->closed)) << held.id << " " << needed.id;
      EXPECT_NE(kept_scopes(held.id), chosen->closed);
    }
}

}  // namespace
}  // namespace latchkey::token
