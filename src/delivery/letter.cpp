// SPDX-License-Identifier: Apache-2.0
#include "delivery/letter.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "authority/policy_rules.hpp"
#include "base/encoding.hpp"
#include "delivery/makers.hpp"
#include "store/directory.hpp"
#include "store/inventory.hpp"
#include "store/notice_choices.hpp"
#include "store/organization_notices.hpp"
#include "store/tokens.hpp"
#include "store/transaction.hpp"
#include "store/use_report.hpp"
#include "token/scopes.hpp"

namespace latchkey::delivery {
namespace {

namespace json = boost::json;
using std::chrono::days;
using store::NoticeKind;

constexpr std::string_view yes = "yes";
constexpr days uses_of_late{30};
constexpr std::size_t uses_told = 3;

bool tells_revocation(NoticeKind kind) {
  return kind == NoticeKind::revoked_by_other || kind == NoticeKind::revoked_by_policy;
}

// By whole days of UTC, as a reader counts them.
std::string when(Time instant, Time now) {
  const auto left = std::chrono::floor<days>(instant) - std::chrono::floor<days>(now);
  if (left <= days(0)) return "today";
  return left == days(1) ? "tomorrow" : "in " + std::to_string(left.count()) + " days";
}

void set_links(Values& values, store::Transaction& transaction, const store::NoticeShown& shown,
               const std::string& public_url) {
  auto& texts = values.texts;
  auto organization = shown.organization_name;
  if (!organization)
    if (const auto all = store::memberships_of(transaction, shown.notice.user); !all.empty())
      organization = all.front().organization.name;
  if (!organization) return;  // there is no page of theirs: the links lead to the front door
  const std::string home = public_url + "/" + percent_encoded(*organization);
  texts["list_url"] = home + "/_usersSettings/tokens";
  texts["password_url"] = home + "/_usersSettings/sessions";
  texts["notices_url"] = home + "/_usersSettings/notifications";
  texts["streams_url"] = home + "/_settings/streams";
  texts["inventory_url"] = home + "/_settings/tokens";
  texts["oversee_url"] = texts["inventory_url"] + "?status=all&q=" + percent_encoded(shown.fingerprint);
  if (!shown.notice.token) return;
  const std::string token = texts["list_url"] + "/" + shown.notice.token->text();
  texts["detail_url"] = token;
  for (const char* act : {"edit", "regenerate", "revoke"})
    texts[act + std::string("_url")] = token + "/" + act;
}

void set_maker(Values& values, const store::Token& token) {
  auto& texts = values.texts;
  texts["made_at"] = date_and_time(token.created_at);
  texts["made_address"] = token.made_address;
  texts[token.made_by == "portal"         ? "made_in_portal"
        : token.made_by == "command line" ? "made_by_command_line"
        : token.made_by == "client"       ? "made_by_client"
                                          : "made_by_api"] = yes;
  const auto [maker, machine] = maker_of(token.name, token.made_agent, token.made_by);
  constexpr std::array<std::string_view, 7> names{"",
                                                  "by_git_credential_manager",
                                                  "by_service_hook",
                                                  "by_oauth_client",
                                                  "by_command_line",
                                                  "by_teams",
                                                  "by_load_test"};
  if (maker != Maker::person) texts[std::string(names.at(static_cast<std::size_t>(maker) - 1))] = yes;
  texts["machine"] = machine;
}

void set_uses(Values& values, store::Transaction& transaction, const store::Token& token, Time now) {
  if (token.used_at) {
    values.texts["used"] = yes;
    values.texts["used_at"] = date_and_time(*token.used_at);
  }
  auto clients = store::clients_of(transaction, token.id, std::chrono::floor<days>(now - uses_of_late));
  std::erase_if(clients, [](const store::Client& client) { return client.accepted == 0; });
  std::ranges::sort(clients, std::ranges::greater(), &store::Client::last_at);
  for (const auto& client : clients) {
    std::pair use(client.agent.empty() ? "an unnamed client" : client.agent, client.address);
    if (values.uses.size() < uses_told && std::ranges::find(values.uses, use) == values.uses.end())
      values.uses.push_back(std::move(use));
  }
  if (!values.uses.empty()) values.texts["uses_known"] = yes;
}

void set_token(Values& values, store::Transaction& transaction, const store::Token& token,
               const store::NoticeShown& shown, Time now) {
  auto& texts = values.texts;
  texts["token"] = yes;
  texts["name"] = token.name;
  texts["fingerprint"] = shown.fingerprint;
  texts["organization"] = shown.organization_name.value_or("");
  texts["scopes"] = scopes_in_words(token.scopes);
  texts["valid_to"] = long_date(token.valid_to);
  const Time told = shown.notice.valid_to.value_or(token.valid_to);
  texts["rests_at"] = long_date(told);
  texts["when"] = when(told, now);
  texts["days"] = std::to_string((std::chrono::floor<days>(told) - std::chrono::floor<days>(now)).count());
  if (token.state == store::TokenState::live) texts["revocable"] = yes;
  set_maker(values, token);
  set_uses(values, transaction, token, now);
}

// The first by name that they administer.
std::optional<store::Organization> administered_by(store::Transaction& transaction, const UserId& user) {
  const auto memberships = store::memberships_of(transaction, user);
  const auto own = std::ranges::find(memberships, Role::administrator, &store::Membership::role);
  return own != memberships.end() ? std::optional(own->organization) : std::nullopt;
}

// A week's figures are for who administers something when they are sent, not when they were due.
bool may_have_digest(store::Transaction& transaction, const UserId& user) {
  const auto reader = store::find_user(transaction, user);
  return reader && (reader->server_administrator || administered_by(transaction, user));
}

// Of an organization that they administer; of the whole server, where there is none.
void set_digest(Values& values, store::Transaction& transaction, const UserId& reader,
                const std::string& public_url, Time now) {
  const auto place = administered_by(transaction, reader);
  const auto figures =
      store::inventory_figures(transaction, place ? std::optional(place->id) : std::nullopt, now);
  auto& texts = values.texts;
  texts["organization"] = place ? place->name : "all organizations";
  if (place) texts["inventory_url"] = public_url + "/" + percent_encoded(place->name) + "/_settings/tokens";
  texts["live"] = std::to_string(figures.live);
  texts["ending"] = std::to_string(figures.expiring_soon);
  texts["days"] = std::to_string(store::figures_expiring_within.count());
  texts["unused"] = std::to_string(figures.never_used);
  texts["full"] = std::to_string(figures.full_access);
}

// Why a user gets no mail; empty: they do.
std::string why_not(const std::optional<store::User>& user) {
  if (!user || user->state == store::UserState::removed) return "its owner was removed";
  if (user->state == store::UserState::disabled) return "its owner is disabled";
  return is_mail_address(user->email) ? "" : user->email + " is no address that mail can be sent to";
}

// Of whom it would have been, for who reads it in their place.
void set_owner(Values& values, store::Transaction& transaction, const UserId& owner, const std::string& why) {
  const auto user = store::find_user(transaction, owner);
  auto& texts = values.texts;
  texts["instead"] = why;
  texts["owner"] = user ? user->display_name : "Somebody";
  texts["owner_address"] = user ? user->email : "";
  for (const char* own : {"detail_url", "edit_url", "list_url", "regenerate_url", "revoke_url"})
    texts[own] = texts["oversee_url"];
}

std::string policy_title(std::string_view name) {
  for (const bool of_server : {false, true})
    if (const auto* rule = authority::find_policy_rule(name, of_server)) return std::string(rule->title);
  return std::string(name);
}

// What the audit says of the act.
void set_event(Values& values, const store::NoticeShown& shown) {
  auto& texts = values.texts;
  texts["at"] = date_and_time(shown.notice.created_at);
  texts["from_address"] = shown.notice.address.value_or(shown.address.value_or(""));
  texts["from_agent"] = shown.notice.agent.value_or(shown.agent.value_or(""));
  texts["count"] = std::to_string(shown.notice.count);
  if (shown.notice.count > 1) texts["several"] = yes;
  texts["actor"] = shown.actor.value_or("");
  if (!shown.data) return;
  const json::object data = json::parse(*shown.data).as_object();
  const auto text = [&](const char* name) {
    const auto* value = data.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto date = [&](const char* name) {
    const auto time = parse_time(text(name));
    return time ? long_date(*time) : std::string();
  };
  texts["old_secret_until"] = date("OldSecretUntil");
  texts["refuse_from"] = date("RefuseFrom");
  texts["revoke_from"] = date("RevokeFrom");
  texts["policy"] = policy_title(text("PolicyName"));
  texts["reason"] = text("Reason");
  if (shown.notice.kind == NoticeKind::stream_disabled) texts["stream"] = text("DisplayName");
}

}  // namespace

std::string date_and_time(Time time) {
  constexpr std::array<const char*, 12> months{"January",   "February", "March",    "April",
                                               "May",       "June",     "July",     "August",
                                               "September", "October",  "November", "December"};
  const std::chrono::year_month_day date(std::chrono::floor<days>(time));
  return std::to_string(static_cast<unsigned>(date.day())) + " " +
         months.at(static_cast<unsigned>(date.month()) - 1) + " " +
         std::to_string(static_cast<int>(date.year())) + ", " + iso8601(time).substr(11, 5) + " UTC";
}

std::string long_date(Time time) {
  constexpr std::array<const char*, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
  const std::chrono::weekday weekday(std::chrono::floor<days>(time));
  return std::string(weekdays.at(weekday.c_encoding())) + ", " + date_and_time(time);
}

std::string scopes_in_words(std::string_view ids) {
  std::string words;
  for (auto id = token::next_id(ids); !id.empty(); id = token::next_id(ids)) {
    words += words.empty() ? "" : ", ";
    const auto scope = token::find_scope(id);
    if (id == token::full_access)
      words += "Full access";
    else if (!scope)
      words += id;
    else if (const auto& told = token::describe(*scope); told.access.empty())
      words += told.category;
    else
      words.append(told.category).append(" (").append(told.access).append(")");
  }
  return words;
}

bool is_wanted(store::Transaction& transaction, const store::NoticeShown& shown) {
  if (shown.notice.kind == NoticeKind::weekly_digest && !may_have_digest(transaction, shown.notice.user))
    return false;
  const auto unwanted = store::notice_choices(transaction, shown.notice.user).unwanted;
  return std::ranges::find(unwanted, shown.notice.kind) == unwanted.end();
}

std::expected<Recipient, std::string> recipient_of(store::Transaction& transaction,
                                                   const store::NoticeShown& shown) {
  const auto user = store::find_user(transaction, shown.notice.user);
  auto why = why_not(user);
  if (why.empty()) return Recipient{.to = {.name = user->display_name, .address = user->email}};
  if (shown.organization)
    if (auto mailbox = store::find_mailbox(transaction, *shown.organization))
      return Recipient{.to = {.name = {}, .address = *std::move(mailbox)}, .instead = std::move(why)};
  return std::unexpected(std::move(why));
}

Values common_values(const Mailbox& to, const std::string& public_url, Time now) {
  const auto host = public_url.substr(std::min(public_url.find("://") + 3, public_url.size()));
  Values values{.texts = {{"owner", to.name.empty() ? to.address : to.name},
                          {"recipient", to.address},
                          {"host", host},
                          {"at", date_and_time(now)}}};
  for (const char* link : {"home_url", "list_url", "detail_url", "edit_url", "regenerate_url", "revoke_url",
                           "password_url", "notices_url", "streams_url", "inventory_url", "oversee_url"})
    values.texts[link] = public_url + "/";
  return values;
}

Told told_of(store::Transaction& transaction, const store::NoticeShown& shown, const Recipient& recipient,
             const std::string& public_url, Time now) {
  Told told{.kind = store::notice_kind_name(shown.notice.kind),
            .values = common_values(recipient.to, public_url, now),
            .instead = !recipient.instead.empty()};
  set_links(told.values, transaction, shown, public_url);
  if (told.instead) set_owner(told.values, transaction, shown.notice.user, recipient.instead);
  set_event(told.values, shown);
  if (shown.notice.kind == NoticeKind::weekly_digest)
    set_digest(told.values, transaction, shown.notice.user, public_url, now);
  if (!shown.notice.token) return told;
  const auto token = store::find_token(transaction, *shown.notice.token).value();
  set_token(told.values, transaction, token, shown, now);
  told.moot = token.state == store::TokenState::revoked && !tells_revocation(shown.notice.kind);
  if (told.moot) told.values.texts["moot"] = yes;
  return told;
}

Told told_of(const store::AccountMail& mail, const authority::AccountLetter& letter, const Mailbox& to,
             const std::string& public_url, Time now) {
  Told told{.kind = "passwordChanged", .values = common_values(to, public_url, now)};
  auto& texts = told.values.texts;
  texts["account"] = yes;
  texts["at"] = date_and_time(mail.created_at);
  texts["from_address"] = mail.address;
  texts["forgot_url"] = public_url + "/_forgot";
  if (letter.code.empty()) return told;
  told.kind = "passwordReset";
  texts["reset_url"] = public_url + "/_password#" + std::string(letter.code.reveal());
  texts["good_until"] = date_and_time(letter.ends_at);
  return told;
}

}  // namespace latchkey::delivery
