// SPDX-License-Identifier: Apache-2.0
#include "authority/policy_rules.hpp"

#include <algorithm>
#include <charconv>

#include "base/secret.hpp"
#include "token/lifetime.hpp"

namespace latchkey::authority {
namespace {

std::string days_text(std::int64_t days) { return std::to_string(days) + (days == 1 ? " day" : " days"); }

std::string global_token(const PolicyValue&, const JudgedToken& token, Time) {
  return token.organization ? ""
                            : "All accessible organizations is off: tokens are for one organization only.";
}

std::string full_scope(const PolicyValue&, const JudgedToken& token, Time) {
  return token.scopes.is_full() ? "Full access is off: choose the scopes that the token needs." : "";
}

std::string lifespan(const PolicyValue& value, const JudgedToken& token, Time) {
  if (token.valid_to - token.valid_from <= std::chrono::days(value.number)) return "";
  return "A token may live " + days_text(value.number) + " at most: not after " +
         iso_date(token.valid_from + std::chrono::days(value.number)) + ".";
}

std::string creation(const PolicyValue&, const JudgedToken& token, Time) {
  if (token.packages_suffice)
    return are_for_packages(token.scopes) ? "" : "Tokens for packages alone may be made here.";
  return "Making personal access tokens is off in this organization.";
}

std::string forbidden_scope(const PolicyValue& value, const JudgedToken& token, Time) {
  std::string found;
  value.scopes.each([&](token::Scope scope) {
    if (found.empty() && token.scopes.contains(scope)) found = token::describe(scope).id;
  });
  if (found.empty()) return found;
  return "The scope " + found + " may not be granted in this organization" +
         (token.scopes.is_full() ? ", and full access includes it." : ".");
}

std::string idle(const PolicyValue& value, const JudgedToken& token, Time now) {
  if (awake_at(token) + std::chrono::days(value.number) > now) return "";
  return "It was not used for " + days_text(value.number) + ", nor did its owner sign in.";
}

std::string one_too_many(const PolicyValue& value, const JudgedToken& token, Time) {
  if (!token.organization || token.number <= value.number) return "";
  return "One person may have " + std::to_string(value.number) +
         " live tokens in this organization. Revoke one first.";
}

constexpr PolicyRule rules[] = {
    {.name = "restrict-global-tokens",
     .title = "Restrict global tokens",
     .description = "New tokens work in one organization, not in all that their owner is a member of.",
     .of_server = true,
     .staged = true,
     .revokes = true,
     .code = RefusalCode::global_token_policy,
     .field = "allOrgs",
     .breach = global_token},
    {.name = "restrict-full-scope",
     .title = "Restrict full-scoped tokens",
     .description = "New tokens name the scopes that they need.",
     .of_server = true,
     .staged = true,
     .revokes = true,
     .code = RefusalCode::full_scope_policy,
     .field = "scope",
     .breach = full_scope},
    {.name = "maximum-lifespan-days",
     .title = "Maximum lifespan",
     .description = "The longest that a new token may live, in days.",
     .of_server = true,
     .kind = PolicyKind::days,
     .most = token::lifetime_longest.count(),
     .staged = true,
     .revokes = true,
     .code = RefusalCode::lifespan_policy,
     .field = "validTo",
     .breach = lifespan},
    {.name = "revoke-leaked",
     .title = "Revoke leaked tokens",
     .description = "Tokens that were found in public are revoked at once.",
     .of_server = true,
     .default_on = true},
    {.name = "restrict-creation",
     .title = "Restrict creation of tokens",
     .description = "Nobody but the exceptions makes or regenerates tokens for this organization, and their "
                    "global tokens alone work in it. Tokens for it that exist work until they expire.",
     .staged = true,
     .revokes = true,
     .existing = Existing::global_ones_stop,
     .code = RefusalCode::creation_policy,
     .breach = creation},
    {.name = "allow-packaging-only",
     .title = "Allow tokens for packages alone",
     .description = "While creation is restricted, everybody may still make tokens whose scopes are all "
                    "about packages."},
    {.name = "forbidden-scopes",
     .title = "Forbidden scopes",
     .description = "New tokens for this organization hold none of these scopes.",
     .kind = PolicyKind::scopes,
     .staged = true,
     .revokes = true,
     .code = RefusalCode::invalid_scope,
     .field = "scope",
     .breach = forbidden_scope},
    {.name = "idle-days",
     .title = "Idle tokens rest",
     .description = "A token for this organization that was not used for so many days is refused until its "
                    "owner signs in.",
     .kind = PolicyKind::days,
     .most = token::lifetime_longest.count(),
     .staged = true,
     .revokes = true,
     .existing = Existing::stop,
     .breach = idle},
    {.name = "tokens-per-user",
     .title = "Number of tokens",
     .description = "How many live tokens for this organization one person may have.",
     .kind = PolicyKind::count,
     .most = 10'000,
     .staged = true,
     .code = RefusalCode::token_policy,
     .breach = one_too_many},
    {.name = "source-networks",
     .title = "Source networks",
     .description = "Tokens, and passwords over Basic, are taken in this organization from these "
                    "addresses alone.",
     .kind = PolicyKind::networks,
     .staged = true,
     .existing = Existing::stop},
    {.name = "basic-passwords",
     .title = "Passwords over Basic",
     .description = "Git and the API of this organization take a member's email address and password, beside "
                    "tokens. Tokens stay the better way: they end, and they can do less than their owner."},
};

std::expected<PolicyValue, std::string> read_scopes(std::string_view text) {
  PolicyValue value;
  for (auto id = token::next_id(text); !id.empty(); id = token::next_id(text)) {
    const auto scope = token::find_scope(id);
    if (!scope || id == token::full_access || !token::describe(*scope).offered)
      return std::unexpected("There is no scope \"" + masked(id) + "\" to forbid.");
    value.scopes.add(*scope);
  }
  if (value.scopes.empty()) return std::unexpected("Name at least one scope.");
  auto ids = token::scope_ids(value.scopes);
  std::string_view rest = ids;
  for (auto id = token::next_id(rest); !id.empty(); id = token::next_id(rest)) value.texts.emplace_back(id);
  return value;
}

std::expected<PolicyValue, std::string> read_networks(std::string_view text) {
  constexpr std::size_t most = 200;
  PolicyValue value;
  for (auto one = token::next_id(text); !one.empty(); one = token::next_id(text)) {
    const auto network = Network::parse(one);
    if (!network)
      return std::unexpected("\"" + masked(one) +
                             "\" is no network. Write it as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1.");
    value.networks.push_back(*network);
    value.texts.emplace_back(one);
  }
  if (value.networks.empty()) return std::unexpected("Name at least one network.");
  if (value.networks.size() > most) return std::unexpected("Name at most 200 networks.");
  return value;
}

std::expected<PolicyValue, std::string> read_number(const PolicyRule& rule, std::string_view text) {
  PolicyValue value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.number);
  if (error == std::errc() && end == text.data() + text.size() && value.number >= 1 &&
      value.number <= rule.most)
    return value;
  return std::unexpected("Choose a whole number from 1 to " + std::to_string(rule.most) + ".");
}

}  // namespace

Time awake_at(const JudgedToken& token) noexcept {
  return std::max({token.valid_from, token.used_at.value_or(token.valid_from),
                   token.signed_in_at.value_or(token.valid_from)});
}

std::span<const PolicyRule> policy_rules() noexcept { return rules; }

const PolicyRule* find_policy_rule(std::string_view name, bool of_server) noexcept {
  const auto* const found = std::ranges::find_if(
      rules, [&](const PolicyRule& rule) { return rule.name == name && rule.of_server == of_server; });
  return found == std::end(rules) ? nullptr : found;
}

std::expected<PolicyValue, std::string> read_policy_value(const PolicyRule& rule, std::string_view text) {
  switch (rule.kind) {
    case PolicyKind::toggle:
      // "false" is kept where a policy is on without a row.
      if (text == "true" || (text == "false" && rule.default_on)) return PolicyValue{.on = text == "true"};
      return std::unexpected("Choose true, or take the policy back.");
    case PolicyKind::days:
    case PolicyKind::count:
      return read_number(rule, text);
    case PolicyKind::scopes:
      return read_scopes(text);
    case PolicyKind::networks:
      return read_networks(text);
  }
  return std::unexpected("This version does not know such values.");
}

std::string policy_value_text(const PolicyRule& rule, const PolicyValue& value) {
  if (rule.kind == PolicyKind::toggle) return value.on ? "true" : "false";
  if (rule.kind == PolicyKind::days || rule.kind == PolicyKind::count) return std::to_string(value.number);
  std::string text;
  for (const std::string& one : value.texts) text.append(text.empty() ? "" : " ").append(one);
  return text;
}

bool are_for_packages(const token::ScopeSet& scopes) {
  static const token::ScopeSet packages =
      token::kept_scopes("vso.packaging vso.packaging_write vso.packaging_manage");
  return packages.includes(scopes);
}

}  // namespace latchkey::authority
