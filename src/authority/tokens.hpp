// Tokens: create, list, show, edit, regenerate, revoke (token.md, Life). Only their owner, signed in; never a
// token.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/token_search.hpp"

namespace latchkey::authority {

struct TokenRequest {
  std::string name;
  std::string scopes;              // ids separated by blanks, or "app_token"
  std::optional<Time> valid_to;    // none: 30 days
  bool all_organizations = false;  // else the organization that the request is made in
  std::string description;
};
struct IssuedToken {
  store::Token token;
  Secret text;  // here and nowhere else (P2)
};
// Refusals: display_name_required, invalid_display_name (1 to 100 characters, none of them control
// characters), invalid_scope, invalid_valid_to, not_signed_in, forbidden (latchkey.verify is a server
// administrator's to give).
[[nodiscard]] IssuedToken create_token(Authority&, const Actor&, const OrganizationId&, const TokenRequest&);

struct TokenEdit {
  TokenId id;
  std::optional<std::string> name, scopes, description;
  std::optional<Time> valid_to;
  std::optional<bool> all_organizations;
};
// As create; token_not_found, token_revoked. The secret stays.
[[nodiscard]] store::Token edit_token(Authority&, const Actor&, const OrganizationId&, const TokenEdit&);

// A new secret under the same id; the old one ends at once or after `grace` (at most 24 h), and any older at
// once. Existing tokens must satisfy the policies to be renewed (contract 5.3): those of the server, of where
// the token is bound to, and of `organization`, where one for all organizations is renewed.
[[nodiscard]] IssuedToken regenerate_token(Authority&, const Actor&, const TokenId&,
                                           std::optional<Time> valid_to, std::chrono::seconds grace,
                                           const std::optional<OrganizationId>& organization = {});

// All secrets of the token are dead when this returns. Revoking again succeeds, through the same exit.
// Another's token: by an administrator of `organization`, to which it must be bound, or of the server; else
// token_not_found.
void revoke_token(Authority&, const Actor&, const TokenId&,
                  const std::optional<OrganizationId>& organization = {});

// Revokes many of one's own, each as a decision of its own, a bounded number of them in a transaction: if
// this throws, some may be revoked, and repeating it is safe. Of named ones, token_not_found before any is
// revoked.
inline constexpr std::size_t revoked_at_once = 1000;
struct ManyRevoked {
  std::size_t revoked = 0;  // by this call
  bool more = false;        // that match are left
};
[[nodiscard]] ManyRevoked revoke_tokens(Authority&, const Actor&, std::span<const TokenId>);
[[nodiscard]] ManyRevoked revoke_matching_tokens(Authority&, const Actor&, const store::TokenMatch&);

// As an administrator of `organization`, under a token of theirs too: tokens that are bound to it; any that
// work in it, where the actor is a server administrator. token_not_found, forbidden before any is revoked.
void revoke_tokens_of_others(Authority&, const Actor&, const OrganizationId& organization,
                             std::span<const TokenId>);

// Takes scopes away; the secret stays. invalid_scope where they are not within what it holds, or no less.
inline constexpr std::chrono::days shrink_undone_within{7};
[[nodiscard]] store::Token shrink_token(Authority&, const Actor&, const TokenId&, std::string_view scopes);
// Gives back what it took; not_found after its days, and once the scopes were edited. Policies as for
// regenerate_token().
[[nodiscard]] store::Token undo_shrink(Authority&, const Actor&, const TokenId&,
                                       const std::optional<OrganizationId>& organization = {});

// Whether `after` may be used for something, somewhere or some time that `before` may not.
[[nodiscard]] bool widens(const store::Token& before, const store::Token& after);

[[nodiscard]] store::Token show_token(Authority&, const Actor&, const TokenId&);
[[nodiscard]] store::Tokens list_tokens(Authority&, const Actor&, const store::TokenPage&);

}  // namespace latchkey::authority
