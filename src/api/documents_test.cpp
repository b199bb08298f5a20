// Goal: docs/api tells of every route, and of nothing else. Method: openapi.yaml is read and compared with
// the route table; coverage.md is made from it: run this test with LATCHKEY_WRITE_DOCUMENTS=1 to write it
// anew.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "api/match.hpp"
#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

// docs/api of the checkout in which the test runs.
std::filesystem::path documents() {
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "docs/api/openapi.yaml")) return folder / "docs/api";
    if (folder == folder.root_path()) return {};
  }
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator(stream), {}};
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = ascii_lower(c);
  return result;
}

// "get /path".
std::set<std::string> operations_of_the_table() {
  std::set<std::string> operations;
  for (const Route& row : routes())
    for (auto path : spelled_paths(row.path)) {
      if (const auto star = path.find('*'); star != std::string::npos) path.erase(star, 1);
      operations.insert(lower(method_name(row.method)) + " " + path);
    }
  return operations;
}

// The keys two and four blanks deep under "paths:".
std::set<std::string> operations_of_the_document(const std::string& text) {
  std::set<std::string> operations;
  std::string path;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    if (line.front() != ' ') inside = line == "paths:";
    if (!inside || !line.ends_with(':')) continue;
    const auto blanks = line.find_first_not_of(' ');
    const auto key = std::string(line.substr(blanks, line.size() - blanks - 1));
    if (blanks == 2) path = key;
    if (blanks == 4 && key != "parameters") operations.insert(key + " " + path);
  }
  return operations;
}

std::string callers_of(const Route& row) {
  switch (row.callers) {
    case Callers::anyone:
      return "anyone";
    case Callers::session:
      return "session";
    case Callers::session_or_token:
      return "session, token";
    case Callers::token:
      return "token";
    case Callers::proxy:
      return "trusted proxy, any method";
    case Callers::browser:
      return "session, else the sign-in; who takes HTML";
  }
  return {};
}

std::string scope_of(const Route& row) {
  if (row.callers == Callers::proxy) return "of the rule";
  if (row.callers == Callers::anyone || row.callers == Callers::session || row.callers == Callers::browser)
    return "–";
  if (row.any_scope) return "any";
  return row.scope.empty() ? "full access" : "`" + std::string(row.scope) + "`";
}

std::string coverage() {
  std::string text =
      "# What the HTTP interface covers\n\n"
      "Made from the route table (`src/api`) by `api_test`; `LATCHKEY_WRITE_DOCUMENTS=1` writes it anew. "
      "Each path is served below `/tfs/` as well; segments in brackets may be left out.\n\n"
      "| method | path | area / resource | version | who | scope of a token |\n|---|---|---|---|---|---|\n";
  for (const Route& row : routes()) {
    text.append("| ").append(method_name(row.method)).append(" | `").append(row.path).append("`");
    if (!row.git_service.empty() && row.method == http::Method::get)
      text.append(" `?service=").append(row.git_service).append("`");
    text.append(" | ").append(row.area.empty() ? ""
                                               : std::string(row.area) + " / " + std::string(row.resource));
    text.append(" | ").append(row.resource_version == 0 ? "" : std::to_string(row.resource_version));
    text.append(row.preview ? ", preview" : "");
    text.append(" | ").append(callers_of(row)).append(" | ").append(scope_of(row)).append(" |\n");
  }
  return text;
}

TEST(Documents, describe_every_route_and_no_other) {
  ASSERT_FALSE(documents().empty()) << "run this inside the checkout";
  EXPECT_EQ(operations_of_the_document(contents(documents() / "openapi.yaml")), operations_of_the_table());
}

TEST(Documents, say_what_is_covered) {
  ASSERT_FALSE(documents().empty()) << "run this inside the checkout";
  const auto file = documents() / "coverage.md";
  if (std::getenv("LATCHKEY_WRITE_DOCUMENTS") != nullptr) std::ofstream(file) << coverage();
  EXPECT_EQ(contents(file), coverage()) << "write it anew with LATCHKEY_WRITE_DOCUMENTS=1";
}

}  // namespace
}  // namespace latchkey::api
