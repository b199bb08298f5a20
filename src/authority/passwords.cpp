// SPDX-License-Identifier: Apache-2.0
#include "authority/passwords.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/policy_checks.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/policies.hpp"

namespace latchkey::authority {
namespace {

// source-networks, of passwords as of tokens.
bool is_from_there(store::Transaction& transaction, Time now, const OrganizationId& organization,
                   const UserId& user, std::string_view address) {
  auto policy = store::find_policy(transaction, organization, "source-networks");
  if (!policy || !refuses(*policy, now) || store::is_excepted(transaction, *policy, user)) return true;
  const ReadPolicy read = read_policy(*std::move(policy));
  const auto from = Network::parse_address(address);
  return from && std::ranges::any_of(read.value.networks,
                                     [&](const Network& network) { return network.contains(*from); });
}

// A password that nothing is remembered of.
bool check(Authority& authority, std::string_view account, const std::optional<store::User>& known,
           bool is_taken, const Secret& password, const Origin& origin) {
  if (!authority.password_attempts.take(authority.clock.now(), account, origin.address)) {
    authority.failed_sign_ins.count(authority.clock.now(), origin.address);
    throw Refusal(RefusalCode::too_many_attempts, "Too many attempts to sign in. Try again in a minute.");
  }
  if (!password_is_good(known, password) || !is_taken) {
    record_failed_sign_in(authority, known, origin);
    return false;
  }
  authority.password_attempts.give_back(account, origin.address);
  return true;
}

}  // namespace

bool password_is_good(const std::optional<store::User>& user, const Secret& password) {
  if (user && user->password)
    return password_matches(*user->password, password) && user->state == store::UserState::enabled;
  spend_a_password_check(password);
  return false;
}

void record_failed_sign_in(Authority& authority, const std::optional<store::User>& known,
                           const Origin& origin) {
  const Time now = authority.clock.now();
  if (!authority.failed_sign_ins.may_record(now, origin.address)) return;
  decide(authority, [&](store::Transaction& transaction) {
    record_of_nobody(transaction, now, origin, {}, "Session.SignInFailed", known ? known->id.text() : "",
                     {{"Email", known ? known->email : "no account"}});
    return std::monostate{};
  });
}

bool takes_password(store::Transaction& transaction, Time now, const OrganizationId& id,
                    const std::optional<store::User>& user, std::string_view address) {
  if (!user || user->state != store::UserState::enabled || !user->password || user->password_ends_at)
    return false;
  const auto organization = store::find_organization(transaction, id);
  if (!organization || !organization->open || !store::find_membership(transaction, id, user->id))
    return false;
  const auto policy = store::find_policy(transaction, id, "basic-passwords");
  return policy && refuses(*policy, now) && is_from_there(transaction, now, id, user->id, address);
}

std::optional<PasswordBearer> password_bearer(Authority& authority, const OrganizationId& organization,
                                              std::string_view email, const Secret& password,
                                              const Origin& origin) {
  const auto name = normalized(email);
  const std::string account = name ? folded(*name) : std::string(email);
  const auto is_taken = [&](store::Transaction& transaction, const std::optional<store::User>& user) {
    return takes_password(transaction, authority.clock.now(), organization, user, origin.address);
  };
  std::optional<store::User> known;
  const bool may_be = name && authority.store.read([&](store::Transaction& transaction) {
    known = store::find_user_by_email(transaction, *name);
    return is_taken(transaction, known);
  });
  // Only a pair that may be good is remembered: else who holds the password of somebody disabled could tell
  // by the time that it takes.
  const auto pair = may_be ? std::optional(authority.proven_passwords.pair(*known->password, password))
                           : std::optional<Digest>();
  if (!authority.proven_passwords.prove(authority.clock.never_back(), pair, [&] {
        return check(authority, account, known, may_be, password, origin);
      }))
    return std::nullopt;

  const ByPassword right{.organization = organization, .kept = Digest::of(*known->password)};
  auto use = std::make_unique<const PasswordUse>(authority.feed.password_uses(), known->id, organization,
                                                 right.kept);
  // Whatever changed since the password was checked counts; of what changes from now on the use is told.
  const bool is_still = authority.store.read([&](store::Transaction& transaction) {
    const auto user = store::find_user(transaction, known->id);
    return is_taken(transaction, user) && user->password == known->password;
  });
  if (!is_still) return std::nullopt;
  return PasswordBearer{.user = *std::move(known), .right = right, .use = std::move(use)};
}

}  // namespace latchkey::authority
