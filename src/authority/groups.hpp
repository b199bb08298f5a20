// Groups of users, the roles that users and groups have on projects, and for whom routes are open that need
// full access. `place` is the organization; none: the server, whose groups server policies alone name.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/role.hpp"
#include "store/directory.hpp"
#include "store/grants.hpp"
#include "store/groups.hpp"

namespace latchkey::authority {

struct GroupEdit {
  std::optional<std::string> name{}, description{};
};
// Names: 1 to 100 characters, unique in their place; name_taken.
[[nodiscard]] store::CountedGroup create_group(Authority&, const Actor&, const Place& place,
                                               const GroupEdit& group);
[[nodiscard]] store::CountedGroup edit_group(Authority&, const Actor&, const Place& place, const GroupId&,
                                             const GroupEdit&);
// What names it is kept, and grants nothing; its roles on projects go with it.
void delete_group(Authority&, const Actor&, const Place& place, const GroupId&);
[[nodiscard]] store::CountedGroup show_group(Authority&, const Actor&, const Place& place, const GroupId&);
[[nodiscard]] std::vector<store::CountedGroup> list_groups(Authority&, const Actor&, const Place& place,
                                                           std::string_view after, std::int64_t top);

[[nodiscard]] std::vector<store::User> list_group_members(Authority&, const Actor&, const Place& place,
                                                          const GroupId&, const store::PeoplePage&);
// An organization's group takes its members alone: invalid_value.
void add_group_member(Authority&, const Actor&, const Place& place, const GroupId&, const UserId&);
void remove_group_member(Authority&, const Actor&, const Place& place, const GroupId&, const UserId&);

// What is shown of a user or group that something names.
struct Subject {
  store::Grantee grantee;
  std::string name;     // empty where it is gone
  bool broken = false;  // it is gone
};
[[nodiscard]] Subject subject_of(store::Transaction&, const store::Grantee&);
// That something in `place` may name it from now on: a member or group of the organization; of the server, a
// user or group of the server. Throws Refusal{invalid_value}, whose field is `field`.
void require_grantee(store::Transaction&, const Place& place, const store::Grantee&, std::string_view field);

struct ProjectRole {
  Subject subject;
  Role role{};
};
[[nodiscard]] std::vector<ProjectRole> list_project_roles(Authority&, const Actor&, const OrganizationId&,
                                                          std::string_view project);
[[nodiscard]] ProjectRole set_project_role(Authority&, const Actor&, const OrganizationId&,
                                           std::string_view project, const store::ProjectRole&);
void remove_project_role(Authority&, const Actor&, const OrganizationId&, std::string_view project,
                         const store::Grantee&);

// `route` as api::route_name() has it; whether there is such a route is its caller's to know.
struct AllowedRoute {
  std::string route;
  std::vector<Subject> subjects;
};
[[nodiscard]] std::vector<AllowedRoute> list_allowed_routes(Authority&, const Actor&, const OrganizationId&);
// Replaces for whom the route is open. What is named already may stay, even if it is gone.
[[nodiscard]] AllowedRoute set_allowed_route(Authority&, const Actor&, const OrganizationId&,
                                             const store::AllowedRoute&);

}  // namespace latchkey::authority
