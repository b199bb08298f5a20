// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/command.hpp"
#include "app/data_directory.hpp"
#include "app/decisions.hpp"
#include "app/first_run.hpp"
#include "app/terminal.hpp"
#include "app/url.hpp"
#include "http/self_signed.hpp"

namespace latchkey::app {
namespace {

struct InitOptions {
  std::string data, organization, admin, public_url;
  bool password_stdin = false, self_signed = false;
};

void make_certificate(const Clock& clock, const std::filesystem::path& data, const InitOptions& options) {
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  if (const auto url = parse_server_url(options.public_url); url && !is_loopback(url->host))
    hosts.push_back(url->host);
  const http::TlsFiles files{(data / "tls-certificate.pem").string(), (data / "tls-key.pem").string()};
  http::make_self_signed(files, hosts, clock.now());
  std::cout << "certificate:   " << files.certificate << "\nserve with:    latchkey serve --data "
            << options.data << " --tls-certificate " << files.certificate << " --tls-key " << files.key
            << '\n';
}

ExitCode init(const InitOptions& options) {
  if (!options.public_url.empty() && !parse_server_url(options.public_url))
    throw Failure(ExitCode::usage, "--public-url: write https://host or https://host:port");
  FirstRunRequest request{options.organization, options.admin, {}};
  if (options.password_stdin) request.password = read_secret("a password");
  const DataDirectory data(options.data, DataDirectory::Missing::make);
  Decisions decisions(data.path(), 1);
  first_run(decisions.authority, data.path(), std::move(request));
  if (options.self_signed) make_certificate(decisions.clock, data.path(), options);
  return ExitCode::done;
}

struct ResetOptions {
  std::string data, user;
};

ExitCode reset(const ResetOptions& options) {
  const DataDirectory data(options.data, DataDirectory::Missing::refuse);
  Decisions decisions(data.path(), 1);
  reset_password(decisions.authority, data.path(), options.user);
  return ExitCode::done;
}

}  // namespace

void add_host_commands(CLI::App& app, Chosen& chosen) {
  add_command<InitOptions>(
      app, chosen, "init", "creates the database, the organization and its administrator",
      "latchkey init --data /var/lib/latchkey --organization halden --admin ada@halden.example --self-signed",
      [](CLI::App& command, InitOptions& options) {
        command.add_option("--data", options.data, "the data directory")
            ->required()
            ->envname("LATCHKEY_DATA");
        command.add_option("--organization", options.organization, "the organization's name")->required();
        command.add_option("--admin", options.admin, "the administrator's e-mail address")->required();
        command.add_flag("--password-stdin", options.password_stdin,
                         "read the password from standard input; else one is generated and shown once");
        command.add_flag("--self-signed", options.self_signed, "make a self-signed certificate and its key");
        command.add_option("--public-url", options.public_url,
                           "how people reach the server, for the certificate");
      },
      init);
  add_command<ResetOptions>(
      app, chosen, "reset-password", "gives a user a first password, while the server is stopped",
      "latchkey reset-password --data /var/lib/latchkey --user ada@halden.example",
      [](CLI::App& command, ResetOptions& options) {
        command.add_option("--data", options.data, "the data directory")
            ->required()
            ->envname("LATCHKEY_DATA");
        command.add_option("--user", options.user, "the user's e-mail address")->required();
      },
      reset);
}

}  // namespace latchkey::app
