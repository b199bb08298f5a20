// What a person is shown of their own tokens beyond the PAT lifecycle API: the list, what ends soon, one
// token with all that is kept of it, its uses and its history. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authority/authority.hpp"
#include "store/audit.hpp"
#include "store/directory.hpp"
#include "store/token_search.hpp"
#include "store/use_report.hpp"

namespace latchkey::authority {

struct TokenShown {
  store::Token token{};
  store::TokenStatus status{};
  std::optional<store::Organization> organization{};  // none: all
  std::optional<Time> old_secret_until{};             // while a grace lasts
  std::string ended_by{};                             // the name of who revoked it; empty: nobody did
};
// As it is shown to its owner.
[[nodiscard]] TokenShown shown_token(Authority&, const store::Token&);

struct TokensShown {
  std::vector<TokenShown> tokens;
  std::string next;  // empty: no further page
  store::TokenCounts counts;
};
[[nodiscard]] TokensShown find_tokens(Authority&, const Actor&, const store::TokenSearch&);

struct EndingShown {
  std::vector<store::EndingToken> soonest;  // 60 at most
  std::int64_t total = 0, soon = 0;
};
[[nodiscard]] EndingShown ending_tokens(Authority&, const Actor&, std::chrono::days within);

// token_not_found for a token that is not the actor's, here and below.
struct TokenDetail {
  TokenShown shown;
  std::vector<store::TokenSecret> secrets;  // the newest first; those that ended in the last 90 days too
  std::optional<store::Shrink> shrink;      // that can be undone
};
[[nodiscard]] TokenDetail token_detail(Authority&, const Actor&, const TokenId&);

struct ClientShown {
  store::Client client;
  std::string project, repository;  // as they were called
  std::optional<RepositoryId> id;   // if they still are
};
struct OldSecret {
  Time until;
  std::vector<ClientShown> clients;
};
struct TokenUse {
  std::vector<store::DayOfUse> days;  // every one of the span
  std::vector<ClientShown> clients;
  std::vector<store::RefusedUses> refusals;
  // Since it was made.
  std::vector<store::NeededScope> scopes;
  std::vector<std::string> never_used;   // of its scopes as chosen
  std::optional<std::string> suggested;  // the least that would have been enough
  std::optional<OldSecret> old_secret;
};
// `span`: days, today's the last. `organization`: where repositories of an all-organizations token are looked
// for.
[[nodiscard]] TokenUse token_use(Authority&, const Actor&, const OrganizationId& organization, const TokenId&,
                                 std::chrono::days span);

struct TokenHistory {
  std::vector<store::AuditEventShown> events;  // the latest first
  bool more = false;
};
[[nodiscard]] TokenHistory token_history(Authority&, const Actor&, const TokenId&, std::int64_t before,
                                         std::int64_t top);

}  // namespace latchkey::authority
