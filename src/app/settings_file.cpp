// SPDX-License-Identifier: Apache-2.0
#include <toml++/toml.h>

#include <algorithm>

#include "app/settings.hpp"

namespace latchkey::app {
namespace {

using Kind = SettingName::Kind;

std::string at(const std::filesystem::path& file, const toml::source_region& where) {
  return file.filename().string() + ", line " + std::to_string(where.begin.line);
}

// The texts of a node, or nothing if it is not of that kind.
std::optional<std::vector<std::string>> texts(const toml::node& node, Kind kind) {
  std::vector<std::string> found;
  if (kind == Kind::number)
    return node.is_integer() ? std::optional(std::vector{std::to_string(node.as_integer()->get())})
                             : std::nullopt;
  if (kind == Kind::truth)
    return node.is_boolean()
               ? std::optional(std::vector{std::string(node.as_boolean()->get() ? "true" : "false")})
               : std::nullopt;
  const toml::array* array = node.as_array();
  if (kind == Kind::text || kind == Kind::path) {
    const auto* text = node.as_string();
    return text ? std::optional(std::vector{text->get()}) : std::nullopt;
  }
  if (!array) return std::nullopt;
  for (const toml::node& element : *array) {
    if (const auto* text = element.as_string(); text && kind == Kind::list)
      found.push_back(text->get());
    else if (const auto* number = element.as_integer(); number && kind == Kind::numbers)
      found.push_back(std::to_string(number->get()));
    else
      return std::nullopt;
  }
  return found;
}

std::string_view must_be(Kind kind) {
  switch (kind) {
    case Kind::text:
    case Kind::path:
      return "a text, as in \"…\"";
    case Kind::list:
      return "a list of texts, as in [\"…\"]";
    case Kind::numbers:
      return "a list of whole numbers, as in [30, 7]";
    case Kind::number:
      return "a whole number";
    case Kind::truth:
      return "true or false";
  }
  return "";
}

void read_section(std::string_view section, const toml::table& server, const std::filesystem::path& file,
                  Layer& layer, std::vector<std::string>& errors) {
  for (const auto& [key, node] : server) {
    const std::string origin = at(file, node.source());
    const auto name = std::ranges::find_if(setting_names(), [&](const SettingName& known) {
      return known.section == section && known.key == key.str();
    });
    if (name == setting_names().end()) {
      errors.push_back(origin + ": unknown setting \"" + std::string(key.str()) + '"');
      continue;
    }
    auto values = texts(node, name->kind);
    if (!values) {
      errors.push_back(origin + ": " + std::string(key.str()) + " must be " +
                       std::string(must_be(name->kind)));
      continue;
    }
    if (name->kind == Kind::path) values->front() = (file.parent_path() / values->front()).string();
    layer.emplace(name->key, Given{std::move(*values), origin});
  }
}

}  // namespace

Layer file_layer(std::string_view toml, const std::filesystem::path& file, std::vector<std::string>& errors) {
  Layer layer;
  try {
    for (const auto& [key, node] : toml::parse(toml, file.string())) {
      const toml::table* table = node.as_table();
      const bool is_section =
          std::ranges::find(setting_names(), key.str(), &SettingName::section) != setting_names().end();
      if (is_section && table)
        read_section(key.str(), *table, file, layer, errors);
      else if (key.str() != "scope" && key.str() != "service")  // services_file.hpp reads these
        errors.push_back(at(file, node.source()) + ": unknown section or setting \"" +
                         std::string(key.str()) + '"');
    }
  } catch (const toml::parse_error& error) {
    errors.push_back(at(file, error.source()) + ": " + std::string(error.description()));
  }
  return layer;
}

}  // namespace latchkey::app
