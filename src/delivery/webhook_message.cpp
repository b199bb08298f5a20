// SPDX-License-Identifier: Apache-2.0
#include "delivery/webhook_message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "base/encoding.hpp"
#include "store/notices.hpp"

namespace latchkey::delivery {
namespace {

namespace json = boost::json;
using store::NoticeKind;

// The values of a letter, each made harmless.
class Words {
 public:
  explicit Words(const Values& values) : values_(values) {}

  [[nodiscard]] std::string operator[](std::string_view name) const {
    const auto found = values_.texts.find(name);
    return found == values_.texts.end() ? std::string() : isolated_line(found->second);
  }
  // "before value after"; nothing, where there is no value.
  [[nodiscard]] std::string with(std::string_view before, std::string_view name,
                                 std::string_view after = {}) const {
    const std::string value = (*this)[name];
    return value.empty() ? value : std::string(before) + value + std::string(after);
  }
  [[nodiscard]] bool has(std::string_view name) const { return values_.texts.contains(name); }

 private:
  const Values& values_;
};

std::string token_of(const Words& words) { return words["name"] + " of " + words["owner"]; }

std::string text_of_revocation(const Words& words) {
  const std::string actor =
      words.has("actor") && !words["actor"].empty() ? words["actor"] : "An administrator";
  const std::string revoked = words.has("several") ? words["count"] + " tokens of " + words["owner"] + ", " +
                                                         words["name"] + " among them,"
                                                   : token_of(words);
  return actor + " revoked " + revoked + " on " + words["at"] + "." +
         words.with(" The reason: ", "reason", ".");
}

// Title and text.
std::pair<std::string, std::string> told_in_words(NoticeKind kind, const Words& words) {
  const auto from = words.with(", from ", "from_address");
  switch (kind) {
    case NoticeKind::expires_soon:
      return {"A token stops " + words["when"],
              token_of(words) + " ends on " + words["valid_to"] + "." +
                  (words.has("used") ? " It was last used on " + words["used_at"] +
                                           ", so something will stop unless somebody acts."
                                     : " It was never used.")};
    case NoticeKind::created:
      return {"A token was made", words["name"] + " was made in the name of " + words["owner"] + " on " +
                                      words["at"] + from + "."};
    case NoticeKind::regenerated:
      return {"A token has a new secret",
              token_of(words) + " was regenerated on " + words["at"] + from + "." +
                  (words["old_secret_until"].empty()
                       ? " Its old secret has stopped."
                       : " Its old secret works until " + words["old_secret_until"] + ".")};
    case NoticeKind::widened:
      return {"A token can do more now", token_of(words) + " was changed on " + words["at"] + from +
                                             ": whoever has its secret can do more than before."};
    case NoticeKind::revoked_by_other:
      return {words.has("several") ? words["count"] + " tokens were revoked" : "A token was revoked",
              text_of_revocation(words)};
    case NoticeKind::policy_warning:
      return {"A policy is about to stop a token",
              token_of(words) + " breaks the policy " + words["policy"] + "." +
                  words.with(" It is refused from ", "refuse_from", " on.") +
                  words.with(" It is revoked from ", "revoke_from", " on.")};
    case NoticeKind::revoked_by_policy:
      return {"A policy revoked a token", token_of(words) + " was revoked on " + words["at"] +
                                              words.with(", by the policy ", "policy") + "."};
    case NoticeKind::expired:
      return {"A token has stopped", token_of(words) + " ended on " + words["valid_to"] + "." +
                                         (words.has("used") ? " It was last used on " + words["used_at"] + "."
                                                            : " It was never used.")};
    case NoticeKind::rests_soon:
      return {"A token is put to rest " + words["when"],
              "Nobody " +
                  (words.has("used") ? "has used " + token_of(words) + " since " + words["used_at"]
                                     : "has ever used " + token_of(words)) +
                  ". A policy lets it rest: from " + words["rests_at"] + " on it is refused."};
    case NoticeKind::new_network:
      return {"A token was used from a new network",
              token_of(words) + " was used from " + words["from_address"] + " on " + words["at"] +
                  ", for the first time from there" + words.with(", by ", "from_agent") + "."};
    case NoticeKind::stream_disabled:
    case NoticeKind::weekly_digest:
      break;  // of no token: no webhook gets them
  }
  return {"Something happened", {}};
}

// The text, each character as `escape` writes it, and no longer than that.
template <class Escape>
std::string escaped(std::string_view text, std::size_t most, Escape escape) {
  constexpr std::string_view cut = "…";
  std::string out;
  std::size_t whole = 0;  // before the character that is being written
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (begins && out.size() + cut.size() <= most) whole = out.size();
    out += escape(c);
    if (out.size() > most) return out.substr(0, whole).append(cut);
  }
  return out;
}

constexpr std::size_t slack_section_most = 2900, slack_field_most = 1900;  // of 3000 and 2000

// The three characters that Slack asks to be escaped: with them nobody is mentioned, nothing linked.
std::string for_slack(std::string_view text, std::size_t most) {
  return escaped(text, most, [](char c) {
    return c == '&' ? std::string("&amp;") : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  });
}

// `verbatim`: what looks like an address, a channel or a name is left as it is.
json::object slack_text(std::string text) {
  return {{"type", "mrkdwn"}, {"text", std::move(text)}, {"verbatim", true}};
}

std::string slack_message(const Card& card) {
  const std::string title = for_slack(card.title, slack_field_most);
  json::array blocks{{{"type", "section"},
                      {"text", slack_text("*" + title + "*\n" +
                                          for_slack(card.text, slack_section_most - title.size() - 3))}}};
  json::array fields;
  for (const auto& fact : card.facts)
    fields.push_back(
        slack_text("*" + std::string(fact.title) + "*\n" + for_slack(fact.value, slack_field_most)));
  if (!fields.empty()) blocks.push_back({{"type", "section"}, {"fields", std::move(fields)}});
  blocks.push_back({{"type", "section"},
                    {"text", slack_text("<" + for_slack(card.link, slack_section_most / 2) + "|" +
                                        card.link_text + ">")}});
  return json::serialize(json::object{{"text", title + ": " + for_slack(card.text, slack_section_most)},
                                      {"blocks", std::move(blocks)}});
}

// Runs of text, in which Teams, other than in a TextBlock, reads no Markdown.
json::object teams_line(json::array runs) {
  return {{"type", "RichTextBlock"}, {"inlines", std::move(runs)}};
}
json::object teams_run(std::string_view text, bool strong = false, std::string_view size = "Default") {
  json::object run{{"type", "TextRun"}, {"text", text}, {"size", size}};
  if (strong) run["weight"] = "Bolder";
  return run;
}

std::string teams_message(const Card& card) {
  json::array body{teams_line({teams_run(card.title, true, "Medium")}), teams_line({teams_run(card.text)})};
  for (const auto& fact : card.facts)
    body.push_back(teams_line({teams_run(std::string(fact.title) + ": ", true), teams_run(fact.value)}));
  json::object content{
      {"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
      {"type", "AdaptiveCard"},
      {"version", "1.4"},
      {"fallbackText", card.title},
      {"body", std::move(body)},
      {"actions",
       json::array{json::object{{"type", "Action.OpenUrl"}, {"title", card.link_text}, {"url", card.link}}}}};
  return json::serialize(json::object{
      {"type", "message"},
      {"attachments", json::array{json::object{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                               {"contentUrl", nullptr},
                                               {"content", std::move(content)}}}}});
}

std::string json_message(const Card& card) {
  json::object message{{"id", card.id}, {"kind", card.kind}, {"title", card.title}, {"text", card.text}};
  for (const auto& fact : card.facts) message[fact.name] = fact.value;
  message["link"] = card.link;
  return json::serialize(message);
}

}  // namespace

Card card_of(const Told& told, const std::string& id) {
  const Words words(told.values);
  const auto kind = store::find_notice_kind(told.kind).value();
  Card card{.id = id,
            .kind = std::string(told.kind),
            .title = {},
            .text = {},
            .link_text = "See the token",
            .link = {}};
  std::tie(card.title, card.text) = told_in_words(kind, words);
  if (told.moot) card.text += " It was revoked meanwhile.";
  card.facts = {
      {.name = "token", .title = "Token", .value = words["name"]},
      {.name = "fingerprint", .title = "Fingerprint", .value = words["fingerprint"]},
      {.name = "owner", .title = "Owner", .value = words["owner"] + words.with(" (", "recipient", ")")},
      {.name = "organization", .title = "Organization", .value = words["organization"]},
      {.name = "scopes", .title = "Scopes", .value = words["scopes"]},
      {.name = "ends", .title = "Ends", .value = words["valid_to"]}};
  card.link = words["oversee_url"];
  return card;
}

Card test_card(std::string_view organization, const std::string& public_url) {
  return {.id = {},
          .kind = "test",
          .title = "Test message of Latchkey",
          .text = "Notices of tokens of " + isolated_line(organization) +
                  " arrive here. An administrator asked for this test: there is nothing to do.",
          .link_text = "See where notices go",
          .link = public_url + "/" + percent_encoded(organization) + "/_settings/notifications"};
}

std::string webhook_message(store::WebhookFormat format, const Card& card) {
  switch (format) {
    case store::WebhookFormat::teams:
      return teams_message(card);
    case store::WebhookFormat::slack:
      return slack_message(card);
    case store::WebhookFormat::json:
      break;
  }
  return json_message(card);
}

}  // namespace latchkey::delivery
