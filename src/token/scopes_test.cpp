// Goal: the catalogue says what the service that it imitates documents, closed sets hold what they must and
// no more, and what people write is read strictly while what was kept is read always. Method: the documented
// inclusions as a table; laws of closure and inclusion over every scope and many sets from a fixed seed.
// SPDX-License-Identifier: Apache-2.0
#include "token/scopes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace latchkey::token {
namespace {

// Each scope with everything that it includes, as documented, in the catalogue's order.
constexpr struct {
  std::string_view id, includes_all;
} documented[] = {
    {"latchkey.verify", ""},
    {"vso.advsec", ""},
    {"vso.advsec_write", "vso.advsec"},
    {"vso.advsec_manage", "vso.advsec_write vso.advsec"},
    {"vso.agentpools", ""},
    {"vso.agentpools_manage", "vso.agentpools"},
    {"vso.environment_manage", "vso.agentpools_manage vso.agentpools"},
    {"vso.analytics", ""},
    {"vso.auditlog", ""},
    {"vso.auditstreams_manage", "vso.auditlog"},
    {"vso.build", "vso.hooks_write vso.hooks vso.profile"},
    {"vso.build_execute", "vso.build vso.hooks_write vso.hooks vso.profile"},
    {"vso.code", "vso.hooks_write vso.hooks vso.profile"},
    {"vso.code_write", "vso.code vso.hooks_write vso.hooks vso.profile"},
    {"vso.code_manage", "vso.code_write vso.code vso.hooks_write vso.hooks vso.profile"},
    {"vso.code_full", "vso.code_manage vso.code_write vso.code vso.hooks_write vso.hooks vso.profile"},
    {"vso.code_status", ""},
    {"vso.connected_server", ""},
    {"vso.entitlements", ""},
    {"vso.memberentitlementmanagement", ""},
    {"vso.memberentitlementmanagement_write", "vso.memberentitlementmanagement"},
    {"vso.extension", "vso.profile"},
    {"vso.extension_manage", "vso.extension vso.profile"},
    {"vso.extension.data", "vso.profile"},
    {"vso.extension.data_write", "vso.extension.data vso.profile"},
    {"vso.githubconnections", ""},
    {"vso.githubconnections_manage", "vso.githubconnections"},
    {"vso.graph", ""},
    {"vso.graph_manage", "vso.graph"},
    {"vso.identity", ""},
    {"vso.identity_manage", "vso.identity"},
    {"vso.machinegroup_manage", "vso.agentpools_manage vso.agentpools"},
    {"vso.gallery", "vso.profile"},
    {"vso.gallery_acquire", "vso.gallery vso.profile"},
    {"vso.gallery_publish", "vso.gallery vso.profile"},
    {"vso.gallery_manage", "vso.gallery_publish vso.gallery vso.profile"},
    {"vso.notification", "vso.profile"},
    {"vso.notification_write", "vso.notification vso.profile"},
    {"vso.notification_manage", "vso.notification_write vso.notification vso.profile"},
    {"vso.notification_diagnostics", "vso.notification vso.profile"},
    {"vso.packaging", "vso.profile"},
    {"vso.packaging_write", "vso.packaging vso.profile"},
    {"vso.packaging_manage", "vso.packaging_write vso.packaging vso.profile"},
    {"vso.pipelineresources_use", ""},
    {"vso.pipelineresources_manage", "vso.pipelineresources_use"},
    {"vso.project", ""},
    {"vso.project_write", "vso.project"},
    {"vso.project_manage", "vso.project_write vso.project"},
    {"vso.release", "vso.profile"},
    {"vso.release_execute", "vso.release vso.profile"},
    {"vso.release_manage", "vso.release_execute vso.release vso.profile"},
    {"vso.securefiles_read", ""},
    {"vso.securefiles_write", "vso.securefiles_read"},
    {"vso.securefiles_manage", "vso.securefiles_write vso.securefiles_read"},
    {"vso.security_manage", ""},
    {"vso.serviceendpoint", "vso.profile"},
    {"vso.serviceendpoint_query", "vso.serviceendpoint vso.profile"},
    {"vso.serviceendpoint_manage", "vso.serviceendpoint_query vso.serviceendpoint vso.profile"},
    {"vso.hooks", "vso.profile"},
    {"vso.hooks_write", "vso.hooks vso.profile"},
    {"vso.hooks_interact", "vso.profile"},
    {"vso.settings", ""},
    {"vso.settings_write", "vso.settings"},
    {"vso.symbols", "vso.profile"},
    {"vso.symbols_write", "vso.symbols vso.profile"},
    {"vso.symbols_manage", "vso.symbols_write vso.symbols vso.profile"},
    {"vso.taskgroups_read", ""},
    {"vso.taskgroups_write", "vso.taskgroups_read"},
    {"vso.taskgroups_manage", "vso.taskgroups_write vso.taskgroups_read"},
    {"vso.dashboards", ""},
    {"vso.dashboards_manage", "vso.dashboards"},
    {"vso.test", "vso.profile"},
    {"vso.test_write", "vso.test vso.profile"},
    {"vso.threads_full", ""},
    {"vso.tokens", ""},
    {"vso.tokenadministration", ""},
    {"vso.profile", ""},
    {"vso.profile_write", "vso.profile"},
    {"vso.variablegroups_read", ""},
    {"vso.variablegroups_write", "vso.variablegroups_read"},
    {"vso.variablegroups_manage", "vso.variablegroups_write vso.variablegroups_read"},
    {"vso.wiki", ""},
    {"vso.wiki_write", "vso.wiki"},
    {"vso.work", "vso.hooks_write vso.hooks vso.profile"},
    {"vso.work_write", "vso.work vso.hooks_write vso.hooks vso.profile"},
    {"vso.work_full", "vso.work_write vso.work vso.hooks_write vso.hooks vso.profile"},
    {"user_impersonation", ""},
    {"app_token", ""},
    {"vso.pats", ""},
    {"vso.pats_manage", ""},
    {"vso.governance", ""},
    {"vso.graph_write", ""},
    {"vso.chat_write", ""},
    {"vso.chat_manage", "vso.chat_write"},
};

ScopeSet only(std::string_view id) {
  ScopeSet set;
  set.add(find_scope(id).value());
  return set;
}

ScopeSet set_of(std::string_view ids) {
  ScopeSet set;
  for (auto id = next_id(ids); !id.empty(); id = next_id(ids)) set.add(find_scope(id).value());
  return set;
}

ScopeSet random_set(std::mt19937& random) {
  ScopeSet set;
  for (auto count = random() % 8; count > 0; --count) set.add(Scope(random() % ScopeSet::capacity));
  return set;
}

TEST(Catalogue, holds_the_documented_scopes_in_their_order) {
  ASSERT_EQ(catalogue().size(), std::size(documented));
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    EXPECT_EQ(catalogue()[i].id, documented[i].id);
    EXPECT_EQ(find_scope(documented[i].id), Scope(i));
    EXPECT_EQ(describe(Scope(i)).id, documented[i].id);
    EXPECT_FALSE(catalogue()[i].category.empty() || catalogue()[i].description.empty()) << documented[i].id;
  }
}

TEST(Catalogue, finds_ids_exactly) {
  for (const auto* id :
       {"", "vso", "vso.cod", "vso.code ", "VSO.CODE", "vso.Code", "vso.code_writ", "app_Token"})
    EXPECT_FALSE(find_scope(id).has_value()) << id;
}

TEST(Catalogue, offers_all_but_what_nobody_may_choose) {
  const std::set<std::string_view> hidden = {
      "vso.hooks",       "vso.hooks_write", "vso.hooks_interact", "user_impersonation", "vso.pats",
      "vso.pats_manage", "vso.governance",  "vso.graph_write",    "vso.chat_write",     "vso.chat_manage"};
  for (const auto& scope : catalogue()) {
    EXPECT_EQ(scope.offered, !hidden.contains(scope.id)) << scope.id;
    if (scope.offered) EXPECT_FALSE(scope.access.empty()) << scope.id;
  }
}

TEST(Catalogue, marks_high_privilege) {
  EXPECT_TRUE(describe(*find_scope("vso.code_write")).high_privilege);
  EXPECT_TRUE(describe(*find_scope("app_token")).high_privilege);
  EXPECT_FALSE(describe(*find_scope("vso.code")).high_privilege);
  EXPECT_EQ(std::ranges::count(catalogue(), true, &ScopeDescription::high_privilege), 39);
}

TEST(Closure, is_what_is_documented) {
  for (const auto& row : documented) {
    if (row.id == full_access) continue;
    auto expected = set_of(row.includes_all);
    expected.add(find_scope(row.id).value());
    EXPECT_EQ(closure(only(row.id)), expected) << row.id;
  }
}

TEST(Closure, of_full_access_holds_every_scope_there_is_or_will_be) {
  EXPECT_EQ(closure(only("app_token")), ScopeSet::full());
  EXPECT_TRUE(closure(only("app_token")).contains(Scope(ScopeSet::capacity - 1)));
  EXPECT_EQ(closure(ScopeSet::full()), ScopeSet::full());
}

TEST(Closure, of_full_access_holds_not_the_one_that_must_be_named) {
  EXPECT_FALSE(ScopeSet::full().contains(verify_scope));
  auto both = ScopeSet::full();
  both.add(verify_scope);
  EXPECT_EQ(closure(set_of("app_token latchkey.verify")), both);
  EXPECT_TRUE(both.is_full());
  EXPECT_EQ(closure(both), both);
  EXPECT_EQ(choose_scopes("app_token vso.code latchkey.verify")->text, "latchkey.verify app_token");
  EXPECT_EQ(kept_scopes("latchkey.verify app_token"), both);
  EXPECT_EQ(scope_ids(both), "latchkey.verify app_token");
}

TEST(ScopeIds, name_a_closed_set_whole) {
  EXPECT_EQ(scope_ids(closure(set_of("vso.code"))), "vso.code vso.hooks vso.hooks_write vso.profile");
  EXPECT_EQ(scope_ids(ScopeSet::full()), "app_token");
  EXPECT_EQ(scope_ids(ScopeSet()), "");
}

TEST(Closure, of_every_other_scope_together_is_not_full_access) {
  ScopeSet all;
  for (std::size_t i = 0; i < ScopeSet::capacity; ++i)
    if (Scope(i) != find_scope("app_token")) all.add(Scope(i));
  EXPECT_FALSE(closure(all).is_full());
}

TEST(Closure, is_extensive_idempotent_and_monotone) {
  std::mt19937 random(20261124);
  for (int i = 0; i < 5000; ++i) {
    const auto a = random_set(random);
    auto b = a;
    b |= random_set(random);
    EXPECT_TRUE(closure(a).includes(a));
    EXPECT_EQ(closure(closure(a)), closure(a));
    EXPECT_TRUE(closure(b).includes(closure(a)));
    auto united = closure(a);
    united |= closure(b);
    EXPECT_EQ(united, closure(b));
  }
}

TEST(ScopeSet, inclusion_is_an_order_and_agrees_with_contains) {
  std::mt19937 random(1124);
  for (int i = 0; i < 2000; ++i) {
    const auto a = random_set(random), b = random_set(random);
    EXPECT_TRUE(a.includes(a) && a.includes(ScopeSet()));
    bool each = true;
    for (std::size_t s = 0; s < ScopeSet::capacity; ++s)
      each = each && (!b.contains(Scope(s)) || a.contains(Scope(s)));
    EXPECT_EQ(a.includes(b), each);
    EXPECT_EQ(a.includes(b) && b.includes(a), a == b);
  }
}

TEST(ChooseScopes, keeps_what_was_chosen_once_and_in_the_catalogues_order) {
  const auto chosen = choose_scopes("  vso.work vso.code_write  vso.work vso.build ");
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->text, "vso.build vso.code_write vso.work");
  EXPECT_EQ(chosen->closed, closure(set_of("vso.build vso.code_write vso.work")));
  EXPECT_TRUE(chosen->closed.contains(*find_scope("vso.profile")));
}

TEST(ChooseScopes, takes_full_access_alone_or_beside_others) {
  for (const auto* text : {"app_token", "vso.code app_token", "app_token vso.code"}) {
    const auto chosen = choose_scopes(text);
    ASSERT_TRUE(chosen.has_value());
    EXPECT_EQ(chosen->text, "app_token");
    EXPECT_TRUE(chosen->closed.is_full());
  }
}

TEST(ChooseScopes, names_the_first_that_it_refuses) {
  const struct {
    std::string text, refused;
  } rows[] = {
      {"", ""},                                                   // none at all
      {"   ", ""},                                                //
      {"vso.nothing", "vso.nothing"},                             // unknown
      {"vso.code vso.nothing vso.other", "vso.nothing"},          //
      {"app_token vso.nothing", "vso.nothing"},                   // full access excuses nothing
      {"vso.governance", "vso.governance"},                       // known, not offered
      {"vso.hooks_write", "vso.hooks_write"},                     //
      {"user_impersonation", "user_impersonation"},               //
      {"VSO.CODE", "VSO.CODE"},                                   // case counts
      {"vso.code,vso.build", "vso.code,vso.build"},               // blanks alone separate
      {"vso.code\tvso.build", "vso.code\tvso.build"},             //
      {std::string(64, 'x'), std::string(64, 'x')},               //
      {std::string(65, 'x'), std::string(64, 'x')},               // cut
      {std::string(63, 'x') + "\xc3\xa9", std::string(63, 'x')},  // never within a character
      {std::string(100000, '\x80'), ""},                          // nor where there is none
  };
  for (const auto& row : rows) {
    const auto chosen = choose_scopes(row.text);
    ASSERT_FALSE(chosen.has_value()) << row.text;
    EXPECT_EQ(chosen.error(), row.refused) << row.text.substr(0, 99);
  }
}

TEST(ChooseScopes, never_repeats_a_token_that_was_pasted) {
  const std::string secret(52, 'a');
  const auto refused = choose_scopes("vso.code " + secret + "JQQJ99CKAAAAAAAAAAAAAAAAAZDOb85G");
  ASSERT_FALSE(refused.has_value());
  EXPECT_FALSE(refused.error().contains("aaaa")) << refused.error();
}

TEST(KeptScopes, reads_back_every_choice) {
  for (const auto& scope : catalogue()) {
    if (!scope.offered) continue;
    const auto chosen = choose_scopes(scope.id);
    ASSERT_TRUE(chosen.has_value()) << scope.id;
    EXPECT_EQ(kept_scopes(chosen->text), chosen->closed) << scope.id;
  }
}

TEST(KeptScopes, never_fails_and_grants_only_what_is_named) {
  EXPECT_EQ(kept_scopes(""), ScopeSet());
  EXPECT_EQ(kept_scopes("  vso.gone \xff\xfe , vso.code"), closure(only("vso.code")));
  EXPECT_EQ(kept_scopes("vso.hooks"), closure(only("vso.hooks")));  // no longer offered
  EXPECT_EQ(kept_scopes("latchkey.verify"), only("latchkey.verify"));
  EXPECT_EQ(kept_scopes("app_tokens"), ScopeSet());
  EXPECT_TRUE(kept_scopes("vso.code app_token").is_full());
  EXPECT_EQ(kept_scopes(std::string(1 << 20, 'x')), ScopeSet());
  EXPECT_EQ(kept_scopes(std::string_view("vso.code\0vso.build", 18)), ScopeSet());
}

}  // namespace
}  // namespace latchkey::token
