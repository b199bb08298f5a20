// Goal: pages by time hold what they should, in order, without gaps where times are equal; retention cuts at
// one place and leaves a chain that goes on. Method: a small log with equal times, paged one by one both
// ways.
// SPDX-License-Identifier: Apache-2.0
#include "store/audit_search.hpp"

#include "store/notices.hpp"
#include "store/store_fixture.hpp"
#include "store/streams.hpp"

namespace latchkey::store {
namespace {

using std::chrono::hours;

class AuditSearch : public StoreFixture {
 protected:
  // One an hour, but the second of each pair at the time of the first.
  void write_events(int count, const std::optional<OrganizationId>& organization) {
    act([&](Transaction& t) {
      for (int i = 0; i < count; ++i) {
        auto event = an_event("Git.Push");
        event.time = now + hours(i / 2 * 2);
        event.organization = i % 3 == 0 ? std::nullopt : organization;
        event.subject = i % 2 == 0 ? "even" : "odd";
        append_audit(t, event);
      }
    });
  }
  std::vector<std::int64_t> paged(const AuditRange& range, bool latest_first, std::int64_t top) {
    std::vector<std::int64_t> positions;
    std::optional<AuditPlace> after;
    for (;;) {
      const auto page = look([&](Transaction& t) { return audit_page(t, range, latest_first, after, top); });
      for (const auto& told : page) positions.push_back(told.event.position);
      if (page.empty()) return positions;
      after = {page.back().event.time, page.back().event.position};
    }
  }
};

TEST_F(AuditSearch, pages_both_ways_without_gaps) {
  const auto organization = an_organization().id;
  write_events(10, organization);
  const AuditRange all{.until = now + hours(100)};
  for (const std::int64_t top : {1, 3, 100}) {
    EXPECT_EQ(paged(all, false, top), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    EXPECT_EQ(paged(all, true, top), (std::vector<std::int64_t>{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
  }
  EXPECT_EQ(paged({.organization = organization, .until = now + hours(100)}, false, 2),
            (std::vector<std::int64_t>{2, 3, 5, 6, 8, 9}));
  EXPECT_EQ(paged({.from = now + hours(2), .until = now + hours(6)}, false, 2),
            (std::vector<std::int64_t>{3, 4, 5, 6}));
  EXPECT_EQ(paged({.until = now + hours(100), .subject = "odd"}, false, 2),
            (std::vector<std::int64_t>{2, 4, 6, 8, 10}));
}

TEST_F(AuditSearch, tells_names_and_counts) {
  const auto organization = an_organization("Fabrikam");
  const auto user = a_user("ada@example.org");
  act([&](Transaction& t) {
    auto event = an_event();
    event.actor = user.id;
    event.organization = organization.id;
    append_audit(t, event);
  });
  const AuditRange day_of{.from = now, .until = now + day};
  const auto told = look([&](Transaction& t) { return audit_page(t, day_of, true, {}, 10); });
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].actor_email, "ada@example.org");
  EXPECT_EQ(told[0].organization_name, "Fabrikam");
  EXPECT_TRUE(audit_digest(told[0].event) == told[0].event.digest);
  write_events(10, organization.id);
  const auto part = std::chrono::microseconds(hours(4)).count();
  EXPECT_EQ(look([&](Transaction& t) { return audit_counts(t, day_of, part); }),
            (std::vector<PartCount>{{0, 5}, {1, 4}, {2, 2}}));
  EXPECT_EQ(look([&](Transaction& t) {
              return audit_counts(t, {.organization = organization.id, .from = now, .until = now + day},
                                  part);
            }),
            (std::vector<PartCount>{{0, 3}, {1, 3}, {2, 1}}));
}

TEST_F(AuditSearch, counts_what_tells_of_a_refusal) {
  const auto organization = an_organization("Fabrikam").id;
  const std::pair<std::string_view, int> told[] = {
      {"Session.SignIn", 0}, {"Session.SignInFailed", 0}, {"Session.SignInsFailed", 5}};
  act([&](Transaction& t) {
    for (const auto& [action, hour] : told) {
      auto event = an_event(std::string(action));
      event.time = now + hours(hour);
      append_audit(t, event);
    }
  });
  for (const auto& [action, hour] : told) EXPECT_EQ(tells_refusal(action), action != "Session.SignIn");
  const AuditRange range{.from = now, .until = now + day};
  const auto part = std::chrono::microseconds(hours(4)).count();
  EXPECT_EQ(look([&](Transaction& t) { return audit_refusal_counts(t, range, part); }),
            (std::vector<PartCount>{{0, 1}, {1, 1}}));
  EXPECT_TRUE(look([&](Transaction& t) {
                return audit_refusal_counts(
                    t, {.organization = organization, .from = now, .until = now + day}, part);
              }).empty());
}

TEST_F(AuditSearch, shortens_the_chain_at_one_place) {
  write_events(10, {});
  act([&](Transaction& t) {  // one whose clock stood wrong: what comes after it stays with it
    auto event = an_event();
    event.time = now;
    append_audit(t, event);
  });
  const auto shorten = [&](Time before, std::int64_t top) {
    return decide([&](Transaction& t) { return shorten_audit(t, before, top); });
  };
  EXPECT_EQ(shorten(now, 100), 0);
  EXPECT_EQ(shorten(now + hours(4), 3), 3);
  EXPECT_EQ(shorten(now + hours(4), 3), 1);
  EXPECT_EQ(shorten(now + hours(4), 3), 0);
  const auto boundary = look([](Transaction& t) { return audit_boundary(t); });
  EXPECT_EQ(boundary.position, 4);
  const auto first = look([](Transaction& t) { return audit_after(t, 0, 1); }).at(0).event;
  EXPECT_EQ(first.position, 5);
  EXPECT_TRUE(first.previous == boundary.digest);
  while (shorten(now + 1000 * day, 4) > 0) {
  }
  act([&](Transaction& t) { append_audit(t, an_event()); });
  const auto left = look([](Transaction& t) { return audit_after(t, 0, 10); });
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[1].event.position, 12);
  EXPECT_TRUE(left[1].event.previous == left[0].event.digest);
}

TEST_F(AuditSearch, keeps_no_notice_of_what_it_took) {
  const auto user = a_user();
  const auto token = a_token(user.id);
  write_events(4, {});
  act([&](Transaction& t) {
    for (const std::int64_t event : {1, 4})
      insert_notices(t, std::array{Notice{.id = NoticeId::random(),
                                          .user = user.id,
                                          .token = token.id,
                                          .kind = NoticeKind::created,
                                          .event = event,
                                          .valid_to = {},
                                          .created_at = now}});
    shorten_audit(t, now + hours(1), 100);
  });
  EXPECT_EQ(look([&](Transaction& t) { return notices_of(t, user.id, {}, 10).size(); }), 1U);
}

TEST_F(AuditSearch, finds_where_a_time_begins) {
  const auto before = [&](Time time) {
    return look([&](Transaction& t) { return audit_position_before(t, time); });
  };
  EXPECT_EQ(before(now), 0);
  write_events(10, {});
  EXPECT_EQ(before(now), 0);
  EXPECT_EQ(before(now + hours(1)), 2);
  EXPECT_EQ(before(now + hours(8)), 8);
  EXPECT_EQ(before(now + hours(9)), 10);
}

TEST_F(AuditSearch, keeps_streams_and_their_progress) {
  const auto organization = an_organization().id;
  AuditStream stream{.id = StreamId::random(),
                     .organization = organization,
                     .consumer = Consumer::syslog,
                     .name = "SIEM",
                     .inputs = "{}",
                     .secret = "sealed",
                     .reason = {},
                     .progress = {.position = 3, .resume = 2, .backfill_until = 5},
                     .created_at = now,
                     .updated_at = now};
  act([&](Transaction& t) { insert_stream(t, stream); });
  const auto due = [&](std::int64_t last) {
    return look([&](Transaction& t) { return due_streams(t, now, last).size(); });
  };
  EXPECT_EQ(due(3), 0U);
  EXPECT_EQ(due(4), 1U);
  auto progress = stream.progress;
  progress.position = 4;
  progress.next_attempt_at = now + day;
  progress.last_error = "down";
  act([&](Transaction& t) { set_progress(t, stream.id, now, progress); });
  const auto kept = look([&](Transaction& t) { return *find_stream(t, stream.id); });
  EXPECT_EQ(kept.progress.position, 4);
  EXPECT_EQ(kept.progress.last_error, "down");
  EXPECT_EQ(kept.consumer, Consumer::syslog);
  EXPECT_EQ(due(9), 0U);
  act([&](Transaction& t) { set_progress(t, stream.id, now + day, {}); });  // changed meanwhile
  EXPECT_EQ(look([&](Transaction& t) { return find_stream(t, stream.id)->progress.position; }), 4);
  EXPECT_EQ(look([&](Transaction& t) { return streams_of(t, organization).size(); }), 1U);
  EXPECT_EQ(look([&](Transaction& t) { return streams_of(t, {}).size(); }), 0U);
  act([&](Transaction& t) { delete_stream(t, stream.id); });
  EXPECT_FALSE(look([&](Transaction& t) { return find_stream(t, stream.id); }));
}

}  // namespace
}  // namespace latchkey::store
