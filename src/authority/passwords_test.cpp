// Goal: a password over Basic is taken from whom the organization's policy lets, and from the next request on
// from nobody else, whatever is remembered. Method: each thing that ends the right, after the password was
// remembered; whether something was remembered is seen by the throttle, which only a check asks.
// SPDX-License-Identifier: Apache-2.0
#include "authority/passwords.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "authority/authorize.hpp"
#include "authority/directory.hpp"
#include "authority/policies.hpp"
#include "authority/projects.hpp"
#include "authority/sessions.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

const Origin somewhere{.address = "192.0.2.7", .agent = "git", .activity = {}};
constexpr const char* ann_email = "ann@example.com";

struct Passwords : testing::Test {
  Passwords() { set("basic-passwords", "true"); }

  void set(std::string name, std::string value, std::vector<store::Grantee> exceptions = {}) {
    set_policy(world.authority(), admin(), world.organization,
               {.name = std::move(name), .value = std::move(value), .exceptions = std::move(exceptions)});
  }
  [[nodiscard]] Actor admin() const { return World::signed_in(world.admin); }
  std::optional<PasswordBearer> bearer(std::string_view email = ann_email,
                                       std::string_view password = World::password,
                                       const Origin& origin = somewhere) {
    return password_bearer(world.authority(), world.organization, email, Secret(std::string(password)),
                           origin);
  }
  bool takes(std::string_view email = ann_email, std::string_view password = World::password,
             const Origin& origin = somewhere) {
    return bearer(email, password, origin).has_value();
  }
  // After it any check is refused: who is still let in was remembered.
  void use_up_attempts(std::string_view account = ann_email) {
    while (world.authority().password_attempts.take(world.now(), account, somewhere.address)) {
    }
  }
  bool is_remembered() {
    use_up_attempts();
    return refusal_of([&] { return takes(); }) != RefusalCode::too_many_attempts;
  }
  Actor by_password(const PasswordBearer& bearer) {
    return {.user = bearer.user.id, .token = {}, .origin = somewhere, .password = bearer.right};
  }
  std::optional<RefusalCode> refused(const Actor& actor, Act act) {
    return refusal_of([&] {
      return world.look([&](store::Transaction& transaction) {
        authorize(transaction, world.now(), actor, act, world.organization);
        return 0;
      });
    });
  }
  // What has a use and the remembered password end.
  void expect_ended_by(const std::function<void()>& change, bool tells_the_use = true) {
    const auto before = bearer();
    ASSERT_TRUE(before.has_value());
    ASSERT_TRUE(is_remembered());
    EXPECT_EQ(refused(by_password(*before), Act::read_projects), std::nullopt);
    change();
    EXPECT_EQ(before->use->is_good(), !tells_the_use);
    EXPECT_NE(refused(by_password(*before), Act::read_projects), std::nullopt);
    // The same work as for a wrong one, whatever is remembered.
    EXPECT_EQ(refusal_of([&] { return takes(); }), RefusalCode::too_many_attempts);
    world.advance(std::chrono::minutes(1));  // one more attempt: refused for what it is
    EXPECT_FALSE(takes());
  }
  void change_ann(const std::function<void(store::User&)>& change) {
    world.write([&](store::Transaction& transaction) {
      auto user = store::find_user(transaction, world.ann).value();
      change(user);
      store::update_user(transaction, user);
    });
  }

  bool is_let_in_despite(const std::function<void()>& change);

  World world;
};

TEST_F(Passwords, are_taken_from_members_alone) {
  const auto ann = bearer("Ann@Example.com");
  ASSERT_TRUE(ann.has_value());
  EXPECT_EQ(ann->user.id, world.ann);
  EXPECT_TRUE(ann->use->is_good());
  EXPECT_FALSE(takes(ann_email, "wrong horse battery"));
  EXPECT_FALSE(takes("nobody@example.com"));
  EXPECT_FALSE(takes("\xff\xfe"));
  world.add_user("eve@example.com", std::nullopt);
  EXPECT_FALSE(takes("eve@example.com"));
  world.add_user("root@example.com", std::nullopt, true);
  EXPECT_FALSE(takes("root@example.com"));
}

TEST_F(Passwords, are_taken_in_no_organization_but_the_one_that_takes_them) {
  const auto other =
      create_organization(world.authority(), admin(), "other").id;  // of which the administrator is a member
  EXPECT_TRUE(takes("admin@example.com"));
  EXPECT_EQ(password_bearer(world.authority(), other, "admin@example.com",
                            Secret(std::string(World::password)), somewhere),
            std::nullopt);
  const auto bearing = bearer("admin@example.com");
  ASSERT_TRUE(bearing.has_value());
  EXPECT_EQ(refusal_of([&] {
              return world.look([&](store::Transaction& transaction) {
                authorize(transaction, world.now(), by_password(*bearing), Act::read_projects, other);
                return 0;
              });
            }),
            RefusalCode::not_found);
}

TEST_F(Passwords, are_remembered_for_five_minutes_and_cost_no_check_then) {
  EXPECT_FALSE(is_remembered());
  world.advance(std::chrono::minutes(1));
  EXPECT_TRUE(takes());
  EXPECT_TRUE(is_remembered());
  EXPECT_EQ(refusal_of([&] { return takes(ann_email, "wrong horse battery"); }),
            RefusalCode::too_many_attempts);
  world.advance(ProvenPasswords::remembered_for - std::chrono::seconds(61));
  EXPECT_TRUE(is_remembered());
  world.advance(std::chrono::seconds(1));
  EXPECT_TRUE(is_remembered());
  world.advance(std::chrono::seconds(60));
  EXPECT_FALSE(is_remembered());
}

TEST_F(Passwords, end_with_a_change_of_them) {
  expect_ended_by([&] {
    static_cast<void>(sign_in(world.authority(), ann_email, Secret(std::string(World::password)),
                              {.address = "198.51.100.1", .agent = {}, .activity = {}},
                              Secret("another long password")));
  });
  world.advance(std::chrono::minutes(1));
  EXPECT_TRUE(takes(ann_email, "another long password"));
}

TEST_F(Passwords, end_with_a_reset_until_the_first_one_was_replaced) {
  expect_ended_by(
      [&] { reset_password(world.authority(), ann_email, Secret("a first long password"), somewhere); });
  world.advance(std::chrono::minutes(2));
  EXPECT_FALSE(takes(ann_email, "a first long password"));
}

TEST_F(Passwords, end_when_they_must_be_changed) {
  expect_ended_by([&] {
    change_ann([&](store::User& user) { user.password_ends_at = world.now() + std::chrono::hours(1); });
  });
}

TEST_F(Passwords, end_with_the_user) {
  expect_ended_by([&] { set_user_enabled(world.authority(), admin(), world.ann, false); });
  set_user_enabled(world.authority(), admin(), world.ann, true);
  EXPECT_TRUE(takes());
}

TEST_F(Passwords, end_with_a_removed_user) {
  expect_ended_by([&] { remove_user(world.authority(), admin(), world.ann); });
}

TEST_F(Passwords, end_with_the_membership) {
  expect_ended_by([&] { remove_member(world.authority(), admin(), world.organization, world.ann); });
}

// Of what follows the index tells, as it does to tokens.
TEST_F(Passwords, end_with_the_policy) {
  expect_ended_by([&] { clear_policy(world.authority(), admin(), world.organization, "basic-passwords"); },
                  false);
}

TEST_F(Passwords, end_with_the_organization) {
  expect_ended_by([&] { set_organization_open(world.authority(), admin(), world.organization, false); },
                  false);
}

TEST_F(Passwords, end_where_networks_are_closed_to_them) {
  expect_ended_by([&] { set("source-networks", "10.0.0.0/8"); }, false);
  EXPECT_TRUE(takes(ann_email, World::password, {.address = "10.1.2.3", .agent = {}, .activity = {}}));
  set("source-networks", "10.0.0.0/8", {world.ann});
  EXPECT_TRUE(takes());
}

TEST_F(Passwords, of_a_user_stay_whatever_else_of_them_changes) {
  const auto bearing = bearer();
  ASSERT_TRUE(bearing.has_value());
  change_ann([](store::User& user) { user.display_name = "Ann Other"; });
  set_member(world.authority(), admin(), world.organization, world.ann, Role::reader);
  set_user_enabled(world.authority(), admin(), world.ben, false);
  EXPECT_TRUE(bearing->use->is_good());
  EXPECT_EQ(refused(by_password(*bearing), Act::contribute), RefusalCode::forbidden);
}

// Whether a request is let in for which the change comes while its pair is being checked, here; that the
// request waits for that is seen by the bound.
bool Passwords::is_let_in_despite(const std::function<void()>& change) {
  ProvenPasswords& proven = world.authority().proven_passwords;
  const std::string kept =
      world.look([&](store::Transaction& transaction) { return store::find_user(transaction, world.ann); })
          ->password.value();
  const auto pair = proven.pair(kept, Secret(std::string(World::password)));
  std::latch inside(ProvenPasswords::checks_most - 1), end(1);
  const auto wait = [&] {
    inside.count_down();
    end.wait();
    return true;
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < ProvenPasswords::checks_most - 2; ++i)
    threads.emplace_back([&] { EXPECT_FALSE(proven.prove(world.now(), {}, wait)); });
  threads.emplace_back([&] { EXPECT_TRUE(proven.prove(world.now(), pair, wait)); });
  inside.wait();
  std::optional<PasswordBearer> let_in = PasswordBearer{};
  threads.emplace_back([&] {  // again where the question below has taken its place
    while (refusal_of([&] {
             let_in = bearer();
             return 0;
           }) == RefusalCode::busy) {
    }
  });
  while (refusal_of([&] { return proven.prove(world.now(), {}, [] { return false; }); }) !=
         RefusalCode::busy) {
  }
  change();
  end.count_down();
  threads.clear();
  return let_in.has_value();
}

TEST_F(Passwords, are_looked_at_again_after_a_check) {
  EXPECT_TRUE(is_let_in_despite([] {}));
}

TEST_F(Passwords, are_looked_at_again_after_a_check_during_which_the_user_ended) {
  EXPECT_FALSE(is_let_in_despite([&] { set_user_enabled(world.authority(), admin(), world.ann, false); }));
}

TEST_F(Passwords, are_looked_at_again_after_a_check_during_which_they_were_changed) {
  EXPECT_FALSE(
      is_let_in_despite([&] { change_ann([](store::User& user) { user.password = "$argon2id$another"; }); }));
}

TEST_F(Passwords, may_what_a_token_with_full_access_may) {
  const auto bearing = bearer("admin@example.com");
  ASSERT_TRUE(bearing.has_value());
  const Actor by = by_password(*bearing);
  for (const Act act : {Act::see_organization, Act::administer_organization, Act::administer_tokens,
                        Act::oversee_audit, Act::read_projects, Act::contribute, Act::administer_projects})
    EXPECT_EQ(refused(by, act), std::nullopt) << static_cast<int>(act);
  for (const Act act :
       {Act::see_own_tokens, Act::change_own_tokens, Act::narrow_own_tokens, Act::oversee_tokens,
        Act::manage_own_account, Act::administer_server, Act::grant_verification, Act::oversee_all_audit})
    EXPECT_EQ(refused(by, act), RefusalCode::forbidden) << static_cast<int>(act);
}

TEST_F(Passwords, that_fail_are_throttled_and_audited_as_sign_ins) {
  const auto before = world.audit().size();
  for (int i = 0; i < password_rate.at_once; ++i) EXPECT_FALSE(takes(ann_email, "wrong horse battery"));
  EXPECT_EQ(refusal_of([&] { return takes(ann_email, "wrong horse battery"); }),
            RefusalCode::too_many_attempts);
  EXPECT_EQ(refusal_of([&] {
              return sign_in(world.authority(), ann_email, Secret(std::string(World::password)), somewhere);
            }),
            RefusalCode::too_many_attempts);
  EXPECT_TRUE(takes(ann_email, World::password, {.address = "198.51.100.1", .agent = {}, .activity = {}}));
  const auto events = world.audit();
  ASSERT_EQ(events.size(), before + password_rate.at_once);
  EXPECT_EQ(events.back().action, "Session.SignInFailed");
  EXPECT_EQ(events.back().subject, world.ann.text());
  EXPECT_EQ(events.back().address, somewhere.address);
}

TEST_F(Passwords, are_named_by_the_audit_as_the_way_in) {
  const auto bearing = bearer("admin@example.com");
  ASSERT_TRUE(bearing.has_value());
  const auto before = world.audit().size();
  static_cast<void>(create_project(world.authority(), by_password(*bearing), world.organization,
                                   {.name = "house", .description = {}}));
  ASSERT_GT(world.audit().size(), before);
  EXPECT_TRUE(world.audit().back().data.contains(R"("ActorByPassword":true)")) << world.audit().back().data;
}

TEST(ProvenPasswords, asks_once_for_those_who_ask_the_same_at_once) {
  ProvenPasswords passwords;
  const auto pair = passwords.pair("kept", Secret("a password"));
  std::atomic<int> asked = 0;
  std::latch begun(1), all(3);
  const auto check = [&] {
    ++asked;
    begun.count_down();
    all.wait();
    return true;
  };
  std::vector<std::jthread> threads;
  std::atomic<int> good = 0;
  threads.emplace_back([&] { good += passwords.prove(Time{}, pair, check); });
  begun.wait();
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      all.count_down();
      good += passwords.prove(Time{}, pair, check);
    });
  threads.clear();
  EXPECT_EQ(good, 4);
  EXPECT_EQ(asked, 1);
}

TEST(ProvenPasswords, remembers_a_pair_and_neither_half_of_it) {
  ProvenPasswords passwords;
  const auto never = [] { return false; };
  const auto known = [&](std::string_view kept, std::string password) {
    return passwords.prove(Time{}, passwords.pair(kept, Secret(std::move(password))), never);
  };
  EXPECT_FALSE(known("kept", "a password"));
  EXPECT_TRUE(passwords.prove(Time{}, passwords.pair("kept", Secret("a password")), [] { return true; }));
  EXPECT_TRUE(known("kept", "a password"));
  EXPECT_FALSE(known("kept", "another password"));
  EXPECT_FALSE(known("kept anew", "a password"));
  EXPECT_FALSE(ProvenPasswords().prove(Time{}, passwords.pair("kept", Secret("a password")), never));
  EXPECT_FALSE(passwords.pair("kept", Secret("a")) == ProvenPasswords().pair("kept", Secret("a")));
  EXPECT_FALSE(passwords.prove(Time{}, {}, [] { return true; }));  // none that could be good
}

TEST(ProvenPasswords, lets_half_of_the_pool_wait_and_no_more) {
  ProvenPasswords passwords;
  std::latch inside(ProvenPasswords::checks_most), end(1);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < ProvenPasswords::checks_most; ++i)
    threads.emplace_back([&] {
      EXPECT_FALSE(passwords.prove(Time{}, {}, [&] {
        inside.count_down();
        end.wait();
        return false;
      }));
    });
  inside.wait();
  EXPECT_EQ(refusal_of([&] { return passwords.prove(Time{}, {}, [] { return true; }); }), RefusalCode::busy);
  end.count_down();
  threads.clear();
  const auto pair = passwords.pair("kept", Secret("a password"));
  EXPECT_TRUE(passwords.prove(Time{}, pair, [] { return true; }));
}

// What a check throws leaves nothing behind that others would wait for.
TEST(ProvenPasswords, goes_on_after_a_check_that_failed) {
  ProvenPasswords passwords;
  const auto pair = passwords.pair("kept", Secret("a password"));
  EXPECT_EQ(refusal_of([&] {
              return passwords.prove(Time{}, pair, []() -> bool {
                throw Refusal(RefusalCode::unavailable, "the database is away");
              });
            }),
            RefusalCode::unavailable);
  EXPECT_TRUE(passwords.prove(Time{}, pair, [] { return true; }));
}

}  // namespace
}  // namespace latchkey::authority
