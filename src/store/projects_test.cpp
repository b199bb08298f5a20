// Goal: projects, operations, repositories and builds read back as they were written, in the order of their
// lists, and go together. Method: each function against a real store. SPDX-License-Identifier: Apache-2.0
#include "store/projects.hpp"

#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

using Projects = StoreFixture;
using Repositories = StoreFixture;

class Builds : public StoreFixture {
 protected:
  Build a_build(const Project& project, const std::string& definition = "CI", Time queued_at = now) {
    Build row;
    row.id = BuildId::random();
    row.organization = project.organization;
    row.project = project.id;
    row.definition = definition;
    row.status = "notStarted";
    row.reason = "manual";
    row.branch = "refs/heads/main";
    row.requested_by = user.id;
    row.queued_at = queued_at;
    return decide([&](Transaction& t) { return insert_build(t, row); });
  }
  std::vector<std::int64_t> numbers(const BuildFilter& filter) {
    std::vector<std::int64_t> found;
    for (const Build& build : look([&](Transaction& t) { return builds_of(t, organization.id, filter); }))
      found.push_back(build.number);
    return found;
  }
  using Numbers = std::vector<std::int64_t>;

  User user = a_user();
  Organization organization = an_organization();
  Project garage = a_project(organization.id, "Garage"), attic = a_project(organization.id, "Attic");
};

Repository repository_of(const ProjectId& project, const std::string& name) {
  Repository row;
  row.id = RepositoryId::random();
  row.project = project;
  row.name = name;
  return row;
}

TEST_F(Projects, read_back_as_they_were_written) {
  const Organization organization = an_organization();
  Project written = a_project(organization.id, "Garage");
  written.name = "Work shop";
  written.description = "Bench";
  written.visibility = Visibility::public_;
  written.revision = 2;
  written.updated_at = now + day;
  act([&](Transaction& t) { update_project(t, written); });
  for (const auto& found :
       {look([&](Transaction& t) { return find_project(t, written.id); }),
        look([&](Transaction& t) { return find_project_by_name(t, organization.id, "WORK SHOP"); })}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, written.id);
    EXPECT_EQ(found->organization, organization.id);
    EXPECT_EQ(found->name, "Work shop");
    EXPECT_EQ(found->description, "Bench");
    EXPECT_EQ(found->visibility, Visibility::public_);
    EXPECT_EQ(found->revision, 2);
    EXPECT_EQ(found->created_at, now);
    EXPECT_EQ(found->updated_at, now + day);
  }
  EXPECT_FALSE(look([&](Transaction& t) { return find_project_by_name(t, organization.id, "Garage"); }));
}

TEST_F(Projects, have_names_that_are_unique_in_their_organization) {
  const Organization organization = an_organization("One"), other = an_organization("Two");
  a_project(organization.id, "Garage");
  a_project(other.id, "garage");
  try {
    a_project(organization.id, "GARAGE");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::taken);
    EXPECT_EQ(error.constraint(), "projects.organization, projects.name_key");
  }
}

TEST_F(Projects, are_listed_by_name_in_pages) {
  const Organization organization = an_organization();
  for (const char* name : {"delta", "Alpha", "charlie", "Bravo"}) a_project(organization.id, name);
  std::vector<std::string> names;
  for (std::int64_t skip = 0; skip < 6; skip += 3)
    for (const Project& p : look([&](Transaction& t) { return projects_of(t, organization.id, skip, 3); }))
      names.push_back(p.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Alpha", "Bravo", "charlie", "delta"}));
}

TEST_F(Projects, go_with_their_repositories) {
  const Project project = a_project(an_organization().id);
  const Repository repository = repository_of(project.id, "door");
  act([&](Transaction& t) { insert_repository(t, repository); });
  act([&](Transaction& t) { delete_project(t, project.id); });
  EXPECT_FALSE(look([&](Transaction& t) { return find_project(t, project.id); }));
  EXPECT_FALSE(look([&](Transaction& t) { return find_repository(t, repository.id); }));
}

TEST_F(Projects, have_operations_to_poll) {
  const Operation written{Uuid::random(), a_user().id, "create", now};
  act([&](Transaction& t) { insert_operation(t, written); });
  const auto found = look([&](Transaction& t) { return find_operation(t, written.id); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->creator, written.creator);
  EXPECT_EQ(found->kind, "create");
  EXPECT_EQ(found->created_at, now);
  EXPECT_FALSE(look([&](Transaction& t) { return find_operation(t, Uuid::random()); }));
}

TEST_F(Repositories, read_back_as_they_were_written) {
  const Project project = a_project(an_organization().id);
  Repository written = repository_of(project.id, "door");
  written.created_at = now;
  act([&](Transaction& t) { insert_repository(t, written); });
  EXPECT_EQ(look([&](Transaction& t) { return find_repository(t, written.id); })->default_branch,
            std::nullopt);
  written.name = "Gate";
  written.default_branch = "refs/heads/main";
  written.disabled = true;
  written.size = 1'000'000'000'000;
  act([&](Transaction& t) { update_repository(t, written); });
  const auto found = look([&](Transaction& t) { return find_repository_by_name(t, project.id, "gATE"); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, written.id);
  EXPECT_EQ(found->project, project.id);
  EXPECT_EQ(found->name, "Gate");
  EXPECT_EQ(found->default_branch, "refs/heads/main");
  EXPECT_TRUE(found->disabled);
  EXPECT_EQ(found->size, 1'000'000'000'000);
  EXPECT_EQ(found->created_at, now);
  act([&](Transaction& t) { delete_repository(t, written.id); });
  EXPECT_FALSE(look([&](Transaction& t) { return find_repository(t, written.id); }));
}

TEST_F(Repositories, are_listed_by_project_and_name) {
  const Organization organization = an_organization();
  const Project zoo = a_project(organization.id, "zoo"), ark = a_project(organization.id, "Ark");
  act([&](Transaction& t) {
    for (const auto& [project, name] : {std::pair(zoo.id, "b"), {zoo.id, "A"}, {ark.id, "d"}, {ark.id, "C"}})
      insert_repository(t, repository_of(project, name));
  });
  const auto names = [](const std::vector<Repository>& rows) {
    std::string all;
    for (const Repository& row : rows) all += row.name;
    return all;
  };
  EXPECT_EQ(names(look([&](Transaction& t) { return repositories_of_project(t, zoo.id, 10); })), "Ab");
  EXPECT_EQ(names(look([&](Transaction& t) { return repositories_of_organization(t, organization.id, 10); })),
            "CdAb");
  EXPECT_EQ(names(look([&](Transaction& t) { return repositories_of_organization(t, organization.id, 3); })),
            "CdA");
}

TEST_F(Builds, are_numbered_in_their_organization_and_never_again) {
  EXPECT_EQ(a_build(garage).number, 1);
  EXPECT_EQ(a_build(attic).number, 2);
  act([&](Transaction& t) { delete_project(t, attic.id); });
  EXPECT_EQ(a_build(garage).number, 3);
  const Project elsewhere = a_project(an_organization("Other").id);
  EXPECT_EQ(a_build(elsewhere).number, 1);
}

TEST_F(Builds, have_build_numbers_that_count_within_the_day_of_the_project) {
  EXPECT_EQ(a_build(garage).build_number, "20261124.1");
  EXPECT_EQ(a_build(garage, "CI", now + std::chrono::hours(23)).build_number, "20261124.2");
  EXPECT_EQ(a_build(attic).build_number, "20261124.1");
  EXPECT_EQ(a_build(garage, "CI", now + day).build_number, "20261125.1");
}

TEST_F(Builds, read_back_as_they_were_written) {
  Build written = a_build(garage);
  written.status = "completed";
  written.result = "succeeded";
  written.started_at = now + day;
  written.finished_at = now + 2 * day;
  act([&](Transaction& t) { update_build(t, written); });
  const auto found = look([&](Transaction& t) { return find_build(t, organization.id, written.number); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, written.id);
  EXPECT_EQ(found->project, garage.id);
  EXPECT_EQ(found->definition, "CI");
  EXPECT_EQ(found->status, "completed");
  EXPECT_EQ(found->reason, "manual");
  EXPECT_EQ(found->branch, "refs/heads/main");
  EXPECT_EQ(found->commit, "");
  EXPECT_EQ(found->result, "succeeded");
  EXPECT_EQ(found->requested_by, user.id);
  EXPECT_EQ(found->queued_at, now);
  EXPECT_EQ(found->started_at, now + day);
  EXPECT_EQ(found->finished_at, now + 2 * day);
  EXPECT_FALSE(look([&](Transaction& t) { return find_build(t, OrganizationId::random(), written.number); }));
}

TEST_F(Builds, are_listed_newest_first_as_the_filter_says) {
  a_build(garage, "CI");
  Build done = a_build(attic, "CI");
  done.status = "completed";
  done.result = "failed";
  act([&](Transaction& t) { update_build(t, done); });
  a_build(garage, "Nightly", now + day);
  EXPECT_EQ(numbers({}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.top = 2}), (Numbers{3, 2}));
  EXPECT_EQ(numbers({.before_number = 3, .top = 1}), Numbers{2});
  EXPECT_EQ(numbers({.project = garage.id}), (Numbers{3, 1}));
  EXPECT_EQ(numbers({.numbers = {1, 2, 9}}), (Numbers{2, 1}));
  EXPECT_EQ(numbers({.definition = "Nightly"}), Numbers{3});
  EXPECT_EQ(numbers({.project = garage.id, .build_number = "20261124.1"}), Numbers{1});
  EXPECT_EQ(numbers({.branch = "refs/heads/other"}), Numbers{});
  EXPECT_EQ(numbers({.reason = "manual"}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.statuses = {"completed", "cancelling"}}), Numbers{2});
  EXPECT_EQ(numbers({.results = {"failed"}}), Numbers{2});
  EXPECT_EQ(numbers({.requested_for = user.id}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.requested_for = UserId::random()}), Numbers{});
  EXPECT_EQ(numbers({.queued_from = now + day}), Numbers{3});
  EXPECT_EQ(numbers({.queued_to = now}), (Numbers{2, 1}));
  EXPECT_EQ(numbers({.definition = "CI' or 1 = 1 --"}), Numbers{});
}

}  // namespace
}  // namespace latchkey::store
