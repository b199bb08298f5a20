// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "base/encoding.hpp"
#include "base/network.hpp"

namespace latchkey::app {
namespace {

using Kind = SettingName::Kind;

constexpr std::array<SettingName, 11> names{{
    {"listen", "--listen", "HOST:PORT", "where to listen (127.0.0.1:8080)", Kind::text},
    {"public_url", "--public-url", "URL", "how people reach this server; links are made from it", Kind::text},
    {"aliases", "--alias", "URL", "a further URL under which it may be called", Kind::list},
    {"tls_certificate", "--tls-certificate", "FILE", "the certificate chain, PEM", Kind::path},
    {"tls_key", "--tls-key", "FILE", "the certificate's private key, PEM", Kind::path},
    {"trusted_proxies", "--trusted-proxy", "NET", "a proxy whose forwarded headers are believed", Kind::list},
    {"metrics_listen", "--metrics-listen", "HOST:PORT", "where to serve /metrics, plainly (nowhere)",
     Kind::text},
    {"audit_retention_days", "--audit-retention-days", "DAYS",
     "how long events of the audit are kept (for ever)", Kind::number},
    {"allowed_networks", "", "NET", "a private network that audit streams may lead into", Kind::list,
     "outgoing"},
    {"allow_http", "", "BOOL", "whether audit streams may go over plain http", Kind::truth, "outgoing"},
    {"stream_directory", "", "DIR", "where audit streams may write files", Kind::path, "outgoing"},
}};

const Given* find(std::span<const Layer> layers, std::string_view key) {
  for (const Layer& layer : layers)
    if (const auto found = layer.find(key); found != layer.end()) return &found->second;
  return nullptr;
}

std::string server_url(const Given& given, const std::string& value, std::vector<std::string>& errors) {
  if (const auto url = parse_server_url(value)) return url->text();
  errors.push_back(given.origin + ": \"" + value +
                   "\" is no server's URL: write https://host, http://host:port or https://host/path");
  return {};
}

void read_tls(std::span<const Layer> layers, Settings& settings, std::vector<std::string>& errors) {
  const Given *certificate = find(layers, "tls_certificate"), *key = find(layers, "tls_key");
  if (certificate && key) settings.tls = {certificate->values[0], key->values[0]};
  if (certificate && !key)
    errors.push_back(certificate->origin + ": a certificate needs its key: give tls_key too");
  if (key && !certificate)
    errors.push_back(key->origin + ": a key needs its certificate: give tls_certificate too");
}

// At least as long as a stream may be behind.
constexpr int retention_least = 7;

void read_audit(std::span<const Layer> layers, Settings& settings, std::vector<std::string>& errors) {
  if (const Given* given = find(layers, "audit_retention_days")) {
    const std::string& text = given->values[0];
    int days = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (error != std::errc() || end != text.data() + text.size() || days < retention_least || days > 36'500)
      errors.push_back(given->origin + ": \"" + text + "\" is no number of days, from 7 on");
    settings.audit_retention = std::chrono::days(days);
  }
  auto& outgoing = settings.outgoing;
  if (const Given* given = find(layers, "allowed_networks"))
    for (const auto& value : given->values) {
      const auto network = Network::parse(value);
      if (network)
        outgoing.allowed_networks.push_back(*network);
      else
        errors.push_back(given->origin + ": \"" + value + "\" is no network, as in 10.0.0.0/8 or 192.0.2.1");
    }
  if (const Given* given = find(layers, "allow_http")) outgoing.allow_http = given->values[0] == "true";
  if (const Given* given = find(layers, "stream_directory")) {
    outgoing.stream_directory = given->values[0];
    if (!std::filesystem::is_directory(outgoing.stream_directory))
      errors.push_back(given->origin + ": there is no directory " + given->values[0] + ": make it, 0700");
  }
}

// Plain HTTP would carry credentials readably: it stays on this machine, or behind a proxy that is named.
void check_exposure(const Settings& settings, std::vector<std::string>& errors) {
  const std::string& host = settings.listen.host;
  if (!settings.tls && !is_loopback(host) && settings.trusted_proxies.empty())
    errors.push_back(
        "refusing to listen on " + host +
        " without TLS: give --tls-certificate and --tls-key (latchkey init --self-signed makes a pair), "
        "or name the proxy in front of it with --trusted-proxy");
  if ((host == "0.0.0.0" || host == "::") && settings.public_url.empty())
    errors.push_back("listening on every address (" + host +
                     "): say with --public-url how people reach this server");
}

void read_listen(std::span<const Layer> layers, std::string_view key, std::optional<Listen>& listen,
                 std::vector<std::string>& errors) {
  const Given* given = find(layers, key);
  if (!given) return;
  listen = parse_listen(given->values[0]);
  if (!listen)
    errors.push_back(given->origin + ": \"" + given->values[0] + "\" is no HOST:PORT, as in 127.0.0.1:8080");
}

std::string listen_text(const Listen& listen) {
  return (listen.host.contains(':') ? "[" + listen.host + "]" : listen.host) + ":" +
         std::to_string(listen.port);
}

}  // namespace

std::span<const SettingName> setting_names() noexcept { return names; }

Layer environment_layer(const std::function<const char*(const char*)>& variable) {
  Layer layer;
  for (const SettingName& name : names) {
    if (name.flag.empty()) continue;
    std::string named = "LATCHKEY_";
    for (const char c : name.key) named += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const char* value = variable(named.c_str());
    if (!value || *value == '\0') continue;
    Given given{{}, named};
    std::string_view rest = value;
    for (auto comma = rest.find(','); name.kind == Kind::list && comma != rest.npos; comma = rest.find(',')) {
      given.values.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(comma + 1);
    }
    given.values.emplace_back(rest);
    layer.emplace(name.key, std::move(given));
  }
  return layer;
}

std::string Settings::own_url() const {
  return ServerUrl{tls.has_value(), is_loopback(listen.host) ? "localhost" : listen.host, listen.port}.text();
}

Settings effective_settings(std::span<const Layer> layers, std::vector<std::string>& errors) {
  Settings settings;
  std::optional<Listen> listen;
  read_listen(layers, "listen", listen, errors);
  if (listen) settings.listen = *listen;
  read_listen(layers, "metrics_listen", settings.metrics_listen, errors);
  if (const Given* given = find(layers, "public_url"))
    settings.public_url = server_url(*given, given->values[0], errors);
  if (const Given* given = find(layers, "aliases"))
    for (const auto& value : given->values) settings.aliases.push_back(server_url(*given, value, errors));
  if (const Given* given = find(layers, "trusted_proxies")) {
    for (const auto& value : given->values)
      if (!Network::parse(value))
        errors.push_back(given->origin + ": \"" + value + "\" is no network, as in 10.0.0.0/8 or 192.0.2.1");
    settings.trusted_proxies = given->values;
  }
  read_audit(layers, settings, errors);
  read_tls(layers, settings, errors);
  check_exposure(settings, errors);
  return settings;
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 127) {
      out += "\\u00" + hex(std::as_bytes(std::span(&c, 1)));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string toml_list(std::span<const std::string> texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + toml_text(text);
  return "[" + out + "]";
}

std::string show_settings(std::span<const Layer> layers, const Settings& settings) {
  const Given* networks = find(layers, "allowed_networks");
  const std::array<std::string, names.size()> values{
      toml_text(listen_text(settings.listen)),
      toml_text(settings.public_url.empty() ? settings.own_url() : settings.public_url),
      toml_list(settings.aliases),
      settings.tls ? toml_text(settings.tls->certificate) : "",
      settings.tls ? toml_text(settings.tls->key) : "",
      toml_list(settings.trusted_proxies),
      settings.metrics_listen ? toml_text(listen_text(*settings.metrics_listen)) : "",
      settings.audit_retention ? std::to_string(settings.audit_retention->count()) : "",
      networks ? toml_list(networks->values) : "",
      settings.outgoing.allow_http ? "true" : "",
      settings.outgoing.stream_directory.empty() ? ""
                                                 : toml_text(settings.outgoing.stream_directory.string()),
  };
  std::string out = "[server]\n", outgoing;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Given* given = find(layers, names[i].key);
    if (!values[i].empty() && names[i].section != "server" && std::exchange(outgoing, "x").empty())
      out += "[outgoing]\n";
    if (!values[i].empty())
      out +=
          std::string(names[i].key) + " = " + values[i] + "  # " + (given ? given->origin : "default") + '\n';
  }
  return out;
}

}  // namespace latchkey::app
