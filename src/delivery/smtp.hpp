// Smtp: mails to one server over a connection that is kept between them. Where the server's own file names
// it, that may lead anywhere; else addresses are checked (checked_sockets.hpp). TLS as the settings ask for
// it; certificates are verified; time is bounded. Whatever the server says comes back in its own words. One
// thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "authority/outgoing.hpp"
#include "base/secret.hpp"

namespace latchkey::delivery {

enum class MailTls : std::uint8_t {
  required = 1,  // STARTTLS, or nothing is sent
  offered,       // STARTTLS where the server offers it
  never,
};

[[nodiscard]] std::string_view mail_tls_name(MailTls tls) noexcept;  // "required"

// [mail] of the server's own file; or what administrators set, without files.
struct MailServer {
  std::string url;     // "smtp://host[:port]", "smtps://host[:port]": TLS from the start
  std::string user{};  // empty: no authentication
  std::filesystem::path password_file{};
  std::string from{};  // the address that mails come from
  MailTls tls = MailTls::required;
};
// The rest of [mail], which holds whoever names the server.
struct MailFiles {
  std::filesystem::path ca{};         // PEM to trust instead of the system's; empty: the system's
  std::filesystem::path templates{};  // an operator's own; empty: none
};
// The first line. Throws std::runtime_error with one sentence: not there, not its owner's alone, empty.
[[nodiscard]] Secret read_password(const std::filesystem::path& file);

struct Sent {
  enum class Outcome : std::uint8_t {
    taken = 1,
    refused,      // this mail, for good: 5xx to its recipient or content
    put_off,      // this mail, for now: 4xx
    unreachable,  // no mail at all, for now: no connection, no TLS, no sign-in, or the sender is refused
  };
  Outcome outcome{};
  std::string words;  // the server's last reply, or why there is none
};

class Smtp {
 public:
  // `password`: where the server has a user. `ca`: as in MailFiles. `host`: how it greets, a host's name.
  // `bounds`: where it may lead (it outlives this); null: anywhere.
  Smtp(const MailServer& server, Secret password, const std::filesystem::path& ca, std::string_view host,
       const authority::Outgoing* bounds);
  ~Smtp();
  Smtp(const Smtp&) = delete;
  Smtp& operator=(const Smtp&) = delete;

  [[nodiscard]] Sent send(const std::string& recipient, std::string_view message);
  // Ends the connection that is kept.
  void rest() noexcept;

 private:
  struct Talk;
  std::unique_ptr<Talk> talk_;
};

}  // namespace latchkey::delivery
