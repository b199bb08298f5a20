// Goal: no list and no look-up reads a whole table. Method: every function of the room runs once while the
// engine tells its statements; then the engine explains how it runs each of them.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <set>

#include "store/account_mails.hpp"
#include "store/agents.hpp"
#include "store/audit_check.hpp"
#include "store/audit_search.hpp"
#include "store/bans.hpp"
#include "store/ends.hpp"
#include "store/grants.hpp"
#include "store/groups.hpp"
#include "store/inventory.hpp"
#include "store/invitations.hpp"
#include "store/live_tokens.hpp"
#include "store/mail_settings.hpp"
#include "store/notices.hpp"
#include "store/organization_notices.hpp"
#include "store/outbox.hpp"
#include "store/password_resets.hpp"
#include "store/policies.hpp"
#include "store/revocations.hpp"
#include "store/store_fixture.hpp"
#include "store/streams.hpp"
#include "store/token_search.hpp"
#include "store/use_report.hpp"
#include "store/uses.hpp"

namespace latchkey::store {
namespace {

std::set<std::string> statements;  // those of the writer and the readers, which never run at once here

std::set<std::string> read_anew;  // of those, the ones that the engine read again when values were bound

int note(unsigned, void*, void* traced, void*) {
  auto* const statement = static_cast<sqlite3_stmt*>(traced);
  statements.insert(sqlite3_sql(statement));
  if (sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0) > 0)
    read_anew.insert(sqlite3_sql(statement));
  return 0;
}
int note_all(sqlite3* database, const char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, note, nullptr);
}

class Plans : public StoreFixture {
 protected:
  Plans() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(note_all));
    reopen();
    statements.clear();
    read_anew.clear();
  }
  ~Plans() override {
    sqlite3_close(database_);
    sqlite3_reset_auto_extension();
  }

  std::string plan(const std::string& sql) {
    if (database_ == nullptr) sqlite3_open((directory / "latchkey.db").c_str(), &database_);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, ("explain query plan " + sql).c_str(), -1, &statement, nullptr),
              SQLITE_OK)
        << sql;
    std::string text;
    while (sqlite3_step(statement) == SQLITE_ROW)
      (text += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))) += '\n';
    sqlite3_finalize(statement);
    return text;
  }
  void run_directory() {
    User user = a_user();
    const Organization organization = an_organization();
    act([&](Transaction& t) {
      put_membership(t, organization.id, user.id, Role::administrator);
      update_user(t, user);
      set_signed_in(t, user.id, now);
      static_cast<void>(find_organization(t, organization.id));
      static_cast<void>(find_organization_by_name(t, "x"));
      static_cast<void>(memberships_of(t, user.id));
      static_cast<void>(organizations(t, 10));
      set_organization_open(t, organization.id, true);
      static_cast<void>(users(t, {}));
      static_cast<void>(find_user(t, user.id));
      static_cast<void>(find_user_by_email(t, "x"));
      static_cast<void>(count_server_administrators(t));
      static_cast<void>(find_membership(t, organization.id, user.id));
      static_cast<void>(count_organization_administrators(t, organization.id));
      static_cast<void>(members_of(t, organization.id, {}));
      delete_membership(t, organization.id, user.id);
    });
  }
  void run_projects() {
    const Project project = a_project(an_organization("Two").id);
    const OrganizationId organization = project.organization;
    act([&](Transaction& t) {
      update_project(t, project);
      static_cast<void>(find_project(t, project.id));
      static_cast<void>(find_project_by_name(t, organization, "x"));
      static_cast<void>(projects_of(t, organization, 0, 10));
      static_cast<void>(find_operation(t, Uuid::random()));
      Repository repository;
      repository.project = project.id;
      insert_repository(t, repository);
      update_repository(t, repository);
      static_cast<void>(find_repository(t, repository.id));
      static_cast<void>(find_repository_by_name(t, project.id, "x"));
      static_cast<void>(repositories_of_project(t, project.id, 10));
      static_cast<void>(repositories_of_organization(t, organization, 10));
      delete_repository(t, repository.id);
      Build build;
      build.organization = organization;
      build.project = project.id;
      build.requested_by = find_user_by_email(t, "ada@example.org")->id;
      update_build(t, insert_build(t, build));
      static_cast<void>(find_build(t, organization, 1));
      static_cast<void>(builds_of(t, organization, {}));
      static_cast<void>(
          builds_of(t, organization, {.project = project.id, .definition = "CI", .before_number = 9}));
      static_cast<void>(builds_of(t, organization, {.numbers = {1, 2}}));
      delete_project(t, project.id);
    });
  }
  void run_tokens() {
    const User bob = a_user("bob@example.org");
    for (int i = 0; i < 3; ++i) {
      const Token token = a_token(bob.id);
      act([&](Transaction& t) {
        static_cast<void>(update_token(t, token));
        static_cast<void>(find_token(t, token.id));
        static_cast<void>(token_position(t, token.id));
        static_cast<void>(count_live_tokens(t, bob.id, now));
        end_secret(t, live_secrets(t, token.id, now).at(0).id, now + day);
        static_cast<void>(revoke_token(t, token.id, now, bob.id, "revoked"));
      });
    }
    for (const auto filter :
         {TokenFilter::all, TokenFilter::active, TokenFilter::revoked, TokenFilter::expired})
      for (const auto sort : {TokenSort::display_name, TokenSort::display_date, TokenSort::status})
        for (const bool ascending : {true, false}) {
          TokenPage page{.filter = filter, .sort = sort, .ascending = ascending, .top = 1};
          page.after = look([&](Transaction& t) { return tokens_of(t, bob.id, page, now); }).next;
          static_cast<void>(look([&](Transaction& t) { return tokens_of(t, bob.id, page, now); }));
        }
  }
  void run_uses() {
    const Token token = a_token(a_user("cy@example.org").id);
    act([&](Transaction& t) {
      static_cast<void>(begin_fold(t, "a fold"));
      static_cast<void>(find_token_of_fingerprint(t, "x"));
      Use use{
          .token = token.id, .outcome = std::string(accepted), .count = 1, .first_at = now, .last_at = now};
      for (int i = 0; i < 2; ++i) add_use(t, use);
      static_cast<void>(uses_of(t, token.id));
      static_cast<void>(shorten_uses(t, now + day));
    });
  }
  void run_portal() {
    const User dan = a_user("dan@example.org");
    const Token token = a_token(dan.id);
    for (const std::string text : {"", "k7Qx"})
      static_cast<void>(look([&](Transaction& t) {
        return search_tokens(t, dan.id, {.match = {.text = text}, .top = 1}, now);
      }));
    act([&](Transaction& t) {
      static_cast<void>(ending_tokens(t, dan.id, now, now + 90 * day, 60));
      static_cast<void>(count_ending_tokens(t, dan.id, now, now + 90 * day));
      put_shrink(t, {.token = token.id, .scopes = "x", .undo_until = now, .created_at = now});
      static_cast<void>(find_shrink(t, token.id));
      delete_shrink(t, token.id);
      static_cast<void>(days_of_use(t, token.id, Day()));
      static_cast<void>(clients_of(t, token.id, Day()));
      static_cast<void>(clients_of_text(t, token.id, "x", now));
      static_cast<void>(refused_uses(t, token.id, Day()));
      static_cast<void>(needed_scopes(t, token.id));
      static_cast<void>(audit_events_of(t, "x", 9, 10));
      insert_notices(t, std::array{Notice{.id = NoticeId::random(),
                                          .user = dan.id,
                                          .token = token.id,
                                          .kind = NoticeKind::expires_soon,
                                          .event = {},
                                          .valid_to = now,
                                          .created_at = now}});
      static_cast<void>(notices_of(t, dan.id, {}, 10));
      static_cast<void>(notices_of(t, dan.id, NoticeCursor{.created_at = now, .id = {}}, 10));
      static_cast<void>(count_unread_notices(t, dan.id));
      read_notice(t, dan.id, NoticeId(), now);
      read_all_notices(t, dan.id, now);
      static_cast<void>(delete_notices_before(t, now));
      plan_ends(t, std::array{End{.owner = dan.id, .token = token.id, .valid_to = now + 90 * day}}, now);
      for (const DueEnd& end : due_ends(t, now + 90 * day, 10)) forget_ends_until(t, end);
    });
  }
  void run_governance() {
    const User eve = a_user("eve@example.org");
    const Project project = a_project(an_organization("Three").id);
    const OrganizationId organization = project.organization;
    const Group group{.id = GroupId::random(),
                      .organization = organization,
                      .name = "G",
                      .description = {},
                      .created_at = now};
    act([&](Transaction& t) {
      insert_group(t, group);
      update_group(t, group);
      static_cast<void>(find_group(t, group.id));
      insert_group_member(t, group.id, eve.id);
      static_cast<void>(is_group_member(t, group.id, eve.id));
      static_cast<void>(count_group_members(t, group.id));
      static_cast<void>(members_of_group(t, group.id, {}));
      for (const auto& place : {std::optional<OrganizationId>(), std::optional(organization)}) {
        static_cast<void>(groups_in(t, place, "", 10));
        static_cast<void>(find_group_by_name(t, place, "G"));
      }
      put_project_role(t, project.id, {.grantee = group.id, .role = Role::reader});
      static_cast<void>(project_roles(t, project.id));
      static_cast<void>(find_project_role(t, project.id, eve.id));
      static_cast<void>(highest_project_role(t, project.id, eve.id));
      static_cast<void>(delete_project_role(t, project.id, eve.id));
      put_allowed_route(t, organization, {.route = "GET /x", .grantees = {group.id}});
      static_cast<void>(allowed_routes(t, organization));
      const AgentPool pool = insert_agent_pool(
          t, {.organization = organization, .name = "P", .created_by = eve.id, .created_at = now});
      update_agent_pool(t, pool);
      static_cast<void>(find_agent_pool(t, organization, pool.number));
      static_cast<void>(find_agent_pool_by_name(t, organization, "p"));
      static_cast<void>(agent_pools_of(t, organization, 10));
      const Agent agent = insert_agent(t, {.organization = organization,
                                           .pool = pool.number,
                                           .name = "A",
                                           .version = {},
                                           .os_description = {},
                                           .created_at = now,
                                           .status_changed_at = now});
      update_agent(t, agent);
      static_cast<void>(find_agent(t, organization, pool.number, agent.number));
      static_cast<void>(find_agent_by_name(t, organization, pool.number, "a"));
      static_cast<void>(agents_of(t, pool, 10));
      const AgentQueue queue = insert_agent_queue(
          t, {.organization = organization, .project = project.id, .pool = pool.number, .name = "Q"});
      update_agent_queue(t, queue);
      static_cast<void>(find_agent_queue(t, organization, queue.number));
      static_cast<void>(find_agent_queue_by_name(t, project.id, "q"));
      static_cast<void>(agent_queues_of(t, project.id, 10));
      delete_agent_queue(t, queue);
      delete_agent(t, agent);
      delete_agent_pool(t, pool);
      leave_groups(t, eve.id, organization);
      leave_groups(t, eve.id, {});
      delete_group(t, group.id);
    });
  }
  void run_administration() {
    const User fay = a_user("fay@example.org");
    const Organization organization = an_organization("Four");
    const Token token = a_token(fay.id);
    const std::optional<OrganizationId> places[] = {std::nullopt, organization.id};
    for (const auto& place : places)
      for (const auto order : {InventoryOrder::expires, InventoryOrder::created, InventoryOrder::name})
        for (const bool descending : {false, true}) {
          InventorySearch search{
              .match = {.organization = place}, .order = order, .descending = descending, .top = 1};
          for (int page = 0; page < 2; ++page)
            search.after = look([&](Transaction& t) { return search_inventory(t, search, now); }).next;
          search.match.fingerprint = "x";
          static_cast<void>(look([&](Transaction& t) { return count_inventory(t, search.match, now); }));
          search.match = {.organization = place, .owner = fay.id};
          static_cast<void>(look([&](Transaction& t) { return count_inventory(t, search.match, now); }));
        }
    act([&](Transaction& t) {
      Revocation job{.id = RevocationId::random(), .created_by = fay.id, .created_at = now};
      job.ended_reason = "revoked";
      insert_revocation(t, job);
      name_tokens(t, job.id, std::array{token.id});
      for (const TokenId& named : named_tokens(t, job.id, 10)) forget_named_token(t, job.id, named);
      add_revoked(t, job.id, 1);
      static_cast<void>(find_revocation(t, job.id));
      static_cast<void>(oldest_running_revocation(t));
      for (const auto& place : places) static_cast<void>(revocations(t, place, job.id, 10));
      finish_revocation(t, job.id, RevocationState::done, now);
      static_cast<void>(insert_ban(t, organization.id, token.id, fay.id, now));
      static_cast<void>(is_banned(t, organization.id, token.id));
      static_cast<void>(is_banned_anywhere(t, token.id));
      touch_bans(t, token.id);
      static_cast<void>(delete_ban(t, organization.id, token.id));
      static_cast<void>(find_token_of_text(t, Digest()));
      remove_user(t, fay.id);
    });
  }
  void run_policies() {
    const User gus = a_user("gus@example.org");
    const OrganizationId organization = an_organization("Five").id;
    act([&](Transaction& t) {
      Policy policy{.name = "idle-days",
                    .organization = organization,
                    .value = "7",
                    .report_from = {},
                    .warn_from = now,
                    .refuse_from = now,
                    .revoke_from = now,
                    .exceptions = {gus.id},
                    .changed_at = now,
                    .changed_by = gus.id};
      put_policy(t, policy);
      static_cast<void>(policies_of(t, organization));
      static_cast<void>(policies_for(t, organization));
      static_cast<void>(organizations_with_policy(t, policy.name));
      while (const auto due = next_due_policy(t, now)) set_carried_out(t, *due);
      static_cast<void>(idle_tokens(t, organization, now, now, 10));
      static_cast<void>(resting_tokens(t, organization, now, 10));
      static_cast<void>(resting_tokens_of(t, gus.id, 10));
      rest_token(t, TokenId(), now);
      wake_token(t, TokenId(), now);
      static_cast<void>(organization_administrators(t, organization, 3));
      static_cast<void>(count_live_tokens(t, gus.id, organization, now, 10));
      static_cast<void>(delete_policy(t, organization, policy.name));
    });
  }
  void run_audit() {
    const AuditRange range{.from = now, .until = now + day};
    const OrganizationId organization = an_organization("Audited").id;
    act([&](Transaction& t) {
      for (const bool latest_first : {true, false})
        for (const auto& place : {std::optional<AuditPlace>(), std::optional(AuditPlace{now, 1})}) {
          static_cast<void>(audit_page(t, range, latest_first, place, 10));
          static_cast<void>(audit_page(t, {.organization = organization, .from = now, .until = now + day},
                                       latest_first, place, 10));
        }
      static_cast<void>(audit_counts(t, range, 10));
      static_cast<void>(audit_counts(t, {.organization = organization, .from = now, .until = now + day}, 10));
      static_cast<void>(audit_refusal_counts(t, range, 10));
      static_cast<void>(
          audit_refusal_counts(t, {.organization = organization, .from = now, .until = now + day}, 10));
      put_audit_check(t, find_audit_check(t));
      static_cast<void>(audit_after(t, 0, 10));
      static_cast<void>(audit_position_before(t, now));
      for (int i = 0; i < 3; ++i) append_audit(t, an_event());
      static_cast<void>(shorten_audit(t, now + day, 10));
      static_cast<void>(server_administrators(t, 10));
      static_cast<void>(streams_of(t, {}));
      static_cast<void>(streams_of(t, organization));
      static_cast<void>(find_stream(t, {}));
      static_cast<void>(due_streams(t, now, 10));
      delete_stream(t, {});
    });
  }
  void run_outbox() {
    act([](Transaction& t) {
      const Queue mail(Channel::owner_mail);
      set_mailing(t, true);
      set_mailing(t, false);
      put_into_outbox(t, std::array{NoticeId()}, now);
      static_cast<void>(next_to_send(t, mail, now));
      const OutboxRow row{.notice = {}, .channel = mail.channel, .next_at = now, .created_at = now};
      delete_from_outbox(t, row);
      set_failed(t, row);
      set_undeliverable(t, row);
      set_waiting(t, mail, now);
      static_cast<void>(queue_state(t, mail, now));
      static_cast<void>(undeliverable(t, mail, {}, 10));
      static_cast<void>(undeliverable(t, mail, UndeliverableCursor{now, {}}, 10));
      static_cast<void>(send_again(t, mail, {}, now));
      static_cast<void>(send_some_again(t, mail, now));
      end_waiting(t, mail, now);
      set_undeliverable_before(t, row, now);
      static_cast<void>(empty_some(t, mail));
      static_cast<void>(find_notice(t, {}));
      const OrganizationId organization;
      static_cast<void>(find_webhook(t, organization));
      static_cast<void>(due_webhooks(t, now));
      delete_webhook(t, organization);
      static_cast<void>(find_mailbox(t, organization));
      delete_mailbox(t, organization);
    });
  }
  void run_accounts() {
    const UserId user = a_user("resets@example.org").id;
    act([&](Transaction& t) {
      static_cast<void>(is_mailing(t));
      put_account_mail(t, {.id = AccountMailId::random(),
                           .user = user,
                           .kind = AccountMailKind::password_reset,
                           .created_at = now});
      static_cast<void>(next_account_mail(t, now));
      set_account_mail_failed(t, {.kind = AccountMailKind::password_reset});
      delete_account_mail(t, {});
      try_account_mails_at_once(t, now);
      static_cast<void>(account_mail_queue(t));
      put_password_reset(t, {.user = user, .digest = Digest(), .ends_at = now});
      static_cast<void>(find_password_reset(t, Digest()));
      static_cast<void>(password_reset_of(t, user));
      set_password_reset_sent(t, user, now);
      end_password_reset(t, user);
      delete_password_resets_ended_before(t, now);
      put_mail_settings(t, {.host = "mail.example.com", .port = 25, .from = "a@example.com"});
      static_cast<void>(find_mail_settings(t));
      delete_mail_settings(t);
    });
  }
  void run_the_rest() {
    act([](Transaction& t) {
      static_cast<void>(find_sign_in(t, Digest()));
      static_cast<void>(sign_ins_of(t, UserId()));
      delete_other_sign_ins(t, UserId(), SignInId());
      static_cast<void>(find_invitation(t, Digest()));
      delete_invitation(t, UserId());
      delete_invitations_ended_before(t, now);
      see_sign_in(t, SignInId(), now);
      delete_sign_in(t, SignInId());
      delete_sign_ins_of(t, UserId());
      delete_sign_ins_ended_before(t, now);
      append_audit(t, an_event());
      each_audit_event(t, 0, 10, [](const AuditEvent&) {});
    });
  }
  void run_lists() {
    run_directory();
    run_projects();
    run_portal();
    run_governance();
    run_administration();
    run_policies();
    run_audit();
    run_outbox();
    run_accounts();
    run_the_rest();
  }
  void run_all() {
    run_lists();
    run_tokens();
    run_uses();
  }

 private:
  sqlite3* database_ = nullptr;
};

// Without the rows of a bounded subquery, which this room calls so.
std::string without_bounded_ones(std::string plan) {
  constexpr std::string_view bounded = "SCAN some\n";
  if (const auto at = plan.find(bounded); at != std::string::npos) plan.erase(at, bounded.size());
  return plan;
}
bool reads_one_row(const std::string& sql) { return sql.find(" limit 1") != std::string::npos; }

TEST_F(Plans, of_no_list_or_look_up_read_a_whole_table) {
  run_all();
  static_cast<void>(look(any_organization));
  const auto seen = statements;
  EXPECT_GT(seen.size(), 70U);
  for (const std::string& sql : seen)
    if (!reads_one_row(sql))
      EXPECT_THAT(without_bounded_ones(plan(sql)), testing::Not(testing::HasSubstr("SCAN "))) << sql;
}

// A value compared with a column that an index of some rows names (where state = 'live') is read into the
// plan, which then holds for that value alone: such a state stands in the statement's text.
TEST_F(Plans, hold_for_whatever_is_asked_for) {
  run_all();
  for (const std::string& sql : read_anew) EXPECT_THAT(sql, testing::HasSubstr(" like $")) << "a search";
}

TEST_F(Plans, of_long_lists_sort_nothing) {
  run_lists();
  for (const std::string& sql : std::set(statements))
    if (sql.find(" limit $") != std::string::npos)
      EXPECT_THAT(plan(sql), testing::Not(testing::HasSubstr("TEMP B-TREE"))) << sql;
}

// Looking for it, every few seconds, visits no end that is not due.
TEST_F(Plans, of_ends_to_tell_look_at_what_is_due_alone) {
  run_portal();
  int found = 0;
  for (const std::string& sql : std::set(statements))
    if (sql.find("ends_to_tell e where e.due_at <= $1") != std::string::npos && ++found > 0) {
      EXPECT_THAT(plan(sql), testing::HasSubstr("sqlite_autoindex_ends_to_tell_1 (due_at<?)")) << sql;
      EXPECT_THAT(plan(sql),
                  testing::HasSubstr("COVERING INDEX tokens_by_state (owner=? AND state=? AND valid_to=?"))
          << sql;
    }
  EXPECT_EQ(found, 1);
}

TEST_F(Plans, of_a_projects_builds_read_no_others) {
  run_directory();
  run_projects();
  int found = 0;
  for (const std::string& sql : std::set(statements))
    if (sql.find("from builds where organization = $1 and project = $2") != std::string::npos && ++found > 0)
      EXPECT_THAT(plan(sql), testing::HasSubstr("builds_by_project")) << sql;
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace latchkey::store
