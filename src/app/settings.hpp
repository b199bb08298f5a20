// The server's settings: flags, then LATCHKEY_*, then latchkey.toml; the first that speaks wins. One table
// names each setting, and every source and `serve --check` follow it. Every value remembers where it came
// from, so that an error names the flag, the variable or the line. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/url.hpp"
#include "authority/outgoing.hpp"
#include "delivery/smtp.hpp"
#include "http/server.hpp"

namespace latchkey::app {

struct SettingName {
  enum class Kind : std::uint8_t { text = 1, path, list, number, numbers, truth };
  std::string_view key;   // of the [server] section; LATCHKEY_KEY in the environment
  std::string_view flag;  // a list's flag gives one element and may be repeated
  std::string_view value, help;
  Kind kind{};
  std::string_view section = "server";  // of the file; of another one: in the file alone, not as a flag
};
[[nodiscard]] std::span<const SettingName> setting_names() noexcept;

struct Given {
  std::vector<std::string> values;  // one, but for lists
  std::string origin;               // "--listen", "LATCHKEY_LISTEN", "latchkey.toml, line 3"
};
using Layer = std::map<std::string, Given, std::less<>>;  // by key

// `variable(name)`: its value, or null. Lists are separated by commas.
[[nodiscard]] Layer environment_layer(const std::function<const char*(const char*)>& variable);
// Reads a latchkey.toml. Paths in it are relative to its folder. What is wrong goes to `errors`, with its
// line.
[[nodiscard]] Layer file_layer(std::string_view toml, const std::filesystem::path& file,
                               std::vector<std::string>& errors);

struct Settings {
  Listen listen{"127.0.0.1", 8080};
  std::string public_url;  // without a trailing slash; empty: own_url()
  std::vector<std::string> aliases;
  std::optional<http::TlsFiles> tls;
  std::vector<std::string> trusted_proxies;
  std::optional<std::chrono::days> audit_retention;  // none: the audit is kept
  authority::Outgoing outgoing;
  std::optional<delivery::MailServer> mail;  // none: the file names no mail server
  delivery::MailFiles mail_files;
  std::vector<std::chrono::days> told_before_end = {std::chrono::days(7)};
  std::optional<std::uint64_t> repository_quota;  // bytes; none: whatever the disk holds
  std::optional<Listen> metrics_listen;           // none: no metrics are served, nor latencies measured

  // The URL of what it listens on; on loopback by the name localhost.
  [[nodiscard]] std::string own_url() const;
};
// Reads the layers, the strongest first, and checks. Appends what is wrong to `errors`.
[[nodiscard]] Settings effective_settings(std::span<const Layer> layers, std::vector<std::string>& errors);
// What `serve --check` prints: a latchkey.toml of the effective values, each with where it came from.
[[nodiscard]] std::string show_settings(std::span<const Layer> layers, const Settings& settings);

// A text, and a list of texts, as TOML writes them.
[[nodiscard]] std::string toml_text(std::string_view text);
[[nodiscard]] std::string toml_list(std::span<const std::string> texts);

}  // namespace latchkey::app
