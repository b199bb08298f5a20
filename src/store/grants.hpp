// What users and groups were granted beside the user's membership: roles on a project; routes that need full
// access, for restricted tokens of theirs. Functions of one transaction; writes of what verification believes
// touch their subject (transaction.hpp): roles are none of that. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/role.hpp"
#include "store/groups.hpp"

namespace latchkey::store {

struct ProjectRole {
  Grantee grantee;
  Role role{};
};
void put_project_role(Transaction&, const ProjectId&, const ProjectRole&);  // insert or change
// Whether there was one.
bool delete_project_role(Transaction&, const ProjectId&, const Grantee&);
[[nodiscard]] std::vector<ProjectRole> project_roles(Transaction&, const ProjectId&);  // in no order
// The grantee's own; without what groups give.
[[nodiscard]] std::optional<Role> find_project_role(Transaction&, const ProjectId&, const Grantee&);
// The highest of the user's own and of the groups'; without what the membership gives.
[[nodiscard]] std::optional<Role> highest_project_role(Transaction&, const ProjectId&, const UserId&);

// A route is named by its row of the route table: "GET /{organization}/_apis/…".
struct AllowedRoute {
  std::string route;
  std::vector<Grantee> grantees;
};
// Replaces whom the route is open to.
void put_allowed_route(Transaction&, const OrganizationId&, const AllowedRoute&);
[[nodiscard]] std::vector<AllowedRoute> allowed_routes(Transaction&, const OrganizationId&);  // by route

}  // namespace latchkey::store
