// Goal: groups, roles on projects and allowed routes read back as they were written; who leaves an
// organization keeps nothing there; whoever's verification may depend on a write is handed to it. Method:
// each function against a real store. SPDX-License-Identifier: Apache-2.0
#include "store/groups.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "store/grants.hpp"
#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

class Groups : public StoreFixture {
 protected:
  Group a_group(const std::string& name, const std::optional<OrganizationId>& place) {
    Group group{
        .id = GroupId::random(), .organization = place, .name = name, .description = "d", .created_at = now};
    act([&](Transaction& t) { insert_group(t, group); });
    return group;
  }
  void join(const Group& group, const User& who) {
    act([&](Transaction& t) { insert_group_member(t, group.id, who.id); });
  }
  std::vector<std::string> names_in(const std::optional<OrganizationId>& place, const std::string& after = {},
                                    std::int64_t top = 10) {
    std::vector<std::string> names;
    for (const auto& counted : look([&](Transaction& t) { return groups_in(t, place, after, top); }))
      names.push_back(counted.group.name);
    return names;
  }
  std::optional<Role> highest(const Project& project, const User& who) {
    return look([&](Transaction& t) { return highest_project_role(t, project.id, who.id); });
  }
  // Whom the index believes the route to be open to in halden.
  std::vector<UserId> open_to(const std::string& route = "GET /x") {
    const auto believed = index();
    for (const auto& open : std::get<OrganizationChange>(believed.at(halden.id.value())).open_routes)
      if (open.route == route) return open.users;
    return {};
  }
  void open_route(std::vector<Grantee> grantees) {
    act([&](Transaction& t) {
      put_allowed_route(t, halden.id, {.route = "GET /x", .grantees = std::move(grantees)});
    });
  }
  // Whether the writes since the last call touched it.
  bool told_halden() {
    const auto changes = take_applied();
    return std::ranges::any_of(changes,
                               [&](const Change& change) { return subject(change) == halden.id.value(); });
  }

  User ada = a_user("ada@example.org"), bob = a_user("bob@example.org");
  Organization halden = an_organization("halden"), other = an_organization("other");
  Project garage = a_project(halden.id, "Garage"), attic = a_project(halden.id, "Attic");
};

TEST_F(Groups, ReadBackAsTheyWereWritten) {
  Group group = a_group("Builders", halden.id);
  group.name = "Makers";
  group.description = "who make";
  act([&](Transaction& t) { update_group(t, group); });
  const auto found = look([&](Transaction& t) { return find_group_by_name(t, halden.id, "mAKERS"); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, group.id);
  EXPECT_EQ(found->organization, halden.id);
  EXPECT_EQ(found->name, "Makers");
  EXPECT_EQ(found->description, "who make");
  EXPECT_EQ(found->created_at, now);
  EXPECT_FALSE(look([&](Transaction& t) { return find_group_by_name(t, halden.id, "Builders"); }));
  EXPECT_FALSE(look([&](Transaction& t) { return find_group_by_name(t, {}, "Makers"); }));
  EXPECT_FALSE(look([&](Transaction& t) { return find_group_by_name(t, other.id, "Makers"); }));
}

TEST_F(Groups, AreListedByNameInTheirPlace) {
  for (const std::string name : {"b", "C", "a"}) a_group(name, halden.id);
  a_group("server's", std::nullopt);
  a_group("a", other.id);
  EXPECT_THAT(names_in(halden.id), testing::ElementsAre("a", "b", "C"));
  EXPECT_THAT(names_in(halden.id, "A"), testing::ElementsAre("b", "C"));
  EXPECT_THAT(names_in(halden.id, "", 2), testing::ElementsAre("a", "b"));
  EXPECT_THAT(names_in(std::nullopt), testing::ElementsAre("server's"));
}

TEST_F(Groups, TakeANameOnce) {
  a_group("Builders", halden.id);
  EXPECT_THROW(a_group("bUILDERS", halden.id), Error);
  a_group("Builders", std::nullopt);
  EXPECT_THROW(a_group("builders", std::nullopt), Error);
}

TEST_F(Groups, KnowTheirMembers) {
  const Group group = a_group("Builders", halden.id), empty = a_group("Nobody", halden.id);
  join(group, bob);
  join(group, ada);
  const auto people = look([&](Transaction& t) { return members_of_group(t, group.id, {}); });
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].id, ada.id);
  EXPECT_EQ(people[1].id, bob.id);
  EXPECT_THAT(look([&](Transaction& t) { return member_ids_of(t, group.id); }),
              testing::ElementsAre(std::min(ada.id, bob.id), std::max(ada.id, bob.id)));
  EXPECT_THAT(look([&](Transaction& t) { return groups_of(t, ada.id); }), testing::ElementsAre(group.id));
  EXPECT_EQ(look([&](Transaction& t) { return groups_in(t, halden.id, "", 9); })[0].members, 2);
  EXPECT_EQ(look([&](Transaction& t) { return count_group_members(t, empty.id); }), 0);
  act([&](Transaction& t) { delete_group_member(t, group.id, ada.id); });
  EXPECT_FALSE(look([&](Transaction& t) { return is_group_member(t, group.id, ada.id); }));
  EXPECT_TRUE(look([&](Transaction& t) { return is_group_member(t, group.id, bob.id); }));
}

TEST_F(Groups, GiveTheHighestRoleOnAProjectAndOnNoOther) {
  const Group group = a_group("Builders", halden.id);
  join(group, ada);
  EXPECT_EQ(highest(garage, ada), std::nullopt);
  act([&](Transaction& t) {
    put_project_role(t, garage.id, {.grantee = ada.id, .role = Role::contributor});
    put_project_role(t, garage.id, {.grantee = group.id, .role = Role::reader});
  });
  EXPECT_EQ(highest(garage, ada), Role::contributor);
  act([&](Transaction& t) {
    put_project_role(t, garage.id, {.grantee = group.id, .role = Role::administrator});
  });
  EXPECT_EQ(highest(garage, ada), Role::administrator);
  EXPECT_EQ(highest(garage, bob), std::nullopt);
  EXPECT_EQ(highest(attic, ada), std::nullopt);
  EXPECT_EQ(look([&](Transaction& t) { return project_roles(t, garage.id); }).size(), 2U);
  act([&](Transaction& t) { delete_group(t, group.id); });
  EXPECT_EQ(highest(garage, ada), Role::contributor);
  EXPECT_EQ(look([&](Transaction& t) { return project_roles(t, garage.id); }).size(), 1U);
}

TEST_F(Groups, AreLeftWithTheOrganization) {
  const Group builders = a_group("Builders", halden.id), others = a_group("Others", other.id),
              servers = a_group("Servers", std::nullopt);
  const Project there = a_project(other.id, "There");
  act([&](Transaction& t) {
    put_membership(t, halden.id, ada.id, Role::reader);
    put_membership(t, other.id, ada.id, Role::reader);
    for (const Group& group : {builders, others, servers}) insert_group_member(t, group.id, ada.id);
    for (const Project& project : {garage, there})
      put_project_role(t, project.id, {.grantee = ada.id, .role = Role::administrator});
    delete_membership(t, halden.id, ada.id);
  });
  EXPECT_THAT(look([&](Transaction& t) { return groups_of(t, ada.id); }),
              testing::UnorderedElementsAre(others.id, servers.id));
  EXPECT_EQ(highest(garage, ada), std::nullopt);
  EXPECT_EQ(highest(there, ada), Role::administrator);
  act([&](Transaction& t) { leave_groups(t, ada.id, {}); });
  EXPECT_THAT(look([&](Transaction& t) { return groups_of(t, ada.id); }), testing::IsEmpty());
  EXPECT_EQ(highest(there, ada), std::nullopt);
}

TEST_F(Groups, OpenRoutesToTheirMembers) {
  const Group group = a_group("Builders", halden.id);
  open_route({bob.id, group.id, bob.id});
  EXPECT_THAT(open_to(), testing::ElementsAre(bob.id));
  join(group, ada);
  join(group, bob);
  EXPECT_THAT(open_to(), testing::ElementsAre(std::min(ada.id, bob.id), std::max(ada.id, bob.id)));
  EXPECT_THAT(open_to("GET /y"), testing::IsEmpty());
  act([&](Transaction& t) { delete_group_member(t, group.id, bob.id); });
  EXPECT_EQ(open_to().size(), 2U);  // named himself
  act([&](Transaction& t) { delete_group(t, group.id); });
  EXPECT_THAT(open_to(), testing::ElementsAre(bob.id));
  // What named the group is kept.
  const auto kept = look([&](Transaction& t) { return allowed_routes(t, halden.id); });
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_THAT(kept[0].grantees, testing::UnorderedElementsAre(Grantee(bob.id), Grantee(group.id)));
  EXPECT_EQ(index(), in_the_database());
  open_route({});
  EXPECT_THAT(open_to(), testing::IsEmpty());
}

TEST_F(Groups, TellTheOrganizationOfWhatItsRulesMayDependOn) {
  const Group group = a_group("Builders", halden.id), servers = a_group("Servers", std::nullopt);
  take_applied();
  join(group, ada);
  EXPECT_TRUE(told_halden());
  act([&](Transaction& t) { delete_group_member(t, group.id, ada.id); });
  EXPECT_TRUE(told_halden());
  join(servers, ada);
  EXPECT_FALSE(told_halden());
  act([&](Transaction& t) { delete_group(t, group.id); });
  EXPECT_TRUE(told_halden());
  open_route({ada.id});
  EXPECT_TRUE(told_halden());
}

}  // namespace
}  // namespace latchkey::store
