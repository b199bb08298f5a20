// SPDX-License-Identifier: Apache-2.0
#include "authority/revocations.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <span>
#include <utility>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/names.hpp"
#include "authority/notices.hpp"
#include "authority/token_end.hpp"
#include "base/refusal.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

namespace json = boost::json;

constexpr std::int64_t found_together = 10'000;  // by one search
constexpr std::size_t revoked_together = 250;    // in one transaction: what others wait for
constexpr std::size_t reason_longest = 400;

// What a job wants, for as long as it runs.
std::string kept(const store::InventoryMatch& match) {
  json::object text{{"status", static_cast<int>(match.status)}, {"bound", match.bound}};
  if (match.owner) text["owner"] = match.owner->text();
  if (match.scope) text["scope"] = token::describe(*match.scope).id;
  if (!match.any_scope.empty()) text["anyScope"] = json::value_from(match.any_scope);
  if (match.full) text["full"] = *match.full;
  if (match.all_organizations) text["allOrganizations"] = *match.all_organizations;
  if (match.never_used) text["neverUsed"] = *match.never_used;
  if (match.expiring_within) text["expiringWithin"] = match.expiring_within->count();
  if (!match.made_by.empty()) text["madeBy"] = match.made_by;
  if (!match.fingerprint.empty()) text["fingerprint"] = match.fingerprint;
  if (!match.text.empty()) text["text"] = match.text;
  text["createdBefore"] = microseconds(match.created_before.value());
  return json::serialize(text);
}

template <class T>
std::optional<T> member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value ? std::optional(json::value_to<T>(*value)) : std::nullopt;
}

// Nothing where it names a scope that is not declared any more: whatever held it can't be told from what
// didn't, and a filter that falls away would revoke far too much.
std::optional<store::InventoryMatch> wanted(const store::Revocation& job) {
  const auto parsed = json::parse(*job.wanted);
  const json::object& text = parsed.as_object();
  store::InventoryMatch match{.organization = job.organization};
  match.status = static_cast<store::InventoryStatus>(member<int>(text, "status").value());
  match.bound = member<bool>(text, "bound").value();
  if (const auto owner = member<std::string>(text, "owner")) match.owner = UserId::parse(*owner).value();
  if (const auto scope = member<std::string>(text, "scope")) {
    match.scope = token::find_scope(*scope);
    if (!match.scope) return std::nullopt;
  }
  match.any_scope = member<std::vector<std::string>>(text, "anyScope").value_or(std::vector<std::string>());
  match.full = member<bool>(text, "full");
  match.all_organizations = member<bool>(text, "allOrganizations");
  match.never_used = member<bool>(text, "neverUsed");
  if (const auto days = member<int>(text, "expiringWithin")) match.expiring_within = std::chrono::days(*days);
  match.made_by = member<std::string>(text, "madeBy").value_or("");
  match.fingerprint = member<std::string>(text, "fingerprint").value_or("");
  match.text = member<std::string>(text, "text").value_or("");
  match.created_before = time_from_microseconds(member<std::int64_t>(text, "createdBefore").value());
  return match;
}

bool is_server_administrator(store::Transaction& transaction, const UserId& user) {
  const auto found = store::find_user(transaction, user);
  return found && found->server_administrator;
}

store::Revocation new_job(Time now, const Actor& actor, const Place& place, std::string_view reason) {
  return {.id = RevocationId::random(),
          .organization = place,
          .created_by = actor.user,
          .address = actor.origin.address,
          .agent = actor.origin.agent,
          .activity = actor.origin.activity,
          .wanted = {},
          .reason = std::string(reason),
          .ended_reason = "revoked",
          .created_at = now};
}

RevocationShown shown(store::Transaction& transaction, store::Revocation job) {
  auto user = store::find_user(transaction, job.created_by).value();
  return {.job = std::move(job), .created_by = std::move(user)};
}

RevocationShown record_start(store::Transaction& transaction, Time now, const Actor& actor,
                             store::Revocation job) {
  json::object data{{"Tokens", job.total}, {"Reason", job.reason}};
  if (job.wanted) data["Match"] = json::parse(*job.wanted);
  job.event = record(transaction, now, actor, job.organization, "Token.RevocationStart", job.id.text(),
                     std::move(data));
  store::insert_revocation(transaction, job);
  return shown(transaction, std::move(job));
}

std::string given_reason(std::string_view text) {
  return checked_text(text, {"The reason", "reason", reason_longest, 0});
}

// Starts the job that `match` describes; `allowed` says whether the actor may.
template <class Allowed>
RevocationShown start(Authority& authority, const Actor& actor, const Place& place,
                      store::InventoryMatch match, std::string_view owner, std::string_view reason,
                      Allowed allowed) {
  const std::string given = given_reason(reason);
  if (match.status != store::InventoryStatus::live && match.status != store::InventoryStatus::expires_soon)
    throw Refusal(RefusalCode::invalid_value, "status must be live or expiresSoon: others have ended.",
                  "status");
  const Time now = authority.clock.now();
  // Outside the transaction, since counting takes its time.
  const auto total = authority.store.read([&](store::Transaction& transaction) {
    allowed(transaction, now);
    set_owner(transaction, match, owner);
    match.organization = place;
    match.bound = place && !is_server_administrator(transaction, actor.user);
    match.created_before =
        std::min(match.created_before.value_or(Time::max()), now + std::chrono::microseconds(1));
    return store::count_inventory(transaction, match, now);
  });
  auto started = decide(authority, [&](store::Transaction& transaction) {
    allowed(transaction, now);
    auto job = new_job(now, actor, place, given);
    job.wanted = kept(match);
    job.total = total;
    return record_start(transaction, now, actor, std::move(job));
  });
  authority.background.ring();
  return started;
}

struct Part {
  store::Revocation job;
  std::optional<store::InventoryMatch> match;  // none: named ones, or a job that can't be read any more
  std::vector<store::Token> tokens;
};

// What it wants can be read, and who started it still has the right to what is left.
bool may_go_on(store::Transaction& transaction, Time now, const Part& part, const Actor& actor) {
  const store::Revocation& job = part.job;
  if (job.wanted && !part.match) return false;
  if (job.ended_reason != "revoked") return true;  // follows from what was decided for good
  try {
    oversee(transaction, now, actor, job.organization);
  } catch (const Refusal&) {
    return false;
  }
  return is_server_administrator(transaction, actor.user) ||
         (job.organization && (!part.match || part.match->bound));
}

std::optional<Part> next_part(store::Transaction& transaction, Time now) {
  auto job = store::oldest_running_revocation(transaction);
  if (!job) return std::nullopt;
  Part part{.job = *std::move(job), .match = {}, .tokens = {}};
  if (part.job.wanted) {
    part.match = wanted(part.job);
    if (!part.match) return part;
    const store::InventorySearch search{
        .match = *part.match, .order = store::InventoryOrder::created, .top = found_together};
    part.tokens = store::search_inventory(transaction, search, now).tokens;
    // An owner's together: they are told of as one, and lie together in the index by owner.
    std::ranges::sort(part.tokens, {}, &store::Token::owner);
    return part;
  }
  for (const TokenId& id : store::named_tokens(transaction, part.job.id, found_together))
    part.tokens.push_back(store::find_token(transaction, id).value());
  return part;
}

// What may be revoked of a named token can have changed since.
bool is_there(const store::Token& token, const store::Revocation& job, bool any) {
  return job.wanted || any || token.organization == job.organization;
}

// Of one owner, ended together: they are told of as one, and of those before by the same job.
struct Ended {
  TokenId one;
  std::int64_t count = 0;
};

void tell_owners(store::Transaction& transaction, Time now, const store::Revocation& job,
                 const std::map<UserId, Ended>& ended) {
  if (!job.event) return;
  for (const auto& [owner, tokens] : ended)
    if (owner != job.created_by)
      notify(transaction, now,
             {.user = owner,
              .token = tokens.one,
              .kind = store::NoticeKind::revoked_by_other,
              .event = job.event,
              .count = tokens.count});
}

// Ends those, or the job when there are none. False: the job has ended.
bool do_part(store::Transaction& transaction, Time now, const Part& part,
             std::span<const store::Token> tokens) {
  const store::Revocation& job = part.job;
  const Actor actor{.user = job.created_by,
                    .token = {},
                    .origin = {.address = job.address, .agent = job.agent, .activity = job.activity}};
  const bool may = may_go_on(transaction, now, part, actor);
  if (!may || tokens.empty()) {
    const auto state = may ? store::RevocationState::done : store::RevocationState::failed;
    store::finish_revocation(transaction, job.id, state, now);
    return false;
  }
  const bool any = is_server_administrator(transaction, job.created_by);
  std::int64_t count = 0;
  std::map<UserId, Ended> ended;
  for (const store::Token& token : tokens) {
    if (is_there(token, job, any) && end_untold(transaction, now, actor, token, job.ended_reason)) {
      ++count;
      ++ended.try_emplace(token.owner, token.id).first->second.count;
    }
    if (!job.wanted) store::forget_named_token(transaction, job.id, token.id);
  }
  tell_owners(transaction, now, job, ended);
  if (count > 0) store::add_revoked(transaction, job.id, count);
  return true;
}

}  // namespace

RevocationShown start_revocation(Authority& authority, const Actor& actor, const Place& place,
                                 InventoryAsked asked, std::string_view reason) {
  return start(authority, actor, place, std::move(asked.search.match), asked.owner, reason,
               [&](store::Transaction& transaction, Time now) { oversee(transaction, now, actor, place); });
}

RevocationShown start_revocation(Authority& authority, const Actor& actor, const Place& place,
                                 std::span<const TokenId> ids, std::string_view reason) {
  const std::string given = given_reason(reason);
  [[maybe_unused]] const auto all_there = authority.store.read([&](store::Transaction& transaction) {
    oversee(transaction, authority.clock.now(), actor, place);
    for (const TokenId& id : ids) static_cast<void>(token_to_oversee(transaction, actor, place, id));
    return std::monostate{};
  });
  auto started = decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    oversee(transaction, now, actor, place);
    auto job = new_job(now, actor, place, given);
    job.total = std::ssize(ids);
    auto shown = record_start(transaction, now, actor, std::move(job));
    store::name_tokens(transaction, shown.job.id, ids);
    return shown;
  });
  authority.background.ring();
  return started;
}

RevocationShown start_revocation_rule(Authority& authority, const Actor& actor,
                                      const OrganizationId& organization, std::string_view scopes,
                                      std::optional<Time> created_before) {
  store::InventoryMatch match{.created_before = created_before};
  for (auto id = token::next_id(scopes); !id.empty(); id = token::next_id(scopes)) {
    if (id != token::full_access && !token::find_scope(id))
      throw Refusal(RefusalCode::invalid_value, "scopes must be scopes' ids, separated by blanks.", "scopes");
    match.any_scope.emplace_back(id);
  }
  if (match.any_scope.empty())
    throw Refusal(RefusalCode::invalid_value, "scopes must name at least one scope.", "scopes");
  return start(authority, actor, organization, std::move(match), "", "",
               [&](store::Transaction& transaction, Time now) {
                 authorize(transaction, now, actor, Act::administer_tokens, organization);
               });
}

RevocationShown show_revocation(Authority& authority, const Actor& actor, const Place& place,
                                const RevocationId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    oversee(transaction, authority.clock.now(), actor, place);
    auto job = store::find_revocation(transaction, id);
    if (!job || job->organization != place)
      throw Refusal(RefusalCode::not_found, "There is no such revocation here.", "revocationId");
    return shown(transaction, *std::move(job));
  });
}

RevocationsShown list_revocations(Authority& authority, const Actor& actor, const Place& place,
                                  const std::optional<RevocationId>& after, std::int64_t top) {
  return authority.store.read([&](store::Transaction& transaction) {
    oversee(transaction, authority.clock.now(), actor, place);
    auto jobs = store::revocations(transaction, place, after, top + 1);
    RevocationsShown listed{.jobs = {}, .more = std::ssize(jobs) > top};
    if (listed.more) jobs.pop_back();
    for (store::Revocation& job : jobs) listed.jobs.push_back(shown(transaction, std::move(job)));
    return listed;
  });
}

void revoke_all_of(store::Transaction& transaction, Time now, const Actor& actor, const UserId& owner,
                   std::string_view ended_reason) {
  auto job = new_job(now, actor, {}, ended_reason);
  const store::InventoryMatch match{.owner = owner, .created_before = now + std::chrono::microseconds(1)};
  job.wanted = kept(match);
  job.total = store::count_inventory(transaction, match, now);
  job.ended_reason = ended_reason;
  store::insert_revocation(transaction, job);
}

bool revoke_some(Authority& authority) {
  const Time now = authority.clock.now();
  const auto part =
      authority.store.read([&](store::Transaction& transaction) { return next_part(transaction, now); });
  if (!part) return false;
  std::span<const store::Token> left = part->tokens;
  do {
    const auto some = left.first(std::min(left.size(), revoked_together));
    left = left.subspan(some.size());
    const bool running = decide(authority, [&](store::Transaction& transaction) {
      return do_part(transaction, authority.clock.now(), *part, some);
    });
    if (!running) break;
  } while (!left.empty());
  return true;
}

}  // namespace latchkey::authority
