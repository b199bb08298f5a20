// SPDX-License-Identifier: Apache-2.0
#include "store/grants.hpp"

#include <algorithm>

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

Grantee read_grantee(std::string_view kind, const Uuid& id) {
  if (const auto grantee = grantee_of(kind, id)) return *grantee;
  throw Error(ErrorKind::broken, "the database holds a grantee of a kind that this version doesn't know");
}

void read_project_role(const Row& row, ProjectRole& role) {
  std::string kind;
  Uuid id;
  read_row(row, kind, id, role.role);
  role.grantee = read_grantee(kind, id);
}

}  // namespace

void put_project_role(Transaction& transaction, const ProjectId& project, const ProjectRole& role) {
  transaction.execute(
      "insert into project_roles (project, kind, grantee, role) values ($1, $2, $3, $4) "
      "on conflict (project, grantee) do update set role = excluded.role",
      project, kind_of(role.grantee), id_of(role.grantee), role.role);
}

bool delete_project_role(Transaction& transaction, const ProjectId& project, const Grantee& grantee) {
  return transaction.execute("delete from project_roles where project = $1 and grantee = $2", project,
                             id_of(grantee)) > 0;
}

std::vector<ProjectRole> project_roles(Transaction& transaction, const ProjectId& project) {
  return transaction.all("select kind, grantee, role from project_roles where project = $1",
                         read_project_role, project);
}

std::optional<Role> find_project_role(Transaction& transaction, const ProjectId& project,
                                      const Grantee& grantee) {
  return transaction.scalar<Role>("select role from project_roles where project = $1 and grantee = $2",
                                  project, id_of(grantee));
}

std::optional<Role> highest_project_role(Transaction& transaction, const ProjectId& project,
                                         const UserId& user) {
  std::optional<Role> highest;
  transaction.each(
      "select role from project_roles where project = $1 and grantee = $2 union all "
      "select r.role from group_members m join project_roles r on r.project = $1 and r.grantee = m.group_id "
      "where m.user_id = $2",
      [&](const Row& row) {
        Role role{};
        read_row(row, role);
        highest = std::max(highest, std::optional(role));
      },
      project, user);
  return highest;
}

void put_allowed_route(Transaction& transaction, const OrganizationId& organization,
                       const AllowedRoute& allowed) {
  transaction.execute("delete from allowed_routes where organization = $1 and route = $2", organization,
                      allowed.route);
  for (const Grantee& grantee : allowed.grantees)
    transaction.execute(
        "insert into allowed_routes (organization, route, kind, grantee) values ($1, $2, $3, $4) "
        "on conflict (organization, route, grantee) do nothing",
        organization, allowed.route, kind_of(grantee), id_of(grantee));
  transaction.touch(organization);
}

std::vector<AllowedRoute> allowed_routes(Transaction& transaction, const OrganizationId& organization) {
  std::vector<AllowedRoute> allowed;
  transaction.each(
      "select route, kind, grantee from allowed_routes where organization = $1 order by route, grantee",
      [&](const Row& row) {
        std::string route, kind;
        Uuid id;
        read_row(row, route, kind, id);
        if (allowed.empty() || allowed.back().route != route)
          allowed.push_back({.route = std::move(route), .grantees = {}});
        allowed.back().grantees.push_back(read_grantee(kind, id));
      },
      organization);
  return allowed;
}

}  // namespace latchkey::store
