// Looking at users, members and organizations.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/role.hpp"
#include "store/directory.hpp"

namespace latchkey::authority {

// By id or email address, for who may administer the organization.
[[nodiscard]] store::User find_person(Authority&, const Actor&, const OrganizationId&, std::string_view);

// What is shown of a user to server administrators.
struct Person {
  store::User user;
  std::vector<store::Membership> memberships;
  std::int64_t live_tokens = 0;
};
[[nodiscard]] std::vector<Person> list_people(Authority&, const Actor&, const store::PeoplePage&);
[[nodiscard]] Person show_person(Authority&, const Actor&, const UserId&);
[[nodiscard]] std::vector<store::Member> list_members(Authority&, const Actor&, const OrganizationId&,
                                                      const store::PeoplePage&);
[[nodiscard]] std::vector<store::Membership> memberships_of(Authority&, const UserId&);  // by name
// Those of which the actor is a member; a server administrator's: all. By name.
struct ListedOrganization {
  store::Organization organization;
  std::optional<Role> role;  // the actor's
};
[[nodiscard]] std::vector<ListedOrganization> list_organizations(Authority&, const Actor&);

}  // namespace latchkey::authority
