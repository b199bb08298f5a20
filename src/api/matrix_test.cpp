// Goal: every row of the route table lets in exactly whom it should. Method: each row, with a request that
// would succeed, by each kind of caller; what must come out is computed from the row and from security.md's
// roles.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include "api/match.hpp"
#include "api/testing.hpp"
#include "authority/account_mails.hpp"
#include "authority/agents.hpp"
#include "authority/bans.hpp"
#include "authority/directory.hpp"
#include "authority/groups.hpp"
#include "authority/mail.hpp"
#include "authority/notice_choices.hpp"
#include "authority/organization_notices.hpp"
#include "authority/policies.hpp"
#include "authority/projects.hpp"
#include "authority/revocations.hpp"
#include "authority/sessions.hpp"
#include "authority/streams.hpp"

namespace latchkey::api {
namespace {

enum class Caller {
  nobody,
  stranger,
  reader,
  contributor,
  administrator,
  token_without,
  token_with,
  token_full,
  password
};
constexpr Caller everyone[] = {Caller::nobody,      Caller::stranger,      Caller::reader,
                               Caller::contributor, Caller::administrator, Caller::token_without,
                               Caller::token_with,  Caller::token_full,    Caller::password};
constexpr std::string_view names[] = {"nobody",
                                      "a stranger's session",
                                      "a reader's session",
                                      "a contributor's session",
                                      "an administrator's session",
                                      "a token without the scope",
                                      "a token with the scope",
                                      "a full token",
                                      "an administrator's password over Basic"};

bool is_token(Caller caller) { return caller >= Caller::token_without && caller != Caller::password; }

// What everybody does for themselves.
bool is_ones_own(const Route& row) {
  return row.path == "/_session" || row.path == "/_apis/latchkey/password" ||
         row.path.starts_with("/_apis/latchkey/sign-ins") ||
         (row.path == "/_apis/latchkey/organizations" && row.method == http::Method::get);
}

// What security.md asks of a member for what a scope is about.
Caller least_member(const Route& row) {
  const auto scope = row.scope;
  for (const std::string what : {"members", "groups", "projects", "allowList", "policies", "inventory",
                                 "revocations", "bans", "notices"})
    if (row.path.contains("/_apis/latchkey/" + what)) return Caller::administrator;
  if (scope == "vso.agentpools_manage" || scope == "vso.tokenadministration") return Caller::administrator;
  if (row.path.contains("/audit/")) return Caller::administrator;
  if (scope == "vso.project_write" || scope == "vso.project_manage" || scope == "vso.code_manage")
    return Caller::administrator;
  return scope == "vso.build_execute" ? Caller::contributor : Caller::reader;
}

// 0: gets in.
int expected(const Route& row, Caller caller) {
  if (row.callers == Callers::anyone) return 0;
  if (row.callers == Callers::proxy) return 403;  // none of these comes by way of a trusted proxy
  if (row.callers == Callers::browser)
    return caller == Caller::nobody || caller == Caller::password || is_token(caller) ? 302 : 0;
  if (caller == Caller::nobody) return 401;
  if (caller ==
      Caller::password) {  // where a full token gets in, but of the organization that takes it alone
    if (!row.path.contains("{organization}")) return 401;
    return row.callers == Callers::session ? 403 : 0;
  }
  if (is_token(caller)) {
    if (row.callers == Callers::session) return 403;
    const bool in_full = row.scope != "latchkey.verify";
    const bool enough = row.any_scope || (caller == Caller::token_full && in_full) ||
                        (caller == Caller::token_with && !row.scope.empty());
    return enough ? 0 : 403;
  }
  if (row.callers == Callers::token) return 401;
  if (is_ones_own(row) || row.path.starts_with("/_apis/latchkey/notices")) return 0;
  if (row.path.starts_with("/_apis/latchkey/") || row.path.starts_with("/_apis/audit/"))
    return caller == Caller::administrator ? 0 : 403;
  if (caller == Caller::stranger) return 404;
  if (row.path.contains("/operations/")) return caller == Caller::administrator ? 0 : 404;
  // The token is the caller's own, whose ban everybody may end.
  return caller < least_member(row) ? 403 : 0;
}

class Matrix : public ::testing::Test {
 protected:
  Matrix() {
    eve_ = desk_.world.add_user("eve@example.com", {});
    zoe_ = desk_.world.add_user("zoe@example.com", {});
    authority::set_policy(desk_.world.authority(), authority::World::signed_in(desk_.world.admin),
                          desk_.world.organization, {.name = "basic-passwords", .value = "true"});
    authority::set_mailing(desk_.world.authority(), true);
  }

  UserId user_of(Caller caller) const {
    const auto& world = desk_.world;
    switch (caller) {
      case Caller::stranger:
        return eve_;
      case Caller::reader:
        return world.ben;
      case Caller::contributor:
        return world.ann;
      case Caller::nobody:
      case Caller::administrator:
      case Caller::token_without:
      case Caller::token_with:
      case Caller::token_full:
      case Caller::password:
        break;
    }
    return world.admin;
  }
  Fields credential(const Route& row, Caller caller) {
    const auto& admin = desk_.world.admin;
    switch (caller) {
      case Caller::nobody:
        return {};
      case Caller::stranger:
        return session("eve@example.com");
      case Caller::reader:
        return session("ben@example.com");
      case Caller::contributor:
        return session("ann@example.com");
      case Caller::administrator:
        return session("admin@example.com");
      case Caller::token_without:
        return desk_.token(admin, "vso.wiki");
      case Caller::token_with:
        return desk_.token(admin, row.scope.empty() ? "vso.wiki" : row.scope);
      case Caller::password:
        return Desk::basic(authority::World::password, "admin@example.com");
      case Caller::token_full:
        break;
    }
    return desk_.token(admin, "app_token");
  }

  // Passwords are slow to check: one sign-in for each, until a row signs out.
  Fields session(const std::string& email) {
    const auto known = sessions_.find(email);
    if (known != sessions_.end() && desk_.get("/_session", known->second).status == 200) return known->second;
    return sessions_[email] = desk_.sign_in(email);
  }

  // A project with a repository and a build, and a member, whatever the case before did to them.
  void arrange(Caller caller) {
    auto& authority = desk_.world.authority();
    const auto admin = authority::World::signed_in(desk_.world.admin);
    const auto& organization = desk_.world.organization;
    project_ = "p" + std::to_string(++counter_);
    operation_ =
        authority::create_project(authority, admin, organization, {.name = project_, .description = {}})
            .operation.id.text();
    repository_ =
        authority::show_repository(authority, admin, organization, project_, project_).repository.id.text();
    build_ = std::to_string(authority::create_build(authority, admin, organization, project_,
                                                    {"ci", "refs/heads/main", "", "manual"})
                                .build.number);
    set_member(authority, admin, organization, zoe_, Role::reader);
    const auto sign_ins = list_sign_ins(authority, authority::World::signed_in(user_of(caller)));
    sign_in_ = (sign_ins.empty() ? SignInId::random() : sign_ins.front().id).text();
    const auto issued =
        caller == Caller::stranger ? std::nullopt : std::optional(desk_.world.issue(user_of(caller)).token);
    token_ = (issued ? issued->id : TokenId::random()).text();
    fingerprint_ = issued ? issued->fingerprint : "AAAAAAAAAAAA";
  }
  // One for all organizations, which is banned already where the ban is to be ended.
  void ban(Caller caller, bool already) {
    if (caller == Caller::stranger) return;
    auto& authority = desk_.world.authority();
    const auto id = authority::create_token(authority, authority::World::signed_in(user_of(caller)),
                                            desk_.world.organization,
                                            {.name = "wide",
                                             .scopes = "vso.code",
                                             .valid_to = {},
                                             .all_organizations = true,
                                             .description = {}})
                        .token.id;
    token_ = id.text();
    if (already)
      authority::ban_token(authority, authority::World::signed_in(desk_.world.admin),
                           desk_.world.organization, id);
  }
  // Jobs of the place that the path is of; and a user whom nobody needs any more.
  void arrange_administration(std::string_view path) {
    auto& authority = desk_.world.authority();
    const auto admin = authority::World::signed_in(desk_.world.admin);
    const authority::Place place =
        path.contains("{organization}") ? authority::Place(desk_.world.organization) : std::nullopt;
    if (path.contains("{revocationId}"))
      revocation_ = start_revocation(authority, admin, place, std::span<const TokenId>(), "").job.id.text();
    if (place && path.contains("/notices"))
      authority::set_webhook(authority, admin, *place,
                             {.format = store::WebhookFormat::slack, .url = "https://hooks.example.com/x"});
    leaver_ = desk_.world.add_user("leaver" + std::to_string(counter_) + "@example.com", {});
  }
  // A group of the row's place, and a role, each with Zoe's name; a pool with an agent and a queue.
  void arrange_governance(std::string_view path) {
    auto& authority = desk_.world.authority();
    const auto admin = authority::World::signed_in(desk_.world.admin);
    const auto& organization = desk_.world.organization;
    if (path.contains("/groups")) {
      const auto place = path.starts_with("/_apis") ? std::nullopt : std::optional(organization);
      const auto id = create_group(authority, admin, place, {.name = project_, .description = {}}).group.id;
      add_group_member(authority, admin, place, id, zoe_);
      group_ = id.text();
    }
    if (path.contains("/roles"))
      static_cast<void>(set_project_role(authority, admin, organization, project_,
                                         {.grantee = zoe_, .role = Role::contributor}));
    if (path.contains("/distributedtask/")) {
      const auto pool = create_agent_pool(authority, admin, organization, {.name = project_}).pool.number;
      pool_ = std::to_string(pool);
      agent_ = std::to_string(create_agent(authority, admin, organization, pool, {.name = project_}).number);
      queue_ =
          std::to_string(create_agent_queue(authority, admin, organization, project_, pool, {}).queue.number);
    }
  }
  // The one stream that there is, of the organization or of the server.
  void arrange_stream(bool of_server) {
    auto& authority = desk_.world.authority();
    const auto admin = authority::World::signed_in(desk_.world.admin);
    const auto organization = of_server ? authority::Place() : authority::Place(desk_.world.organization);
    for (const auto& old : authority::list_streams(authority, admin, organization))
      authority::delete_stream(authority, admin, organization, old.stream.id);
    stream_ = authority::create_stream(authority, admin, organization,
                                       {.consumer = store::Consumer::webhook,
                                        .inputs = {{"Url", "https://siem.example.com/"}, {"Secret", "s"}}},
                                       std::chrono::days(0))
                  .stream.id.text();
  }
  // A mailed link for a new password.
  Secret link_for(const UserId& user) {
    auto& authority = desk_.world.authority();
    const store::AccountMail mail{.id = store::AccountMailId::random(),
                                  .user = user,
                                  .kind = store::AccountMailKind::password_reset,
                                  .created_at = desk_.world.now()};
    return std::move(authority::begin_account_mail(authority, mail).value().code);
  }
  // So that there is something to undo.
  void shrink(Caller caller) {
    if (caller == Caller::stranger) return;
    static_cast<void>(authority::shrink_token(desk_.world.authority(),
                                              authority::World::signed_in(user_of(caller)),
                                              *TokenId::parse(token_), "vso.code"));
  }
  std::string target(std::string path, bool leaving = false) {
    const std::pair<std::string_view, std::string> values[] = {
        {"{organization}", "halden"},
        {"{project}", project_},
        {"{projectId}", project_},
        {"{repository}", project_},
        {"{repositoryId}", repository_},
        {"{buildId}", build_},
        {"{groupId}", group_},
        {"/members/{userId}", "/members/" + zoe_.text()},
        {"{kind}", "user"},
        {"{id}", zoe_.text()},
        {"{poolId}", pool_},
        {"{agentId}", agent_},
        {"{queueId}", queue_},
        {"{operationId}", operation_},
        {"{area}", "git"},
        {"{areaId}", "4e080c62-fa21-4fbc-8fef-2a10a2b38049"},
        {"{authorizationId}", token_},
        {"{signInId}", sign_in_},
        {"{userId}", leaving ? leaver_.text() : eve_.text()},
        {"{subjectDescriptor}", "lk." + desk_.world.admin.text()},
        {"{revocationId}", revocation_},
        {"{member}", "zoe@example.com"},
        {"{organizationId}", desk_.world.organization.text()},
        {"/_assets/{*path}", "/_assets/main-1.js"},
        {"{tokenId}", token_},
        {"{streamId}", stream_},
        {"{policy}", path.starts_with("/_apis") ? "revoke-leaked" : "allow-packaging-only"},
        {"{code}", calendar_},
        {"{*path}", "x"}};
    for (const auto& [name, value] : values)
      if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
    EXPECT_FALSE(path.contains('{')) << path;
    return path;
  }
  // What a path alone wants.
  std::string more(std::string_view path) {
    auto& authority = desk_.world.authority();
    const auto checked = [](const Secret& code) {
      return R"("check":true,"code":")" + std::string(code.reveal()) + "\",";
    };
    if (path.ends_with("/inventory/find")) return R"("fingerprint":")" + fingerprint_ + "\",";
    if (path == "/_setup") return checked(authority.set_up.open(desk_.world.now()));
    if (path == "/_invitation")
      return checked(invite(authority, authority::World::signed_in(desk_.world.admin), eve_).code);
    if (path == "/_password") return checked(link_for(eve_));
    if (path.ends_with("/password")) return R"("newPassword":"another long password",)";
    if (path.contains("/notices/"))
      return R"("format":"slack","url":"https://hooks.example.com/y","address":"security@example.com",)";
    if (path.contains("/policies/")) return R"("value":true,)";
    if (path.ends_with("/mail/settings"))
      return R"("host":"mail.example.com","from":"latchkey@example.com",)";
    if (path.ends_with("/allowList"))
      return R"("method":"GET","path":"/{organization}/_apis/latchkey/groups",)";
    if (path.contains("/distributedtask/")) return R"("pool":{"id":)" + pool_ + "},";
    return path.contains("/organizations/") ? R"("state":"open",)" : "";
  }
  std::string body(std::string_view path) {
    if (path.ends_with("/tokenadmin/revocations")) return R"([{"authorizationId":")" + token_ + "\"}]";
    if (path.ends_with("/tokenadmin/revocationrules")) return R"({"scopes":"vso.profile"})";
    return "{" + more(path) + R"("email":"n)" + std::to_string(counter_) +
           R"(@example.com","role":"reader",)" +
           R"("user":"ann@example.com","password":"correct horse battery","name":"n)" +
           std::to_string(counter_) + R"(","description":"d","project":{"name":")" + project_ +
           R"("},"definition":{"id":1},"status":")" + (path.contains("/pools") ? "online" : "inProgress") +
           R"(","credentials":["x"],)" +
           R"("displayName":"t","scope":"vso.code","scopes":["vso.code"],"ids":[")" + token_ +
           R"("],"consumerType":"WebHook","consumerInputs":{"Url":"https://siem.example.com/","Secret":"s"},"id":")" +
           stream_ + R"(","authorizationId":")" + token_ + "\"}";
  }

  void check(const Route& row, const std::string& path, Caller caller) {
    auto fields = credential(row, caller);
    arrange(caller);
    arrange_governance(path);
    const bool deletes = row.method == http::Method::delete_;
    if (path.contains("calendar"))
      calendar_ =
          make_calendar_link(desk_.world.authority(), authority::World::signed_in(user_of(caller))).reveal();
    if (deletes && path.ends_with("/shrink")) shrink(caller);
    if (path.contains("/bans/")) ban(caller, deletes);
    arrange_administration(path);
    if (path.contains("/audit/streams")) arrange_stream(path.starts_with("/_apis"));
    const auto user = authority::find_user(desk_.world.authority(), user_of(caller));
    if (row.callers == Callers::browser) fields.emplace_back("Accept", "text/html");
    fields.emplace_back("Content-Type", row.form ? "application/x-www-form-urlencoded" : "application/json");
    std::string url = target(path, deletes && path.contains("/users/")) +
                      "?api-version=7.2-preview.1&format=csv&authorizationId=" + token_;
    if (path.contains("/streams/")) url += "&status=disabledByUser";
    if (!row.git_service.empty()) url += "&service=" + std::string(row.git_service);
    const bool bodied = row.method == http::Method::post || row.method == http::Method::put ||
                        row.method == http::Method::patch;
    const auto answer = desk_.ask({.method = row.method,
                                   .target = url,
                                   .fields = std::move(fields),
                                   .body = row.form ? "token=x"
                                           : bodied ? body(path)
                                                    : std::string()});
    desk_.world.authority().set_up.close();
    desk_.world.write([&](store::Transaction& transaction) { store::update_user(transaction, user); });
    const int refused = expected(row, caller);
    const auto what = std::string(method_name(row.method)) + " " + path + " by " +
                      std::string(names[static_cast<std::size_t>(caller)]) + ": " + answer.body;
    if (refused != 0) {
      EXPECT_EQ(answer.status, refused) << what;
      EXPECT_FALSE(answer.streamed) << what;
    } else if (row.git && row.handler != nullptr) {
      EXPECT_TRUE(answer.status == 501 || answer.status == 404) << what;
      EXPECT_EQ(answer.content_type, "application/vnd.git-lfs+json") << what;
    } else if (row.path == "/" ||
               (row.callers == Callers::browser &&
                (row.path.ends_with("/_usersSettings") || row.path.ends_with("/tokens")))) {
      EXPECT_TRUE(answer.status == 302 || row.callers == Callers::anyone || caller == Caller::stranger)
          << what;
      EXPECT_FALSE(answer.fields.contains("_signin")) << what;
    } else {
      EXPECT_EQ(answer.streamed, row.git) << what;
      EXPECT_TRUE(answer.status >= 200 && answer.status < 300) << answer.status << " " << what;
      if (answer.content_type.starts_with("application/json") && path.contains("/tokens/"))
        EXPECT_FALSE(answer.body.contains("patTokenErrorMessage")) << what;
    }
  }

  Desk desk_;
  UserId eve_, zoe_, leaver_;
  std::map<std::string, Fields> sessions_;
  int counter_ = 0;
  std::string project_, repository_, build_, operation_, token_, sign_in_, group_, pool_, agent_, queue_;
  std::string fingerprint_, revocation_, stream_, calendar_;
};

TEST_F(Matrix, lets_in_exactly_whom_each_row_names) {
  for (const Route& row : routes())
    for (const auto& path : spelled_paths(row.path)) {
      // Without a project, Git takes the repository's name for it: the same row either way.
      for (const Caller caller : everyone) check(row, path, caller);
    }
}

// A token with one scope opens the rows that name the scope, or one that it includes, or any, and no other.
TEST_F(Matrix, opens_to_a_token_of_the_audit_exactly_its_rows) {
  const std::pair<std::string_view, std::vector<std::string_view>> tokens[] = {
      {"vso.auditlog", {"vso.auditlog"}},
      {"vso.auditstreams_manage", {"vso.auditlog", "vso.auditstreams_manage"}}};
  for (const auto& [scope, opened] : tokens) {
    const auto fields = desk_.token(desk_.world.admin, scope);
    int open = 0;
    for (const Route& row : routes()) {
      if (row.callers != Callers::session && row.callers != Callers::session_or_token) continue;
      if (row.any_scope) continue;
      for (const auto& path : spelled_paths(row.path)) {
        arrange(Caller::administrator);
        arrange_governance(path);
        arrange_administration(path);
        if (path.contains("/audit/streams")) arrange_stream(path.starts_with("/_apis"));
        auto sent = fields;
        sent.emplace_back("Content-Type", "application/json");
        const bool bodied = row.method == http::Method::post || row.method == http::Method::put ||
                            row.method == http::Method::patch;
        const auto answer =
            desk_.ask({.method = row.method,
                       .target = target(path, false) + "?api-version=7.2-preview.1&format=json" +
                                 (path.contains("/streams/") ? "&status=enabled" : ""),
                       .fields = std::move(sent),
                       .body = bodied ? body(path) : std::string()});
        const bool may = row.callers == Callers::session_or_token &&
                         (std::ranges::find(opened, row.scope) != opened.end());
        const auto what = std::string(scope) + ": " + std::string(method_name(row.method)) + " " + path;
        if (may)
          EXPECT_TRUE(answer.status >= 200 && answer.status < 300)
              << answer.status << " " << what << answer.body;
        else
          EXPECT_EQ(answer.status, 403) << what;
        open += may ? 1 : 0;
      }
    }
    EXPECT_EQ(open, opened.size() == 1 ? 5 : 9) << scope;
  }
}

}  // namespace
}  // namespace latchkey::api
