// SPDX-License-Identifier: Apache-2.0
#include "app/services_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>

#include "app/settings.hpp"

namespace latchkey::app {
namespace {

class Reader {
 public:
  Reader(const std::filesystem::path& file, std::vector<std::string>& errors)
      : file_(file.filename().string()), errors_(errors) {}

  std::string at(const toml::node& node) const {
    return file_ + ", line " + std::to_string(node.source().begin.line);
  }
  void wrong(const toml::node& node, const std::string& what) { errors_.push_back(at(node) + ": " + what); }

  // Calls `visit` with each table of the array of that name ("[[service]]").
  template <class Visit>
  void each_table(const toml::table& parent, std::string_view key, Visit visit) {
    const toml::node* node = parent.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) return wrong(*node, "write [[" + std::string(key) + "]], with double brackets");
    for (const toml::node& element : *array) {
      if (const toml::table* table = element.as_table())
        visit(*table);
      else
        wrong(element, std::string(key) + " must be a list of tables: write [[" + std::string(key) + "]]");
    }
  }
  void only(const toml::table& table, std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : table)
      if (std::ranges::find(known, key.str()) == known.end())
        wrong(node, "unknown setting \"" + std::string(key.str()) + '"');
  }
  std::string text(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) wrong(table, std::string(key) + " is missing");
      return {};
    }
    if (const auto* text = node->as_string()) return text->get();
    wrong(*node, std::string(key) + " must be a text, as in \"…\"");
    return {};
  }
  std::vector<std::string> texts(const toml::table& table, std::string_view key, bool may_be_empty) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return {};
    std::vector<std::string> found;
    if (const toml::array* array = node->as_array())
      for (const toml::node& element : *array)
        if (const auto* text = element.as_string()) found.push_back(text->get());
    const bool all = node->is_array() && found.size() == node->as_array()->size();
    if (!all)
      wrong(*node, std::string(key) + " must be a list of texts, as in [\"…\"]");
    else if (found.empty() && !may_be_empty)
      wrong(*node, std::string(key) + " must not be empty: leave it out to mean all");
    return found;
  }

 private:
  std::string file_;
  std::vector<std::string>& errors_;
};

token::ScopeDeclaration read_scope(Reader& reader, const toml::table& table) {
  reader.only(table, {"id", "description", "includes"});
  token::ScopeDeclaration scope{.id = reader.text(table, "id", true),
                                .description = reader.text(table, "description", false),
                                .includes = {},
                                .origin = reader.at(table)};
  for (const auto& id : reader.texts(table, "includes", true))
    scope.includes += (scope.includes.empty() ? "" : " ") + id;
  return scope;
}

api::RuleDeclaration read_rule(Reader& reader, const toml::table& table) {
  reader.only(table, {"path", "methods", "scope"});
  return {.path = reader.text(table, "path", true),
          .methods = reader.texts(table, "methods", false),
          .scope = reader.text(table, "scope", true),
          .origin = reader.at(table)};
}

api::ServiceDeclaration read_service(Reader& reader, const toml::table& table) {
  reader.only(table, {"host", "organization", "rule"});
  api::ServiceDeclaration service{.host = reader.text(table, "host", true),
                                  .organization = reader.text(table, "organization", false),
                                  .rules = {},
                                  .origin = reader.at(table)};
  // An empty name would open the service to every organization.
  if (const auto* given = table.get("organization"); given != nullptr && service.organization.empty())
    reader.wrong(*given, "the organization must have a name: leave it out to mean any");
  reader.each_table(table, "rule",
                    [&](const toml::table& rule) { service.rules.push_back(read_rule(reader, rule)); });
  return service;
}

}  // namespace

api::Declarations read_services(std::string_view toml, const std::filesystem::path& file,
                                std::vector<std::string>& errors) {
  api::Declarations found;
  try {
    const toml::table root = toml::parse(toml, file.string());
    Reader reader(file, errors);
    reader.each_table(root, "scope",
                      [&](const toml::table& table) { found.scopes.push_back(read_scope(reader, table)); });
    reader.each_table(root, "service", [&](const toml::table& table) {
      found.services.push_back(read_service(reader, table));
    });
  } catch (const toml::parse_error&) {
    return {};  // file_layer() tells of it
  }
  return found;
}

std::string show_services(const api::Declarations& declarations) {
  std::string out;
  const auto begin = [&](std::string_view table, const std::string& origin) {
    out.append("[[").append(table).append("]]  # ").append(origin).append("\n");
  };
  const auto line = [&](std::string_view key, const std::string& value) {
    out.append(key).append(" = ").append(value).append("\n");
  };
  for (const auto& scope : declarations.scopes) {
    begin("scope", scope.origin);
    line("id", toml_text(scope.id));
    line("description", toml_text(scope.description));
    std::vector<std::string> included;
    for (std::string_view rest = scope.includes; !rest.empty();) included.emplace_back(token::next_id(rest));
    line("includes", toml_list(included));
  }
  for (const auto& service : declarations.services) {
    begin("service", service.origin);
    line("host", toml_text(service.host));
    if (!service.organization.empty()) line("organization", toml_text(service.organization));
    for (const auto& rule : service.rules) {
      begin("service.rule", rule.origin);
      line("path", toml_text(rule.path));
      if (!rule.methods.empty()) line("methods", toml_list(rule.methods));
      line("scope", toml_text(rule.scope));
    }
  }
  return out;
}

}  // namespace latchkey::app
