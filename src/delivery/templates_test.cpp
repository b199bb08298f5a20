// Goal: no value of a template acts in HTML, in text or on the direction of writing; a template that could
// not be used is refused before the first mail, by name. Method: hard values through every built-in kind;
// directories with one broken file each.
// SPDX-License-Identifier: Apache-2.0
#include "delivery/templates.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <stdexcept>

#include "authority/testing.hpp"

namespace latchkey::delivery {
namespace {

using authority::TemporaryDirectory;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> kinds() {
  std::vector<std::string> all;
  for (const auto& file : built_in_templates())
    if (!file.name.starts_with("shell")) all.emplace_back(file.name.substr(0, file.name.find('.')));
  return all;
}

// Every name, with the same value.
Values filled_with(const std::string& value) {
  Values values;
  for (const auto& file : built_in_templates())
    for (auto at = file.content.find("{{"); at != std::string_view::npos;
         at = file.content.find("{{", at + 2)) {
      auto name = file.content.substr(at + 2, file.content.find("}}", at) - at - 2);
      name.remove_prefix(std::min(name.find_first_not_of("{#^/"), name.size()));
      if (name != "uses" && name != "moot") values.texts[std::string(name)] = value;
    }
  values.uses = {{value, value}};
  return values;
}

std::string sentence(const std::string& file, const std::string& content) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / file) << content;
  try {
    const Templates templates(directory.path());
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(file));
    return error.what();
  }
  return {};
}

TEST(Templates, value_is_text_and_nothing_else) {
  const Templates templates({});
  const std::string hard = "<b onclick='x'>\"&\u202E\r\nEvil: {{name}} *";
  for (const auto& kind : kinds()) {
    const auto letter = templates.render(kind, filled_with(hard));
    EXPECT_THAT(letter.html, Not(HasSubstr("<b onclick"))) << kind;
    EXPECT_THAT(letter.html, HasSubstr("&lt;b onclick=")) << kind;
    EXPECT_THAT(letter.html, Not(HasSubstr("\"\"&"))) << kind;  // no attribute ends early
    EXPECT_THAT(letter.html, HasSubstr("{{name}}")) << kind;    // what a value holds is no template
    EXPECT_THAT(letter.text, Not(HasSubstr("\nEvil:"))) << kind;
    for (const auto& part : {letter.subject, letter.text, letter.html})
      EXPECT_THAT(part, Not(HasSubstr("\u202E"))) << kind;
  }
}

TEST(Templates, each_kind_says_what_it_is_about_in_both_forms) {
  const Templates templates({});
  for (const auto& kind : kinds()) {
    const auto letter = templates.render(kind, filled_with("VALUE"));
    EXPECT_FALSE(letter.subject.empty()) << kind;
    for (const auto& part : {letter.text, letter.html}) {
      EXPECT_THAT(part, HasSubstr("VALUE")) << kind;
      EXPECT_THAT(part, HasSubstr("never asks for a token by mail")) << kind;
      EXPECT_THAT(part, Not(HasSubstr("{{"))) << kind;
      EXPECT_THAT(part, Not(HasSubstr("*"))) << kind;
    }
  }
}

TEST(Templates, section_without_value_leaves_no_trace) {
  const Templates templates({});
  const auto letter =
      templates.render("created", {.texts = {{"name", "CI"}, {"owner", "Ann"}, {"at", "now"}}});
  EXPECT_EQ(letter.subject, "Token created: CI");
  EXPECT_THAT(letter.text, HasSubstr("Ann, CI was made in your name on now. It ends on ."));
  EXPECT_THAT(letter.text, Not(HasSubstr("Git Credential Manager")));
  EXPECT_THAT(letter.text, Not(HasSubstr("Not yours?")));
}

TEST(Templates, of_what_is_moot_offer_nothing_to_do) {
  const Templates templates({});
  const auto values = filled_with("VALUE");
  EXPECT_THAT(templates.render("created", values).html, HasSubstr("See the token"));
  EXPECT_THAT(templates.render("created", values, true).html, Not(HasSubstr("See the token")));
}

TEST(Templates, name_from_right_to_left_is_kept_apart) {
  const Templates templates({});
  const auto letter = templates.render("created", {.texts = {{"name", "שלום"}, {"owner", "Ann"}}});
  EXPECT_THAT(letter.text, HasSubstr("\u2068שלום\u2069 was made"));
  EXPECT_THAT(letter.html, HasSubstr("<bdi>שלום</bdi>"));
}

TEST(Templates, of_an_operator_replace_one_file_and_leave_the_others) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "created.txt")
      << "Subject: Neu: {{name}}\nTitle: R & D <neu>\nLead: Ein *{{name}}*,\n  {{owner}}.\n";
  const Templates templates(directory.path());
  const auto letter = templates.render("created", {.texts = {{"name", "CI"}, {"owner", "Ann"}}});
  EXPECT_EQ(letter.subject, "Neu: CI");
  EXPECT_THAT(letter.html, HasSubstr("R &amp; D &lt;neu&gt;"));
  EXPECT_THAT(letter.html, HasSubstr("<bdi>CI</bdi></strong>, <bdi>Ann</bdi>."));
  EXPECT_THAT(letter.text, HasSubstr("R & D <neu>\n\nEin CI, Ann.\n"));
  EXPECT_EQ(templates.render("expired", {.texts = {{"name", "CI"}}}).subject, "CI has stopped");
}

TEST(Templates, that_can_not_be_used_are_named) {
  const std::string head = "Subject: s\nTitle: t\nLead: ";
  EXPECT_THAT(sentence("created.txt", head + "{{nmae}}\n"), HasSubstr("there is no \"nmae\""));
  EXPECT_THAT(sentence("created.txt", head + "{{#used}}\n"), HasSubstr("Unclosed section \"used\""));
  EXPECT_THAT(sentence("created.txt", head + "{{/used}}\n"), HasSubstr("Unopened section \"used\""));
  EXPECT_THAT(sentence("created.txt", head + "{{name\n"), HasSubstr("a tag has no end"));
  EXPECT_THAT(sentence("created.txt", head + "{{{name}}}\n"), HasSubstr("would not be escaped"));
  EXPECT_THAT(sentence("created.txt", head + "{{&name}}\n"), HasSubstr("would not be escaped"));
  EXPECT_THAT(sentence("created.txt", head + "{{> shell}}\n"), HasSubstr("names and sections alone"));
  EXPECT_THAT(sentence("created.txt", head + "{{=<% %>=}}\n"), HasSubstr("names and sections alone"));
  EXPECT_THAT(sentence("created.txt", head + "*one\n"), HasSubstr("no second one"));
  EXPECT_THAT(sentence("created.txt", head + "x\nButton: go\n"), HasSubstr("-> {{…_url}}"));
  EXPECT_THAT(sentence("created.txt", head + "x\nFooter: y\n"), HasSubstr("none of Subject:"));
  EXPECT_THAT(sentence("created.txt", "Subject: s\nLead: x\n"), HasSubstr("it has no Title:"));
  EXPECT_THAT(sentence("created.txt", ""), HasSubstr("is empty"));
  EXPECT_THAT(sentence("creatd.txt", head + "x\n"), HasSubstr("no template has that name"));
  EXPECT_THAT(sentence("shell.html", "{{{name}}}"), HasSubstr("would not be escaped"));
  EXPECT_EQ(sentence("shell.html", "{{{lead}}} {{name}}"), "");
  EXPECT_THROW(Templates("/nowhere"), std::runtime_error);
}

}  // namespace
}  // namespace latchkey::delivery
