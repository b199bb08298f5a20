// Goal: audit events are dense, chained, and every field of a row is under its digest. Method: rows are
// written, read back, and changed one field at a time. SPDX-License-Identifier: Apache-2.0
#include "store/audit.hpp"

#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

class Audit : public StoreFixture {
 protected:
  std::vector<AuditEvent> events(std::int64_t after = 0, std::int64_t top = 100) {
    return look([&](Transaction& t) {
      std::vector<AuditEvent> found;
      each_audit_event(t, after, top, [&](const AuditEvent& event) { found.push_back(event); });
      return found;
    });
  }
};

TEST_F(Audit, is_dense_and_chained) {
  for (int i = 0; i < 3; ++i) act([&](Transaction& t) { append_audit(t, an_event()); });
  EXPECT_THROW(act([&](Transaction& t) {
                 append_audit(t, an_event());
                 throw std::runtime_error("no");
               }),
               std::runtime_error);
  act([&](Transaction& t) {
    append_audit(t, an_event());
    append_audit(t, an_event());
  });
  Digest previous;
  std::int64_t position = 0;
  for (const AuditEvent& event : events()) {
    EXPECT_EQ(event.position, ++position);
    EXPECT_TRUE(event.previous == previous);
    EXPECT_TRUE(event.digest == audit_digest(event));
    previous = event.digest;
  }
  EXPECT_EQ(position, 5);
  EXPECT_EQ(events(1, 2).size(), 2U);
  EXPECT_EQ(events(1, 2)[0].position, 2);
}

TEST_F(Audit, reads_back_as_it_was_written) {
  AuditEvent written = an_event("Project.CreateCompleted");
  written.actor = UserId::random();
  written.organization = OrganizationId::random();
  written.data = R"({"name":"Garage"})";
  written.address = "192.0.2.1";
  written.agent = "git";
  act([&](Transaction& t) { append_audit(t, written); });
  const AuditEvent found = events().at(0);
  EXPECT_EQ(found.time, now);
  EXPECT_EQ(found.actor, written.actor);
  EXPECT_EQ(found.organization, written.organization);
  EXPECT_EQ(found.action, "Project.CreateCompleted");
  EXPECT_EQ(found.subject, "subject");
  EXPECT_EQ(found.data, R"({"name":"Garage"})");
  EXPECT_EQ(found.address, "192.0.2.1");
  EXPECT_EQ(found.agent, "git");
  EXPECT_EQ(found.activity, written.activity);
  EXPECT_EQ(found.correlation, written.correlation);
}

TEST(AuditDigest, covers_every_field_and_their_borders) {
  AuditEvent event;
  event.action = "ab";
  event.subject = "c";
  std::vector<AuditEvent> others(14, event);
  others[0].position = 1;
  others[1].time = Time(std::chrono::microseconds(1));
  others[2].actor = UserId();
  others[3].organization = OrganizationId();
  others[4].action = "a";
  others[5].subject = "d";
  others[6].data = "{}";
  others[7].address = "x";
  others[8].agent = "x";
  others[9].activity = ActivityId::random();
  others[10].correlation = ActivityId::random();
  others[11].previous = Digest::of("x");
  others[12].action = "a";
  others[12].subject = "bc";
  others[13].actor = UserId::random();
  for (const AuditEvent& other : others) EXPECT_FALSE(audit_digest(other) == audit_digest(event));
}

}  // namespace
}  // namespace latchkey::store
