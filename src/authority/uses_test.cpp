// Goal: the ledger: each counted use becomes part of exactly one row, whatever fails; rows and what is told
// of them stay bounded; nobody sees more than security.md's table says. Method: a whole node without a
// network.
// SPDX-License-Identifier: Apache-2.0
#include "authority/uses.hpp"

#include <gtest/gtest.h>

#include "authority/directory.hpp"
#include "authority/notices.hpp"
#include "authority/projects.hpp"
#include "authority/testing.hpp"
#include "base/log.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;

class Uses : public ::testing::Test {
 protected:
  Presented presented(std::string_view address) {
    return {.fingerprint = *token::Fingerprint::parse(issued_.text.reveal().substr(60, 12)),
            .outcome = store::accepted,
            .operation = "vso.code",
            .address = address,
            .agent = "git/2",
            .organization = world_.organization};
  }
  void add(const Presented& presented, int times = 1) {
    for (int i = 0; i < times; ++i) counts_.add(presented, world_.now());
  }
  void fold() {
    counts_.turn();
    fold_uses(world_.authority(), counts_.turned());
  }
  UsesShown shown(const UserId& to) {
    return token_uses(world_.authority(), World::signed_in(to), world_.organization, issued_.token.id);
  }
  std::optional<RefusalCode> refusal(const UserId& to, const TokenId& id) {
    return refusal_of(
        [&] { return token_uses(world_.authority(), World::signed_in(to), world_.organization, id); });
  }
  store::TokenUses uses() { return *shown(world_.ann).details; }
  std::int64_t accepted() {
    const auto outcomes = uses().outcomes;
    return outcomes.empty() ? 0 : outcomes.at(0).accepted;
  }

  World world_;
  IssuedToken issued_ = world_.issue(world_.ann);
  UseCounts counts_;
  int failures = 0;
};

TEST_F(Uses, from_a_network_that_is_new_are_told_of_once) {
  const auto told = [&] {
    std::string all;
    for (const auto& one : list_notices(world_.authority(), World::signed_in(world_.ann), {}, 100).notices)
      if (one.notice.kind == store::NoticeKind::new_network) (all += *one.notice.address) += " ";
    return all;
  };
  add(presented("192.0.2.1"));
  fold();
  EXPECT_EQ(told(), "") << "the first is where it is used";
  auto refused = presented("198.51.100.9");
  refused.outcome = verify::name(verify::Reason::insufficient_scope);
  add(refused);
  add(presented("192.0.2.77"));
  fold();
  EXPECT_EQ(told(), "");
  world_.advance(1s);
  add(presented("198.51.100.9"), 5);
  add(presented("198.51.100.10"));
  fold();
  world_.restart();
  add(presented("198.51.100.9"));
  fold();
  EXPECT_EQ(told(), "198.51.100.9 ");
  world_.advance(1s);
  add(presented("2001:db8:7:1::1"));
  add(presented("2001:db8:7:ffff::2"));
  fold();
  EXPECT_TRUE(told().starts_with("2001:db8:7:")) << told();
  EXPECT_EQ(std::ranges::count(told(), ' '), 2);
  for (int i = 0; i < 40; ++i) add(presented("203.0." + std::to_string(i) + ".1"));
  fold();
  EXPECT_EQ(std::ranges::count(told(), ' '), 15) << "of one that is used from everywhere no more";
}

TEST_F(Uses, are_told_by_what_they_have_in_common) {
  add(presented("192.0.2.1"), 3);
  auto refused = presented("192.0.2.2");
  refused.outcome = verify::name(verify::Reason::insufficient_scope);
  refused.operation = "vso.build";
  add(refused, 2);
  fold();
  world_.advance(1min);
  add(presented("192.0.2.1"));
  fold();
  const auto found = uses();
  ASSERT_EQ(found.addresses.size(), 2U);
  EXPECT_EQ(found.addresses[0].name, "192.0.2.1");
  EXPECT_EQ(found.addresses[0].accepted, 4);
  EXPECT_EQ(found.addresses[0].first_at, world_.now() - 1min);
  EXPECT_EQ(found.addresses[0].last_at, world_.now());
  EXPECT_EQ(found.addresses[1].refused, 2);
  ASSERT_EQ(found.operations.size(), 2U);
  EXPECT_EQ(found.operations[1].name, "vso.build");
  EXPECT_EQ(found.operations[1].accepted, 0);
  ASSERT_EQ(found.outcomes.size(), 2U);
  EXPECT_EQ(found.outcomes[1].name, "insufficient_scope");
  EXPECT_EQ(shown(world_.ann).token.used_at, world_.now());
}

TEST_F(Uses, name_a_repository_as_it_is_called_if_it_is_there) {
  static_cast<void>(create_project(world_.authority(), World::signed_in(world_.admin), world_.organization,
                                   {.name = "Website", .description = {}}));
  auto use = presented("192.0.2.1");
  use.project = "wEBSITE";
  use.repository = "website";
  add(use);
  use.repository = "nothing";
  add(use);
  fold();
  ASSERT_EQ(uses().repositories.size(), 1U);
  EXPECT_EQ(uses().repositories[0].name, "Website/Website");
  EXPECT_EQ(accepted(), 2);
}

TEST_F(Uses, of_a_regenerated_token_s_texts_are_one_token_s) {
  add(presented("192.0.2.1"));
  issued_ = regenerate_token(world_.authority(), World::signed_in(world_.ann), issued_.token.id, {}, 1h);
  add(presented("192.0.2.1"));
  fold();
  EXPECT_EQ(accepted(), 2);
}

TEST_F(Uses, are_added_once_whichever_statement_fails) {
  set_log_level(LogLevel::error);  // the failures that this wants would fill the screen
  std::int64_t expected = 0;
  // More than one transaction's, so that a part may be there already: a use of ours begins each.
  const auto try_all = [&](long from, long to, bool after, int strangers) {
    for (long nth = from; nth < to; ++nth) {
      add(presented("192.0.2.1"), 2);
      for (int i = 0; i < strangers; ++i) {
        auto strange = presented("192.0.2.1");
        strange.fingerprint = *token::Fingerprint::parse("unknown" + std::to_string(10'000 + i));
        add(strange);
      }
      add(presented("192.0.2.2"), 3);
      expected += 5;
      counts_.turn();
      world_.node->store.fail({.nth = nth, .after = after});
      try {
        fold_uses(world_.authority(), counts_.turned());
      } catch (const store::Error&) {
        ++failures;
      }
      world_.node->store.fail({});
      fold_uses(world_.authority(), counts_.turned());
      ASSERT_EQ(accepted(), expected) << "statement " << nth << (after ? ", after it ran" : "");
    }
  };
  for (const bool after : {false, true}) {
    try_all(1, 20, after, 0);
    try_all(1003, 1023, after, 999);  // the end of the first transaction, and the second
  }
  EXPECT_GT(failures, 0);
}

TEST_F(Uses, of_one_day_make_few_rows_and_lose_no_use) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 30; ++i) add(presented("address " + std::to_string(round) + "." + std::to_string(i)));
    fold();
  }
  EXPECT_EQ(accepted(), 600);
  const auto rows = world_.look([&](store::Transaction& transaction) {
    return transaction.scalar<std::int64_t>("select count(*) from uses").value();
  });
  EXPECT_EQ(rows, store::detailed_rows_max + 1);
}

TEST_F(Uses, that_are_old_keep_their_count_alone) {
  add(presented("192.0.2.1"), 3);
  fold();
  const Time then = world_.now();
  world_.advance(std::chrono::days(1));
  add(presented("192.0.2.2"), 4);
  fold();
  world_.advance(store::ended_are_kept);
  for (int i = 0; i < 2; ++i) {
    shorten_uses(world_.authority());
    const auto details = world_.look(
        [&](store::Transaction& transaction) { return store::uses_of(transaction, issued_.token.id); });
    ASSERT_EQ(details.addresses.size(), 1U);
    EXPECT_EQ(details.addresses[0].name, "192.0.2.2");
    ASSERT_EQ(details.outcomes.size(), 1U);
    EXPECT_EQ(details.outcomes[0].accepted, 7);
    EXPECT_EQ(details.outcomes[0].first_at, then);
    EXPECT_EQ(details.operations.at(0).accepted, 7);
  }
}

TEST_F(Uses, write_no_audit_event) {
  const auto before = world_.audit().size();
  add(presented("192.0.2.1"));
  fold();
  EXPECT_EQ(world_.audit().size(), before);
}

TEST_F(Uses, are_their_owner_s_to_see_and_the_last_one_an_administrator_s) {
  add(presented("192.0.2.1"));
  fold();
  EXPECT_TRUE(shown(world_.ann).details);
  EXPECT_FALSE(shown(world_.admin).details);
  EXPECT_EQ(shown(world_.admin).token.used_at, world_.now());
  const UserId chief = world_.add_user("chief@example.com", Role::administrator);
  EXPECT_FALSE(shown(chief).details);
  EXPECT_EQ(refusal(world_.ben, issued_.token.id), RefusalCode::forbidden);
  EXPECT_EQ(refusal(world_.ben, TokenId::random()), RefusalCode::forbidden) << "another's is told from none";
  EXPECT_EQ(refusal(chief, TokenId::random()), RefusalCode::token_not_found);
  const UserId stranger = world_.add_user("stranger@example.com", {});
  EXPECT_EQ(refusal(stranger, issued_.token.id), RefusalCode::not_found);
}

TEST_F(Uses, of_another_organization_s_token_are_not_its_administrator_s_to_see) {
  const auto other = create_organization(world_.authority(), World::signed_in(world_.admin), "other").id;
  const UserId chief = world_.add_user("chief@example.com", {});
  set_member(world_.authority(), World::signed_in(world_.admin), other, chief, Role::administrator);
  EXPECT_EQ(refusal_of([&] {
              return token_uses(world_.authority(), World::signed_in(chief), other, issued_.token.id);
            }),
            RefusalCode::token_not_found);
  EXPECT_EQ(refusal(chief, issued_.token.id), RefusalCode::not_found);
}

}  // namespace
}  // namespace latchkey::authority
