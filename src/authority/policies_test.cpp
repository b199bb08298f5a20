// SPDX-License-Identifier: Apache-2.0
#include "authority/policies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "authority/policy_checks.hpp"
#include "authority/policy_reach.hpp"
#include "authority/sessions.hpp"
#include "authority/testing.hpp"
#include "store/groups.hpp"
#include "store/notices.hpp"
#include "store/uses.hpp"

namespace latchkey::authority {
namespace {

constexpr std::chrono::days day{1};

struct Policies : testing::Test {
  ShownPolicy set(PolicyChange change) {
    return set_policy(world.authority(), World::signed_in(world.admin), place_of(change.name), change);
  }
  ShownPolicy set(std::string name, std::string value = "true") {
    return set(PolicyChange{.name = std::move(name), .value = std::move(value)});
  }
  void clear(const std::string& name) {
    clear_policy(world.authority(), World::signed_in(world.admin), place_of(name), name);
  }
  [[nodiscard]] std::optional<OrganizationId> place_of(std::string_view name) const {
    return find_policy_rule(name, true) != nullptr ? std::nullopt : std::optional(world.organization);
  }
  IssuedToken create(const TokenRequest& request, std::string_view made_by = "api") {
    Actor actor = World::signed_in(world.ann);
    actor.made_by = made_by;
    return create_token(world.authority(), actor, world.organization, request);
  }
  static TokenRequest request(std::string scopes = "vso.code") {
    return {.name = "a token", .scopes = std::move(scopes), .valid_to = {}, .description = {}};
  }
  std::optional<RefusalCode> refused(const TokenRequest& asked, std::string_view made_by = "api") {
    return refusal_of([&] { return create(asked, made_by); });
  }
  std::optional<RefusalCode> regeneration_refused(const IssuedToken& issued) {
    return refusal_of([&] {
      return regenerate_token(world.authority(), World::signed_in(world.ann), issued.token.id, {},
                              std::chrono::seconds(0));
    });
  }
  void use(const IssuedToken& issued, std::string_view address = "192.0.2.7", std::int64_t count = 1) {
    world.write([&](store::Transaction& transaction) {
      store::add_use(transaction, {.token = issued.token.id,
                                   .fingerprint = issued.token.fingerprint,
                                   .operation = "vso.code",
                                   .repository = "",
                                   .address = std::string(address),
                                   .agent = "git",
                                   .outcome = std::string(store::accepted),
                                   .count = count,
                                   .first_at = world.now(),
                                   .last_at = world.now()});
    });
  }
  DryRun dry_run(const PolicyChange& change, std::size_t top = 1000, std::string_view after = {}) {
    return dry_run_policy(world.authority(), World::signed_in(world.admin), place_of(change.name), change,
                          top, after);
  }
  // All that is due by now.
  void carry_out() {
    while (rest_idle_tokens(world.authority())) {
    }
    while (carry_out_policies(world.authority())) {
    }
  }
  std::vector<store::NoticeShown> notices(const UserId& user) {
    return world.look(
        [&](store::Transaction& transaction) { return store::notices_of(transaction, user, {}, 1000); });
  }
  std::int64_t notices_of_kind(const UserId& user, store::NoticeKind kind) {
    return std::ranges::count_if(notices(user), [&](const auto& one) { return one.notice.kind == kind; });
  }

  World world;
};

TEST_F(Policies, RefuseNewTokensByTheNamesOfTheContract) {
  TokenRequest global = request(), full = request("app_token");
  global.all_organizations = true;
  EXPECT_EQ(refused(global), std::nullopt);
  EXPECT_EQ(refused(full), std::nullopt);
  set("restrict-global-tokens");
  EXPECT_EQ(refused(global), RefusalCode::global_token_policy);
  EXPECT_EQ(refused(full), std::nullopt);
  set("restrict-full-scope");
  EXPECT_EQ(refused(full), RefusalCode::full_scope_policy);
  EXPECT_EQ(refused(request()), std::nullopt);
  set("forbidden-scopes", "vso.build_execute vso.code_manage");
  EXPECT_EQ(refused(request("vso.code")), std::nullopt);
  EXPECT_EQ(refused(request("vso.code_full")), RefusalCode::invalid_scope);  // it includes vso.code_manage
  set("restrict-creation");
  EXPECT_EQ(refused(request()), RefusalCode::creation_policy);
  set("allow-packaging-only");
  EXPECT_EQ(refused(request()), RefusalCode::creation_policy);
  EXPECT_EQ(refused(request("vso.packaging_write")), std::nullopt);
  clear("allow-packaging-only");
  EXPECT_EQ(refused(request("vso.packaging_write")), RefusalCode::creation_policy);
  clear("restrict-creation");
  EXPECT_EQ(refused(request()), std::nullopt);
}

TEST_F(Policies, CutTheLifeThatClientsAskForAndTellPeopleAtAPage) {
  set("maximum-lifespan-days", "10");
  TokenRequest long_lived = request();
  EXPECT_EQ(create(long_lived).token.valid_to, world.now() + 10 * day);  // not the 30 days of no policy
  long_lived.valid_to = world.now() + 90 * day;
  EXPECT_EQ(create(long_lived).token.valid_to, world.now() + 10 * day);
  EXPECT_EQ(refused(long_lived, "portal"), RefusalCode::lifespan_policy);
  long_lived.valid_to = world.now() + 10 * day;
  EXPECT_EQ(refused(long_lived, "portal"), std::nullopt);
  // An edit counts from where the life began.
  const auto issued = create(long_lived);
  world.advance(4 * day);
  const auto edited = edit_token(world.authority(), World::signed_in(world.ann), world.organization,
                                 {.id = issued.token.id,
                                  .name = {},
                                  .scopes = {},
                                  .description = {},
                                  .valid_to = world.now() + 30 * day,
                                  .all_organizations = {}});
  EXPECT_EQ(edited.valid_to, issued.token.valid_from + 10 * day);
}

// Clients send the end back with every edit.
TEST_F(Policies, LeaveTheEndThatATokenHas) {
  TokenRequest long_lived = request();
  long_lived.valid_to = world.now() + 300 * day;
  const auto issued = create(long_lived);
  set("maximum-lifespan-days", "10");
  world.advance(20 * day);
  const auto edited = [&](Time valid_to) {
    return edit_token(world.authority(), World::signed_in(world.ann), world.organization,
                      {.id = issued.token.id,
                       .name = "renamed",
                       .scopes = {},
                       .description = {},
                       .valid_to = valid_to,
                       .all_organizations = {}})
        .valid_to;
  };
  EXPECT_EQ(edited(issued.token.valid_to), issued.token.valid_to);
  EXPECT_EQ(edited(issued.token.valid_to + 10 * day), issued.token.valid_to);
  EXPECT_EQ(edited(issued.token.valid_to - 10 * day), issued.token.valid_to - 10 * day);
}

TEST_F(Policies, KeepAValueInOneForm) {
  EXPECT_EQ(set("forbidden-scopes", "  vso.code   vso.build vso.code ").policy->value, "vso.build vso.code");
  EXPECT_EQ(set("tokens-per-user", "0050").policy->value, "50");
}

TEST_F(Policies, LetExistingTokensWorkAndRefuseToRenewThem) {
  TokenRequest asked = request("app_token");
  const auto issued = create(asked);
  set("restrict-full-scope");
  EXPECT_TRUE(world.accepts(issued.text));
  EXPECT_EQ(regeneration_refused(issued), RefusalCode::full_scope_policy);
  const auto edit = [&](TokenEdit change) {
    return refusal_of([&] {
      return edit_token(world.authority(), World::signed_in(world.ann), world.organization, change);
    });
  };
  TokenEdit extended{.id = issued.token.id,
                     .name = {},
                     .scopes = {},
                     .description = {},
                     .valid_to = world.now() + 60 * day,
                     .all_organizations = {}};
  EXPECT_EQ(edit(extended), RefusalCode::full_scope_policy);
  extended.valid_to.reset();
  extended.name = "renamed";
  EXPECT_EQ(edit(extended), std::nullopt);
  clear("restrict-full-scope");
  EXPECT_EQ(regeneration_refused(issued), std::nullopt);
}

TEST_F(Policies, BindNobodyWhoIsExceptedByNameOrByGroup) {
  const auto group = GroupId::random();
  world.write([&](store::Transaction& transaction) {
    store::insert_group(transaction, {.id = group,
                                      .organization = world.organization,
                                      .name = "builders",
                                      .description = "",
                                      .created_at = world.now()});
  });
  set({.name = "restrict-creation", .value = "true", .exceptions = {world.ann}});
  EXPECT_EQ(refused(request()), std::nullopt);
  set({.name = "restrict-creation", .value = "true", .exceptions = {group}});
  EXPECT_EQ(refused(request()), RefusalCode::creation_policy);
  world.write(
      [&](store::Transaction& transaction) { store::insert_group_member(transaction, group, world.ann); });
  EXPECT_EQ(refused(request()), std::nullopt);
  // A group that is gone is kept, and shown as broken.
  world.write([&](store::Transaction& transaction) { store::delete_group(transaction, group); });
  EXPECT_EQ(refused(request()), RefusalCode::creation_policy);
  const auto policies = list_policies(world.authority(), World::signed_in(world.admin), world.organization);
  const auto creation = std::ranges::find_if(
      policies, [](const ShownPolicy& one) { return one.rule->name == "restrict-creation"; });
  ASSERT_EQ(creation->exceptions.size(), 1U);
  EXPECT_TRUE(creation->exceptions[0].broken);
  // It may be saved again as it is; a stranger may not be named.
  set({.name = "restrict-creation", .value = "true", .exceptions = {group}});
  EXPECT_EQ(refusal_of([&] {
              return set({.name = "restrict-creation", .value = "true", .exceptions = {GroupId::random()}});
            }),
            RefusalCode::invalid_value);
}

TEST_F(Policies, StopGlobalTokensWhereCreationIsRestricted) {
  TokenRequest global = request();
  global.all_organizations = true;
  const auto everywhere = create(global), bound = create(request());
  set("restrict-creation");
  EXPECT_EQ(world.refused(everywhere.text), verify::Reason::global_tokens_forbidden);
  EXPECT_TRUE(world.accepts(bound.text));
  set({.name = "restrict-creation", .value = "true", .exceptions = {world.ann}});
  EXPECT_TRUE(world.accepts(everywhere.text));
  set({.name = "restrict-creation", .value = "true", .refuse_from = world.now() + day});
  EXPECT_TRUE(world.accepts(everywhere.text));
  world.advance(day);
  EXPECT_EQ(world.refused(everywhere.text), verify::Reason::global_tokens_forbidden);
  world.restart();  // and from the load
  EXPECT_EQ(world.refused(everywhere.text), verify::Reason::global_tokens_forbidden);
  clear("restrict-creation");
  EXPECT_TRUE(world.accepts(everywhere.text));
}

TEST_F(Policies, CountTheTokensOfOnePersonInTheOrganization) {
  set("tokens-per-user", "2");
  const auto first = create(request());
  create(request());
  EXPECT_EQ(refused(request()), RefusalCode::token_policy);
  EXPECT_EQ(regeneration_refused(first), std::nullopt);  // it makes no further one
  TokenRequest global = request();
  global.all_organizations = true;
  EXPECT_EQ(refused(global), std::nullopt);  // it is not the organization's
  revoke_token(world.authority(), World::signed_in(world.ann), first.token.id);
  EXPECT_EQ(refused(request()), std::nullopt);
}

TEST_F(Policies, LetIdleTokensRestUntilTheirOwnerSignsIn) {
  const auto idle = create(request()), used = create(request());
  set("idle-days", "7");
  world.advance(6 * day);
  use(used);
  carry_out();
  EXPECT_TRUE(world.accepts(idle.text));
  world.advance(day);
  carry_out();
  EXPECT_EQ(world.refused(idle.text), verify::Reason::inactive);
  EXPECT_TRUE(world.accepts(used.text));
  world.restart();
  EXPECT_EQ(world.refused(idle.text), verify::Reason::inactive);
  static_cast<void>(sign_in(world.authority(), "ann@example.com", Secret(std::string(World::password)),
                            World::signed_in(world.ann).origin, {}, ""));
  EXPECT_TRUE(world.accepts(idle.text));
  carry_out();
  EXPECT_TRUE(world.accepts(idle.text));
  world.advance(7 * day);
  carry_out();
  EXPECT_EQ(world.refused(idle.text), verify::Reason::inactive);
  EXPECT_EQ(world.refused(used.text), verify::Reason::inactive);
  set({.name = "idle-days", .value = "7", .exceptions = {world.ann}});
  world.advance(std::chrono::seconds(1));
  carry_out();
  EXPECT_TRUE(world.accepts(idle.text));
  EXPECT_TRUE(world.accepts(used.text));
}

TEST_F(Policies, WarnOnceAndRevokeWhenTheirDatesCome) {
  const auto full = create(request("app_token")), narrow = create(request());
  set({.name = "restrict-full-scope",
       .value = "true",
       .warn_from = world.now() + day,
       .refuse_from = world.now() + 2 * day,
       .revoke_from = world.now() + 3 * day});
  carry_out();
  EXPECT_EQ(notices_of_kind(world.ann, store::NoticeKind::policy_warning), 0);
  world.advance(day);
  carry_out();
  world.restart();
  carry_out();
  EXPECT_EQ(notices_of_kind(world.ann, store::NoticeKind::policy_warning), 1);
  EXPECT_EQ(refused(request("app_token")), std::nullopt);
  world.advance(day);
  carry_out();
  EXPECT_EQ(refused(request("app_token")), RefusalCode::full_scope_policy);
  EXPECT_TRUE(world.accepts(full.text));
  world.advance(day);
  carry_out();
  EXPECT_EQ(world.refused(full.text), verify::Reason::revoked);
  EXPECT_TRUE(world.accepts(narrow.text));
  EXPECT_EQ(notices_of_kind(world.ann, store::NoticeKind::revoked_by_policy), 2);  // one was made above
  const auto events = world.audit();
  EXPECT_EQ(std::ranges::count_if(
                events, [](const auto& event) { return event.action == "Token.PatSystemRevokeEvent"; }),
            2);
  const auto told = std::ranges::find(events, full.token.id.text() + "Token.PatSystemRevokeEvent",
                                      [](const auto& event) { return event.subject + event.action; });
  ASSERT_NE(told, events.end());
  EXPECT_EQ(told->organization, world.organization);
  EXPECT_EQ(told->actor, world.admin);  // who made the policy
  for (const char* said : {R"("PolicyName":"restrict-full-scope")", R"("OwnerName":"ann")"})
    EXPECT_TRUE(told->data.contains(said)) << told->data;
}

TEST_F(Policies, EndNoTokenOfOtherOrganizationsToo) {
  TokenRequest global = request("vso.build");
  global.all_organizations = true;
  const auto everywhere = create(global), bound = create(request("vso.build"));
  set({.name = "forbidden-scopes",
       .value = "vso.build",
       .refuse_from = world.now(),
       .revoke_from = world.now()});
  carry_out();
  EXPECT_TRUE(world.accepts(everywhere.text));
  EXPECT_EQ(world.refused(bound.text), verify::Reason::revoked);
}

TEST_F(Policies, SayWhichUsesTheyWouldHaveRefused) {
  const auto inside = create(request()), outside = create(request());
  use(inside, "10.1.2.3", 5);
  use(outside, "10.1.2.3", 7);
  use(outside, "203.0.113.9", 3);
  const auto run = dry_run({.name = "source-networks", .value = "10.0.0.0/8"});
  ASSERT_EQ(run.touched.size(), 1U);
  EXPECT_EQ(run.touched[0].token.id, outside.token.id);
  EXPECT_EQ(run.touched[0].refused_uses, 3);
  EXPECT_EQ(run.refused_uses, 3);
  EXPECT_EQ(run.existing, Existing::stop);
  world.advance(31 * day);
  EXPECT_EQ(dry_run({.name = "source-networks", .value = "10.0.0.0/8"}).tokens, 0);
}

TEST_F(Policies, PageThroughWhatTheyTouch) {
  std::set<TokenId> made;
  for (int i = 0; i < 7; ++i) {
    const auto issued = create(request("app_token"));
    use(issued, "192.0.2.7", i % 3 + 1);
    made.insert(issued.token.id);
  }
  const PolicyChange change{.name = "restrict-full-scope",
                            .value = "true",
                            .refuse_from = world.now(),
                            .revoke_from = world.now() + day};
  std::set<TokenId> seen;
  std::string after;
  std::int64_t last = 1'000;
  do {
    const auto run = dry_run(change, 2, after);
    EXPECT_EQ(run.tokens, 7);
    EXPECT_EQ(run.owners, 1);
    for (const auto& one : run.touched) {
      EXPECT_LE(one.refused_uses, last);
      last = one.refused_uses;
      EXPECT_TRUE(seen.insert(one.token.id).second);
    }
    after = run.next;
  } while (!after.empty());
  EXPECT_EQ(seen, made);
  EXPECT_EQ(refusal_of([&] { return dry_run(change, 2, "nonsense"); }), RefusalCode::invalid_value);
}

TEST_F(Policies, RefuseWhatContradictsItself) {
  const auto field_of = [&](const PolicyChange& change) -> std::string {
    try {
      set(change);
    } catch (const Refusal& refusal) {
      return refusal.field();
    }
    return "none";
  };
  EXPECT_EQ(field_of({.name = "maximum-lifespan-days", .value = "0"}), "value");
  EXPECT_EQ(field_of({.name = "maximum-lifespan-days", .value = "366"}), "value");
  EXPECT_EQ(field_of({.name = "forbidden-scopes", .value = "vso.nothing"}), "value");
  EXPECT_EQ(field_of({.name = "source-networks", .value = "10.0.0.0/99"}), "value");
  EXPECT_EQ(field_of({.name = "restrict-creation",
                      .value = "true",
                      .warn_from = world.now() + day,
                      .refuse_from = world.now()}),
            "refuseFrom");
  EXPECT_EQ(field_of({.name = "restrict-creation", .value = "true", .revoke_from = world.now()}),
            "refuseFrom");
  EXPECT_EQ(field_of({.name = "source-networks",
                      .value = "10.0.0.0/8",
                      .refuse_from = world.now(),
                      .revoke_from = world.now()}),
            "revokeFrom");
  EXPECT_EQ(field_of({.name = "revoke-leaked", .value = "false", .warn_from = world.now()}), "refuseFrom");
  EXPECT_EQ(field_of({.name = "revoke-leaked", .value = "false", .exceptions = {world.ann}}), "exceptions");
  EXPECT_EQ(field_of({.name = "revoke-leaked", .value = "false"}), "none");
  EXPECT_EQ(refusal_of([&] { return set("no-such-policy"); }), RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] {
              return set_policy(world.authority(), World::signed_in(world.ann), world.organization,
                                {.name = "restrict-creation", .value = "true"});
            }),
            RefusalCode::forbidden);
}

// The law: what the dry run names is what enforcement touches, and taking the policy back restores just that.
TEST_F(Policies, TouchWhatTheDryRunNamesAndRestoreIt) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::minstd_rand random(seed);
  const auto pick = [&](auto... options) {
    const std::array all{options...};
    return all[random() % all.size()];
  };
  const UserId people[] = {world.ann, world.ben, world.admin};
  std::vector<std::pair<UserId, IssuedToken>> tokens;
  for (int i = 0; i < 60; ++i) {
    const UserId owner = people[random() % 3];
    TokenRequest asked = request(pick("vso.code", "app_token", "vso.build vso.code_write", "vso.packaging"));
    asked.all_organizations = random() % 4 == 0;
    asked.valid_to = world.now() + pick(20, 40, 300) * day;
    tokens.emplace_back(owner,
                        create_token(world.authority(), World::signed_in(owner), world.organization, asked));
  }
  world.advance(10 * day);
  for (const auto& [owner, issued] : tokens)
    if (random() % 2 == 0) use(issued, pick("10.0.0.1", "203.0.113.9"));

  const auto accepted = [&] {
    std::set<TokenId> ids;
    for (const auto& [owner, issued] : tokens)
      if (world.accepts(issued.text)) ids.insert(issued.token.id);
    return ids;
  };
  const auto renewable = [&](const IssuedToken& issued) {
    return world.look([&](store::Transaction& transaction) {
      auto token = store::find_token(transaction, issued.token.id).value();
      return refusal_of([&] {
               require_policies(world.authority(), transaction, world.now(), token, std::nullopt, false);
               return 0;
             }) == std::nullopt;
    });
  };
  const std::vector<store::Grantee> exceptions{world.ben};
  const PolicyChange changes[] = {
      {.name = "restrict-global-tokens", .value = "true", .exceptions = exceptions},
      {.name = "restrict-full-scope", .value = "true", .exceptions = exceptions},
      {.name = "maximum-lifespan-days", .value = "30", .exceptions = exceptions},
      {.name = "forbidden-scopes", .value = "vso.build", .exceptions = exceptions},
      {.name = "restrict-creation", .value = "true", .exceptions = exceptions},
      {.name = "idle-days", .value = "5", .exceptions = exceptions}};
  const auto before = accepted();
  EXPECT_EQ(before.size(), tokens.size());
  for (const PolicyChange& change : changes) {
    SCOPED_TRACE(change.name);
    const auto run = dry_run(change);
    std::set<TokenId> named, stopped, refused_renewal;
    for (const auto& one : run.touched) {
      named.insert(one.token.id);
      EXPECT_FALSE(one.why.empty());
    }
    EXPECT_EQ(std::ssize(named), run.tokens);
    EXPECT_FALSE(named.empty());
    set(change);
    carry_out();
    const auto now_accepted = accepted();
    for (const auto& [owner, issued] : tokens) {
      if (!now_accepted.contains(issued.token.id)) stopped.insert(issued.token.id);
      if (!renewable(issued)) refused_renewal.insert(issued.token.id);
    }
    std::set<TokenId> touched = stopped;
    if (run.existing != Existing::stop) touched.insert(refused_renewal.begin(), refused_renewal.end());
    EXPECT_EQ(touched, named);
    clear(change.name);
    world.advance(std::chrono::seconds(1));
    carry_out();
    EXPECT_EQ(accepted(), before);
  }
}

}  // namespace
}  // namespace latchkey::authority
