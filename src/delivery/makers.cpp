// SPDX-License-Identifier: Apache-2.0
#include "delivery/makers.hpp"

#include "base/encoding.hpp"

namespace latchkey::delivery {
namespace {

enum class Field : std::uint8_t { name = 1, agent, way };
struct Pattern {
  Field field{};
  std::string_view begins, contains;
  Maker maker{};
};

// The first that fits: what a name says counts more than how the token came in.
constexpr Pattern patterns[] = {
    {Field::name, "git: http", " on ", Maker::git_credential_manager},
    {Field::agent, "git-credential-manager", "", Maker::git_credential_manager},
    {Field::name, "service hooks:", "", Maker::service_hook},
    {Field::name, "microsoft teams integration", "", Maker::teams},
    {Field::name, "webapploadtest", "", Maker::load_test},
    {Field::way, "client", "", Maker::oauth_client},
    {Field::way, "command line", "", Maker::command_line},
    {Field::agent, "latchkey/", "", Maker::command_line},
};

bool fits(std::string_view text, const Pattern& pattern) {
  return same_ascii(text.substr(0, pattern.begins.size()), pattern.begins) && text.contains(pattern.contains);
}

}  // namespace

MadeBy maker_of(std::string_view name, std::string_view agent, std::string_view way) {
  for (const Pattern& pattern : patterns) {
    const auto text = pattern.field == Field::name ? name : pattern.field == Field::agent ? agent : way;
    if (!fits(text, pattern)) continue;
    MadeBy made{.maker = pattern.maker};
    if (pattern.field == Field::name && !pattern.contains.empty())
      made.machine = name.substr(name.rfind(pattern.contains) + pattern.contains.size());
    return made;
  }
  return {};
}

}  // namespace latchkey::delivery
