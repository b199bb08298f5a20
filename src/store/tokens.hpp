// Tokens and their secrets. Functions of one transaction; each write adds the secrets' changes by itself.
// Always: a revoked token stays revoked (every update says so); one or two secrets of a live token are live.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "store/change.hpp"

namespace latchkey::store {

class Transaction;

struct Token {
  TokenId id;
  UserId owner;
  std::string name;
  std::string scopes;                          // as chosen, canonical order (token::ChosenScopes::text)
  std::optional<OrganizationId> organization;  // none: all that the owner is a member of
  Time valid_from, valid_to;
  TokenState state = TokenState::live;
  std::optional<Time> ended_at;
  std::optional<UserId> ended_by;
  std::optional<std::string> ended_reason;
  std::string made_by;  // "portal", "api", "command line", "client"
  std::string made_address, made_agent;
  std::string description;
  Time created_at;
  // Last accepted, as far as it was folded (store/uses.hpp); from where: for as long as details are kept.
  std::optional<Time> used_at{};
  std::optional<std::string> used_address{}, used_agent{};
  std::optional<Time> resting_since{};  // refused since then: nobody used it for as long as a policy allows
  // Read alone: its secrets write them.
  std::string fingerprint{};                // of the newest secret
  std::optional<Time> last_secret_ended{};  // the latest end of a replaced secret, to come or past
};
void insert_token(Transaction&, const Token&);
// Not revoked and not expired.
[[nodiscard]] std::int64_t count_live_tokens(Transaction&, const UserId& owner, Time now);
// Whether there are that many of them, or more. REQUIRES: many > 0.
[[nodiscard]] bool has_live_tokens(Transaction&, const UserId& owner, Time now, std::int64_t many);
// Those of them that are bound to an organization; `most`: or more.
[[nodiscard]] std::int64_t count_live_tokens(Transaction&, const UserId& owner, const OrganizationId&,
                                             Time now, std::int64_t most);
// Name, scopes, organization, valid_from (a later one wakes it), valid_to, description. False: it is revoked
// (or gone); nothing was changed.
[[nodiscard]] bool update_token(Transaction&, const Token&);
// False: it was revoked already.
[[nodiscard]] bool revoke_token(Transaction&, const TokenId&, Time at, const UserId& by,
                                std::string_view reason);
[[nodiscard]] std::optional<Token> find_token(Transaction&, const TokenId&);
// The token of the text that bears this fingerprint, if both are live at `now`.
[[nodiscard]] std::optional<Token> find_live_token(Transaction&, std::string_view fingerprint, Time now);
// The token of a text, live or ended.
[[nodiscard]] std::optional<Token> find_token_of_text(Transaction&, const Digest& text);
// How many texts are kept, ended ones too.
[[nodiscard]] std::int64_t count_secrets(Transaction&);
// The position of the token's last change: what an answer about it must wait for.
[[nodiscard]] Position token_position(Transaction&, const TokenId&);

struct TokenSecret {
  SecretId id;
  TokenId token;
  Digest digest;
  std::string fingerprint;
  std::optional<Time> live_until;
  Time created_at;
};
void insert_secret(Transaction&, const TokenSecret&);
// The secrets of a token that are not past their end at `now`, newest first; `now` a while ago: those that
// ended since then too.
[[nodiscard]] std::vector<TokenSecret> live_secrets(Transaction&, const TokenId&, Time now);
void end_secret(Transaction&, const SecretId&, Time live_until);

// What shrinking took from a token, for as long as it can be given back; there is one for a token at most.
struct Shrink {
  TokenId token;
  std::string scopes;  // what it had, as Token::scopes
  Time undo_until, created_at;
};
void put_shrink(Transaction&, const Shrink&);  // insert or replace
void delete_shrink(Transaction&, const TokenId&);
[[nodiscard]] std::optional<Shrink> find_shrink(Transaction&, const TokenId&);

enum class TokenFilter : std::uint8_t { active = 1, revoked, expired, all };
enum class TokenSort : std::uint8_t { display_name = 1, display_date, status };
struct TokenPage {
  TokenFilter filter = TokenFilter::active;
  TokenSort sort = TokenSort::display_date;
  bool ascending = true;
  std::int64_t top = 100;
  std::string after{};  // the cursor that the page before gave; empty: the first
};
struct Tokens {
  std::vector<Token> tokens;
  std::string next;  // empty: no further page
};
// An owner's tokens; ended ones older than 90 days (`ended_since`) are left out. Throws
// Refusal{invalid_value} for a cursor that is not ours.
[[nodiscard]] Tokens tokens_of(Transaction&, const UserId& owner, const TokenPage&, Time now);

}  // namespace latchkey::store
