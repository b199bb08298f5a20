// Goal: scopes that an operator declares are chosen, kept and closed like those of the catalogue, and none of
// them gets what must be named itself. Method: what may be declared is one list for all tests, as it is for a
// process.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "token/scopes.hpp"

namespace latchkey::token {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<ScopeDeclaration> declared = {
    {"grafana.read", "Read dashboards", "", "f, line 1"},
    {"grafana.admin", "", "grafana.read vso.build_execute", "f, line 2"}};

std::vector<std::string> errors_of(std::vector<ScopeDeclaration> scopes) {
  std::vector<std::string> errors;
  check_scopes(scopes, errors);
  return errors;
}
// What is wrong with one that stands below the declared ones.
std::vector<std::string> errors_of(ScopeDeclaration scope) {
  auto scopes = declared;
  scope.origin = "f, line 9";
  scopes.push_back(std::move(scope));
  return errors_of(std::move(scopes));
}

class Declared : public testing::Test {
 protected:
  Declared() {
    EXPECT_THAT(errors_of(declared), IsEmpty());
    declare_scopes(declared);
  }
};

TEST_F(Declared, scopes_are_found_described_and_chosen) {
  ASSERT_TRUE(find_scope("grafana.read"));
  EXPECT_EQ(describe(*find_scope("grafana.read")).description, "Read dashboards");
  EXPECT_FALSE(find_scope("grafana.READ"));
  const auto chosen = choose_scopes("grafana.admin vso.code grafana.read");
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->text, "vso.code grafana.read grafana.admin");
  EXPECT_EQ(kept_scopes(chosen->text), chosen->closed);
}

TEST_F(Declared, scopes_hold_what_they_include_and_no_more) {
  const auto admin = kept_scopes("grafana.admin");
  for (const auto* id : {"grafana.admin", "grafana.read", "vso.build_execute", "vso.build"})
    EXPECT_TRUE(admin.contains(find_scope(id).value())) << id;
  EXPECT_FALSE(admin.contains(find_scope("vso.code").value()));
  EXPECT_FALSE(kept_scopes("grafana.read").contains(find_scope("grafana.admin").value()));
  EXPECT_TRUE(kept_scopes("app_token").contains(find_scope("grafana.admin").value()));
}

TEST_F(Declared, what_is_not_declared_is_kept_for_nothing) {
  EXPECT_TRUE(kept_scopes("gone.read").empty());
  EXPECT_EQ(choose_scopes("gone.read").error(), "gone.read");
}

TEST_F(Declared, again_changes_nothing_and_keeps_the_bits) {
  const auto before = find_scope("grafana.admin").value();
  declare_scopes(declared);
  EXPECT_EQ(find_scope("grafana.admin").value(), before);
}

TEST_F(Declared, scopes_are_neither_changed_nor_taken_away_while_the_server_runs) {
  auto changed = declared;
  changed[1].includes = "grafana.read";
  EXPECT_THAT(errors_of(changed),
              ElementsAre(HasSubstr("f, line 2: scope \"grafana.admin\": it was changed")));
  EXPECT_THAT(errors_of(std::vector{declared[0]}), ElementsAre(HasSubstr("which is gone")));
}

TEST_F(Declared, scopes_must_have_a_name_of_their_own) {
  for (const auto* id : {"", "Grafana.read", "a b", "vso.mine", "vso.code", "latchkey.mine", "app_token",
                         "user_impersonation", "grafana.read", "ä"})
    EXPECT_THAT(errors_of({.id = id, .description = {}, .includes = {}, .origin = {}}),
                ElementsAre(HasSubstr("f, line 9: ")))
        << id;
  EXPECT_THAT(errors_of({.id = std::string(65, 'a'), .description = {}, .includes = {}, .origin = {}}),
              testing::SizeIs(1));
  EXPECT_THAT(errors_of({.id = std::string(64, 'a'), .description = {}, .includes = {}, .origin = {}}),
              IsEmpty());
}

TEST_F(Declared, scopes_never_include_what_must_be_named_itself) {
  for (const auto* included :
       {"app_token", "latchkey.verify", "user_impersonation", "vso.pats_manage", "later.one", "self", "x"})
    EXPECT_THAT(errors_of({.id = "self", .description = {}, .includes = included, .origin = {}}),
                ElementsAre(HasSubstr("can't include")))
        << included;
}

TEST_F(Declared, scopes_are_bounded) {
  auto many = declared;
  while (many.size() <= declared_scopes_max)
    many.push_back({"s" + std::to_string(many.size()), "", "", "f, line " + std::to_string(many.size())});
  EXPECT_THAT(errors_of(many), ElementsAre(HasSubstr("f, line 64: declare at most 64 scopes")));
}

}  // namespace
}  // namespace latchkey::token
