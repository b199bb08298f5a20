// Projects, repositories and builds: what each role may do with them, how they are named and found, and what
// is told of what one may not see.
// SPDX-License-Identifier: Apache-2.0
#include "authority/projects.hpp"

#include "authority/directory.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

struct Projects : ::testing::Test {
  World world;
  Actor admin = World::signed_in(world.admin), ann = World::signed_in(world.ann),
        ben = World::signed_in(world.ben), eve = World::signed_in(world.add_user("eve@example.com", {}));
  Authority& authority = world.authority();
  OrganizationId organization = world.organization;

  ProjectActed create(const std::string& name) {
    return create_project(authority, admin, organization, {.name = name, .description = {}});
  }
  BuildShown queue() {
    return create_build(authority, ann, organization, "Web shop",
                        {.definition = "ci", .branch = "refs/heads/main", .commit = {}, .reason = {}});
  }
};
using Repositories = Projects;
using Builds = Projects;

TEST_F(Projects, come_with_a_repository_and_an_operation_that_their_creator_sees) {
  const ProjectActed made = create("Web shop");
  EXPECT_EQ(show_project(authority, ben, organization, "WEB SHOP").id, made.project.id);
  EXPECT_EQ(show_project(authority, ben, organization, made.project.id.text()).name, "Web shop");
  EXPECT_EQ(show_repository(authority, ben, organization, "web shop", "web shop").project.id,
            made.project.id);
  EXPECT_EQ(show_operation(authority, admin, made.operation.id).kind, "createProject");
  EXPECT_EQ(refusal_of([&] { return show_operation(authority, ann, made.operation.id); }),
            RefusalCode::not_found);
  ASSERT_EQ(world.audit().size(), 1U);
  EXPECT_EQ(world.audit()[0].action, "Project.CreateCompleted");
}

TEST_F(Projects, are_changed_by_administrators_and_seen_by_members) {
  create("Web shop");
  const auto creating = [&](const Actor& actor) {
    return refusal_of(
        [&] { return create_project(authority, actor, organization, {.name = "other", .description = {}}); });
  };
  EXPECT_EQ(creating(ann), RefusalCode::forbidden);
  EXPECT_EQ(creating(eve), RefusalCode::not_found);
  EXPECT_EQ(list_projects(authority, ben, organization, 0, 10).size(), 1U);
  EXPECT_EQ(refusal_of([&] { return list_projects(authority, eve, organization, 0, 10); }),
            RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return show_project(authority, eve, organization, "Web shop"); }),
            RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return show_project(authority, ben, organization, "none"); }),
            RefusalCode::not_found);
}

TEST_F(Projects, keep_their_names_apart_without_regard_to_case) {
  create("Web shop");
  create("other");
  EXPECT_EQ(refusal_of([&] { return create("wEB sHOP"); }), RefusalCode::name_taken);
  const auto renaming = [&](std::string name) {
    return refusal_of([&] {
      return edit_project(authority, admin, organization, "other",
                          {.name = std::move(name), .description = {}, .visibility = {}});
    });
  };
  EXPECT_EQ(renaming("web shop"), RefusalCode::name_taken);
  EXPECT_EQ(renaming("OTHER"), std::nullopt);
  EXPECT_EQ(show_project(authority, ben, organization, "other").revision, 2);
  EXPECT_EQ(world.audit().back().action, "Project.RenameCompleted");
}

TEST_F(Projects, are_deleted_with_all_they_hold) {
  const ProjectActed made = create("Web shop");
  const auto build = queue();
  const auto repository = show_repository(authority, ben, organization, "Web shop", "Web shop").repository;
  EXPECT_EQ(delete_project(authority, admin, organization, "web shop").kind, "deleteProject");
  EXPECT_EQ(refusal_of([&] { return show_project(authority, admin, organization, made.project.id.text()); }),
            RefusalCode::not_found);
  EXPECT_EQ(
      refusal_of([&] { return show_repository(authority, admin, organization, {}, repository.id.text()); }),
      RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return show_build(authority, ben, organization, {}, build.build.number); }),
            RefusalCode::not_found);
}

TEST_F(Repositories, are_found_by_name_in_their_project_and_by_id_alone) {
  create("Web shop");
  create("other");
  const auto made = create_repository(authority, admin, organization, "web shop", "tools");
  EXPECT_EQ(show_repository(authority, ben, organization, "Web shop", "TOOLS").repository.id,
            made.repository.id);
  const std::string id = made.repository.id.text();
  EXPECT_EQ(show_repository(authority, ben, organization, {}, id).project.name, "Web shop");
  const auto showing = [&](std::optional<std::string_view> project, std::string_view repository) {
    return refusal_of([&] { return show_repository(authority, ben, organization, project, repository); });
  };
  EXPECT_EQ(showing("other", id), RefusalCode::not_found);
  EXPECT_EQ(showing("other", "tools"), RefusalCode::not_found);
  EXPECT_EQ(showing({}, "tools"), RefusalCode::not_found);
  EXPECT_EQ(list_repositories(authority, ben, organization, {}).size(), 3U);
  EXPECT_EQ(list_repositories(authority, ben, organization, "Web shop").size(), 2U);
}

TEST_F(Repositories, of_another_organization_are_not_there) {
  create("Web shop");
  const auto id = show_repository(authority, ben, organization, "Web shop", "Web shop").repository.id.text();
  const auto other = create_organization(authority, admin, "other");
  EXPECT_EQ(refusal_of([&] { return show_repository(authority, admin, other.id, {}, id); }),
            RefusalCode::not_found);
}

TEST_F(Repositories, are_opened_by_readers_and_pushed_to_by_contributors) {
  create("Web shop");
  const auto opening = [&](const Actor& actor, bool push) {
    return refusal_of(
        [&] { return open_repository(authority, actor, organization, "Web shop", "Web shop", push); });
  };
  EXPECT_EQ(opening(ben, false), std::nullopt);
  EXPECT_EQ(opening(ben, true), RefusalCode::forbidden);
  EXPECT_EQ(opening(ann, true), std::nullopt);
  EXPECT_EQ(opening(eve, false), RefusalCode::not_found);
  static_cast<void>(edit_repository(authority, admin, organization, "Web shop", "Web shop",
                                    {.name = {}, .default_branch = {}, .disabled = true}));
  EXPECT_EQ(world.audit().back().action, "Git.RepositoryDisabled");
  EXPECT_EQ(opening(ann, false), RefusalCode::forbidden);
}

TEST_F(Repositories, are_closed_to_a_token_that_has_ended) {
  create("Web shop");
  const IssuedToken issued = world.issue(world.ann);
  const auto opening = [&] {
    return refusal_of([&] {
      return open_repository(authority, World::under(issued), organization, "Web shop", "Web shop", true);
    });
  };
  EXPECT_EQ(opening(), std::nullopt);
  revoke_token(authority, ann, issued.token.id);
  EXPECT_EQ(opening(), RefusalCode::not_signed_in);
}

TEST_F(Repositories, remember_what_a_push_left) {
  create("Web shop");
  const auto id = show_repository(authority, ben, organization, "Web shop", "Web shop").repository.id;
  record_push(authority, ann, id, "refs/heads/main", 4096);
  const auto now = show_repository(authority, ben, organization, {}, id.text()).repository;
  EXPECT_EQ(now.default_branch, "refs/heads/main");
  EXPECT_EQ(now.size, 4096);
  EXPECT_EQ(world.audit().back().action, "Git.Push");
}

TEST_F(Builds, are_queued_by_contributors_counted_and_carried_to_their_end) {
  create("Web shop");
  EXPECT_EQ(queue().build.number + 1, queue().build.number);
  const std::int64_t number = queue().build.number;
  const auto editing = [&](std::optional<std::string> status, std::optional<std::string> result) {
    return refusal_of([&] {
      return edit_build(authority, ann, organization, "web shop", number,
                        {.status = status, .result = result});
    });
  };
  EXPECT_EQ(editing("inProgress", {}), std::nullopt);
  EXPECT_EQ(editing("inProgress", "succeeded"), RefusalCode::invalid_value);
  EXPECT_EQ(editing("completed", "splendid"), RefusalCode::invalid_value);
  EXPECT_EQ(editing("completed", "succeeded"), std::nullopt);
  EXPECT_EQ(editing("inProgress", {}), RefusalCode::invalid_value);
  const BuildShown shown = show_build(authority, ben, organization, {}, number);
  EXPECT_EQ(shown.build.finished_at, world.now());
  EXPECT_EQ(shown.build.reason, "manual");
  EXPECT_EQ(shown.requested_by.id, world.ann);
  EXPECT_EQ(list_builds(authority, ben, organization, "Web shop", {}).size(), 3U);
  EXPECT_EQ(refusal_of([&] {
              return create_build(authority, ben, organization, "Web shop",
                                  {.definition = "ci", .branch = {}, .commit = {}, .reason = {}});
            }),
            RefusalCode::forbidden);
}

}  // namespace
}  // namespace latchkey::authority
