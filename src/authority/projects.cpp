// SPDX-License-Identifier: Apache-2.0
#include "authority/projects.hpp"

#include <utility>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t description_longest = 4000;

std::string project_description(std::string_view text) {
  return checked_text(text, {"The description", "description", description_longest, 0});
}

// REQUIRES: a name that project_name() made. `but`: the project that may bear it already.
void require_free(store::Transaction& transaction, const OrganizationId& organization,
                  const std::string& name, const ProjectId& but) {
  const auto found = store::find_project_by_name(transaction, organization, name);
  if (found && found->id != but)
    throw Refusal(RefusalCode::name_taken, "A project of this name is there already. Choose another name.",
                  "name");
}

store::Operation add_operation(store::Transaction& transaction, Time now, const Actor& actor,
                               std::string kind) {
  store::Operation operation{
      .id = Uuid::random(), .creator = actor.user, .kind = std::move(kind), .created_at = now};
  store::insert_operation(transaction, operation);
  return operation;
}

boost::json::object told(const store::Project& project) {
  return {{"ProjectId", project.id.text()},
          {"ProjectName", project.name},
          {"ProjectVisibility", project.visibility == store::Visibility::public_ ? "public" : "private"}};
}

}  // namespace

ProjectActed create_project(Authority& authority, const Actor& actor, const OrganizationId& organization,
                            const NewProject& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_projects, organization);
    store::Project project{.id = ProjectId::random(),
                           .organization = organization,
                           .name = project_name(request.name),
                           .description = project_description(request.description),
                           .visibility = request.visibility,
                           .created_at = now,
                           .updated_at = now};
    require_free(transaction, organization, project.name, project.id);
    store::insert_project(transaction, project);
    store::insert_repository(transaction, {.id = RepositoryId::random(),
                                           .project = project.id,
                                           .name = project.name,
                                           .default_branch = {},
                                           .created_at = now});
    auto operation = add_operation(transaction, now, actor, "createProject");
    record(transaction, now, actor, organization, "Project.CreateCompleted", project.id.text(),
           told(project));
    return ProjectActed{.project = std::move(project), .operation = std::move(operation)};
  });
}

ProjectActed edit_project(Authority& authority, const Actor& actor, const OrganizationId& organization,
                          std::string_view which, const ProjectEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    store::Project project =
        project_for(transaction, now, actor, Act::administer_projects, organization, which);
    const std::string previous_name = project.name;
    if (edit.name) project.name = project_name(*edit.name);
    if (edit.description) project.description = project_description(*edit.description);
    if (edit.visibility) project.visibility = *edit.visibility;
    require_free(transaction, organization, project.name, project.id);
    ++project.revision;
    project.updated_at = now;
    store::update_project(transaction, project);

    auto operation = add_operation(transaction, now, actor, "updateProject");
    const bool renamed = project.name != previous_name;
    auto data = told(project);
    if (renamed) data["PreviousProjectName"] = previous_name;
    record(transaction, now, actor, organization,
           renamed ? "Project.RenameCompleted" : "Project.UpdateCompleted", project.id.text(),
           std::move(data));
    return ProjectActed{.project = std::move(project), .operation = std::move(operation)};
  });
}

store::Operation delete_project(Authority& authority, const Actor& actor, const OrganizationId& organization,
                                std::string_view which) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    const store::Project project =
        project_for(transaction, now, actor, Act::administer_projects, organization, which);
    store::delete_project(transaction, project.id);
    auto operation = add_operation(transaction, now, actor, "deleteProject");
    record(transaction, now, actor, organization, "Project.HardDeleteCompleted", project.id.text(),
           told(project));
    return operation;
  });
}

store::Project show_project(Authority& authority, const Actor& actor, const OrganizationId& organization,
                            std::string_view which) {
  return authority.store.read([&](store::Transaction& transaction) {
    return project_for(transaction, authority.clock.now(), actor, Act::read_projects, organization, which);
  });
}

std::vector<store::Project> list_projects(Authority& authority, const Actor& actor,
                                          const OrganizationId& organization, std::int64_t skip,
                                          std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::read_projects, organization);
    return store::projects_of(transaction, organization, skip, top);
  });
}

store::Operation show_operation(Authority& authority, const Actor& actor, const Uuid& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::see_own_operations);
    auto operation = store::find_operation(transaction, id);
    if (!operation || operation->creator != actor.user)
      throw Refusal(RefusalCode::not_found, "You have no operation with this id.");
    return *std::move(operation);
  });
}

}  // namespace latchkey::authority
