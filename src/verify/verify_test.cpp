// Goal: each reason is given for what it names and for nothing else, in the promised order (P7), and nothing
// is believed that need not be (P3). Method: one good credential, of which one thing at a time is made bad;
// then two.
// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/encoding.hpp"
#include "verify/world_test.hpp"

namespace latchkey::verify {
namespace {

using namespace std::chrono_literals;

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    world.apply();
    world.writer.trust();
  }
  void expect_accepted(const Verdict& verdict) { EXPECT_TRUE(std::holds_alternative<Principal>(verdict)); }
  void expect_refused(const Verdict& verdict, Reason reason, std::optional<Time> since = std::nullopt) {
    const auto* refused = std::get_if<Refused>(&verdict);
    ASSERT_TRUE(refused);
    EXPECT_EQ(name(refused->reason), name(reason));
    EXPECT_EQ(refused->since, since);
  }
  Verdict for_scope(std::string_view id) {
    return world.verdict(world.header(),
                         {.organization_key = "halden", .scope = token::find_scope(id).value()});
  }

  World world;
  const Time now = World::now;
  const Time end = world.secret.deadline;
};

TEST_F(Verify, accepts_a_live_token_and_says_who_acts) {
  const auto verdict = world.verdict();
  const auto* principal = std::get_if<Principal>(&verdict);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->user, world.owner.id);
  EXPECT_EQ(principal->fingerprint, world.issued.fingerprint);
  EXPECT_EQ(principal->scopes, world.secret.scopes);
  EXPECT_EQ(principal->organization, world.organization.id);
  EXPECT_EQ(principal->role, Role::contributor);
  EXPECT_EQ(principal->valid_to, world.secret.deadline);
  EXPECT_FALSE(principal->basic);
}

TEST_F(Verify, accepts_it_as_a_password_too_whoever_the_user_name_names) {
  const auto verdict =
      world.verdict("Basic " + base64("mallory:" + std::string(world.issued.text.reveal())), {});
  const auto* principal = std::get_if<Principal>(&verdict);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->user, world.owner.id);
  EXPECT_TRUE(principal->basic);
}

TEST_F(Verify, names_no_organization_where_the_request_names_none) {
  const auto verdict = world.verdict(world.header(), {});
  const auto* principal = std::get_if<Principal>(&verdict);
  ASSERT_TRUE(principal);
  EXPECT_FALSE(principal->organization.has_value() || principal->role.has_value());
}

TEST_F(Verify, refuses_what_is_no_token) {
  for (const auto* header : {"", "Bearer x", "Basic YWxpY2U6c2VjcmV0", "Negotiate x"})
    expect_refused(world.verdict(header, {}), Reason::malformed);
  expect_refused(world.verdict("Bearer " + std::string(84, 'a'), {}), Reason::malformed);
  Credential none;
  expect_refused(verify(none, world.reader.pin(), now, {}), Reason::malformed);
}

TEST_F(Verify, refuses_a_mistyped_token_by_its_checksum) {
  auto header = world.header();
  header.back() = header.back() == 'A' ? 'B' : 'A';
  expect_refused(world.verdict(header, {}), Reason::bad_checksum);
}

TEST_F(Verify, refuses_a_token_that_was_never_issued_and_tells_nothing) {
  const auto stranger = token::issue(now);
  const auto verdict = world.verdict("Bearer " + std::string(stranger.text.reveal()), {});
  expect_refused(verdict, Reason::unknown);
  EXPECT_EQ(std::get<Refused>(verdict).fingerprint, token::Fingerprint());
}

TEST_F(Verify, refuses_an_expired_token_from_its_last_second_on) {
  expect_accepted(world.verdict(end - 1us));
  expect_refused(world.verdict(end), Reason::expired, end);
  expect_refused(world.verdict(end + 24h), Reason::expired, end);
  EXPECT_EQ(std::get<Refused>(world.verdict(end)).fingerprint, world.issued.fingerprint);
}

TEST_F(Verify, refuses_an_inactive_token_with_its_own_reason) {
  world.secret.state = TokenState::live_until_inactive;
  world.secret.deadline = now + 1h;
  world.apply();
  expect_accepted(world.verdict(now + 1h - 1us));
  expect_refused(world.verdict(now + 1h), Reason::inactive, now + 1h);
}

TEST_F(Verify, accepts_a_replaced_secret_during_its_grace_alone) {
  world.secret.state = TokenState::replaced;
  world.secret.deadline = now + 1h;
  world.apply();
  expect_accepted(world.verdict(now + 1h - 1us));
  expect_refused(world.verdict(now + 1h), Reason::replaced, now + 1h);
}

TEST_F(Verify, accepts_nothing_in_the_second_in_which_it_ends) {
  world.secret.deadline = now + 1500ms;
  world.apply();
  expect_accepted(world.verdict(now + 1s - 1us));
  expect_refused(world.verdict(now + 1s), Reason::expired, now + 1s);
}

TEST_F(Verify, knows_no_time_before_2024_nor_after_2160) {
  using namespace std::chrono;
  const Time before = sys_days(2020y / 1 / 1), after = sys_days(2200y / 1 / 1);
  world.secret.deadline = before;
  world.apply();
  expect_refused(world.verdict(before - 24h), Reason::expired, first_second);
  world.secret.deadline = after;
  world.apply();
  expect_accepted(world.verdict(sys_days(2160y / 1 / 1)));
  EXPECT_TRUE(std::holds_alternative<Refused>(world.verdict(after)));
}

TEST_F(Verify, tells_every_revocation_alike) {
  for (const auto state : {TokenState::revoked, TokenState::leaked, TokenState::owner_removed}) {
    world.secret.state = state;
    world.secret.deadline = now - 1h;
    world.apply();
    expect_refused(world.verdict(), Reason::revoked, now - 1h);
    expect_refused(world.verdict(now - 2h), Reason::revoked, now - 1h);  // whatever the clock says
    EXPECT_EQ(std::get<Refused>(world.verdict()).fingerprint, world.issued.fingerprint);
  }
}

TEST_F(Verify, believes_no_state_that_it_does_not_know) {
  for (const int state : {0, 7, 8, 255}) {
    world.secret.state = static_cast<TokenState>(state);
    world.apply();
    expect_refused(world.verdict(), Reason::unknown);
    EXPECT_EQ(std::get<Refused>(world.verdict()).fingerprint, token::Fingerprint());
  }
}

TEST_F(Verify, refuses_when_the_owner_is_disabled_or_missing) {
  world.owner.enabled = false;
  world.apply();
  expect_refused(world.verdict(), Reason::owner_disabled);
  world.issued = token::issue(now);
  world.secret.digest = world.issued.digest;
  world.secret.owner = UserId::random();
  world.apply();
  expect_refused(world.verdict(), Reason::owner_disabled);
}

TEST_F(Verify, refuses_every_wrong_organization_alike) {
  const OrganizationEntry other{OrganizationId::random(), "other", true};
  world.owner.memberships.push_back({other.id, Role::administrator});
  const Change changes[] = {other};
  world.writer.apply(changes);
  world.apply();
  const auto at = [&](std::string_view key) {
    return world.verdict(world.header(), {.organization_key = key});
  };
  expect_refused(at("nowhere"), Reason::wrong_organization);  // there is none
  expect_refused(at(""), Reason::wrong_organization);         //
  expect_refused(at("Halden"), Reason::wrong_organization);   // keys are folded by the caller
  expect_refused(at("other"), Reason::wrong_organization);    // not the token's
  world.organization.open = false;
  world.apply();
  expect_refused(at("halden"), Reason::wrong_organization);  // closed
  world.organization.open = true;
  world.owner.memberships.erase(world.owner.memberships.begin());
  world.apply();
  expect_refused(at("halden"), Reason::wrong_organization);  // of which the owner is no member
}

TEST_F(Verify, lets_an_all_organizations_token_work_wherever_its_owner_is_a_member) {
  const OrganizationEntry member{OrganizationId::random(), "member", true};
  const OrganizationEntry stranger{OrganizationId::random(), "stranger", true};
  world.owner.memberships.push_back({member.id, Role::reader});
  world.secret.organization.reset();
  const Change changes[] = {member, stranger};
  world.writer.apply(changes);
  world.apply();
  const auto at = [&](std::string_view key) {
    return world.verdict(world.header(), {.organization_key = key});
  };
  expect_accepted(at("halden"));
  const auto verdict = at("member");
  ASSERT_TRUE(std::holds_alternative<Principal>(verdict));
  EXPECT_EQ(std::get<Principal>(verdict).organization, member.id);
  EXPECT_EQ(std::get<Principal>(verdict).role, Role::reader);
  expect_refused(at("stranger"), Reason::wrong_organization);
}

TEST_F(Verify, asks_for_the_scope_that_the_route_needs) {
  expect_accepted(for_scope("vso.code_write"));
  expect_accepted(for_scope("vso.code"));     // included
  expect_accepted(for_scope("vso.profile"));  // at the end of the chain
  expect_refused(for_scope("vso.code_manage"), Reason::insufficient_scope);
  expect_refused(for_scope("vso.build"), Reason::insufficient_scope);
  world.secret.scopes = token::ScopeSet();
  world.apply();
  expect_refused(for_scope("vso.code"), Reason::insufficient_scope);
  expect_accepted(world.verdict());
}

TEST_F(Verify, asks_for_full_access_where_a_route_names_no_scope) {
  const Demand demand{.organization_key = "halden", .scope = std::nullopt, .needs_full = true};
  expect_refused(world.verdict(world.header(), demand), Reason::insufficient_scope);
  world.secret.scopes = token::ScopeSet::full();
  world.apply();
  expect_accepted(world.verdict(world.header(), demand));
  expect_accepted(for_scope("vso.build_execute"));
}

TEST_F(Verify, gives_the_first_reason_of_the_promised_order) {
  const std::pair<Reason, std::function<void()>> steps[] = {
      // From the last reason to the first: each is told although all before it hold, too.
      {Reason::insufficient_scope, [&] { world.secret.scopes = token::ScopeSet(); }},
      {Reason::wrong_organization, [&] { world.owner.memberships.clear(); }},
      {Reason::owner_disabled, [&] { world.owner.enabled = false; }},
      {Reason::expired, [&] { world.secret.deadline = now - 1h; }},
      {Reason::revoked, [&] { world.secret.state = TokenState::revoked; }},
  };
  for (const auto& [reason, make_it_bad] : steps) {
    make_it_bad();
    world.apply();
    const auto verdict = for_scope("vso.code");
    ASSERT_TRUE(std::holds_alternative<Refused>(verdict));
    EXPECT_EQ(name(std::get<Refused>(verdict).reason), name(reason));
  }
}

TEST(VerifyUntrusted, can_decide_nothing_that_needs_the_index) {
  World world;
  world.apply();
  const auto stranger = "Bearer " + std::string(token::issue(World::now).text.reveal());
  EXPECT_TRUE(std::holds_alternative<Unavailable>(world.verdict()));
  EXPECT_TRUE(std::holds_alternative<Unavailable>(world.verdict(stranger, {})));
  EXPECT_TRUE(std::holds_alternative<Refused>(world.verdict("Bearer x", {})));
  world.writer.trust();
  EXPECT_TRUE(std::holds_alternative<Principal>(world.verdict()));
  EXPECT_TRUE(std::holds_alternative<Refused>(world.verdict(stranger, {})));
}

TEST(Reason, has_a_name_of_its_own_for_each) {
  std::set<std::string_view> names;
  constexpr int last = static_cast<int>(Reason::basic_authentication_disabled);
  for (int reason = 1; reason <= last; ++reason) names.insert(name(static_cast<Reason>(reason)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last));
  EXPECT_EQ(name(Reason::bad_checksum), "bad_checksum");
}

}  // namespace
}  // namespace latchkey::verify
