// Goal: what stands behind forward-auth is read as it was written, and each mistake is told with its line.
// Method: texts of settings files.
// SPDX-License-Identifier: Apache-2.0
#include "app/services_file.hpp"

#include <gmock/gmock.h>

#include "app/settings.hpp"

namespace latchkey::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Read {
  api::Declarations declarations;
  std::vector<std::string> errors;
};
Read file(std::string_view toml) {
  Read read;
  read.declarations = read_services(toml, "/etc/latchkey/latchkey.toml", read.errors);
  return read;
}

constexpr std::string_view whole = R"([server]
listen = "127.0.0.1:1"
[[scope]]
id = "grafana.read"
description = "Read dashboards"
includes = ["vso.code", "vso.build"]
[[service]]
host = "grafana.example.com"
organization = "halden"
[[service.rule]]
path = "/api/**"
methods = ["GET", "HEAD"]
scope = "grafana.read"
[[service.rule]]
path = "/**"
scope = "vso.code"
[[service]]
host = "other.example.com"
)";

TEST(ServicesFile, is_read_in_order_with_the_lines) {
  const auto [declarations, errors] = file(whole);
  ASSERT_THAT(errors, IsEmpty());
  ASSERT_EQ(declarations.scopes.size(), 1U);
  EXPECT_EQ(declarations.scopes[0].includes, "vso.code vso.build");
  EXPECT_EQ(declarations.scopes[0].origin, "latchkey.toml, line 3");
  ASSERT_EQ(declarations.services.size(), 2U);
  const auto& service = declarations.services[0];
  EXPECT_EQ(service.host, "grafana.example.com");
  EXPECT_EQ(service.organization, "halden");
  ASSERT_EQ(service.rules.size(), 2U);
  EXPECT_THAT(service.rules[0].methods, ElementsAre("GET", "HEAD"));
  EXPECT_EQ(service.rules[1].path, "/**");
  EXPECT_EQ(service.rules[1].origin, "latchkey.toml, line 14");
  EXPECT_THAT(declarations.services[1].rules, IsEmpty());
}

TEST(ServicesFile, and_the_settings_stand_in_one_file) {
  std::vector<std::string> errors;
  EXPECT_EQ(file_layer(whole, "latchkey.toml", errors).size(), 1U);
  EXPECT_THAT(errors, IsEmpty());
}

TEST(ServicesFile, shown_reads_back_as_the_same) {
  auto declarations = file(whole).declarations;
  declarations.scopes[0].description = "a \"b\" \\ \n c";
  const auto again = file(show_services(declarations));
  ASSERT_THAT(again.errors, IsEmpty());
  EXPECT_EQ(again.declarations.scopes[0].description, declarations.scopes[0].description);
  EXPECT_EQ(again.declarations.scopes[0].includes, "vso.code vso.build");
  ASSERT_EQ(again.declarations.services.size(), 2U);
  EXPECT_EQ(again.declarations.services[0].organization, "halden");
  EXPECT_EQ(again.declarations.services[0].rules[0].methods, declarations.services[0].rules[0].methods);
  EXPECT_EQ(again.declarations.services[0].rules[1].scope, "vso.code");
  EXPECT_THAT(show_services(declarations), HasSubstr("[[service.rule]]  # latchkey.toml, line 14\n"));
}

TEST(ServicesFile, tells_every_mistake_with_its_line) {
  const auto read = file(R"([[scope]]
idd = "x"
[[service]]
host = 7
organization = ""
[[service.rule]]
path = "/"
methods = []
scope = "a"
[[service.rule]]
methods = "GET"
[[service.rule]]
path = "/x"
scope = "a"
methods = ["GET", 1]
)");
  EXPECT_THAT(
      read.errors,
      testing::UnorderedElementsAre(
          HasSubstr("line 1: id is missing"), HasSubstr("line 2: unknown setting \"idd\""),
          HasSubstr("line 4: host must be a text"), HasSubstr("line 5: the organization must have a name"),
          HasSubstr("line 8: methods must not be empty"), HasSubstr("line 10: path is missing"),
          HasSubstr("line 10: scope is missing"), HasSubstr("line 11: methods must be a list"),
          HasSubstr("line 15: methods must be a list")));
}

TEST(ServicesFile, wants_lists_of_tables) {
  EXPECT_THAT(file("[service]\nhost = \"a\"\n").errors, ElementsAre(HasSubstr("line 1: write [[service]]")));
  EXPECT_THAT(file("scope = 1\n").errors, ElementsAre(HasSubstr("line 1: write [[scope]]")));
  EXPECT_THAT(file("service = [1]\n").errors,
              ElementsAre(HasSubstr("line 1: service must be a list of tables")));
  EXPECT_THAT(file("[[service]\n").errors, IsEmpty()) << "told by file_layer()";
}

}  // namespace
}  // namespace latchkey::app
