// SPDX-License-Identifier: Apache-2.0
#include "authority/directory.hpp"

#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/codes.hpp"
#include "authority/names.hpp"
#include "authority/password_resets.hpp"
#include "authority/revocations.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/groups.hpp"
#include "store/invitations.hpp"
#include "store/password_resets.hpp"
#include "store/sign_ins.hpp"

namespace latchkey::authority {
namespace {

// The work of hashing is for those alone who may do what it is for.
void authorize_first(Authority& authority, const Actor& actor, Act act) {
  [[maybe_unused]] const auto authorized = authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, act);
    return std::monostate{};
  });
}

store::User known_user(store::Transaction& transaction, const UserId& id) {
  auto user = store::find_user(transaction, id);
  if (!user || user->state == store::UserState::removed)
    throw Refusal(RefusalCode::not_found, "There is no such user.");
  return *std::move(user);
}

bool is_last_administrator(store::Transaction& transaction, const OrganizationId& organization,
                           const store::User& user) {
  return user.state == store::UserState::enabled &&
         store::find_membership(transaction, organization, user.id) == Role::administrator &&
         store::count_organization_administrators(transaction, organization) == 1;
}

void refuse_last_administrator(store::Transaction& transaction, const OrganizationId& organization,
                               const store::User& user) {
  if (is_last_administrator(transaction, organization, user))
    throw Refusal(
        RefusalCode::last_administrator,
        "This is the organization's last administrator. Make another member an administrator first.");
}

void refuse_last_server_administrator(store::Transaction& transaction, const store::User& user) {
  if (user.server_administrator && user.state == store::UserState::enabled &&
      store::count_server_administrators(transaction) == 1)
    throw Refusal(RefusalCode::last_administrator,
                  "This is the last server administrator. Make another user one first.");
}

void refuse_disabling_the_last(store::Transaction& transaction, const store::User& user) {
  refuse_last_server_administrator(transaction, user);
  for (const auto& membership : store::memberships_of(transaction, user.id))
    refuse_last_administrator(transaction, membership.organization.id, user);
}

store::Organization add_organization(store::Transaction& transaction, Time now, std::string name,
                                     const UserId& administrator) {
  if (store::find_organization_by_name(transaction, name))
    throw Refusal(RefusalCode::name_taken,
                  "An organization of this name is there already. Choose another name.", "name");
  store::Organization organization{
      .id = OrganizationId::random(), .name = std::move(name), .created_at = now};
  store::insert_organization(transaction, organization);
  store::put_membership(transaction, organization.id, administrator, Role::administrator);
  return organization;
}

store::User add_user(store::Transaction& transaction, store::User user) {
  if (store::find_user_by_email(transaction, user.email))
    throw Refusal(RefusalCode::name_taken, "A user with this email address is there already.", "email");
  store::insert_user(transaction, user);
  return user;
}

store::User new_user(Time now, std::string email, std::string name, std::optional<std::string> kept_password,
                     bool administrator) {
  return {.id = UserId::random(),
          .email = std::move(email),
          .display_name = std::move(name),
          .password = std::move(kept_password),
          .password_ends_at = {},
          .server_administrator = administrator,
          .signed_in_at = {},
          .created_at = now};
}

// By id or name.
store::Organization organization_called(store::Transaction& transaction, std::string_view text) {
  const auto id = OrganizationId::parse(text);
  const auto name = normalized(text);
  auto organization = id     ? store::find_organization(transaction, *id)
                      : name ? store::find_organization_by_name(transaction, *name)
                             : std::nullopt;
  if (!organization) throw Refusal(RefusalCode::not_found, "There is no such organization.", "organization");
  return *std::move(organization);
}

std::string display_name(std::string_view given, const std::string& email) {
  return person_name(given.empty() ? std::string_view(email).substr(0, email.find('@')) : given);
}

void require_organization(store::Transaction& transaction, const OrganizationId& id) {
  if (!store::find_organization(transaction, id))
    throw Refusal(RefusalCode::not_found, "The organization does not exist, or you are not a member of it.");
}

}  // namespace

bool is_initialized(Authority& authority) { return authority.store.read(store::any_organization); }

void initialize(Authority& authority, const FirstRun& first, const Origin& origin) {
  const auto refuse_second = [](bool initialized) {
    if (initialized)
      throw Refusal(RefusalCode::invalid_value,
                    "There is an organization already. Sign in as its administrator.");
  };
  refuse_second(is_initialized(authority));
  std::string email = email_address(first.email),
              name = organization_name(first.organization, "organization");
  std::string shown = display_name(first.display_name, email);
  check_new_password(first.password, "password");
  const std::string kept = hash_password(first.password);
  decide(authority, [&](store::Transaction& transaction) {
    refuse_second(store::any_organization(transaction));
    const Time now = authority.clock.now();
    auto administrator = new_user(now, email, shown, kept, true);
    if (first.generated) administrator.password_ends_at = now + first_password_lasts;
    const auto user = add_user(transaction, std::move(administrator));
    const auto organization = add_organization(transaction, now, name, user.id);
    record(transaction, now, Actor{.user = user.id, .token = {}, .origin = origin}, organization.id,
           "Organization.Create", organization.id.text(),
           {{"OrganizationName", name}, {"Administrator", user.id.text()}});
    return std::monostate{};
  });
}

void check_set_up_code(Authority& authority, std::string_view code, const Origin& origin) {
  take_code_attempt(authority, origin);
  if (!authority.set_up.accepts(code, authority.clock.now()))
    throw Refusal(RefusalCode::not_found,
                  "This set-up link is not good any more. Start the server again: while it is not set up, it "
                  "shows another.",
                  "code");
  authority.password_attempts.give_back({}, origin.address);
}

void set_up(Authority& authority, std::string_view code, const FirstRun& first, const Origin& origin) {
  check_set_up_code(authority, code, origin);
  initialize(authority, first, origin);
  authority.set_up.close();
}

CreatedUser create_user(Authority& authority, const Actor& actor, const NewUser& request) {
  authorize_first(authority, actor, Act::administer_server);
  const std::string email = email_address(request.email), name = display_name(request.display_name, email);
  std::optional<std::string> kept;
  if (request.password) {
    check_new_password(*request.password, "password");
    kept = hash_password(*request.password);
  }
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    auto user = add_user(transaction, new_user(now, email, name, kept, request.server_administrator));
    boost::json::object told{{"Email", email},
                             {"DisplayName", name},
                             {"ServerAdministrator", user.server_administrator},
                             {"Invited", !kept.has_value()}};
    std::optional<OrganizationId> organization;
    if (!request.organization.empty()) {
      organization = organization_called(transaction, request.organization).id;
      store::put_membership(transaction, *organization, user.id, request.role);
      told["Role"] = name_of(request.role);
    }
    CreatedUser created{.user = std::move(user), .invitation = {}};
    if (!kept) created.invitation = add_invitation(transaction, now, created.user.id);
    record(transaction, now, actor, organization, "User.Create", created.user.id.text(), std::move(told));
    return created;
  });
}

store::User edit_user(Authority& authority, const Actor& actor, const UserId& id, const UserEdit& edit) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    store::User user = known_user(transaction, id);
    boost::json::object told;
    std::string_view action = "User.Update";
    if (edit.display_name && person_name(*edit.display_name) != user.display_name)
      told["DisplayName"] = user.display_name = person_name(*edit.display_name);
    if (edit.server_administrator && *edit.server_administrator != user.server_administrator) {
      refuse_last_server_administrator(transaction, user);
      told["ServerAdministrator"] = user.server_administrator = *edit.server_administrator;
    }
    if (edit.enabled && *edit.enabled != (user.state == store::UserState::enabled)) {
      if (!*edit.enabled) {
        refuse_disabling_the_last(transaction, user);
        store::delete_sign_ins_of(transaction, id);
        store::delete_invitation(transaction, id);
        store::end_password_reset(transaction, id);
      }
      user.state = *edit.enabled ? store::UserState::enabled : store::UserState::disabled;
      action = *edit.enabled ? "User.Enable" : "User.Disable";
    } else if (told.empty()) {
      return user;
    }
    told["Email"] = user.email;
    store::update_user(transaction, user);
    record(transaction, now, actor, {}, action, id.text(), std::move(told));
    return user;
  });
}

void set_user_enabled(Authority& authority, const Actor& actor, const UserId& id, bool enabled) {
  edit_user(authority, actor, id, {.enabled = enabled});
}

void remove_user(Authority& authority, const Actor& actor, const UserId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    const store::User user = known_user(transaction, id);
    refuse_disabling_the_last(transaction, user);
    for (const auto& membership : store::memberships_of(transaction, id))
      store::delete_membership(transaction, membership.organization.id, id);
    store::leave_groups(transaction, id, {});
    store::delete_sign_ins_of(transaction, id);
    store::delete_invitation(transaction, id);
    store::end_password_reset(transaction, id);
    revoke_all_of(transaction, now, actor, id, "owner removed");
    store::remove_user(transaction, id);
    record(transaction, now, actor, {}, "User.Remove", id.text(),
           {{"Email", user.email}, {"DisplayName", user.display_name}});
    return std::monostate{};
  });
  authority.background.ring();
}

void reset_password(Authority& authority, std::string_view email, const Secret& first, const Origin& origin) {
  const std::string kept = hash_password(first);
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    auto user = store::find_user_by_email(transaction, email);
    if (!user || user->state == store::UserState::removed)
      throw Refusal(RefusalCode::not_found, "There is no user with this email address.", "email");
    password_was_changed(transaction, now, *user, origin);
    user->password = kept;
    user->password_ends_at = now + first_password_lasts;
    store::update_user(transaction, *user);
    store::delete_sign_ins_of(transaction, user->id);
    record(transaction, now, Actor{.user = user->id, .token = {}, .origin = origin}, {}, "User.ResetPassword",
           user->id.text(), {{"Email", user->email}});
    return std::monostate{};
  });
}

store::Organization create_organization(Authority& authority, const Actor& actor, std::string_view name) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    auto organization = add_organization(transaction, now, organization_name(name), actor.user);
    record(transaction, now, actor, organization.id, "Organization.Create", organization.id.text(),
           {{"OrganizationName", organization.name}, {"Administrator", actor.user.text()}});
    return organization;
  });
}

store::Organization set_organization_open(Authority& authority, const Actor& actor, const OrganizationId& id,
                                          bool open) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    auto organization = organization_called(transaction, id.text());
    if (organization.open == open) return organization;
    organization.open = open;
    store::set_organization_open(transaction, id, open);
    record(transaction, now, actor, id, open ? "Organization.Open" : "Organization.Close", id.text(),
           {{"OrganizationName", organization.name}});
    return organization;
  });
}

void set_member(Authority& authority, const Actor& actor, const OrganizationId& organization,
                const UserId& id, Role role) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_organization, organization);
    require_organization(transaction, organization);
    const std::string_view role_name = name_of(role);
    const store::User user = known_user(transaction, id);
    if (store::find_membership(transaction, organization, id) == role) return std::monostate{};
    if (role != Role::administrator) refuse_last_administrator(transaction, organization, user);
    store::put_membership(transaction, organization, id, role);
    record(transaction, now, actor, organization, "Group.UpdateGroupMembership.Add", id.text(),
           {{"MemberId", id.text()}, {"Role", role_name}});
    return std::monostate{};
  });
}

void remove_member(Authority& authority, const Actor& actor, const OrganizationId& organization,
                   const UserId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_organization, organization);
    if (!store::find_membership(transaction, organization, id))
      throw Refusal(RefusalCode::not_found, "The user is not a member of the organization.");
    refuse_last_administrator(transaction, organization, known_user(transaction, id));
    store::delete_membership(transaction, organization, id);
    record(transaction, now, actor, organization, "Group.UpdateGroupMembership.Remove", id.text(),
           {{"MemberId", id.text()}});
    return std::monostate{};
  });
}

store::Organization find_organization(Authority& authority, const Actor& actor, std::string_view name) {
  return authority.store.read([&](store::Transaction& transaction) {
    const auto kept = normalized(name);
    auto organization = kept ? store::find_organization_by_name(transaction, *kept) : std::nullopt;
    // An id that nothing has: who isn't a member of it is told the same as who isn't one of another.
    authorize(transaction, authority.clock.now(), actor, Act::see_organization,
              organization ? organization->id : OrganizationId{});
    // A server administrator, who is let into any.
    if (!organization)
      throw Refusal(RefusalCode::not_found,
                    "The organization does not exist, or you are not a member of it.");
    return *std::move(organization);
  });
}

store::User find_user(Authority& authority, const UserId& id) {
  return authority.store.read([&](store::Transaction& transaction) { return known_user(transaction, id); });
}

}  // namespace latchkey::authority
