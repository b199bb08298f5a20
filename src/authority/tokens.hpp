// Tokens: create, list, show, edit, regenerate, revoke (token.md, Life). Only their owner, signed in; never a
// token.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/tokens.hpp"

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
// once.
[[nodiscard]] IssuedToken regenerate_token(Authority&, const Actor&, const TokenId&,
                                           std::optional<Time> valid_to, std::chrono::seconds grace);

// All secrets of the token are dead when this returns. Revoking again succeeds, through the same exit.
void revoke_token(Authority&, const Actor&, const TokenId&);

[[nodiscard]] store::Token show_token(Authority&, const Actor&, const TokenId&);
[[nodiscard]] store::Tokens list_tokens(Authority&, const Actor&, const store::TokenPage&);

}  // namespace latchkey::authority
