// Whatever latchkey.toml holds: its settings are in force or an error says why not; what `serve --check` shows of
// settings and services that are in force is a file of the same, a request entry can be made of them, and each
// rule matches what it names.
// SPDX-License-Identifier: Apache-2.0
#include "app/services_file.hpp"
#include "app/settings.hpp"

#include <array>
#include <cstdint>
#include <string>

#include "api/guards.hpp"
#include "api/services_in_force.hpp"
#include "base/check.hpp"

using namespace latchkey;

namespace {

// The file's settings, as --check shows them; empty where anything is wrong with them.
std::string shown(std::string_view toml) {
  std::vector<std::string> errors;
  const std::array layers{app::file_layer(toml, "/etc/latchkey/latchkey.toml", errors)};
  const auto settings = app::effective_settings(layers, errors);
  for (const auto& error : errors) LATCHKEY_ASSERT(!error.empty());
  // Of port 0 the URL is known only once it is bound.
  if (!errors.empty() || settings.listen.port == 0) return {};
  static api::ServicesInForce services(std::make_shared<const api::Services>());
  const api::Guards guards(
      {.public_url = settings.public_url.empty() ? settings.own_url() : settings.public_url,
       .aliases = settings.aliases,
       .trusted_proxies = settings.trusted_proxies,
       .ready = {},
       .services = services});
  return app::show_settings(layers, settings);
}

std::string without_comments(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    kept.append(line.substr(0, line.rfind("  # "))).append("\n");
  }
  return kept;
}

}  // namespace

// What the file says of scopes, services and rules, shown likewise; nothing where any of it is wrong. Rules
// that are in force are asked about hosts and paths that the text names.
std::string shown_services(std::string_view toml) {
  std::vector<std::string> errors, warnings;
  const auto declarations = app::read_services(toml, "/etc/latchkey/latchkey.toml", errors);
  const auto services = api::Services::compile(declarations, errors, warnings);
  LATCHKEY_ASSERT((services == nullptr) == !errors.empty());
  if (services == nullptr) return {};
  for (const auto& declared : declarations.services) {
    const auto* service = services->find_service(declared.host);
    LATCHKEY_ASSERT(service != nullptr);
    for (const auto& rule : declared.rules)
      if (!rule.path.contains('*') && rule.methods.empty())
        LATCHKEY_ASSERT(api::Services::find_rule(*service, rule.path, "GET") != nullptr);
  }
  return app::show_services(declarations);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = shown({reinterpret_cast<const char*>(data), size});
  if (!first.empty()) LATCHKEY_ASSERT(without_comments(shown(first)) == without_comments(first));
  const auto services = shown_services({reinterpret_cast<const char*>(data), size});
  if (!services.empty())
    LATCHKEY_ASSERT(without_comments(shown_services(services)) == without_comments(services));
  return 0;
}
