// SPDX-License-Identifier: Apache-2.0
#include "authority/uses.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "authority/authorize.hpp"
#include "authority/lookup.hpp"
#include "authority/notices.hpp"
#include "base/refusal.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t fold_most = 1000;  // uses in one transaction: revocations wait for no longer one

// As it is called now; empty for what the request named, but isn't there.
std::string repository_name(store::Transaction& transaction, const CountedUse& use) {
  if (use.repository.empty() || !use.organization) return {};
  std::optional<std::string_view> project;
  if (!use.project.empty()) project = use.project;
  const auto found = find_repository_in(transaction, *use.organization, project, use.repository);
  return found ? found->project.name + "/" + found->repository.name : std::string();
}

// "192.0.2.0/24", "2001:db8:7::/48": what one site's addresses have in common; empty for what is no address.
std::string network_of(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  const bool four = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!four && inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return {};
  std::fill(bytes.begin() + (four ? 3 : 6), bytes.end(), 0);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return std::string(text.data()) + (four ? "/24" : "/48");
}

void look_at_network(store::Transaction& transaction, Time now, const TokenId& id, const CountedUse& use) {
  const std::string network = network_of(use.address);
  if (use.outcome != store::accepted || network.empty() ||
      !store::learn_network(transaction, id, network, use.first_at))
    return;
  const auto token = store::find_token(transaction, id).value();
  notify(transaction, now,
         {.user = token.owner,
          .token = id,
          .kind = store::NoticeKind::new_network,
          .address = use.address,
          .agent = use.agent});
}

void add_use(store::Transaction& transaction, Time now, const CountedUse& use) {
  const auto token = store::find_token_of_fingerprint(transaction, use.fingerprint.text());
  if (!token) return;  // its rows are gone, and it with them
  look_at_network(transaction, now, *token, use);
  store::add_use(transaction, {.token = *token,
                               .fingerprint = std::string(use.fingerprint.text()),
                               .operation = use.operation,
                               .repository = repository_name(transaction, use),
                               .address = use.address,
                               .agent = use.agent,
                               .outcome = std::string(use.outcome),
                               .count = use.count,
                               .first_at = use.first_at,
                               .last_at = use.last_at});
}

bool works_in(store::Transaction& transaction, const store::Token& token,
              const OrganizationId& organization) {
  if (token.organization) return *token.organization == organization;
  return store::find_membership(transaction, organization, token.owner).has_value();
}

}  // namespace

void fold_uses(Authority& authority, UseBatch& batch) {
  while (batch.folded < batch.uses.size()) {
    const auto some = std::span(batch.uses)
                          .subspan(batch.folded)
                          .first(std::min(fold_most, batch.uses.size() - batch.folded));
    const auto name = batch.id.text() + " " + std::to_string(batch.folded);
    decide(authority, [&](store::Transaction& transaction) {
      if (!store::begin_fold(transaction, name)) return false;  // an earlier try got there after all
      for (const CountedUse& use : some) add_use(transaction, authority.clock.now(), use);
      return true;
    });
    batch.folded += some.size();
  }
  batch.uses.clear();
}

void shorten_uses(Authority& authority) {
  const Time before = authority.clock.now() - store::ended_are_kept;
  while (decide(authority,
                [&](store::Transaction& transaction) { return store::shorten_uses(transaction, before); })) {
  }
}

UsesShown token_uses(Authority& authority, const Actor& actor, const OrganizationId& organization,
                     const TokenId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::see_own_tokens);
    auto token = store::find_token(transaction, id);
    if (token && token->owner == actor.user) {
      auto details = store::uses_of(transaction, id);
      return UsesShown{.token = *std::move(token), .details = std::move(details)};
    }
    // Asked before it matters whether there is such a token: another's is told from none by no one else.
    authorize(transaction, now, actor, Act::oversee_tokens, organization);
    const bool all = store::find_user(transaction, actor.user)->server_administrator;
    if (!token || (!all && !works_in(transaction, *token, organization)))
      throw Refusal(RefusalCode::token_not_found, "There is no token with this id in the organization.",
                    "authorizationId");
    return UsesShown{.token = *std::move(token), .details = {}};
  });
}

}  // namespace latchkey::authority
