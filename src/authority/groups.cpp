// SPDX-License-Identifier: Apache-2.0
#include "authority/groups.hpp"

#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t description_longest = 1000;

store::Group group_in(store::Transaction& transaction, const Place& place, const GroupId& id) {
  auto group = store::find_group(transaction, id);
  if (!group || group->organization != place)
    throw Refusal(RefusalCode::not_found, "There is no such group here.");
  return *std::move(group);
}

// Takes in what an edit names.
void apply(store::Transaction& transaction, store::Group& group, const GroupEdit& edit) {
  if (edit.name) group.name = checked_text(*edit.name, {"The name of a group", "name"});
  if (edit.description)
    group.description =
        checked_text(*edit.description, {"The description", "description", description_longest, 0});
  const auto found = store::find_group_by_name(transaction, group.organization, group.name);
  if (found && found->id != group.id)
    throw Refusal(RefusalCode::name_taken, "A group of this name is there already. Choose another name.",
                  "name");
}

boost::json::object told(const store::Group& group) {
  return {{"GroupId", group.id.text()}, {"GroupName", group.name}};
}

store::User known_user(store::Transaction& transaction, const UserId& id) {
  auto user = store::find_user(transaction, id);
  if (!user || user->state == store::UserState::removed)
    throw Refusal(RefusalCode::not_found, "There is no such user.");
  return *std::move(user);
}

}  // namespace

store::CountedGroup create_group(Authority& authority, const Actor& actor, const Place& place,
                                 const GroupEdit& request) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, place);
    store::Group group{
        .id = GroupId::random(), .organization = place, .name = {}, .description = {}, .created_at = now};
    apply(transaction, group, {.name = request.name.value_or(""), .description = request.description});
    store::insert_group(transaction, group);
    record(transaction, now, actor, place, "Group.CreateGroups", group.id.text(), told(group));
    return store::CountedGroup{.group = std::move(group), .members = 0};
  });
}

store::CountedGroup edit_group(Authority& authority, const Actor& actor, const Place& place,
                               const GroupId& id, const GroupEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, place);
    store::Group group = group_in(transaction, place, id);
    const std::string previous = group.name;
    apply(transaction, group, edit);
    store::update_group(transaction, group);
    auto data = told(group);
    data["PreviousGroupName"] = previous;
    record(transaction, now, actor, place, "Group.UpdateGroups.Modify", id.text(), std::move(data));
    const auto members = store::count_group_members(transaction, id);
    return store::CountedGroup{.group = std::move(group), .members = members};
  });
}

void delete_group(Authority& authority, const Actor& actor, const Place& place, const GroupId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, place);
    const store::Group group = group_in(transaction, place, id);
    store::delete_group(transaction, id);
    record(transaction, now, actor, place, "Group.UpdateGroups.Delete", id.text(), told(group));
    return std::monostate{};
  });
}

store::CountedGroup show_group(Authority& authority, const Actor& actor, const Place& place,
                               const GroupId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_administrator(transaction, authority.clock.now(), actor, place);
    store::Group group = group_in(transaction, place, id);
    const auto members = store::count_group_members(transaction, id);
    return store::CountedGroup{.group = std::move(group), .members = members};
  });
}

std::vector<store::CountedGroup> list_groups(Authority& authority, const Actor& actor, const Place& place,
                                             std::string_view after, std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_administrator(transaction, authority.clock.now(), actor, place);
    return store::groups_in(transaction, place, after, top);
  });
}

std::vector<store::User> list_group_members(Authority& authority, const Actor& actor, const Place& place,
                                            const GroupId& id, const store::PeoplePage& page) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_administrator(transaction, authority.clock.now(), actor, place);
    static_cast<void>(group_in(transaction, place, id));
    return store::members_of_group(transaction, id, page);
  });
}

void add_group_member(Authority& authority, const Actor& actor, const Place& place, const GroupId& id,
                      const UserId& who) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, place);
    const store::Group group = group_in(transaction, place, id);
    static_cast<void>(known_user(transaction, who));
    require_grantee(transaction, place, who, "userId");
    if (store::is_group_member(transaction, id, who)) return std::monostate{};
    store::insert_group_member(transaction, id, who);
    auto data = told(group);
    data["MemberId"] = who.text();
    record(transaction, now, actor, place, "Group.UpdateGroupMembership.Add", id.text(), std::move(data));
    return std::monostate{};
  });
}

void remove_group_member(Authority& authority, const Actor& actor, const Place& place, const GroupId& id,
                         const UserId& who) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, place);
    const store::Group group = group_in(transaction, place, id);
    if (!store::is_group_member(transaction, id, who))
      throw Refusal(RefusalCode::not_found, "The user is not a member of the group.");
    store::delete_group_member(transaction, id, who);
    auto data = told(group);
    data["MemberId"] = who.text();
    record(transaction, now, actor, place, "Group.UpdateGroupMembership.Remove", id.text(), std::move(data));
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
