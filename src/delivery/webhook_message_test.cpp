// Goal: each format has the fields that its receiver documents, says what happened and leads to the
// inventory; no name mentions anybody, marks anything up or makes a line. Method: cards with hard names, read
// back as JSON.
// SPDX-License-Identifier: Apache-2.0
#include "delivery/webhook_message.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::delivery {
namespace {

namespace json = boost::json;
using store::WebhookFormat;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kinds[] = {"expiresSoon", "created",       "regenerated",   "widened",
                                      "expired",     "restsSoon",     "policyWarning", "revokedByPolicy",
                                      "newNetwork",  "revokedByOther"};

Told told(std::string_view kind, const std::string& name = "Release pipeline") {
  Told told{.kind = kind, .values = {}};
  told.values.texts = {
      {"name", name},
      {"owner", "Ann"},
      {"recipient", "ann@example.com"},
      {"fingerprint", "k7Qx2MvB9dLr"},
      {"organization", "halden"},
      {"scopes", "Code (Read & write)"},
      {"valid_to", "Thursday, 14 January 2027, 00:00 UTC"},
      {"when", "in 7 days"},
      {"at", "24 November 2026, 08:00 UTC"},
      {"count", "1"},
      {"rests_at", "Friday, 15 January 2027, 00:00 UTC"},
      {"oversee_url", "https://latchkey.example.com/halden/_settings/tokens?status=all&q=k7Qx2MvB9dLr"}};
  return told;
}
json::value sent(WebhookFormat format, const Told& about) {
  return json::parse(webhook_message(format, card_of(about, "the id")));
}
std::string text(const json::value& value, std::string_view pointer) {
  return std::string(value.at_pointer(pointer).as_string());
}

TEST(WebhookMessage, of_slack_has_a_text_and_blocks) {
  const auto message = sent(WebhookFormat::slack, told("created"));
  EXPECT_EQ(text(message, "/text"),
            "A token was made: Release pipeline was made in the name of Ann on 24 November 2026, 08:00 UTC.");
  EXPECT_EQ(text(message, "/blocks/0/type"), "section");
  EXPECT_EQ(text(message, "/blocks/0/text/type"), "mrkdwn");
  EXPECT_THAT(text(message, "/blocks/0/text/text"), HasSubstr("*A token was made*\nRelease pipeline"));
  EXPECT_TRUE(message.at_pointer("/blocks/0/text/verbatim").as_bool());
  EXPECT_EQ(text(message, "/blocks/1/fields/1/text"), "*Fingerprint*\nk7Qx2MvB9dLr");
  EXPECT_EQ(text(message, "/blocks/1/fields/2/text"), "*Owner*\nAnn (ann@example.com)");
  EXPECT_LE(message.at_pointer("/blocks/1/fields").as_array().size(), 10U);
  EXPECT_EQ(
      text(message, "/blocks/2/text/text"),
      "<https://latchkey.example.com/halden/_settings/tokens?status=all&amp;q=k7Qx2MvB9dLr|See the token>");
}

TEST(WebhookMessage, of_teams_is_a_message_with_an_adaptive_card) {
  const auto message = sent(WebhookFormat::teams, told("expiresSoon"));
  EXPECT_EQ(text(message, "/type"), "message");
  EXPECT_EQ(text(message, "/attachments/0/contentType"), "application/vnd.microsoft.card.adaptive");
  EXPECT_TRUE(message.at_pointer("/attachments/0/contentUrl").is_null());
  const auto& card = message.at_pointer("/attachments/0/content");
  EXPECT_EQ(text(card, "/type"), "AdaptiveCard");
  EXPECT_EQ(text(card, "/$schema"), "http://adaptivecards.io/schemas/adaptive-card.json");
  EXPECT_EQ(text(card, "/version"), "1.4");
  EXPECT_EQ(text(card, "/body/0/inlines/0/text"), "A token stops in 7 days");
  EXPECT_EQ(text(card, "/body/2/inlines/1/text"), "Release pipeline");
  EXPECT_EQ(text(card, "/actions/0/type"), "Action.OpenUrl");
  EXPECT_EQ(text(card, "/actions/0/url"),
            "https://latchkey.example.com/halden/_settings/tokens?status=all&q=k7Qx2MvB9dLr");
  // A TextBlock would read Markdown in names; runs of a RichTextBlock don't.
  for (const auto& block : card.at_pointer("/body").as_array()) {
    EXPECT_EQ(text(block, "/type"), "RichTextBlock");
    for (const auto& run : block.at("inlines").as_array()) EXPECT_EQ(text(run, "/type"), "TextRun");
  }
}

TEST(WebhookMessage, in_json_has_each_fact_by_name) {
  const auto message = sent(WebhookFormat::json, told("revokedByOther"));
  EXPECT_EQ(text(message, "/id"), "the id");
  EXPECT_EQ(text(message, "/kind"), "revokedByOther");
  EXPECT_EQ(text(message, "/token"), "Release pipeline");
  EXPECT_EQ(text(message, "/fingerprint"), "k7Qx2MvB9dLr");
  EXPECT_EQ(text(message, "/owner"), "Ann (ann@example.com)");
  EXPECT_EQ(text(message, "/organization"), "halden");
  EXPECT_EQ(text(message, "/scopes"), "Code (Read & write)");
  EXPECT_THAT(text(message, "/text"), HasSubstr("An administrator revoked Release pipeline of Ann on 24 "));
}

TEST(WebhookMessage, says_of_every_kind_what_happened) {
  for (const auto kind : kinds) {
    auto about = told(kind);
    about.values.texts["from_address"] = "192.0.2.7";
    const auto card = card_of(about, "the id");
    EXPECT_THAT(card.text, HasSubstr("Release pipeline")) << kind;
    EXPECT_THAT(card.text, HasSubstr("Ann")) << kind;
    EXPECT_THAT(card.text, testing::EndsWith(".")) << kind;
    EXPECT_THAT(card.text, Not(HasSubstr("  "))) << kind;
    EXPECT_NE(card.title, "Something happened") << kind;
  }
}

TEST(WebhookMessage, lets_no_name_mention_or_link) {
  const std::string name = "<!channel> <@U024BE7LH> <https://evil.example|x> a&b @here";
  const auto message = webhook_message(WebhookFormat::slack, card_of(told("created", name), "the id"));
  EXPECT_THAT(message, Not(HasSubstr("<!")));
  EXPECT_THAT(message, Not(HasSubstr("<@")));
  EXPECT_THAT(message, Not(HasSubstr("<https://evil")));
  EXPECT_THAT(message,
              HasSubstr("&lt;!channel&gt; &lt;@U024BE7LH&gt; &lt;https://evil.example|x&gt; a&amp;b"));
}

TEST(WebhookMessage, keeps_names_on_one_line_and_their_direction_to_themselves) {
  for (const auto format : {WebhookFormat::teams, WebhookFormat::slack, WebhookFormat::json}) {
    const auto evil =
        webhook_message(format, card_of(told("created", "a\n*Owner*\r\nb\u202Ec\u0007"), "the id"));
    EXPECT_THAT(evil, HasSubstr("a *Owner*"));
    EXPECT_THAT(evil, Not(HasSubstr("\u202E")));
    const auto hebrew = webhook_message(format, card_of(told("created", "שלום"), "the id"));
    EXPECT_THAT(hebrew, HasSubstr("\u2068שלום\u2069"));
  }
}

TEST(WebhookMessage, stays_within_what_slack_takes) {
  auto about = told("policyWarning", std::string(5000, '&'));
  about.values.texts["scopes"] = std::string(5000, 'x') + "€";
  const auto message = sent(WebhookFormat::slack, about);
  EXPECT_LE(text(message, "/blocks/0/text/text").size(), 3000U);
  for (const auto& field : message.at_pointer("/blocks/1/fields").as_array())
    EXPECT_LE(text(field, "/text").size(), 2000U);
  EXPECT_THAT(text(message, "/blocks/0/text/text"), testing::EndsWith("&amp;…"));
}

TEST(WebhookMessage, tells_of_several_and_of_what_ended_since) {
  auto about = told("revokedByOther");
  about.values.texts["several"] = "yes";
  about.values.texts["count"] = "3";
  about.values.texts["actor"] = "Marta <b>";
  about.values.texts["reason"] = "leaked";
  EXPECT_EQ(card_of(about, "").title, "3 tokens were revoked");
  EXPECT_EQ(
      card_of(about, "").text,
      "Marta <b> revoked 3 tokens of Ann, Release pipeline among them, on 24 November 2026, 08:00 UTC. The "
      "reason: leaked.");
  auto ended = told("widened");
  ended.moot = true;
  EXPECT_THAT(card_of(ended, "").text, testing::EndsWith("It was revoked meanwhile."));
}

TEST(WebhookMessage, of_a_test_says_so) {
  const auto card = test_card("halden", "https://latchkey.example.com");
  EXPECT_EQ(card.link, "https://latchkey.example.com/halden/_settings/notifications");
  for (const auto format : {WebhookFormat::teams, WebhookFormat::slack, WebhookFormat::json})
    EXPECT_THAT(webhook_message(format, card), HasSubstr("Test message of Latchkey"));
}

}  // namespace
}  // namespace latchkey::delivery
