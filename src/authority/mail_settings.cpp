// SPDX-License-Identifier: Apache-2.0
#include "authority/mail_settings.hpp"

#include <algorithm>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "authority/mail.hpp"
#include "authority/mail_address.hpp"
#include "authority/names.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "store/outbox.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

using store::MailSecurity;

constexpr std::string_view sealed_for = "mail settings";
constexpr std::size_t password_longest = 1000;

[[noreturn]] void refuse(std::string_view field, std::string sentence) {
  throw Refusal(RefusalCode::invalid_value, std::move(sentence), std::string(field));
}

bool is_this_machine(const std::string& host) {
  static const auto loopback = Network::parse("127.0.0.0/8").value(), six = Network::parse("::1").value();
  const auto address = Network::parse_address(host);
  return address ? loopback.contains(*address) || six.contains(*address) : folded(host) == "localhost";
}

std::int64_t usual_port(MailSecurity tls) {
  switch (tls) {
    case MailSecurity::start_tls:
      return 587;
    case MailSecurity::tls:
      return 465;
    case MailSecurity::never:
      break;
  }
  return 25;
}

std::string checked_host(const Outgoing& outgoing, const std::string& text) {
  const auto host = checked_text(text, {.what = "The mail server", .field = "host", .longest = 253});
  if (!is_host(host)) refuse("host", "The mail server must be a host's name or an address, without a port.");
  const bool address = Network::parse_address(host).has_value();
  if ((address && !outgoing.allows(host)) || (folded(host) == "localhost" && !outgoing.allows("127.0.0.1")))
    refuse("host",
           "The mail server is in a private network. The server's own file can allow that: allowed_networks "
           "in [outgoing].");
  return host;
}

// But for the password.
store::MailSettings checked(const Outgoing& outgoing, const MailSettingsRequest& request) {
  store::MailSettings settings{
      .host = checked_host(outgoing, request.host),
      .port = request.port.value_or(usual_port(request.tls)),
      .tls = request.tls,
      .from = checked_text(request.from,
                           {.what = "The address that mails come from", .field = "from", .longest = 254})};
  if (settings.port < 1 || settings.port > 65535)
    refuse("port", "The port must be a number from 1 to 65535.");
  if (settings.tls == MailSecurity::never && !is_this_machine(settings.host))
    refuse("tls", "Mail leaves this machine over TLS alone.");
  if (!is_mail_address(settings.from))
    refuse("from", "The address that mails come from must look like latchkey@example.com.");
  if (!request.user.empty())
    settings.user = checked_text(request.user, {.what = "The user", .field = "user", .longest = 200});
  return settings;
}

// What the password was given for is another: it must not follow.
bool goes_elsewhere(const store::MailSettings& before, const store::MailSettings& after) {
  return before.host != after.host || before.port != after.port || before.tls != after.tls ||
         before.user != after.user;
}

void set_password(Sealer& sealer, store::MailSettings& settings,
                  const std::optional<store::MailSettings>& before, const std::optional<Secret>& password) {
  if (settings.user.empty()) {
    if (password && !password->empty()) refuse("user", "Say whose password it is.");
    return;
  }
  if (!password || password->empty()) {
    if (!before || before->password.empty()) refuse("password", "The user needs a password.");
    if (goes_elsewhere(*before, settings))
      refuse("password", "The password must be given again, since it goes somewhere else.");
    settings.password = before->password;
    return;
  }
  const auto text = password->reveal();
  if (text.size() > password_longest ||
      std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }))
    refuse("password", "The password may have 1000 characters, and no control characters.");
  settings.password = sealer.seal(*password, sealed_for);
}

}  // namespace

void begin_mailing(Authority& authority, bool by_file) {
  decide(authority, [&](store::Transaction& transaction) {
    store::set_mailing(transaction, by_file || store::find_mail_settings(transaction));
    return std::monostate{};
  });
}

std::optional<store::MailSettings> show_mail_settings(Authority& authority, const Actor& actor) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize(transaction, authority.clock.now(), actor, Act::administer_server);
    return store::find_mail_settings(transaction);
  });
}

store::MailSettings set_mail_settings(Authority& authority, const Actor& actor,
                                      const MailSettingsRequest& request) {
  // Who may not is told that first.
  static_cast<void>(show_mail_settings(authority, actor));
  const auto wanted = checked(authority.settings.outgoing, request);
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    const auto before = store::find_mail_settings(transaction);
    auto settings = wanted;
    set_password(authority.stream_secrets, settings, before, request.password);
    settings.changed_at = before ? std::max(now, before->changed_at + std::chrono::microseconds(1)) : now;
    store::put_mail_settings(transaction, settings);
    store::set_mailing(transaction, true);
    try_at_once(transaction, now);
    record(transaction, now, actor, {}, "Mail.SettingsUpdated", "mail",
           {{"Host", settings.host},
            {"Port", settings.port},
            {"Tls", store::mail_security_name(settings.tls)},
            {"User", settings.user},
            {"From", settings.from}});
    return settings;
  });
}

void forget_mail_settings(Authority& authority, const Actor& actor) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize(transaction, now, actor, Act::administer_server);
    const auto before = store::find_mail_settings(transaction);
    if (!before) return std::monostate{};
    store::delete_mail_settings(transaction);
    store::set_mailing(transaction, false);
    record(transaction, now, actor, {}, "Mail.SettingsRemoved", "mail", {{"Host", before->host}});
    return std::monostate{};
  });
}

std::optional<Secret> mail_password(Authority& authority, const store::MailSettings& settings) {
  if (settings.password.empty()) return Secret();
  return authority.stream_secrets.open(settings.password, sealed_for);
}

}  // namespace latchkey::authority
