// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

struct LoginOptions {
  std::string server, organization, user, ca;
  bool password_stdin = false, new_password = false;
};

Secret password(const LoginOptions& options) {
  if (options.password_stdin) return read_secret("a password");
  return ask_secret("password",
                    "there is no terminal to ask for the password: give it with --password-stdin");
}

Secret new_password(const LoginOptions& options) {
  if (options.password_stdin) return read_secret("a new password in the second line");
  const std::string otherwise =
      "there is no terminal to ask for a new password: give it as the second line to --password-stdin";
  Secret first = ask_secret("new password", otherwise);
  if (ask_secret("new password again", otherwise).reveal() != first.reveal())
    throw Failure(ExitCode::usage, "the two new passwords differ: nothing was changed");
  return first;
}

// Asks for a new password where it is wanted, or where the server wants it of a first one.
Answer sign_in(const Client& client, const LoginOptions& options, const std::string& user) {
  const Secret current = password(options);
  const auto send = [&](boost::json::object body) {
    body["user"] = user;
    body["password"] = current.reveal();
    return client.send("POST", "/_session", {}, body);
  };
  if (!options.new_password) {
    Answer answer = send({});
    if (answer.status != 403 || text_at(answer.json(), "typeKey") != "NewPasswordRequiredException")
      return answer;
    std::cerr << "this password was for the first sign-in alone: choose your own\n";
  }
  const Secret next = new_password(options);
  return send({{"newPassword", next.reveal()}});
}

// The first part of a Set-Cookie line.
Secret cookie(const Answer& answer) {
  const auto field = answer.fields.find("set-cookie");
  if (field == answer.fields.end())
    throw Failure(ExitCode::unreachable, "the server gave no session: is this a Latchkey server?");
  return Secret(field->second.substr(0, field->second.find(';')));
}

void check_organization(const Client& client, const Session& session) {
  const Answer answer =
      client.send("GET", "/" + percent_encoded(session.organization) + "/_apis/connectionData",
                  Secret("Cookie: " + std::string(session.cookie.reveal())));
  if (answer.status == 401 || answer.status == 403 || answer.status == 404)
    throw Failure(ExitCode::refused, session.user + " is no member of an organization " +
                                         session.organization + ": name one with --organization");
  static_cast<void>(expect_done(answer, session.server));
}

// The one that is named, else the first of the user's.
std::string organization(const LoginOptions& options, const boost::json::value& signed_in) {
  if (!options.organization.empty()) return options.organization;
  const auto organizations = list_at(signed_in, "organizations");
  if (organizations.empty())
    throw Failure(ExitCode::refused, text_at(signed_in, "user.email") +
                                         " is no member of any organization: ask an administrator");
  return text_at(organizations.front(), "name");
}

ExitCode login(const LoginOptions& options) {
  const std::string ca = options.ca.empty() ? "" : std::filesystem::absolute(options.ca).string();
  const Client client(options.server, ca);
  const std::string user =
      options.user.empty()
          ? ask("user", "there is no terminal to ask for the user: give --user and --password-stdin")
          : options.user;
  const Answer answer = sign_in(client, options, user);
  if (answer.status == 401) throw Failure(ExitCode::unreachable, answer.message());
  const auto signed_in = expect_done(answer, client.server());
  const Session session{client.server(), organization(options, signed_in), text_at(signed_in, "user.email"),
                        ca, cookie(answer)};
  check_organization(client, session);
  save_session(session_file(std::getenv), session);
  std::cerr << "signed in to " << session.server << ", organization " << session.organization << ", as "
            << session.user << '\n';
  return ExitCode::done;
}

struct NoOptions {};

ExitCode logout(const NoOptions&) {
  const SignedIn signed_in;
  const Answer answer = signed_in.send("DELETE", "/_session");
  if (answer.status != 401)
    static_cast<void>(expect_done(answer, signed_in.session().server));  // 401: it had ended
  std::filesystem::remove(session_file(std::getenv));
  std::cerr << "signed out of " << signed_in.session().server << '\n';
  return ExitCode::done;
}

struct WhoamiOptions {
  bool json = false;
};

ExitCode whoami(const WhoamiOptions& options) {
  const SignedIn signed_in;
  const auto answer = signed_in.call("GET", "/_session");
  if (options.json)
    print_json(answer);
  else
    std::cout << text_at(answer, "user.email") << " at " << signed_in.session().server << ", organization "
              << signed_in.session().organization << ", until " << text_at(answer, "endsAt") << '\n';
  return ExitCode::done;
}

}  // namespace

void add_sign_in_commands(CLI::App& app, Chosen& chosen) {
  add_command<LoginOptions>(
      app, chosen, "login", "signs in to a server and remembers it",
      "latchkey login --server http://localhost:8080 --user admin@localhost",
      [](CLI::App& command, LoginOptions& options) {
        command.add_option("--server", options.server, "the server's URL")
            ->required()
            ->envname("LATCHKEY_SERVER");
        command
            .add_option("--organization", options.organization,
                        "the organization to work in; else the first that you are in")
            ->capture_default_str();
        command.add_option("--user", options.user, "your e-mail address; asked for without it");
        command.add_flag("--password-stdin", options.password_stdin, "read the password from standard input");
        command.add_flag("--new-password", options.new_password,
                         "replace the password; with --password-stdin, by the second line");
        command.add_option("--ca", options.ca, "a certificate file (PEM) to trust, for a self-signed server")
            ->check(CLI::ExistingFile);
      },
      login);
  add_command<NoOptions>(
      app, chosen, "logout", "ends the sign-in that is remembered", "latchkey logout",
      [](CLI::App&, NoOptions&) {}, logout);
  add_command<WhoamiOptions>(
      app, chosen, "whoami", "says who is signed in, and where", "latchkey whoami --json",
      [](CLI::App& command, WhoamiOptions& options) {
        command.add_flag("--json", options.json, "print JSON");
      },
      whoami);
}

}  // namespace latchkey::app
