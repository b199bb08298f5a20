// SPDX-License-Identifier: Apache-2.0
#include "decisions.hpp"

#include <algorithm>
#include <array>

#include "authority/bans.hpp"
#include "authority/directory.hpp"
#include "authority/invitations.hpp"
#include "authority/revocations.hpp"
#include "authority/sessions.hpp"
#include "authority/streams.hpp"
#include "store/bans.hpp"

namespace latchkey::authority {
namespace {

bool project_is_there(Scene& scene, const std::string& name) {
  return !refusal_of([&] { return show_project(scene.authority(), scene.as_ann, scene.organization, name); });
}
std::optional<store::Repository> repository_named(Scene& scene, const std::string& name) {
  try {
    return show_repository(scene.authority(), scene.as_ann, scene.organization, "Shop", name).repository;
  } catch (const Refusal&) {
    return std::nullopt;
  }
}
void make_repository(Scene& scene) {
  scene.repository =
      create_repository(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.name)
          .repository.id;
}
void make_build(Scene& scene) {
  scene.build = create_build(scene.authority(), scene.as_ann, scene.organization, "Shop",
                             {.definition = scene.name, .branch = {}, .commit = {}, .reason = {}})
                    .build.number;
}
store::User user_of(Scene& scene) { return find_user(scene.authority(), scene.user); }
std::optional<Role> role_of(Scene& scene) {
  return scene.look([&](store::Transaction& transaction) {
    return store::find_membership(transaction, scene.organization, scene.user);
  });
}
store::Token token_of(Scene& scene) { return show_token(scene.authority(), scene.as_ann, scene.token); }
void set_role(Scene& scene, Role role) {
  set_member(scene.authority(), scene.as_admin, scene.organization, scene.user, role);
}
void revoke(Scene& scene) { revoke_token(scene.authority(), scene.as_ann, scene.token); }
void nothing(Scene&) {}

std::vector<Decision> token_decisions() {
  return {
      {"create_token", nothing,
       [](Scene& scene) {
         scene.keep(
             create_token(scene.authority(), scene.as_ann, scene.organization,
                          {.name = scene.name, .scopes = "vso.code", .valid_to = {}, .description = {}}));
       },
       [](Scene& scene) {
         const auto all = list_tokens(scene.authority(), scene.as_ann, {.top = 100'000, .after = {}}).tokens;
         return std::ranges::any_of(all, [&](const store::Token& one) { return one.name == scene.name; });
       }},
      {"edit_token", [](Scene& scene) { scene.begin_with_token(); },
       [](Scene& scene) {
         static_cast<void>(edit_token(scene.authority(), scene.as_ann, scene.organization,
                                      {.id = scene.token,
                                       .name = scene.name,
                                       .scopes = "vso.build",
                                       .description = {},
                                       .valid_to = {},
                                       .all_organizations = {}}));
       },
       [](Scene& scene) {
         return token_of(scene).name == scene.name && token_of(scene).scopes == "vso.build";
       }},
      {"regenerate_token", [](Scene& scene) { scene.begin_with_token(); },
       [](Scene& scene) {
         scene.keep(regenerate_token(scene.authority(), scene.as_ann, scene.token, {}, 0s));
       },
       [](Scene& scene) { return token_of(scene).valid_from == scene.now(); }},
      {"regenerate_token_again_within_its_grace",
       [](Scene& scene) {
         scene.begin_with_token();
         scene.keep(regenerate_token(scene.authority(), scene.as_ann, scene.token, {}, 24h));
         scene.advance(1s);
       },
       [](Scene& scene) {
         scene.keep(regenerate_token(scene.authority(), scene.as_ann, scene.token, {}, 24h));
       },
       [](Scene& scene) { return token_of(scene).valid_from == scene.now(); }},
      {"revoke_token", [](Scene& scene) { scene.begin_with_token(); }, revoke,
       [](Scene& scene) { return token_of(scene).state == store::TokenState::revoked; }},
      {"revoke_token_already_revoked",
       [](Scene& scene) {
         scene.begin_with_token();
         revoke(scene);
       },
       revoke, [](Scene& scene) { return token_of(scene).state == store::TokenState::revoked; }, false},
  };
}

std::vector<Decision> people_decisions() {
  return {
      {"create_user", nothing,
       [](Scene& scene) {
         scene.user = create_user(scene.authority(), scene.as_admin,
                                  {.email = scene.name + "@example.com",
                                   .display_name = scene.name,
                                   .password = Secret(std::string(World::password))})
                          .user.id;
       },
       [](Scene& scene) {
         return scene.look([&](store::Transaction& transaction) {
           return store::find_user_by_email(transaction, scene.name + "@example.com").has_value();
         });
       },
       true, true},
      {"disable_user",
       [](Scene& scene) {
         scene.begin_with_user(Role::contributor);
         scene.keep(scene.issue(scene.user));
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) { set_user_enabled(scene.authority(), scene.as_admin, scene.user, false); },
       [](Scene& scene) {
         return user_of(scene).state == store::UserState::disabled &&
                !find_session(scene.authority(), scene.cookie);
       }},
      {"enable_user",
       [](Scene& scene) {
         scene.begin_with_user(Role::contributor);
         scene.keep(scene.issue(scene.user));
         set_user_enabled(scene.authority(), scene.as_admin, scene.user, false);
       },
       [](Scene& scene) { set_user_enabled(scene.authority(), scene.as_admin, scene.user, true); },
       [](Scene& scene) { return user_of(scene).state == store::UserState::enabled; }},
      {"edit_user", [](Scene& scene) { scene.begin_with_user(Role::reader); },
       [](Scene& scene) {
         static_cast<void>(edit_user(scene.authority(), scene.as_admin, scene.user,
                                     {.server_administrator = true, .display_name = scene.name + "-2"}));
       },
       [](Scene& scene) {
         return user_of(scene).display_name == scene.name + "-2" && user_of(scene).server_administrator;
       }},
      {"accept_invitation",
       [](Scene& scene) {
         scene.begin_with_user(Role::reader);
         scene.cookie = invite(scene.authority(), scene.as_admin, scene.user).code.reveal();
       },
       [](Scene& scene) {
         scene.cookie =
             accept_invitation(scene.authority(), scene.cookie, Secret("another long password"), {})
                 .cookie.reveal();
       },
       [](Scene& scene) { return user_of(scene).signed_in_at.has_value(); }, true, true},
      {"end_sign_in",
       [](Scene& scene) {
         scene.begin_with_user(Role::reader);
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) {
         const Actor actor = World::signed_in(scene.user);
         const auto sign_ins = list_sign_ins(scene.authority(), actor);
         end_sign_in(scene.authority(), actor, sign_ins.empty() ? SignInId::random() : sign_ins.front().id);
       },
       [](Scene& scene) { return !find_session(scene.authority(), scene.cookie); }},
      {"end_other_sign_ins",
       [](Scene& scene) {
         scene.begin_with_user(Role::reader);
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) {
         end_other_sign_ins(scene.authority(), World::signed_in(scene.user), SignInId::random());
       },
       [](Scene& scene) { return !find_session(scene.authority(), scene.cookie); }},
      {"sign_in_with_new_password",
       [](Scene& scene) {
         scene.begin_with_user(Role::reader);
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) {
         static_cast<void>(sign_in(scene.authority(), scene.name + "@example.com",
                                   Secret(std::string(World::password)), scene.as_ann.origin,
                                   Secret("another long password")));
       },
       [](Scene& scene) { return !find_session(scene.authority(), scene.cookie); }, true, true},
      {"reset_password",
       [](Scene& scene) {
         scene.begin_with_user(Role::reader);
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) {
         reset_password(scene.authority(), scene.name + "@example.com", Secret("a first password"),
                        scene.as_ann.origin);
       },
       [](Scene& scene) {
         return !find_session(scene.authority(), scene.cookie) && user_of(scene).password_ends_at.has_value();
       },
       true, true},
      {"create_organization", nothing,
       [](Scene& scene) {
         scene.other = create_organization(scene.authority(), scene.as_admin, scene.name).id;
       },
       [](Scene& scene) {
         return !refusal_of([&] { return find_organization(scene.authority(), scene.as_admin, scene.name); });
       }},
      {"add_member", [](Scene& scene) { scene.begin_with_user({}); },
       [](Scene& scene) { set_role(scene, Role::reader); },
       [](Scene& scene) { return role_of(scene) == Role::reader; }},
      {"demote_administrator", [](Scene& scene) { scene.begin_with_user(Role::administrator); },
       [](Scene& scene) { set_role(scene, Role::reader); },
       [](Scene& scene) { return role_of(scene) == Role::reader; }},
      {"remove_member",
       [](Scene& scene) {
         scene.begin_with_user(Role::contributor);
         scene.keep(scene.issue(scene.user));
       },
       [](Scene& scene) { remove_member(scene.authority(), scene.as_admin, scene.organization, scene.user); },
       [](Scene& scene) { return !role_of(scene); }},
      {"sign_in", [](Scene& scene) { scene.begin_with_user(Role::reader); },
       [](Scene& scene) {
         static_cast<void>(sign_in(scene.authority(), scene.name + "@example.com",
                                   Secret(std::string(World::password)), scene.as_ann.origin));
       },
       [](Scene& scene) { return user_of(scene).signed_in_at == scene.now(); }, true, true},
      {"sign_out", [](Scene& scene) { scene.begin_with_session(scene.ann); },
       [](Scene& scene) { sign_out(scene.authority(), scene.cookie, {}); },
       [](Scene& scene) { return !find_session(scene.authority(), scene.cookie); }},
      {"find_session_that_marks_it",
       [](Scene& scene) {
         scene.begin_with_session(scene.ann);
         scene.advance(1h);
       },
       [](Scene& scene) { EXPECT_TRUE(find_session(scene.authority(), scene.cookie).has_value()); },
       [](Scene& scene) { return find_session(scene.authority(), scene.cookie).has_value(); }, false},
  };
}

void work_off(Scene& scene) {
  while (revoke_some(scene.authority())) {
  }
}
void start_revocation(Scene& scene) {
  static_cast<void>(start_revocation(scene.authority(), scene.as_admin, scene.organization,
                                     std::array{scene.token}, scene.name));
}
// How many the scene's job has revoked; nothing: there is none.
std::optional<std::int64_t> revoked_by_job(Scene& scene) {
  const auto listed = list_revocations(scene.authority(), scene.as_admin, scene.organization, {}, 1);
  if (listed.jobs.empty() || listed.jobs.front().job.reason != scene.name) return std::nullopt;
  return listed.jobs.front().job.done;
}

std::vector<Decision> administration_decisions() {
  return {
      {"remove_user",
       [](Scene& scene) {
         scene.begin_with_user(Role::contributor);
         scene.keep(scene.issue(scene.user));
         scene.begin_with_session(scene.user);
       },
       [](Scene& scene) { remove_user(scene.authority(), scene.as_admin, scene.user); },
       [](Scene& scene) {
         return refusal_of([&] { return user_of(scene); }) == RefusalCode::not_found &&
                !find_session(scene.authority(), scene.cookie);
       }},
      {"start_revocation", [](Scene& scene) { scene.begin_with_token(); },
       [](Scene& scene) { start_revocation(scene); },
       [](Scene& scene) { return revoked_by_job(scene).has_value(); }},
      {"revoke_some",
       [](Scene& scene) {
         work_off(scene);
         scene.begin_with_token();
         start_revocation(scene);
       },
       [](Scene& scene) { revoke_some(scene.authority()); },
       [](Scene& scene) { return revoked_by_job(scene) == 1; }},
      {"ban_token",
       [](Scene& scene) {
         scene.begin_with_token();
         static_cast<void>(edit_token(scene.authority(), scene.as_ann, scene.organization,
                                      {.id = scene.token,
                                       .name = {},
                                       .scopes = {},
                                       .description = {},
                                       .valid_to = {},
                                       .all_organizations = true}));
         scene.texts.clear();  // which of them are banned, only this decision knows
       },
       [](Scene& scene) { ban_token(scene.authority(), scene.as_admin, scene.organization, scene.token); },
       [](Scene& scene) {
         return scene.look([&](store::Transaction& transaction) {
           return store::is_banned(transaction, scene.organization, scene.token);
         });
       }},
  };
}

std::vector<Decision> project_decisions() {
  return {
      {"create_project", nothing, [](Scene& scene) { scene.begin_with_project(); },
       [](Scene& scene) { return project_is_there(scene, scene.name); }},
      {"edit_project", [](Scene& scene) { scene.begin_with_project(); },
       [](Scene& scene) {
         static_cast<void>(edit_project(scene.authority(), scene.as_admin, scene.organization, scene.name,
                                        {.name = scene.name + "-2", .description = {}, .visibility = {}}));
       },
       [](Scene& scene) { return project_is_there(scene, scene.name + "-2"); }},
      {"delete_project", [](Scene& scene) { scene.begin_with_project(); },
       [](Scene& scene) {
         static_cast<void>(delete_project(scene.authority(), scene.as_admin, scene.organization, scene.name));
       },
       [](Scene& scene) { return !project_is_there(scene, scene.name); }},
      {"create_repository", nothing, make_repository,
       [](Scene& scene) { return repository_named(scene, scene.name).has_value(); }},
      {"edit_repository", make_repository,
       [](Scene& scene) {
         static_cast<void>(
             edit_repository(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.name,
                             {.name = scene.name + "-2", .default_branch = {}, .disabled = {}}));
       },
       [](Scene& scene) { return repository_named(scene, scene.name + "-2").has_value(); }},
      {"delete_repository", make_repository,
       [](Scene& scene) {
         delete_repository(scene.authority(), scene.as_admin, scene.organization, "Shop", scene.name);
       },
       [](Scene& scene) { return !repository_named(scene, scene.name); }},
      {"record_push", make_repository,
       [](Scene& scene) {
         record_push(scene.authority(), scene.as_ann, scene.repository, "refs/heads/main", 4096);
       },
       [](Scene& scene) { return repository_named(scene, scene.name)->size == 4096; }},
      {"create_build", nothing, make_build,
       [](Scene& scene) {
         return !list_builds(scene.authority(), scene.as_ann, scene.organization, {},
                             {.definition = scene.name})
                     .empty();
       }},
      {"edit_build", make_build,
       [](Scene& scene) {
         static_cast<void>(edit_build(scene.authority(), scene.as_ann, scene.organization, {}, scene.build,
                                      {.status = "completed", .result = "failed"}));
       },
       [](Scene& scene) {
         return show_build(scene.authority(), scene.as_ann, scene.organization, {}, scene.build)
                    .build.status == "completed";
       }},
  };
}

StreamRequest stream_named(const std::string& name) {
  return {.consumer = store::Consumer::webhook,
          .name = name,
          .inputs = {{"Url", "https://siem.example.com/"}, {"Secret", "s"}}};
}
void make_stream(Scene& scene) {  // the only one, since they are bounded
  for (const auto& old : list_streams(scene.authority(), scene.as_admin, scene.organization))
    delete_stream(scene.authority(), scene.as_admin, scene.organization, old.stream.id);
  scene.stream = create_stream(scene.authority(), scene.as_admin, scene.organization,
                               stream_named(scene.name), std::chrono::days(0))
                     .stream.id;
}
std::optional<store::AuditStream> stream_of(Scene& scene, const std::string& name) {
  for (const auto& shown : list_streams(scene.authority(), scene.as_admin, scene.organization))
    if (shown.stream.name == name) return shown.stream;
  return std::nullopt;
}

std::vector<Decision> stream_decisions() {
  return {
      {"create_stream", make_stream,
       [](Scene& scene) {
         static_cast<void>(create_stream(scene.authority(), scene.as_admin, scene.organization,
                                         stream_named(scene.name + "-2"), std::chrono::days(7)));
       },
       [](Scene& scene) { return stream_of(scene, scene.name + "-2").has_value(); }},
      {"edit_stream", make_stream,
       [](Scene& scene) {
         static_cast<void>(edit_stream(scene.authority(), scene.as_admin, scene.organization, scene.stream,
                                       stream_named(scene.name + "-2")));
       },
       [](Scene& scene) { return stream_of(scene, scene.name + "-2").has_value(); }},
      {"disable_stream", make_stream,
       [](Scene& scene) {
         static_cast<void>(
             set_stream_enabled(scene.authority(), scene.as_admin, scene.organization, scene.stream, false));
       },
       [](Scene& scene) {
         return stream_of(scene, scene.name)->state == store::StreamState::disabled_by_user;
       }},
      {"delete_stream", make_stream,
       [](Scene& scene) {
         delete_stream(scene.authority(), scene.as_admin, scene.organization, scene.stream);
       },
       [](Scene& scene) { return !stream_of(scene, scene.name); }},
  };
}

}  // namespace

std::vector<Decision> all_decisions() {
  std::vector<Decision> all = token_decisions();
  for (const auto& more : {people_decisions(), administration_decisions(), project_decisions(),
                           group_decisions(), stream_decisions(), mail_decisions()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace latchkey::authority
