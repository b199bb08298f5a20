// The rules of names, by the texts that each lets in and keeps out.
// SPDX-License-Identifier: Apache-2.0
#include "authority/names.hpp"

#include <gtest/gtest.h>

#include "token/text.hpp"

namespace latchkey::authority {
namespace {

using Rule = std::string (*)(std::string_view);

bool takes(Rule rule, std::string_view text) {
  try {
    return !rule(text).empty();
  } catch (const Refusal& refusal) {
    EXPECT_FALSE(refusal.message().empty());
    EXPECT_EQ(refusal.message().back(), '.');
    return false;
  }
}

TEST(ProjectName, takes_what_people_write) {
  for (const char* name : {"Web shop", "héros", "a", "tools-2", "a.b", "日本", "git", "x_y"})
    EXPECT_TRUE(takes(project_name, name)) << name;
  EXPECT_EQ(project_name("  Web shop "), "Web shop");
}

TEST(ProjectName, keeps_out_what_azure_devops_does) {
  for (const char* name :
       {"",    " ",          ".",        "..",       "a..b", "_a",
        "a_",  ".a",         "a.",       "a/b",      "a\\b", "a:b",
        "a?b", "a*b",        "a\"b",     "a<b",      "a>b",  "a|b",
        "a#b", "a$b",        "a{b",      "a}b",      "a,b",  "a+b",
        "a=b", "a[b",        "a]b",      "a@b",      "a;b",  "a'b",
        "a%b", "a&b",        "a~b",      "CON",      "lpt1", "App_Data",
        "Bin", "web.config", "repo.git", "repo.GIT", "a\tb", "123e4567-e89b-42d3-a456-426614174000"})
    EXPECT_FALSE(takes(project_name, name)) << name;
  EXPECT_FALSE(takes(project_name, std::string_view("a\0b", 3)));
  EXPECT_FALSE(takes(project_name, std::string(65, 'x')));
  EXPECT_TRUE(takes(project_name, std::string(64, 'x')));
}

std::string as_organization(std::string_view name) { return organization_name(name); }

TEST(OrganizationName, is_made_of_letters_digits_and_hyphens) {
  for (const char* name : {"halden", "Halden-2", "DefaultCollection", "7"})
    EXPECT_TRUE(takes(as_organization, name)) << name;
  for (const char* name : {"", "-a", "a-", "a b", "a.b", "_apis", "héros", "TFS", "healthz", "a/b"})
    EXPECT_FALSE(takes(as_organization, name)) << name;
}

TEST(EmailAddress, has_something_on_both_sides_of_one_at) {
  for (const char* address : {"olga@example.com", "o@x"})
    EXPECT_TRUE(takes(email_address, address)) << address;
  for (const char* address : {"", "olga", "@example.com", "olga@", "a@b@c", "a b@c"})
    EXPECT_FALSE(takes(email_address, address)) << address;
}

TEST(Names, let_no_tokens_text_in) {
  const std::string text(token::issue(Time{}).text.reveal());
  EXPECT_FALSE(takes(token_name, text));
  EXPECT_FALSE(takes(person_name, "x" + text));
  EXPECT_FALSE(takes(email_address, text + "@example.com"));
}

TEST(CheckNewPassword, counts_characters_and_not_bytes) {
  EXPECT_NO_THROW(check_new_password(Secret("twelve chars"), "password"));
  EXPECT_THROW(check_new_password(Secret("eleven char"), "password"), Refusal);
  EXPECT_NO_THROW(check_new_password(Secret(std::string(200, 'x')), "password"));
  std::string umlauts;
  for (int i = 0; i < 11; ++i) umlauts += "ü";
  EXPECT_THROW(check_new_password(Secret(umlauts), "password"), Refusal);
}

}  // namespace
}  // namespace latchkey::authority
