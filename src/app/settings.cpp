// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/encoding.hpp"
#include "base/network.hpp"
#include "delivery/message.hpp"
#include "delivery/templates.hpp"
#include "store/ends.hpp"

namespace latchkey::app {
namespace {

using Kind = SettingName::Kind;

constexpr std::array<SettingName, 20> names{{
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
    {"smtp", "", "URL", "the mail server: smtp://host:port, smtps://host:port (what administrators set)",
     Kind::text, "mail"},
    {"user", "", "NAME", "who signs in there", Kind::text, "mail"},
    {"password_file", "", "FILE", "that user's password, 0600", Kind::path, "mail"},
    {"from", "", "ADDRESS", "the address that mails come from", Kind::text, "mail"},
    {"tls", "", "WHEN", "required, offered or never (required)", Kind::text, "mail"},
    {"ca", "", "FILE", "whom to trust instead of the system's authorities, PEM", Kind::path, "mail"},
    {"templates", "", "DIR", "mail templates of one's own", Kind::path, "mail"},
    {"days_before_end", "", "DAYS", "when owners hear that a token ends: 30, 7, 3, 1 (7)", Kind::numbers,
     "notices"},
    {"repository_quota_mib", "", "MIB", "how large a repository may become (as the disk allows)",
     Kind::number, "git"},
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

// "smtp://mail.example.com:587", without anything behind it.
std::optional<Listen> mail_host(std::string_view url) {
  const bool secure = url.starts_with("smtps://");
  if (!secure && !url.starts_with("smtp://")) return {};
  url.remove_prefix(secure ? 8 : 7);
  const bool bare = !url.contains(':') || url.ends_with(']');
  const auto found = parse_listen(std::string(url) + (bare ? ":1" : ""));
  return found && authority::is_host(found->host) ? found : std::nullopt;
}

// Credentials and what mails say stay readable to nobody on the way, unless there is no way.
void read_mail_tls(const Given& given, const Listen& host, delivery::MailServer& mail,
                   std::vector<std::string>& errors) {
  const std::string& when = given.values[0];
  if (when == "offered" || when == "never") {
    mail.tls = when == "never" ? delivery::MailTls::never : delivery::MailTls::offered;
    if (!is_loopback(host.host))
      errors.push_back(given.origin + ": mail leaves this machine over TLS alone: tls may be \"" + when +
                       "\" for a server on localhost only");
  } else if (when != "required") {
    errors.push_back(given.origin + ": \"" + when + "\" is none of required, offered and never");
  }
}

void read_mail_sign_in(std::span<const Layer> layers, delivery::MailServer& mail,
                       std::vector<std::string>& errors) {
  const Given *user = find(layers, "user"), *file = find(layers, "password_file");
  if (user == nullptr && file == nullptr) return;
  if (user == nullptr || file == nullptr) {
    errors.push_back((user != nullptr ? user : file)->origin + ": give user and password_file together");
    return;
  }
  mail.user = user->values[0];
  mail.password_file = file->values[0];
  try {
    static_cast<void>(delivery::read_password(mail.password_file));
  } catch (const std::runtime_error& error) {
    errors.push_back(file->origin + ": " + error.what());
  }
}

constexpr std::uint64_t mib = 1 << 20;

void read_git(std::span<const Layer> layers, Settings& settings, std::vector<std::string>& errors) {
  const Given* given = find(layers, "repository_quota_mib");
  if (given == nullptr) return;
  constexpr std::uint64_t most = std::uint64_t{1} << 32;
  const std::string& text = given->values[0];
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > most)
    errors.push_back(given->origin + ": \"" + text + "\" is no size in MiB, from 1 on");
  else
    settings.repository_quota = number * mib;
}

void read_days_before_end(std::span<const Layer> layers, Settings& settings,
                          std::vector<std::string>& errors) {
  const Given* given = find(layers, "days_before_end");
  if (given == nullptr) return;
  settings.told_before_end.clear();
  for (const auto& text : given->values) {
    const auto step = std::ranges::find_if(store::end_steps, [&](auto days) {
      return days.count() > 0 && std::to_string(days.count()) == text;
    });
    if (step == store::end_steps.end())
      errors.push_back(given->origin + ": days_before_end may hold 30, 7, 3 and 1, not " + text);
    else
      settings.told_before_end.push_back(*step);
  }
}

// Whoever names the server.
void read_mail_files(std::span<const Layer> layers, delivery::MailFiles& files,
                     std::vector<std::string>& errors) {
  if (const Given* ca = find(layers, "ca")) {
    files.ca = ca->values[0];
    if (!std::filesystem::is_regular_file(files.ca))
      errors.push_back(ca->origin + ": there is no file " + ca->values[0]);
  }
  if (const Given* templates = find(layers, "templates")) files.templates = templates->values[0];
  try {
    const delivery::Templates checked(files.templates);
  } catch (const std::runtime_error& error) {
    errors.emplace_back(error.what());
  }
}

void read_mail(std::span<const Layer> layers, Settings& settings, std::vector<std::string>& errors) {
  read_mail_files(layers, settings.mail_files, errors);
  const Given* smtp = find(layers, "smtp");
  if (smtp == nullptr) {
    for (const char* of_server : {"from", "user", "password_file", "tls"})
      if (const Given* given = find(layers, of_server))
        errors.push_back(given->origin + ": mail needs a server: give smtp too");
    return;
  }
  const Given* from = find(layers, "from");
  auto& mail = settings.mail.emplace(delivery::MailServer{.url = smtp->values[0]});
  const auto host = mail_host(mail.url);
  if (!host)
    errors.push_back(smtp->origin + ": \"" + mail.url +
                     "\" is no mail server: write smtp://host:port or smtps://host:port");
  if (from == nullptr)
    errors.push_back(smtp->origin + ": mails need an address that they come from: give from too");
  else if (mail.from = from->values[0]; !delivery::is_mail_address(mail.from))
    errors.push_back(from->origin + ": \"" + mail.from + "\" is no address, as in latchkey@example.com");
  if (const Given* tls = find(layers, "tls"); tls != nullptr && host)
    read_mail_tls(*tls, *host, mail, errors);
  read_mail_sign_in(layers, mail, errors);
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

std::string toml_numbers(std::span<const std::string> numbers) {
  std::string out;
  for (const auto& number : numbers) out.append(out.empty() ? "" : ", ").append(number);
  return "[" + out + "]";
}

std::string listen_text(const Listen& listen) {
  return (listen.host.contains(':') ? "[" + listen.host + "]" : listen.host) + ":" +
         std::to_string(listen.port);
}

std::string given_text(std::span<const Layer> layers, std::string_view key) {
  const Given* given = find(layers, key);
  return given ? toml_text(given->values[0]) : "";
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
  read_mail(layers, settings, errors);
  read_days_before_end(layers, settings, errors);
  read_git(layers, settings, errors);
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
  const Given* days_before_end = find(layers, "days_before_end");
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
      given_text(layers, "smtp"),
      given_text(layers, "user"),
      given_text(layers, "password_file"),
      given_text(layers, "from"),
      settings.mail ? toml_text(delivery::mail_tls_name(settings.mail->tls)) : "",
      given_text(layers, "ca"),
      given_text(layers, "templates"),
      days_before_end ? toml_numbers(days_before_end->values) : "",
      settings.repository_quota ? std::to_string(*settings.repository_quota / mib) : "",
  };
  std::string out;
  std::string_view section;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (values[i].empty()) continue;
    if (names[i].section != section) out.append("[").append(section = names[i].section).append("]\n");
    const Given* given = find(layers, names[i].key);
    out +=
        std::string(names[i].key) + " = " + values[i] + "  # " + (given ? given->origin : "default") + '\n';
  }
  return out;
}

}  // namespace latchkey::app
