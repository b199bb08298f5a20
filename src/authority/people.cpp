// SPDX-License-Identifier: Apache-2.0
#include "authority/people.hpp"

#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {
namespace {

Person person_of(store::Transaction& transaction, Time now, store::User user) {
  auto memberships = store::memberships_of(transaction, user.id);
  const auto live_tokens = store::count_live_tokens(transaction, user.id, now);
  return {.user = std::move(user), .memberships = std::move(memberships), .live_tokens = live_tokens};
}

}  // namespace

store::User find_person(Authority& authority, const Actor& actor, const OrganizationId& organization,
                        std::string_view text) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::administer_organization, organization);
    const auto id = UserId::parse(text);
    const auto email = normalized(text);
    auto user = id      ? store::find_user(transaction, *id)
                : email ? store::find_user_by_email(transaction, *email)
                        : std::nullopt;
    if (!user || user->state == store::UserState::removed)
      throw Refusal(RefusalCode::not_found, "There is no such user.");
    return *std::move(user);
  });
}

std::vector<Person> list_people(Authority& authority, const Actor& actor, const store::PeoplePage& page) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    std::vector<Person> people;
    for (store::User& user : store::users(transaction, page))
      people.push_back(person_of(transaction, now, std::move(user)));
    return people;
  });
}

Person show_person(Authority& authority, const Actor& actor, const UserId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    auto user = store::find_user(transaction, id);
    if (!user) throw Refusal(RefusalCode::not_found, "There is no such user.");
    return person_of(transaction, now, *std::move(user));
  });
}

std::vector<store::Member> list_members(Authority& authority, const Actor& actor,
                                        const OrganizationId& organization, const store::PeoplePage& page) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::administer_organization, organization);
    return store::members_of(transaction, organization, page);
  });
}

std::vector<store::Membership> memberships_of(Authority& authority, const UserId& user) {
  return authority.store.read(
      [&](store::Transaction& transaction) { return store::memberships_of(transaction, user); });
}

std::vector<ListedOrganization> list_organizations(Authority& authority, const Actor& actor) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::manage_own_account);
    std::vector<ListedOrganization> listed;
    if (!store::find_user(transaction, actor.user)->server_administrator) {
      for (auto& [organization, role] : store::memberships_of(transaction, actor.user))
        listed.push_back({.organization = std::move(organization), .role = role});
      return listed;
    }
    for (store::Organization& organization : store::organizations(transaction, list_longest)) {
      const auto role = store::find_membership(transaction, organization.id, actor.user);
      listed.push_back({.organization = std::move(organization), .role = role});
    }
    return listed;
  });
}

}  // namespace latchkey::authority
