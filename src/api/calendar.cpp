// What one chooses of notices, and the calendar of one's tokens' ends (iCalendar, RFC 5545).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "authority/notice_choices.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;
using http::Method;

constexpr std::string_view suffix = ".ics";

http::Response show(Call& call) {
  const auto shown = authority::show_notice_choices(call.api.authority, call.actor);
  json::array unwanted;
  for (const auto kind : shown.choices.unwanted) unwanted.emplace_back(store::notice_kind_name(kind));
  json::object shape{{"unwanted", std::move(unwanted)}};
  if (shown.administrator) shape["weeklyDigest"] = shown.choices.weekly_digest;
  if (shown.calendar_made_at)
    shape["calendar"] = json::object{{"createdAt", iso8601(*shown.calendar_made_at)}};
  return json_answer(shape);
}

http::Response choose(Call& call) {
  const auto body = call.body();
  store::NoticeChoices choices{.weekly_digest = bool_field(body, "weeklyDigest").value_or(false)};
  for (const auto& name : texts_field(body, "unwanted")) {
    const auto kind = store::find_notice_kind(name);
    if (!kind) refuse_value("unwanted", "must be kinds of notices");
    if (std::ranges::find(choices.unwanted, *kind) == choices.unwanted.end())
      choices.unwanted.push_back(*kind);
  }
  authority::choose_notices(call.api.authority, call.actor, choices);
  return no_content();
}

// The one place where a calendar's code becomes part of an answer (P2). In the path, since calendars ask for
// nothing else: whoever has the link reads names and dates, until it is ended.
http::Response make_link(Call& call) {
  const Secret code = authority::make_calendar_link(call.api.authority, call.actor);
  return json_answer(json::object{
      {"url", call.api.public_url + "/_calendar/" + std::string(code.reveal()) + std::string(suffix)}});
}

http::Response end_link(Call& call) {
  authority::end_calendar_link(call.api.authority, call.actor);
  return no_content();
}

// As a value of type TEXT.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

// A line has 75 octets at most; what is more goes on behind a blank, and no character is cut in two.
void add_line(std::string& out, std::string_view line) {
  constexpr std::size_t longest = 75;
  for (std::size_t room = longest; line.size() > room; room = longest - 1) {
    std::size_t cut = room;
    while ((static_cast<unsigned char>(line[cut]) & 0xc0) == 0x80) --cut;
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
  }
  out.append(line).append("\r\n");
}

// "20270114T000000Z"
std::string utc(Time time) {
  std::string text = iso8601(std::chrono::floor<std::chrono::seconds>(time));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

void add_event(std::string& out, const Call& call, const authority::Calendar& calendar,
               const store::EndingToken& token) {
  // Another end of the same token is the same event, moved.
  add_line(out, "BEGIN:VEVENT");
  add_line(out, "UID:" + token.id.text() + "@latchkey");
  add_line(out, "DTSTAMP:" + utc(call.api.authority.clock.now()));
  add_line(out, "DTSTART:" + utc(token.valid_to));
  add_line(out, "DURATION:PT0S");
  add_line(out, "TRANSP:TRANSPARENT");
  add_line(out, "SUMMARY:" + escaped("Token “" + token.name + "” ends"));
  const std::string page = calendar.organization.empty()
                               ? call.api.public_url
                               : call.api.public_url + "/" + percent_encoded(calendar.organization) +
                                     "/_usersSettings/tokens/" + token.id.text();
  add_line(out, "URL:" + page);
  add_line(out, "DESCRIPTION:" + escaped("Regenerate or revoke it: " + page));
  add_line(out, "END:VEVENT");
}

http::Response calendar(Call& call) {
  std::string_view code = call.capture("code");
  if (code.ends_with(suffix)) code.remove_suffix(suffix.size());
  const auto found = authority::calendar_of(call.api.authority, code, call.actor.origin);
  std::string out;
  for (const std::string_view line :
       {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Latchkey//Latchkey//EN", "METHOD:PUBLISH", "NAME:Tokens",
        "X-WR-CALNAME:Tokens", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"})
    add_line(out, line);
  for (const auto& token : found.ends) add_event(out, call, found, token);
  add_line(out, "END:VCALENDAR");
  return {
      .status = 200, .content_type = "text/calendar; charset=utf-8", .fields = {}, .body = std::move(out)};
}

Route own(Method method, std::string_view path, Handler handler) {
  return {.method = method,
          .path = path,
          .area = "latchkey",
          .resource = "notices",
          .callers = Callers::session,
          .handler = handler};
}

const Route rows[] = {
    own(Method::get, "/_apis/latchkey/notices/choices", show),
    own(Method::put, "/_apis/latchkey/notices/choices", choose),
    own(Method::post, "/_apis/latchkey/notices/calendar", make_link),
    own(Method::delete_, "/_apis/latchkey/notices/calendar", end_link),
    {.method = Method::get, .path = "/_calendar/{code}", .callers = Callers::anyone, .handler = calendar},
};

}  // namespace

std::span<const Route> calendar_routes() noexcept { return rows; }

}  // namespace latchkey::api
