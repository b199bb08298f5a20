// Goal: who may reads what they may, filters hold, readings are recorded and told as one; failed sign-ins are
// recorded, and never without bound; every action that is recorded has its row. Method: a world with a clock
// that stands; the sources themselves for the last. SPDX-License-Identifier: Apache-2.0
#include "authority/audit_log.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "authority/directory.hpp"
#include "authority/projects.hpp"
#include "authority/sessions.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using testing::ElementsAre;

class AuditLog : public testing::Test {
 protected:
  std::vector<std::string> actions(const AuditFilter& filter, bool aggregate = true) {
    std::vector<std::string> all;
    for (const auto& entry :
         audit_log(world.authority(), world.signed_in(world.admin), filter,
                   store::AuditPlace{world.now() + std::chrono::days(1), 0}, 100, aggregate)
             .entries)
      all.push_back(entry.told.event.action);
    return all;
  }
  std::size_t recorded(std::string_view action) {
    const auto events = world.audit();
    return static_cast<std::size_t>(
        std::ranges::count(events, action, [](const auto& event) { return std::string_view(event.action); }));
  }
  std::optional<RefusalCode> try_sign_in(std::string_view email, const std::string& address = "192.0.2.9") {
    return refusal_of([&] {
      return sign_in(world.authority(), email, Secret("not the password"),
                     {.address = address, .agent = "t", .activity = {}}, {}, "");
    });
  }
  World world;
};

TEST_F(AuditLog, is_for_administrators) {
  const auto read = [&](const UserId& user, std::optional<OrganizationId> organization) {
    return refusal_of([&] {
      return audit_log(world.authority(), world.signed_in(user), {.organization = organization}, {}, 10,
                       true);
    });
  };
  const auto chief = world.add_user("chief@example.com", Role::administrator);
  EXPECT_EQ(read(world.admin, {}), std::nullopt);
  EXPECT_EQ(read(world.admin, world.organization), std::nullopt);
  EXPECT_EQ(read(chief, world.organization), std::nullopt);
  EXPECT_EQ(read(chief, {}), RefusalCode::forbidden);
  EXPECT_EQ(read(world.ann, world.organization), RefusalCode::forbidden);
  EXPECT_EQ(read(world.add_user("eve@example.com", {}), world.organization), RefusalCode::not_found);
}

TEST_F(AuditLog, holds_what_its_filter_asks_for) {
  auto& authority = world.authority();
  static_cast<void>(create_project(authority, world.signed_in(world.admin), world.organization,
                                   {.name = "Garage", .description = {}}));
  world.advance(std::chrono::hours(1));
  static_cast<void>(world.issue(world.ann));
  static_cast<void>(create_user(
      authority, world.signed_in(world.admin),
      {.email = "zoe@example.com", .display_name = "Zoe", .password = Secret(std::string(World::password))}));
  EXPECT_THAT(actions({}), ElementsAre("User.Create", "Token.PatCreateEvent", "Project.CreateCompleted"));
  EXPECT_THAT(actions({.organization = world.organization}),
              ElementsAre("Token.PatCreateEvent", "Project.CreateCompleted"));
  EXPECT_THAT(actions({.from = world.now()}), ElementsAre("User.Create", "Token.PatCreateEvent"));
  EXPECT_THAT(actions({.until = world.now()}), ElementsAre("Project.CreateCompleted"));
  EXPECT_THAT(actions({.actor = world.ann}), ElementsAre("Token.PatCreateEvent"));
  EXPECT_THAT(actions({.area = "token"}), ElementsAre("Token.PatCreateEvent"));
  EXPECT_THAT(actions({.category = "CREATE", .text = "gaRAge"}), ElementsAre("Project.CreateCompleted"));
  EXPECT_THAT(actions({.text = "ann@"}), ElementsAre("Token.PatCreateEvent"));
  EXPECT_THAT(actions({.category = "remove"}), ElementsAre());
}

TEST_F(AuditLog, records_its_own_reading_once_for_a_query) {
  const auto admin = world.signed_in(world.admin);
  auto page = audit_log(world.authority(), admin, {}, {}, 10, true);
  EXPECT_EQ(recorded("AuditLog.AccessLog"), 1U);
  static_cast<void>(audit_log(world.authority(), admin, {}, store::AuditPlace{world.now(), 1}, 10, true));
  EXPECT_EQ(recorded("AuditLog.AccessLog"), 1U);
  for (int i = 0; i < 3; ++i) page = audit_log(world.authority(), admin, {}, {}, 10, true);
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries[0].aggregated, 4);
  EXPECT_EQ(actions({}, false).size(), 4U);
  static_cast<void>(begin_audit_download(world.authority(), admin, {}, "csv"));
  EXPECT_EQ(recorded("AuditLog.DownloadLog"), 1U);
}

TEST_F(AuditLog, pages_to_its_end) {
  for (int i = 0; i < 25; ++i) static_cast<void>(world.issue(world.ann));
  std::set<std::int64_t> seen;
  std::optional<store::AuditPlace> after(store::AuditPlace{world.now() + std::chrono::days(1), 0});
  while (after) {
    const auto page = audit_log(world.authority(), world.signed_in(world.admin), {}, after, 7, true);
    EXPECT_LE(page.entries.size(), 7U);
    for (const auto& entry : page.entries) EXPECT_TRUE(seen.insert(entry.told.event.position).second);
    after = page.after;
  }
  EXPECT_EQ(seen.size(), 25U);
}

TEST_F(AuditLog, counts_for_the_chart) {
  static_cast<void>(world.issue(world.ann));
  world.advance(std::chrono::hours(2));
  static_cast<void>(world.issue(world.ann));
  static_cast<void>(world.issue(world.ben));
  world.advance(std::chrono::hours(1));
  const AuditFilter filter{.from = world.now() - std::chrono::hours(4), .until = world.now()};
  const auto admin = world.signed_in(world.admin);
  EXPECT_THAT(audit_activity(world.authority(), admin, filter, 4).counts, ElementsAre(0, 1, 0, 2));
  auto of_ann = filter;
  of_ann.actor = world.ann;
  EXPECT_THAT(audit_activity(world.authority(), admin, of_ann, 4).counts, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(audit_activity(world.authority(), admin, {.from = world.now(), .until = world.now()}, 2).counts,
              ElementsAre(0, 0));
}

TEST_F(AuditLog, counts_refusals_with_and_without_a_filter) {
  static_cast<void>(try_sign_in("nobody@example.com"));
  static_cast<void>(world.issue(world.ann));
  const auto admin = world.signed_in(world.admin);
  AuditFilter filter{.from = world.now() - std::chrono::hours(1),
                     .until = world.now() + std::chrono::hours(1)};
  const auto refusals = [&] { return audit_activity(world.authority(), admin, filter, 2).refusals; };
  EXPECT_THAT(refusals(), ElementsAre(0, 1));
  filter.category = "access";
  EXPECT_THAT(refusals(), ElementsAre(0, 1));
  filter.category = "create";
  EXPECT_THAT(refusals(), ElementsAre(0, 0));
}

TEST_F(AuditLog, is_shortened_with_a_word_of_it) {
  for (int i = 0; i < 3; ++i) static_cast<void>(world.issue(world.ann));
  world.advance(std::chrono::days(40));
  static_cast<void>(world.issue(world.ann));
  shorten_audit(world.authority(), std::chrono::days(30));
  const auto events = world.audit();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].position, 4);
  EXPECT_EQ(events[1].action, "AuditLog.RetentionApplied");
  shorten_audit(world.authority(), std::chrono::days(30));
  EXPECT_EQ(world.audit().size(), 2U);
}

TEST_F(AuditLog, tells_of_failed_sign_ins_without_the_text_of_an_unknown_account) {
  EXPECT_EQ(try_sign_in("ann@example.com"), RefusalCode::not_signed_in);
  EXPECT_EQ(try_sign_in("my secret password"), RefusalCode::not_signed_in);
  const auto events = world.audit();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].action, "Session.SignInFailed");
  EXPECT_EQ(events[0].subject, world.ann.text());
  EXPECT_EQ(events[0].actor, std::nullopt);
  EXPECT_EQ(events[0].address, "192.0.2.9");
  EXPECT_EQ(events[1].subject, "");
  EXPECT_FALSE(events[1].data.contains("secret"));
}

TEST_F(AuditLog, counts_failed_sign_ins_beyond_its_bound) {
  auto& failed = world.authority().failed_sign_ins;
  int alone = 0;
  for (int i = 0; i < 5000; ++i)
    alone += failed.may_record(world.now(), "192.0.2." + std::to_string(i % 50)) ? 1 : 0;
  EXPECT_EQ(alone, 100);
  record_failed_sign_ins(world.authority());
  record_failed_sign_ins(world.authority());
  const auto events = world.audit();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].action, "Session.SignInsFailed");
  EXPECT_TRUE(events[0].data.contains("\"Count\":4900")) << events[0].data;
  for (int i = 0; i < 30; ++i)
    static_cast<void>(try_sign_in("ann@example.com"));  // the throttle's are counted too
  record_failed_sign_ins(world.authority());
  EXPECT_TRUE(world.audit().back().data.contains("\"Count\":30")) << world.audit().back().data;
}

TEST(AuditActions, are_told_in_sentences) {
  const auto action = audit_action("Token.PatCreateEvent");
  EXPECT_EQ(action.area(), "Token");
  EXPECT_EQ(audit_details(action, {{"DisplayName", "laptop"}}),
            "Personal Access Token \"laptop\" was created.");
  EXPECT_EQ(audit_details(action, {}), "Personal Access Token \"\" was created.");
  EXPECT_EQ(audit_action("Other.Thing").category, AuditCategory::unknown);
  EXPECT_EQ(audit_details(audit_action("Other.Thing"), {}), "Other.Thing");
}

// Whatever looks like an action in a source of this room must be a row.
TEST(AuditActions, are_all_that_is_recorded) {
  std::filesystem::path room;
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    room = folder / "src/authority";
    if (std::filesystem::exists(room)) break;
    ASSERT_NE(folder, folder.root_path()) << "run this inside the checkout";
  }
  const std::regex action("\"([A-Z][A-Za-z]+\\.[A-Z][A-Za-z.]+)\"");
  std::set<std::string> named;
  for (const auto& entry : std::filesystem::directory_iterator(room)) {
    const auto name = entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp") || name == "audit_actions.cpp") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator(file), {});
    for (auto at = std::sregex_iterator(text.begin(), text.end(), action); at != std::sregex_iterator(); ++at)
      named.insert((*at)[1]);
  }
  EXPECT_GT(named.size(), 20U);
  for (const auto& one : named)
    EXPECT_NE(audit_action(one).category, AuditCategory::unknown) << one << " is no row of audit_actions.cpp";
}

}  // namespace
}  // namespace latchkey::authority
