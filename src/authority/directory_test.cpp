// People, organizations and memberships: the first run, who may change what, and the administrators of whom
// one always remains.
// SPDX-License-Identifier: Apache-2.0
#include "authority/directory.hpp"

#include "authority/people.hpp"
#include "authority/sessions.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

const Origin terminal{.address = {}, .agent = "latchkey init", .activity = {}};

FirstRun first_run(std::string organization, std::string email, std::string password) {
  return {.organization = std::move(organization),
          .email = std::move(email),
          .password = Secret(std::move(password))};
}
NewUser new_user(std::string email, std::string password = "a long enough one") {
  return {.email = std::move(email), .display_name = "Carl", .password = Secret(std::move(password))};
}

struct Empty {
  TemporaryDirectory directory;
  Clock clock;
  Node node{directory.path(), clock};
};

TEST(Initialize, makes_the_organization_and_its_administrator_once) {
  Empty empty;
  Authority& authority = empty.node.authority;
  EXPECT_FALSE(is_initialized(authority));
  initialize(authority, first_run("Halden", "olga@example.com", "a long enough one"), terminal);
  EXPECT_TRUE(is_initialized(authority));

  const NewSession begun = sign_in(authority, "olga@example.com", Secret("a long enough one"), terminal);
  EXPECT_TRUE(begun.session.user.server_administrator);
  EXPECT_EQ(begun.session.user.display_name, "olga");
  const Actor olga = World::signed_in(begun.session.user.id);
  EXPECT_EQ(find_organization(authority, olga, "hALDEN").name, "Halden");
  static_cast<void>(create_user(authority, olga, new_user("carl@example.com")));
  EXPECT_EQ(refusal_of([&] {
              initialize(authority, first_run("another", "b@example.com", "a long enough one"), terminal);
              return 0;
            }),
            RefusalCode::invalid_value);
}

TEST(Initialize, refuses_bad_names_and_short_passwords_and_leaves_nothing) {
  Empty empty;
  const auto with = [&](std::string organization, std::string email, std::string password) {
    return refusal_of([&] {
      initialize(empty.node.authority,
                 first_run(std::move(organization), std::move(email), std::move(password)), terminal);
      return 0;
    });
  };
  EXPECT_EQ(with("Halden", "olga@example.com", "elevenchars"), RefusalCode::invalid_value);
  EXPECT_EQ(with("Halden", "olga@example.com", std::string(201, 'x')), RefusalCode::invalid_value);
  EXPECT_EQ(with("Halden", "olga", "a long enough one"), RefusalCode::invalid_value);
  EXPECT_EQ(with("tfs", "olga@example.com", "a long enough one"), RefusalCode::invalid_value);
  EXPECT_FALSE(is_initialized(empty.node.authority));
}

TEST(CreateUser, is_for_signed_in_server_administrators) {
  World world;
  EXPECT_EQ(
      create_user(world.authority(), World::signed_in(world.admin), new_user("carl@example.com")).user.email,
      "carl@example.com");
  const auto creating = [&](const Actor& actor, std::string email) {
    return refusal_of([&] { return create_user(world.authority(), actor, new_user(std::move(email))); });
  };
  EXPECT_EQ(creating(World::signed_in(world.ann), "dora@example.com"), RefusalCode::forbidden);
  EXPECT_EQ(creating(World::under(world.issue(world.admin, "app_token")), "dora@example.com"),
            RefusalCode::forbidden);
  EXPECT_EQ(creating(World::signed_in(world.admin), "CARL@example.com"), RefusalCode::name_taken);
  EXPECT_EQ(world.audit().front().action, "User.Create");
}

TEST(SetUserEnabled, refuses_the_users_tokens_until_they_are_enabled_again) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  const IssuedToken issued = world.issue(world.ann);
  set_user_enabled(world.authority(), admin, world.ann, false);
  EXPECT_EQ(world.refused(issued.text), verify::Reason::owner_disabled);
  set_user_enabled(world.authority(), admin, world.ann, false);  // once more: nothing to tell
  EXPECT_EQ(world.audit().size(), 2U);
  set_user_enabled(world.authority(), admin, world.ann, true);
  EXPECT_TRUE(world.accepts(issued.text));
}

TEST(SetUserEnabled, spares_the_last_administrators) {
  World world;
  const auto disabling = [&](const UserId& id) {
    return refusal_of([&] {
      set_user_enabled(world.authority(), World::signed_in(world.admin), id, false);
      return 0;
    });
  };
  EXPECT_EQ(disabling(world.admin), RefusalCode::last_administrator);
  const UserId second = world.add_user("second@example.com", {}, true);
  EXPECT_EQ(disabling(world.admin), RefusalCode::last_administrator) << "still the organization's last";
  set_member(world.authority(), World::signed_in(world.admin), world.organization, world.ann,
             Role::administrator);
  EXPECT_EQ(disabling(world.admin), std::nullopt);
  EXPECT_EQ(disabling(second), RefusalCode::not_signed_in);
}

TEST(CreateUser, makes_a_member_at_once) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  auto request = new_user("carl@example.com");
  request.organization = "HALDEN";
  request.role = Role::reader;
  const auto created = create_user(world.authority(), admin, request);
  EXPECT_FALSE(created.invitation) << "has a password";
  const auto memberships = memberships_of(world.authority(), created.user.id);
  ASSERT_EQ(memberships.size(), 1U);
  EXPECT_EQ(memberships.front().role, Role::reader);
  EXPECT_EQ(world.audit().size(), 1U);
  EXPECT_EQ(world.audit().back().organization, world.organization);
  request = new_user("dora@example.com");
  request.organization = "nowhere";
  EXPECT_EQ(refusal_of([&] { return create_user(world.authority(), admin, request); }),
            RefusalCode::not_found);
}

TEST(EditUser, changes_all_in_one_event_and_spares_the_last_server_administrator) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  const auto demoting = [&](const UserId& id) {
    return refusal_of([&] {
      return edit_user(world.authority(), admin, id,
                       {.server_administrator = false, .display_name = "Nobody"});
    });
  };
  EXPECT_EQ(demoting(world.admin), RefusalCode::last_administrator);
  EXPECT_EQ(find_user(world.authority(), world.admin).display_name, "admin") << "nothing of it";
  const auto promoted = edit_user(world.authority(), admin, world.ann,
                                  {.enabled = true, .server_administrator = true, .display_name = "Ann"});
  EXPECT_TRUE(promoted.server_administrator);
  ASSERT_EQ(world.audit().size(), 1U);
  EXPECT_EQ(world.audit().back().action, "User.Update");
  static_cast<void>(edit_user(world.authority(), admin, world.ann, {.server_administrator = true}));
  EXPECT_EQ(world.audit().size(), 1U) << "nothing to tell";
  EXPECT_EQ(demoting(world.admin), std::nullopt);
  EXPECT_EQ(demoting(world.ann), RefusalCode::forbidden);
}

TEST(ListPeople, shows_everybody_in_pages_to_server_administrators) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  static_cast<void>(world.issue(world.ann));
  const auto listed = [&](store::PeoplePage page) {
    std::string text;
    for (const auto& person : list_people(world.authority(), admin, page))
      text += person.user.display_name + std::to_string(person.live_tokens) +
              (person.memberships.empty() ? "" : person.memberships.front().organization.name) + " ";
    return text;
  };
  EXPECT_EQ(listed({.top = 2}), "admin0halden ann1halden ");
  EXPECT_EQ(listed({.after = "ann@example.com"}), "ben0halden ");
  EXPECT_EQ(listed({.search = "NN"}), "ann1halden ");
  EXPECT_EQ(refusal_of([&] { return list_people(world.authority(), World::signed_in(world.ann), {}); }),
            RefusalCode::forbidden);
}

TEST(ListMembers, is_for_administrators_of_the_organization_and_the_server) {
  World world;
  const UserId root = world.add_user("root@example.com", {}, true);
  const auto listing = [&](const UserId& user) {
    return refusal_of(
        [&] { return list_members(world.authority(), World::signed_in(user), world.organization, {}); });
  };
  EXPECT_EQ(listing(world.ann), RefusalCode::forbidden);
  EXPECT_EQ(listing(world.admin), std::nullopt);
  EXPECT_EQ(listing(root), std::nullopt);
  EXPECT_EQ(list_organizations(world.authority(), World::signed_in(root)).front().role, std::nullopt);
  EXPECT_EQ(list_organizations(world.authority(), World::signed_in(world.ben)).front().role, Role::reader);
  const auto finding = [&](const UserId& user, std::string_view text) {
    return refusal_of(
        [&] { return find_person(world.authority(), World::signed_in(user), world.organization, text); });
  };
  EXPECT_EQ(finding(world.ann, "root@example.com"), RefusalCode::forbidden);
  EXPECT_EQ(finding(world.ann, "nobody@example.com"), RefusalCode::forbidden) << "tells nobody who there is";
  EXPECT_EQ(finding(world.admin, "ROOT@example.com"), std::nullopt);
  EXPECT_EQ(finding(world.admin, root.text()), std::nullopt);
  EXPECT_EQ(finding(world.admin, "nobody@example.com"), RefusalCode::not_found);
}

TEST(SetOrganizationOpen, stops_every_token_there_and_starts_them_again) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  const IssuedToken issued = world.issue(world.ann);
  EXPECT_FALSE(set_organization_open(world.authority(), admin, world.organization, false).open);
  EXPECT_FALSE(world.accepts(issued.text));
  EXPECT_EQ(world.audit().back().action, "Organization.Close");
  EXPECT_TRUE(set_organization_open(world.authority(), admin, world.organization, true).open);
  EXPECT_TRUE(world.accepts(issued.text));
  EXPECT_EQ(refusal_of([&] {
              return set_organization_open(world.authority(), World::signed_in(world.ann), world.organization,
                                           false);
            }),
            RefusalCode::forbidden);
}

TEST(SetMember, widens_and_narrows_what_tokens_may_do) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  const UserId eve = world.add_user("eve@example.com", {});
  set_member(world.authority(), admin, world.organization, eve, Role::reader);
  const IssuedToken issued = world.issue(eve);
  EXPECT_TRUE(world.accepts(issued.text));
  remove_member(world.authority(), admin, world.organization, eve);
  EXPECT_EQ(world.refused(issued.text), verify::Reason::wrong_organization);
}

TEST(SetMember, is_for_administrators_and_keeps_the_last_of_them) {
  World world;
  const auto setting = [&](const UserId& actor, const UserId& member, Role role) {
    return refusal_of([&] {
      set_member(world.authority(), World::signed_in(actor), world.organization, member, role);
      return 0;
    });
  };
  EXPECT_EQ(setting(world.ann, world.ben, Role::contributor), RefusalCode::forbidden);
  EXPECT_EQ(setting(world.admin, world.admin, Role::reader), RefusalCode::last_administrator);
  EXPECT_EQ(setting(world.admin, UserId::random(), Role::reader), RefusalCode::not_found);
  EXPECT_EQ(setting(world.admin, world.ben, Role::administrator), std::nullopt);
  EXPECT_EQ(setting(world.ben, world.admin, Role::reader), std::nullopt);
  EXPECT_EQ(refusal_of([&] {
              remove_member(world.authority(), World::signed_in(world.ben), world.organization, world.ben);
              return 0;
            }),
            RefusalCode::last_administrator);
}

TEST(FindOrganization, tells_non_members_and_wrong_names_the_same) {
  World world;
  const UserId eve = world.add_user("eve@example.com", {});
  EXPECT_EQ(find_organization(world.authority(), World::signed_in(world.ben), "HALDEN").id,
            world.organization);
  const auto finding = [&](std::string_view name) {
    return refusal_of([&] { return find_organization(world.authority(), World::signed_in(eve), name); });
  };
  EXPECT_EQ(finding("halden"), RefusalCode::not_found);
  EXPECT_EQ(finding("nowhere"), RefusalCode::not_found);
}

TEST(FindOrganization, lets_server_administrators_into_any_that_is_there) {
  World world;
  const Actor root = World::signed_in(world.add_user("root@example.com", {}, true));
  EXPECT_EQ(find_organization(world.authority(), root, "halden").id, world.organization);
  EXPECT_EQ(refusal_of([&] { return find_organization(world.authority(), root, "nowhere"); }),
            RefusalCode::not_found);
}

TEST(CreateOrganization, makes_its_creator_the_administrator) {
  World world;
  const Actor admin = World::signed_in(world.admin);
  const auto other = create_organization(world.authority(), admin, "other");
  EXPECT_EQ(find_organization(world.authority(), admin, "other").id, other.id);
  EXPECT_EQ(refusal_of([&] { return create_organization(world.authority(), admin, "OTHER"); }),
            RefusalCode::name_taken);
}

}  // namespace
}  // namespace latchkey::authority
