// Groups of users: an organization's, whose members are the organization's, or the server's. Functions of one
// transaction; what changes who is in a group touches its organization, whose rules may name it
// (transaction.hpp). SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

// Who is granted something, or excepted from something. What is kept of one outlives the user or the group.
using Grantee = std::variant<UserId, GroupId>;
[[nodiscard]] std::string_view kind_of(const Grantee&) noexcept;  // "user", "group"
[[nodiscard]] const Uuid& id_of(const Grantee&) noexcept;
[[nodiscard]] std::optional<Grantee> grantee_of(std::string_view kind, const Uuid& id) noexcept;

struct Group {
  GroupId id;
  std::optional<OrganizationId> organization;  // none: the server's
  std::string name, description;
  Time created_at;
};
void insert_group(Transaction&, const Group&);
void update_group(Transaction&, const Group&);    // name, description
void delete_group(Transaction&, const GroupId&);  // with its members and its roles on projects
[[nodiscard]] std::optional<Group> find_group(Transaction&, const GroupId&);
[[nodiscard]] std::optional<Group> find_group_by_name(Transaction&,
                                                      const std::optional<OrganizationId>& organization,
                                                      std::string_view name);
struct CountedGroup {
  Group group;
  std::int64_t members = 0;
};
// By name; `after`: the name at the end of the page before.
[[nodiscard]] std::vector<CountedGroup> groups_in(Transaction&,
                                                  const std::optional<OrganizationId>& organization,
                                                  std::string_view after, std::int64_t top);
[[nodiscard]] std::int64_t count_group_members(Transaction&, const GroupId&);

void insert_group_member(Transaction&, const GroupId&, const UserId&);
void delete_group_member(Transaction&, const GroupId&, const UserId&);
[[nodiscard]] bool is_group_member(Transaction&, const GroupId&, const UserId&);
[[nodiscard]] std::vector<UserId> member_ids_of(Transaction&,
                                                const GroupId&);  // in order; as people: directory.hpp
[[nodiscard]] std::vector<GroupId> groups_of(Transaction&, const UserId&);  // the server's too
// The users themselves and the groups' members, each once, in order.
[[nodiscard]] std::vector<UserId> users_of(Transaction&, const std::vector<Grantee>&);
// The groups and the roles on projects of the organization; none: of the server and of all organizations.
void leave_groups(Transaction&, const UserId&, const std::optional<OrganizationId>& organization);

}  // namespace latchkey::store
