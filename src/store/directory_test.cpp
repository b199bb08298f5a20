// Goal: organizations, users and memberships read back as they were written, names are unique without case,
// and every write of what verification believes makes its change. Method: each function against a real store.
// SPDX-License-Identifier: Apache-2.0
#include "store/directory.hpp"

#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

using Organizations = StoreFixture;
using Users = StoreFixture;
using Memberships = StoreFixture;

template <class Act>
Error error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::broken, ""};
}

TEST_F(Organizations, are_found_by_id_and_by_name_in_any_case) {
  const Organization written = an_organization("Straße");
  for (const auto& found : {look([&](Transaction& t) { return find_organization(t, written.id); }),
                            look([&](Transaction& t) { return find_organization_by_name(t, "STRASSE"); })}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, written.id);
    EXPECT_EQ(found->name, "Straße");
    EXPECT_TRUE(found->open);
    EXPECT_EQ(found->created_at, now);
  }
  EXPECT_FALSE(look([&](Transaction& t) { return find_organization(t, OrganizationId::random()); }));
  EXPECT_FALSE(look([&](Transaction& t) { return find_organization_by_name(t, "\xff"); }));
}

TEST_F(Organizations, have_names_that_are_unique_without_case) {
  an_organization("Fabrikam");
  const Error error = error_of([&] { an_organization("FABRIKAM"); });
  EXPECT_EQ(error.kind(), ErrorKind::taken);
  EXPECT_EQ(error.constraint(), "organizations.name_key");
  EXPECT_EQ(std::string(error.what()).find("abrikam"), std::string::npos);
}

TEST_F(Organizations, are_any_once_there_is_one) {
  EXPECT_FALSE(look(any_organization));
  an_organization();
  EXPECT_TRUE(look(any_organization));
}

TEST_F(Organizations, make_a_change) {
  const Organization written = an_organization("Fabrikam");
  const auto changes = take_applied();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<OrganizationChange>(changes[0]), (OrganizationChange{written.id, "fabrikam", true}));
}

TEST_F(Users, read_back_as_they_were_written) {
  User written = a_user("Ada@example.org");
  written.display_name = "Ada";
  written.password = "$argon2id$";
  written.state = UserState::disabled;
  written.server_administrator = true;
  written.signed_in_at = now + day;
  act([&](Transaction& t) { update_user(t, written); });
  for (const auto& found : {look([&](Transaction& t) { return find_user(t, written.id); }),
                            look([&](Transaction& t) { return find_user_by_email(t, "aDA@EXAMPLE.org"); })}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, written.id);
    EXPECT_EQ(found->email, "Ada@example.org");
    EXPECT_EQ(found->display_name, "Ada");
    EXPECT_EQ(found->password, "$argon2id$");
    EXPECT_EQ(found->state, UserState::disabled);
    EXPECT_TRUE(found->server_administrator);
    EXPECT_EQ(found->signed_in_at, now + day);
    EXPECT_EQ(found->created_at, now);
  }
}

TEST_F(Users, have_addresses_that_are_unique_without_case) {
  a_user("ada@example.org");
  const Error error = error_of([&] { a_user("ADA@example.org"); });
  EXPECT_EQ(error.kind(), ErrorKind::taken);
  EXPECT_EQ(error.constraint(), "users.email_key");
}

TEST_F(Users, count_as_server_administrators_while_they_are_enabled) {
  User ada = a_user("ada@example.org"), bob = a_user("bob@example.org");
  EXPECT_EQ(look(count_server_administrators), 0);
  ada.server_administrator = bob.server_administrator = true;
  bob.state = UserState::disabled;
  act([&](Transaction& t) {
    update_user(t, ada);
    update_user(t, bob);
  });
  EXPECT_EQ(look(count_server_administrators), 1);
}

TEST_F(Users, make_a_change_when_they_are_updated_and_none_when_they_sign_in) {
  User ada = a_user();
  take_applied();
  ada.state = UserState::removed;
  act([&](Transaction& t) { update_user(t, ada); });
  const auto changes = take_applied();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<OwnerChange>(changes[0]), (OwnerChange{ada.id, UserState::removed, {}}));
  act([&](Transaction& t) { set_signed_in(t, ada.id, now + day); });
  EXPECT_TRUE(take_applied().empty());
  EXPECT_EQ(look([&](Transaction& t) { return find_user(t, ada.id); })->signed_in_at, now + day);
}

TEST_F(Memberships, are_put_changed_and_deleted_with_their_changes) {
  const Organization organization = an_organization();
  const User ada = a_user();
  const auto find = [&](Transaction& t) { return find_membership(t, organization.id, ada.id); };
  EXPECT_EQ(look(find), std::nullopt);
  take_applied();
  act([&](Transaction& t) { put_membership(t, organization.id, ada.id, Role::reader); });
  EXPECT_EQ(look(find), Role::reader);
  act([&](Transaction& t) { put_membership(t, organization.id, ada.id, Role::administrator); });
  EXPECT_EQ(look(find), Role::administrator);
  act([&](Transaction& t) { delete_membership(t, organization.id, ada.id); });
  EXPECT_EQ(look(find), std::nullopt);
  const auto changes = take_applied();
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(std::get<OwnerChange>(changes[1]),
            (OwnerChange{ada.id, UserState::enabled, {{organization.id, Role::administrator}}}));
  EXPECT_EQ(std::get<OwnerChange>(changes[2]), (OwnerChange{ada.id, UserState::enabled, {}}));
}

TEST_F(Memberships, of_one_decision_make_one_change_of_the_whole_owner) {
  const Organization first = an_organization("One"), second = an_organization("Two");
  const User ada = a_user();
  take_applied();
  act([&](Transaction& t) {
    put_membership(t, first.id, ada.id, Role::reader);
    put_membership(t, second.id, ada.id, Role::contributor);
  });
  const auto changes = take_applied();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<OwnerChange>(changes[0]).memberships.size(), 2U);
}

TEST_F(Memberships, need_an_organization_and_a_user) {
  const User ada = a_user();
  const Error error = error_of([&] {
    act([&](Transaction& t) { put_membership(t, OrganizationId::random(), ada.id, Role::reader); });
  });
  EXPECT_EQ(error.kind(), ErrorKind::missing);
}

TEST_F(Memberships, list_a_users_organizations_by_name_and_an_organizations_members_in_pages) {
  const Organization zoo = an_organization("zoo"), ark = an_organization("Ark");
  an_organization("Else");
  std::vector<User> users;
  for (const char* name : {"a@x.org", "b@x.org", "c@x.org"}) users.push_back(a_user(name));
  act([&](Transaction& t) {
    for (const User& user : users) put_membership(t, zoo.id, user.id, Role::contributor);
    put_membership(t, ark.id, users[0].id, Role::administrator);
  });
  const auto memberships = look([&](Transaction& t) { return memberships_of(t, users[0].id); });
  ASSERT_EQ(memberships.size(), 2U);
  EXPECT_EQ(memberships[0].organization.name, "Ark");
  EXPECT_EQ(memberships[0].role, Role::administrator);
  EXPECT_EQ(memberships[1].organization.name, "zoo");

  const auto page = [&](PeoplePage asked) {
    std::string emails;
    for (const Member& member : look([&](Transaction& t) { return members_of(t, zoo.id, asked); })) {
      emails += member.user.email + " ";
      EXPECT_EQ(member.role, Role::contributor);
    }
    return emails;
  };
  EXPECT_EQ(page({.top = 2}), "a@x.org b@x.org ");
  EXPECT_EQ(page({.after = "B@x.org", .top = 2}), "c@x.org ");
  EXPECT_EQ(page({.search = "C@X"}), "c@x.org ");
  EXPECT_EQ(page({.search = "_"}), "") << "stands for itself";
}

TEST_F(Memberships, count_as_administrators_while_their_user_is_enabled) {
  const Organization organization = an_organization();
  User ada = a_user("ada@example.org"), bob = a_user("bob@example.org");
  act([&](Transaction& t) {
    put_membership(t, organization.id, ada.id, Role::administrator);
    put_membership(t, organization.id, bob.id, Role::contributor);
  });
  const auto count = [&](Transaction& t) { return count_organization_administrators(t, organization.id); };
  EXPECT_EQ(look(count), 1);
  ada.state = UserState::disabled;
  act([&](Transaction& t) { update_user(t, ada); });
  EXPECT_EQ(look(count), 0);
}

}  // namespace
}  // namespace latchkey::store
