// Groups, roles on projects, the allow list: who may change them, what they grant and to whom, and that each
// change is told once.
// SPDX-License-Identifier: Apache-2.0
#include "authority/groups.hpp"

#include <gmock/gmock.h>

#include "authority/directory.hpp"
#include "authority/projects.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

struct Groups : ::testing::Test {
  World world;
  Actor admin = World::signed_in(world.admin), ann = World::signed_in(world.ann),
        ben = World::signed_in(world.ben);
  Authority& authority = world.authority();
  OrganizationId organization = world.organization;

  GroupId make(const std::string& name = "Builders") {
    return create_group(authority, admin, organization, {.name = name, .description = {}}).group.id;
  }
  void join(const GroupId& group, const UserId& user) {
    add_group_member(authority, admin, organization, group, user);
  }
  ProjectId make_project(const std::string& name) {
    return create_project(authority, admin, organization, {.name = name, .description = {}}).project.id;
  }
  void give(const std::string& project, const store::Grantee& grantee, Role role) {
    static_cast<void>(
        set_project_role(authority, admin, organization, project, {.grantee = grantee, .role = role}));
  }
  std::optional<RefusalCode> push(const Actor& who, const std::string& project) {
    return refusal_of([&] { return open_repository(authority, who, organization, project, project, true); });
  }
  AllowedRoute open(std::vector<store::Grantee> grantees) {
    return set_allowed_route(authority, admin, organization,
                             {.route = "GET /x", .grantees = std::move(grantees)});
  }
  // What verification says of a token that would need full access.
  bool opens(const IssuedToken& issued, std::string_view route = "GET /x") {
    verify::Credential credential;
    credential.read("Bearer " + std::string(issued.text.reveal()), true);
    const auto verdict = verify::verify(credential, world.node->reader.pin(), world.clock.never_back(),
                                        {.organization_key = "halden", .needs_full = true, .route = route});
    return std::holds_alternative<verify::Principal>(verdict);
  }
};
using ProjectRoles = Groups;
using AllowList = Groups;

TEST_F(Groups, are_for_administrators_alone) {
  const auto id = make();
  for (const Actor& who : {ann, ben}) {
    EXPECT_EQ(refusal_of([&] { return create_group(authority, who, organization, {.name = "x"}); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return edit_group(authority, who, organization, id, {.name = "x"}); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] { return list_groups(authority, who, organization, "", 9); }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] {
                add_group_member(authority, who, organization, id, world.ben);
                return 0;
              }),
              RefusalCode::forbidden);
    EXPECT_EQ(refusal_of([&] {
                delete_group(authority, who, organization, id);
                return 0;
              }),
              RefusalCode::forbidden);
  }
  const auto lone = World::signed_in(world.add_user("lone@example.com", Role::administrator));
  EXPECT_EQ(refusal_of([&] { return create_group(authority, lone, {}, {.name = "x"}); }),
            RefusalCode::forbidden);
  EXPECT_FALSE(refusal_of([&] { return create_group(authority, admin, {}, {.name = "x"}); }));
}

TEST_F(Groups, stay_in_their_place) {
  const auto of_server = create_group(authority, admin, {}, {.name = "All"}).group.id, here = make();
  EXPECT_EQ(refusal_of([&] { return show_group(authority, admin, organization, of_server); }),
            RefusalCode::not_found);
  EXPECT_EQ(refusal_of([&] { return show_group(authority, admin, {}, here); }), RefusalCode::not_found);
  const auto stranger = world.add_user("eve@example.com", {});
  EXPECT_EQ(refusal_of([&] {
              join(here, stranger);
              return 0;
            }),
            RefusalCode::invalid_value);
  add_group_member(authority, admin, {}, of_server, stranger);
  EXPECT_EQ(show_group(authority, admin, {}, of_server).members, 1);
}

TEST_F(Groups, have_a_name_that_is_nobody_elses) {
  const auto id = make();
  EXPECT_EQ(refusal_of([&] { return make("BUILDERS"); }), RefusalCode::name_taken);
  EXPECT_EQ(refusal_of([&] { return make(""); }), RefusalCode::invalid_value);
  EXPECT_EQ(refusal_of([&] { return make("a\nb"); }), RefusalCode::invalid_value);
  make("Makers");
  EXPECT_EQ(refusal_of([&] { return edit_group(authority, admin, organization, id, {.name = "makers"}); }),
            RefusalCode::name_taken);
  EXPECT_EQ(edit_group(authority, admin, organization, id, {.name = "builders"}).group.name, "builders");
}

TEST_F(Groups, tell_of_each_change_once) {
  const auto before = world.audit().size();
  const auto id = make();
  join(id, world.ann);
  join(id, world.ann);  // is in it already
  static_cast<void>(edit_group(authority, admin, organization, id, {.description = "d"}));
  remove_group_member(authority, admin, organization, id, world.ann);
  delete_group(authority, admin, organization, id);
  std::vector<std::string> actions;
  for (const auto& event : world.audit()) actions.push_back(event.action);
  actions.erase(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_THAT(actions, testing::ElementsAre("Group.CreateGroups", "Group.UpdateGroupMembership.Add",
                                            "Group.UpdateGroups.Modify", "Group.UpdateGroupMembership.Remove",
                                            "Group.UpdateGroups.Delete"));
}

TEST_F(ProjectRoles, let_a_reader_push_there_and_only_there) {
  make_project("Garage");
  make_project("Attic");
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::forbidden);
  give("Garage", world.ben, Role::contributor);
  EXPECT_EQ(push(ben, "Garage"), std::nullopt);
  EXPECT_EQ(push(ben, "Attic"), RefusalCode::forbidden);
  EXPECT_EQ(push(ben, "Nowhere"), RefusalCode::forbidden);
  const NewBuild build{.definition = "ci", .branch = {}, .commit = {}, .reason = {}};
  const auto queue = [&](const std::string& project) {
    return refusal_of([&] { return create_build(authority, ben, organization, project, build); });
  };
  EXPECT_EQ(queue("Garage"), std::nullopt);
  EXPECT_EQ(queue("Attic"), RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return create_repository(authority, ben, organization, "Garage", "r"); }),
            RefusalCode::forbidden);
}

TEST_F(ProjectRoles, of_an_administrator_are_for_that_project) {
  const auto garage = make_project("Garage");
  make_project("Attic");
  give("Garage", world.ben, Role::administrator);
  EXPECT_FALSE(refusal_of([&] { return create_repository(authority, ben, organization, "Garage", "r"); }));
  EXPECT_EQ(refusal_of([&] { return create_repository(authority, ben, organization, "Attic", "r"); }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              return create_project(authority, ben, organization, {.name = "x", .description = {}});
            }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              return set_project_role(authority, ben, organization, "Garage",
                                      {.grantee = world.ann, .role = Role::administrator});
            }),
            RefusalCode::forbidden);
  EXPECT_FALSE(refusal_of([&] { return delete_project(authority, ben, organization, garage.text()); }));
}

TEST_F(ProjectRoles, come_by_a_group_and_go_with_it) {
  make_project("Garage");
  const auto group = make();
  give("Garage", group, Role::contributor);
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::forbidden);
  join(group, world.ben);
  EXPECT_EQ(push(ben, "Garage"), std::nullopt);
  remove_group_member(authority, admin, organization, group, world.ben);
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::forbidden);
  join(group, world.ben);
  delete_group(authority, admin, organization, group);
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::forbidden);
  EXPECT_TRUE(list_project_roles(authority, admin, organization, "Garage").empty());
}

TEST_F(ProjectRoles, never_take_from_a_membership) {
  make_project("Garage");
  give("Garage", world.ann, Role::reader);
  EXPECT_EQ(push(ann, "Garage"), std::nullopt);
}

TEST_F(ProjectRoles, are_left_with_the_organization) {
  make_project("Garage");
  const auto group = make();
  join(group, world.ben);
  give("Garage", world.ben, Role::administrator);
  remove_member(authority, admin, organization, world.ben);
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::not_found);
  set_member(authority, admin, organization, world.ben, Role::reader);
  EXPECT_EQ(push(ben, "Garage"), RefusalCode::forbidden);
  EXPECT_EQ(show_group(authority, admin, organization, group).members, 0);
}

TEST_F(ProjectRoles, are_given_to_members_and_groups_of_the_organization) {
  make_project("Garage");
  const auto stranger = world.add_user("eve@example.com", {});
  const auto elsewhere = create_group(authority, admin, {}, {.name = "All"}).group.id;
  for (const store::Grantee& grantee : std::vector<store::Grantee>{stranger, elsewhere, GroupId::random()})
    EXPECT_EQ(refusal_of([&] {
                give("Garage", grantee, Role::reader);
                return 0;
              }),
              RefusalCode::invalid_value);
  give("Garage", world.ben, Role::reader);
  const auto events = world.audit().size();
  give("Garage", world.ben, Role::reader);  // as it is
  EXPECT_EQ(world.audit().size(), events);
  const auto roles = list_project_roles(authority, admin, organization, "Garage");
  ASSERT_EQ(roles.size(), 1U);
  EXPECT_EQ(roles[0].subject.name, "ben");
  EXPECT_EQ(roles[0].role, Role::reader);
  remove_project_role(authority, admin, organization, "Garage", world.ben);
  EXPECT_EQ(refusal_of([&] {
              remove_project_role(authority, admin, organization, "Garage", world.ben);
              return 0;
            }),
            RefusalCode::not_found);
}

TEST_F(AllowList, opens_a_route_to_restricted_tokens_of_the_named) {
  const auto token = world.issue(world.ann), other = world.issue(world.ben);
  EXPECT_FALSE(opens(token));
  open({world.ann});
  EXPECT_TRUE(opens(token));
  EXPECT_FALSE(opens(token, "GET /y"));
  EXPECT_FALSE(opens(other));
  world.restart();
  EXPECT_TRUE(opens(token));
  static_cast<void>(
      set_allowed_route(world.authority(), admin, organization, {.route = "GET /x", .grantees = {}}));
  EXPECT_FALSE(opens(token));
}

TEST_F(AllowList, follows_who_is_in_a_group) {
  const auto token = world.issue(world.ann);
  const auto group = make();
  open({group});
  EXPECT_FALSE(opens(token));
  join(group, world.ann);
  EXPECT_TRUE(opens(token));
  remove_group_member(authority, admin, organization, group, world.ann);
  EXPECT_FALSE(opens(token));
  join(group, world.ann);
  remove_member(authority, admin, organization, world.ann);
  set_member(authority, admin, organization, world.ann, Role::contributor);
  EXPECT_FALSE(opens(token));  // left the group with the organization
  join(group, world.ann);
  EXPECT_TRUE(opens(token));
  delete_group(authority, admin, organization, group);
  EXPECT_FALSE(opens(token));
}

TEST_F(AllowList, keeps_and_shows_what_is_gone) {
  const auto group = make();
  open({group});
  delete_group(authority, admin, organization, group);
  const auto listed = list_allowed_routes(authority, admin, organization);
  ASSERT_EQ(listed.size(), 1U);
  ASSERT_EQ(listed[0].subjects.size(), 1U);
  EXPECT_TRUE(listed[0].subjects[0].broken);
  // It may stay, but can't be named anew.
  EXPECT_EQ(open({group, world.ann}).subjects.size(), 2U);
  open({});
  EXPECT_EQ(refusal_of([&] { return open({group}); }), RefusalCode::invalid_value);
}

TEST_F(AllowList, is_the_administrators) {
  EXPECT_EQ(refusal_of([&] {
              return set_allowed_route(authority, ann, organization,
                                       {.route = "GET /x", .grantees = {world.ann}});
            }),
            RefusalCode::forbidden);
  EXPECT_EQ(refusal_of([&] { return list_allowed_routes(authority, ann, organization); }),
            RefusalCode::forbidden);
}

}  // namespace
}  // namespace latchkey::authority
