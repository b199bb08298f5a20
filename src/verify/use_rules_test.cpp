// SPDX-License-Identifier: Apache-2.0
#include "verify/use_rules.hpp"

#include <gtest/gtest.h>

#include "verify/world_test.hpp"

namespace latchkey::verify {
namespace {

struct Ruled : testing::Test {
  Ruled() { world.writer.trust(); }

  // The verdict in halden, from an address.
  Verdict asked(std::string_view address = "192.0.2.7", bool needs_full = false, std::string_view route = "",
                Time at = World::now) {
    world.organization.rules = std::make_shared<UseRules>(rules);
    world.apply();
    return world.verdict(
        world.header(),
        {.organization_key = "halden", .needs_full = needs_full, .route = route, .address = address}, at);
  }
  // Nothing: it is accepted.
  static std::optional<Reason> reason(const Verdict& verdict) {
    EXPECT_FALSE(std::holds_alternative<Unavailable>(verdict));
    const auto* refused = std::get_if<Refused>(&verdict);
    return refused != nullptr ? std::optional(refused->reason) : std::nullopt;
  }
  void make_global() { world.secret.organization.reset(); }
  [[nodiscard]] Digest text() const { return world.secret.digest; }

  World world;
  UseRules rules;
};

TEST_F(Ruled, ForbidsGlobalTokensFromAnInstantOnButToTheExcepted) {
  rules.no_global_tokens = {.from = World::now};
  EXPECT_EQ(reason(asked()), std::nullopt);  // it is bound
  make_global();
  EXPECT_EQ(reason(asked()), Reason::global_tokens_forbidden);
  EXPECT_EQ(reason(asked("", false, "", World::now - std::chrono::seconds(1))), std::nullopt);
  rules.no_global_tokens->except = {world.owner.id};
  EXPECT_EQ(reason(asked()), std::nullopt);
}

TEST_F(Ruled, TakesPasswordsFromAnInstantOnWhereItsNetworksAre) {
  const UserId user = world.owner.id;
  const auto before = World::now - std::chrono::seconds(1);
  EXPECT_FALSE(rules.takes_password(user, "10.1.2.3", World::now));
  rules.passwords_from = World::now;
  EXPECT_TRUE(rules.takes_password(user, "192.0.2.7", World::now));
  EXPECT_FALSE(rules.takes_passwords(before));
  EXPECT_FALSE(rules.takes_password(user, "192.0.2.7", before));
  rules.sources =
      UseRules::Sources{.rule = {.from = World::now}, .networks = {*Network::parse("10.0.0.0/8")}};
  EXPECT_TRUE(rules.takes_password(user, "10.1.2.3", World::now));
  EXPECT_FALSE(rules.takes_password(user, "192.0.2.7", World::now));
  rules.sources->rule.except = {user};
  EXPECT_TRUE(rules.takes_password(user, "192.0.2.7", World::now));
}

TEST_F(Ruled, BansOneTextForAllOrganizations) {
  rules.banned = {Digest::of("another"), text()};
  EXPECT_EQ(reason(asked()), std::nullopt);  // it is bound
  make_global();
  EXPECT_EQ(reason(asked()), Reason::banned_here);
  rules.banned = {Digest::of("another")};
  EXPECT_EQ(reason(asked()), std::nullopt);
}

TEST_F(Ruled, TakesTextsFromItsNetworksAlone) {
  rules.sources = UseRules::Sources{.rule = {.from = World::now},
                                    .networks = {*Network::parse("10.0.0.0/8"), *Network::parse("::1")}};
  EXPECT_EQ(reason(asked("10.1.2.3")), std::nullopt);
  EXPECT_EQ(reason(asked("::1")), std::nullopt);
  EXPECT_EQ(reason(asked("192.0.2.7")), Reason::address_not_allowed);
  EXPECT_EQ(reason(asked("what is no address")), Reason::address_not_allowed);
  EXPECT_EQ(reason(asked("")), Reason::address_not_allowed);  // not known: who asks about another's text
  rules.sources->rule.except = {world.owner.id};
  EXPECT_EQ(reason(asked("192.0.2.7")), std::nullopt);
}

TEST_F(Ruled, OpensARouteThatNeedsFullAccessToTheNamed) {
  EXPECT_EQ(reason(asked("", true, "GET /a")), Reason::insufficient_scope);
  rules.open_routes = {{.route = "GET /a", .users = {world.owner.id}},
                       {.route = "GET /b", .users = {UserId::random()}}};
  EXPECT_EQ(reason(asked("", true, "GET /a")), std::nullopt);
  EXPECT_EQ(reason(asked("", true, "GET /b")), Reason::insufficient_scope);
  EXPECT_EQ(reason(asked("", true, "GET /c")), Reason::insufficient_scope);
}

TEST_F(Ruled, AppliesWhereTheRequestNamesNoOrganizationToo) {
  make_global();
  rules.banned = {text()};
  EXPECT_EQ(reason(asked()), Reason::banned_here);
  const auto anywhere = [&] {
    return reason(world.verdict(world.header(), {.some_organization = true, .address = "192.0.2.7"}));
  };
  EXPECT_EQ(anywhere(), Reason::banned_here);
  // Where it is good in another organization of its owner's, it is good.
  const OrganizationEntry other{OrganizationId::random(), "other", true};
  const Change change[] = {other};
  world.owner.memberships.push_back({other.id, Role::reader});
  world.apply();
  world.writer.apply(change);
  EXPECT_EQ(anywhere(), std::nullopt);
}

TEST_F(Ruled, KeepsATextFromWhoeverAsksForAnOrganizationThatForbidsIt) {
  make_global();
  rules.no_global_tokens = {.from = World::now};
  EXPECT_EQ(reason(asked()), Reason::global_tokens_forbidden);
  const auto service = token::issue(World::now);
  const Change change[] = {SecretEntry{.digest = service.digest,
                                       .state = TokenState::live,
                                       .deadline = World::now + std::chrono::days(1),
                                       .owner = world.owner.id,
                                       .organization = world.organization.id,
                                       .scopes = token::kept_scopes("latchkey.verify")}};
  world.writer.apply(change);
  const auto pin = world.reader.pin();
  const Facts asker = pin.look(service.digest);
  EXPECT_EQ(reason(verify(hashed(world.issued.text.reveal()), pin, World::now, {.asker = &asker})),
            Reason::unknown);
}

}  // namespace
}  // namespace latchkey::verify
