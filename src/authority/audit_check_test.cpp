// Goal: a chain that holds is found to, whatever the size of the steps, and what was changed, removed, cut
// off or written anew is found at its place and stays told; who may not see the audit sees none of it.
// Method: a small log, altered by SQL behind the store's back. SPDX-License-Identifier: Apache-2.0
#include "authority/audit_check.hpp"

#include <gtest/gtest.h>

#include "authority/audit_log.hpp"
#include "authority/testing.hpp"
#include "store/audit.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

class AuditCheck : public testing::Test {
 protected:
  AuditCheck() { issue(10); }

  void issue(int count) {
    for (int i = 0; i < count; ++i) static_cast<void>(world.issue(world.ann));
  }
  AuditState state() { return audit_state(world.authority(), world.signed_in(world.admin), {}); }
  std::optional<std::int64_t> broken() { return state().check.broken; }
  void look(std::int64_t most = 100) { look_at_audit(world.authority(), most); }
  void look_again() {
    look_at_audit_again(world.authority());
    for (int i = 0; i < 15; ++i) look(3);
  }
  void alter(std::string_view sql) {
    world.write([&](store::Transaction& transaction) { transaction.execute(sql); });
  }
  // Events that nothing refers to, so that they can be taken away.
  void cut(std::string_view sql) {
    alter("delete from notices");
    alter(sql);
  }
  // Another chain from there on, which holds in itself.
  void write_anew(std::int64_t from) {
    alter("delete from notices");
    world.write([&](store::Transaction& transaction) {
      std::vector<store::AuditEvent> events;
      store::each_audit_event(transaction, from - 1, 100,
                              [&](const store::AuditEvent& event) { events.push_back(event); });
      transaction.execute("delete from audit_events where position >= $1", from);
      for (store::AuditEvent& event : events) {
        event.data = "{}";
        store::append_audit(transaction, event);
      }
    });
  }

  World world;
};

TEST_F(AuditCheck, finds_a_chain_unbroken_in_steps_of_any_size) {
  EXPECT_FALSE(state().check.whole_at);
  look(3);
  EXPECT_EQ(state().check.looked.position, 3);
  EXPECT_FALSE(state().check.whole_at) << "not all of it was looked at";
  for (int i = 0; i < 10; ++i) look(3);
  EXPECT_EQ(state().check.whole.position, state().last);
  EXPECT_EQ(state().check.whole_at, world.now());
  EXPECT_FALSE(broken());
  issue(1);
  EXPECT_LT(state().check.whole.position, state().last);
  look();
  EXPECT_EQ(state().check.whole.position, state().last);
}

TEST_F(AuditCheck, finds_what_was_changed_before_it_looked) {
  alter("update audit_events set data = '{}' where position = 5");
  look();
  EXPECT_EQ(broken(), 5);
  EXPECT_FALSE(state().check.whole_at);
}

TEST_F(AuditCheck, finds_what_was_changed_after_it_looked_when_it_looks_again) {
  look();
  const auto before = state().check.whole_at;
  world.advance(std::chrono::hours(1));
  alter("update audit_events set address = 'elsewhere' where position = 4");
  look();
  EXPECT_FALSE(broken());
  look_again();
  EXPECT_EQ(broken(), 4);
  EXPECT_EQ(state().check.whole_at, before);
}

TEST_F(AuditCheck, finds_what_was_removed) {
  cut("delete from audit_events where position = 6");
  look();
  EXPECT_EQ(broken(), 6);
}

TEST_F(AuditCheck, finds_that_the_end_is_missing_also_once_others_follow) {
  look();
  const auto last = state().last;
  cut("delete from audit_events where position > 7");
  look();
  EXPECT_EQ(broken(), 8);
  issue(1);
  look_again();
  EXPECT_EQ(broken(), state().last + 1);
  issue(10);
  ASSERT_GT(state().last, last);
  look_again();
  EXPECT_EQ(broken(), last);
}

TEST_F(AuditCheck, finds_a_chain_that_was_written_anew) {
  look();
  const auto whole = state().check.whole.position;
  write_anew(5);
  look();
  look_again();
  EXPECT_EQ(broken(), whole);
}

TEST_F(AuditCheck, tells_of_a_fault_until_a_whole_look_finds_none) {
  alter("update audit_events set agent = 'x' || agent where position = 5");
  look();
  issue(10);
  look_at_audit_again(world.authority());
  look(3);
  EXPECT_EQ(broken(), 5) << "a look that has only begun takes nothing back";
  alter("update audit_events set agent = substr(agent, 2) where position = 5");
  look(3);
  EXPECT_EQ(broken(), 5);
  for (int i = 0; i < 10; ++i) look(3);
  EXPECT_FALSE(broken());
  EXPECT_EQ(state().check.whole.position, state().last);
}

TEST_F(AuditCheck, goes_on_from_where_retention_cut) {
  look(4);
  world.advance(std::chrono::days(40));
  issue(3);
  shorten_audit(world.authority(), std::chrono::days(30));
  look();
  EXPECT_FALSE(broken());
  EXPECT_EQ(state().check.whole.position, state().last);
  look_again();
  EXPECT_FALSE(broken());
}

TEST_F(AuditCheck, is_told_to_who_may_see_the_audit) {
  const auto asked = [&](const UserId& user, std::optional<OrganizationId> organization) {
    return refusal_of([&] { return audit_state(world.authority(), world.signed_in(user), organization); });
  };
  const auto chief = world.add_user("chief@example.com", Role::administrator);
  EXPECT_EQ(asked(world.admin, {}), std::nullopt);
  EXPECT_EQ(asked(chief, world.organization), std::nullopt);
  EXPECT_EQ(asked(chief, {}), RefusalCode::forbidden);
  EXPECT_EQ(asked(world.ann, world.organization), RefusalCode::forbidden);
}

}  // namespace
}  // namespace latchkey::authority
