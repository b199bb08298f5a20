// SPDX-License-Identifier: Apache-2.0
#include "authority/policy_reach.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <charconv>
#include <unordered_map>
#include <utility>
#include <variant>

#include "authority/authorize.hpp"
#include "authority/notices.hpp"
#include "authority/policy_checks.hpp"
#include "authority/token_end.hpp"
#include "base/refusal.hpp"
#include "store/live_tokens.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::chrono::days uses_counted{30};
constexpr std::size_t together = 200;  // tokens in one transaction
constexpr std::int64_t rested_at_most = 1000;

struct Touched {
  TokenId token;
  UserId owner;
  std::int64_t refused_uses = 0;
  std::int64_t number = 1;  // JudgedToken::number
  bool stops = false;       // when the policy refuses; else only when it is to be renewed
};

// Tokens share few texts of scopes: each is read once.
class KeptScopes {
 public:
  const token::ScopeSet& operator()(const std::string& text) {
    const auto known = known_.find(text);
    return known != known_.end() ? known->second
                                 : known_.emplace(text, token::kept_scopes(text)).first->second;
  }

 private:
  std::unordered_map<std::string, token::ScopeSet> known_;
};

JudgedToken judged(const store::LiveToken& token, const token::ScopeSet& scopes) {
  return {.owner = token.owner,
          .organization = token.organization,
          .scopes = scopes,
          .valid_from = token.valid_from,
          .valid_to = token.valid_to,
          .used_at = token.used_at};
}

bool stops(const PolicyRule& rule, const std::optional<OrganizationId>& bound_to) {
  return rule.existing == Existing::stop || (rule.existing == Existing::global_ones_stop && !bound_to);
}

// All that one pass over the live tokens needs.
class Reach {
 public:
  Reach(store::Transaction& transaction, Time now, const ReadPolicy& policy)
      : transaction_(transaction), now_(now), policy_(policy) {
    for (const UserId& user : store::users_of(transaction, policy.policy.exceptions)) excepted_.insert(user);
    if (policy.policy.organization)
      packages_suffice_ = packages_suffice(transaction, *policy.policy.organization, now);
    if (policy.rule->name == "idle-days")
      store::each_sign_in_time(transaction,
                               [&](const UserId& user, Time at) { signed_in_.insert_or_assign(user, at); });
  }

  // In the order in which they were made.
  std::vector<Touched> find() {
    std::vector<Touched> found;
    store::each_live_token(
        transaction_, policy_.policy.organization, now_, [&](const store::LiveToken& token) {
          const std::int64_t number = token.organization ? ++numbers_[token.owner] : 1;
          if (excepted_.contains(token.owner) || !may_be_touched(token, number)) return;
          found.push_back({.token = token.id,
                           .owner = token.owner,
                           .number = number,
                           .stops = policy_.policy.revoke_from || stops(*policy_.rule, token.organization)});
        });
    count_uses(found);
    return found;
  }

 private:
  // Of a rule about uses, every token may be: its uses say whether it is.
  bool may_be_touched(const store::LiveToken& token, std::int64_t number) {
    if (policy_.rule->breach == nullptr) return policy_.rule->kind == PolicyKind::networks;
    // An organization neither renews what is good for others too, nor lets it rest.
    if (policy_.policy.organization && !token.organization &&
        policy_.rule->existing != Existing::global_ones_stop)
      return false;
    JudgedToken one = judged(token, scopes_(token.scopes));
    one.number = number;
    one.packages_suffice = packages_suffice_;
    if (const auto at = signed_in_.find(token.owner); at != signed_in_.end()) one.signed_in_at = at->second;
    return !policy_.rule->breach(policy_.value, one, now_).empty();
  }

  void count_uses(std::vector<Touched>& found) {
    const bool by_address = policy_.rule->kind == PolicyKind::networks;
    if (found.empty() || (!by_address && std::ranges::none_of(found, &Touched::stops))) return;
    boost::unordered_flat_map<TokenId, std::size_t, std::hash<TokenId>> places;
    places.reserve(found.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      if (by_address || found[i].stops) places.emplace(found[i].token, i);
    const auto add = [&](const TokenId& token, std::int64_t count) {
      if (const auto place = places.find(token); place != places.end())
        found[place->second].refused_uses += count;
    };
    if (!by_address) return store::each_use_since(transaction_, now_ - uses_counted, add);
    store::each_use_by_address_since(transaction_, now_ - uses_counted,
                                     [&](const TokenId& token, std::string_view address, std::int64_t count) {
                                       const auto from = Network::parse_address(address);
                                       const auto contains = [&](const Network& network) {
                                         return network.contains(*from);
                                       };
                                       if (from && std::ranges::none_of(policy_.value.networks, contains))
                                         add(token, count);
                                     });
    std::erase_if(found, [](const Touched& one) { return one.refused_uses == 0; });
  }

  store::Transaction& transaction_;
  const Time now_;
  const ReadPolicy& policy_;
  bool packages_suffice_ = false;
  KeptScopes scopes_;
  boost::unordered_flat_set<UserId, std::hash<UserId>> excepted_;
  boost::unordered_flat_map<UserId, Time, std::hash<UserId>> signed_in_;
  boost::unordered_flat_map<UserId, std::int64_t, std::hash<UserId>> numbers_;
};

std::string why(store::Transaction& transaction, Time now, const ReadPolicy& policy, const Touched& touched,
                const store::Token& token, const store::User& owner) {
  if (policy.rule->breach == nullptr)
    return "It was used " + std::to_string(touched.refused_uses) +
           " times in the past 30 days from addresses that are not allowed.";
  JudgedToken one{.owner = token.owner,
                  .organization = token.organization,
                  .scopes = token::kept_scopes(token.scopes),
                  .valid_from = token.valid_from,
                  .valid_to = token.valid_to,
                  .used_at = token.used_at,
                  .signed_in_at = owner.signed_in_at,
                  .number = touched.number};
  if (policy.policy.organization)
    one.packages_suffice = packages_suffice(transaction, *policy.policy.organization, now);
  return policy.rule->breach(policy.value, one, now);
}

bool stands_before(const Touched& one, const Touched& other) {
  return one.refused_uses != other.refused_uses ? one.refused_uses > other.refused_uses
                                                : one.token < other.token;
}

// "uses.id", of the last of a page.
Touched read_cursor(std::string_view after) {
  Touched last;
  const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), last.refused_uses);
  const auto dot = after.find('.');
  const auto id = TokenId::parse(after.substr(std::min(after.size(), dot + 1)));
  if (error != std::errc() || end != after.data() + dot || !id)
    throw Refusal(RefusalCode::invalid_value, "after is not of this list: send the next of the page before.",
                  "after");
  last.token = *id;
  return last;
}

std::string cursor_text(const Touched& last) {
  return std::to_string(last.refused_uses) + "." + last.token.text();
}

void add_page(store::Transaction& transaction, Time now, const ReadPolicy& policy, std::vector<Touched>& all,
              std::size_t top, std::string_view after, DryRun& run) {
  if (!after.empty()) {
    const Touched last = read_cursor(after);
    std::erase_if(all, [&](const Touched& one) { return !stands_before(last, one); });
  }
  const auto shown = std::min(top, all.size());
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(shown), stands_before);
  for (const Touched& one : std::span(all).first(shown)) {
    auto token = store::find_token(transaction, one.token);
    auto owner = store::find_user(transaction, one.owner);
    auto reason = why(transaction, now, policy, one, token.value(), owner.value());
    run.touched.push_back({*std::move(token), *std::move(owner), one.refused_uses, std::move(reason)});
  }
  if (shown < all.size()) run.next = cursor_text(all[shown - 1]);
}

void warn(store::Transaction& transaction, Time now, const store::Policy& policy, const store::Token& token) {
  notify(transaction, now, token, store::NoticeKind::policy_warning, policy.event);
}

// What an organization rules ends no token that is good for others too.
void revoke(store::Transaction& transaction, Time now, const store::Policy& policy,
            const store::Token& token) {
  if (policy.organization && token.organization != policy.organization) return;
  end_by_policy(transaction, now, policy, token);
}

void carry_out(Authority& authority, const store::DuePolicy& due, std::span<const Touched> touched) {
  const auto act = due.stage == store::CarriedStage::warn ? warn : revoke;
  while (!touched.empty()) {
    const auto some = touched.first(std::min(together, touched.size()));
    touched = touched.subspan(some.size());
    decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      const auto policy = store::find_policy(transaction, due.policy.organization, due.policy.name);
      if (!policy || policy->event != due.policy.event) return std::monostate{};  // it has changed since
      for (const Touched& one : some)
        if (const auto token = store::find_token(transaction, one.token);
            token && token->state == store::TokenState::live && token->valid_to > now)
          act(transaction, now, *policy, *token);
      return std::monostate{};
    });
  }
}

// The policy about idle tokens that binds somebody in the organization now.
std::optional<ReadPolicy> idle_policy(store::Transaction& transaction, Time now,
                                      const OrganizationId& organization) {
  auto policy = store::find_policy(transaction, organization, "idle-days");
  return policy && refuses(*policy, now) ? std::optional(read_policy(*std::move(policy))) : std::nullopt;
}

JudgedToken judged_for_idleness(store::Transaction& transaction, const store::LiveToken& token) {
  JudgedToken one = judged(token, {});
  one.signed_in_at = store::find_user(transaction, token.owner).value().signed_in_at;
  return one;
}

bool is_idle(store::Transaction& transaction, Time now, const ReadPolicy& policy, const TokenId& id) {
  const auto token = store::find_live_token(transaction, id, now);
  if (!token || store::is_excepted(transaction, policy.policy, token->owner)) return false;
  return !policy.rule->breach(policy.value, judged_for_idleness(transaction, *token), now).empty();
}

// Those that rest since the policy was changed, or the policy is gone, are judged anew, once.
Time judged_until(Time now, const std::optional<ReadPolicy>& policy) {
  return policy ? policy->policy.changed_at : now;
}

void rest_or_wake(store::Transaction& transaction, Time now, const OrganizationId& organization) {
  const auto policy = idle_policy(transaction, now, organization);
  const Time until = judged_until(now, policy);
  for (const TokenId& id : store::resting_tokens(transaction, organization, until, rested_at_most)) {
    if (policy && is_idle(transaction, now, *policy, id))
      store::rest_token(transaction, id, std::max(now, until + std::chrono::microseconds(1)));
    else
      store::wake_token(transaction, id, now);
  }
  if (!policy) return;
  for (const store::LiveToken& token : store::idle_tokens(
           transaction, organization, now, now - std::chrono::days(policy->value.number), rested_at_most)) {
    if (store::is_excepted(transaction, policy->policy, token.owner))
      store::keep_awake(transaction, token.id, now);
    else
      store::rest_token(transaction, token.id, now);
  }
}

bool has_idle_work(store::Transaction& transaction, Time now, const OrganizationId& organization) {
  const auto policy = idle_policy(transaction, now, organization);
  if (!store::resting_tokens(transaction, organization, judged_until(now, policy), 1).empty()) return true;
  return policy &&
         !store::idle_tokens(transaction, organization, now, now - std::chrono::days(policy->value.number), 1)
              .empty();
}

constexpr std::chrono::days told_before_rest{7};

// Of one organization, some.
bool tell_some_rests(store::Transaction& transaction, Time now, const OrganizationId& organization) {
  const auto policy = idle_policy(transaction, now, organization);
  if (!policy || std::chrono::days(policy->value.number) <= told_before_rest) return false;
  const std::chrono::days rests_after(policy->value.number);
  const auto soon = store::untold_idle_tokens(transaction, organization, now,
                                              now - rests_after + told_before_rest, rested_at_most);
  for (const store::LiveToken& token : soon) {
    store::set_rest_told(transaction, token.id, now);
    if (store::is_excepted(transaction, policy->policy, token.owner)) continue;
    const Time rests_at = awake_at(judged_for_idleness(transaction, token)) + rests_after;
    notify(transaction, now,
           {.user = token.owner,
            .token = token.id,
            .kind = store::NoticeKind::rests_soon,
            .valid_to = std::max(now, rests_at)});
  }
  return !soon.empty();
}

}  // namespace

bool tell_rests(Authority& authority) {
  const auto places = authority.store.read([](store::Transaction& transaction) {
    return store::organizations_with_policy(transaction, "idle-days");
  });
  bool any = false;
  for (const OrganizationId& place : places)
    any = decide(authority,
                 [&](store::Transaction& transaction) {
                   return tell_some_rests(transaction, authority.clock.now(), place);
                 }) ||
          any;
  return any;
}

DryRun dry_run_policy(Authority& authority, const Actor& actor, const Place& organization,
                      const PolicyChange& change, std::size_t top, std::string_view after) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_administrator(transaction, now, actor, organization);
    const ReadPolicy policy = read_policy(proposed_policy(transaction, now, actor, organization, change));
    auto touched = Reach(transaction, now, policy).find();
    DryRun run{.tokens = std::ssize(touched), .existing = policy.rule->existing};
    boost::unordered_flat_set<UserId, std::hash<UserId>> owners;
    for (const Touched& one : touched) {
      owners.insert(one.owner);
      run.refused_uses += one.refused_uses;
    }
    run.owners = std::ssize(owners);
    add_page(transaction, now, policy, touched, top, after, run);
    return run;
  });
}

bool carry_out_policies(Authority& authority) {
  std::vector<Touched> touched;
  const auto due = authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    auto next = store::next_due_policy(transaction, now);
    if (next) touched = Reach(transaction, now, read_policy(next->policy)).find();
    return next;
  });
  if (!due) return false;
  carry_out(authority, *due, touched);
  decide(authority, [&](store::Transaction& transaction) {
    store::set_carried_out(transaction, *due);
    return std::monostate{};
  });
  return true;
}

bool rest_idle_tokens(Authority& authority) {
  const auto places = authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    auto all = store::resting_organizations(transaction);
    for (const OrganizationId& one : store::organizations_with_policy(transaction, "idle-days"))
      if (std::ranges::find(all, one) == all.end()) all.push_back(one);
    std::erase_if(all, [&](const OrganizationId& one) { return !has_idle_work(transaction, now, one); });
    return all;
  });
  for (const OrganizationId& place : places)
    decide(authority, [&](store::Transaction& transaction) {
      rest_or_wake(transaction, authority.clock.now(), place);
      return std::monostate{};
    });
  return !places.empty();
}

void wake_tokens(store::Transaction& transaction, Time now, const UserId& owner) {
  for (const TokenId& id : store::resting_tokens_of(transaction, owner, rested_at_most))
    store::wake_token(transaction, id, now);
}

}  // namespace latchkey::authority
