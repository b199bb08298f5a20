// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/groups.hpp"
#include "authority/lookup.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

boost::json::object told(const Subject& subject) {
  return {{"SubjectKind", store::kind_of(subject.grantee)},
          {"SubjectId", store::id_of(subject.grantee).text()},
          {"SubjectName", subject.name}};
}

std::vector<Subject> subjects_of(store::Transaction& transaction,
                                 const std::vector<store::Grantee>& grantees) {
  std::vector<Subject> subjects;
  for (const store::Grantee& grantee : grantees) subjects.push_back(subject_of(transaction, grantee));
  return subjects;
}

std::vector<store::Grantee> named_already(store::Transaction& transaction, const OrganizationId& organization,
                                          std::string_view route) {
  for (store::AllowedRoute& allowed : store::allowed_routes(transaction, organization))
    if (allowed.route == route) return std::move(allowed.grantees);
  return {};
}

}  // namespace

Subject subject_of(store::Transaction& transaction, const store::Grantee& grantee) {
  if (const auto* const id = std::get_if<GroupId>(&grantee)) {
    auto group = store::find_group(transaction, *id);
    if (!group) return {.grantee = grantee, .name = {}, .broken = true};
    return {.grantee = grantee, .name = std::move(group->name)};
  }
  auto user = store::find_user(transaction, std::get<UserId>(grantee));
  if (!user || user->state == store::UserState::removed)
    return {.grantee = grantee, .name = {}, .broken = true};
  return {.grantee = grantee, .name = std::move(user->display_name)};
}

void require_grantee(store::Transaction& transaction, const Place& place, const store::Grantee& grantee,
                     std::string_view field) {
  if (const auto* const id = std::get_if<GroupId>(&grantee)) {
    const auto group = store::find_group(transaction, *id);
    if (!group || group->organization != place)
      throw Refusal(RefusalCode::invalid_value,
                    "There is no group " + id->text() + " here. Choose one from the list of groups.",
                    std::string(field));
    return;
  }
  const auto& user = std::get<UserId>(grantee);
  const bool known = place ? store::find_membership(transaction, *place, user).has_value()
                           : !subject_of(transaction, grantee).broken;
  if (!known)
    throw Refusal(
        RefusalCode::invalid_value,
        place ? "The user " + user.text() + " is not a member of the organization. Make them one first."
              : "There is no user " + user.text() + ".",
        std::string(field));
}

std::vector<ProjectRole> list_project_roles(Authority& authority, const Actor& actor,
                                            const OrganizationId& organization, std::string_view which) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::administer_organization, organization);
    const store::Project project = project_in(transaction, organization, which);
    std::vector<ProjectRole> roles;
    for (const auto& [grantee, role] : store::project_roles(transaction, project.id))
      roles.push_back({.subject = subject_of(transaction, grantee), .role = role});
    std::ranges::sort(roles, {}, [](const ProjectRole& one) { return one.subject.name; });
    return roles;
  });
}

ProjectRole set_project_role(Authority& authority, const Actor& actor, const OrganizationId& organization,
                             std::string_view which, const store::ProjectRole& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_organization, organization);
    const store::Project project = project_in(transaction, organization, which);
    require_grantee(transaction, organization, request.grantee, "id");
    ProjectRole shown{.subject = subject_of(transaction, request.grantee), .role = request.role};
    if (store::find_project_role(transaction, project.id, request.grantee) == request.role) return shown;
    store::put_project_role(transaction, project.id, request);
    auto data = told(shown.subject);
    data["ProjectName"] = project.name;
    data["Role"] = name_of(request.role);
    record(transaction, now, actor, organization, "Security.ModifyPermission", project.id.text(),
           std::move(data));
    return shown;
  });
}

void remove_project_role(Authority& authority, const Actor& actor, const OrganizationId& organization,
                         std::string_view which, const store::Grantee& grantee) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_organization, organization);
    const store::Project project = project_in(transaction, organization, which);
    if (!store::delete_project_role(transaction, project.id, grantee))
      throw Refusal(RefusalCode::not_found, "They have no role of their own on this project.");
    auto data = told(subject_of(transaction, grantee));
    data["ProjectName"] = project.name;
    record(transaction, now, actor, organization, "Security.RemovePermission", project.id.text(),
           std::move(data));
    return std::monostate{};
  });
}

std::vector<AllowedRoute> list_allowed_routes(Authority& authority, const Actor& actor,
                                              const OrganizationId& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::administer_organization, organization);
    std::vector<AllowedRoute> routes;
    for (auto& [route, grantees] : store::allowed_routes(transaction, organization))
      routes.push_back({.route = std::move(route), .subjects = subjects_of(transaction, grantees)});
    return routes;
  });
}

AllowedRoute set_allowed_route(Authority& authority, const Actor& actor, const OrganizationId& organization,
                               const store::AllowedRoute& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_organization, organization);
    const auto before = named_already(transaction, organization, request.route);
    for (const store::Grantee& grantee : request.grantees)
      if (std::ranges::find(before, grantee) == before.end())
        require_grantee(transaction, organization, grantee, "subjects");
    store::put_allowed_route(transaction, organization, request);
    boost::json::array named;
    for (const Subject& subject : subjects_of(transaction, request.grantees)) named.push_back(told(subject));
    record(transaction, now, actor, organization, "OrganizationPolicy.AllowListUpdated", organization.text(),
           {{"Route", request.route}, {"Subjects", std::move(named)}});
    return AllowedRoute{
        .route = request.route,
        .subjects = subjects_of(transaction, named_already(transaction, organization, request.route))};
  });
}

}  // namespace latchkey::authority
