// People, organizations and memberships: the first run, who may change what, and the administrators of whom
// one always remains.
// SPDX-License-Identifier: Apache-2.0
#include "authority/directory.hpp"

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
