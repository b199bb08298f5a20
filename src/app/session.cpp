// SPDX-License-Identifier: Apache-2.0
#include "app/session.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "app/command.hpp"
#include "app/private_file.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

Session remembered() {
  if (auto session = load_session(session_file(std::getenv))) return *std::move(session);
  throw Failure(ExitCode::unreachable, "nobody is signed in: latchkey login --server URL");
}

}  // namespace

std::filesystem::path session_file(const std::function<const char*(const char*)>& variable) {
  const auto named = [&](const char* name) {
    const char* value = variable(name);
    return std::filesystem::path(value ? value : "");
  };
  std::filesystem::path folder = named("XDG_CONFIG_HOME");
  if (folder.is_relative())
    folder = named("HOME") / ".config";  // a relative one counts for nothing, says XDG
  if (folder.is_relative())
    throw Failure(ExitCode::usage, "can't tell where to remember the sign-in: set HOME");
  return folder / "latchkey" / "session.json";
}

void save_session(const std::filesystem::path& file, const Session& session) {
  std::string text = boost::json::serialize(boost::json::object{{"server", session.server},
                                                                {"organization", session.organization},
                                                                {"user", session.user},
                                                                {"ca", session.ca},
                                                                {"cookie", session.cookie.reveal()}});
  write_private_file(file, text + '\n');
  wipe(text);
}

std::optional<Session> load_session(const std::filesystem::path& file) {
  std::ifstream input(file);
  const std::string text(std::istreambuf_iterator(input), {});
  boost::system::error_code failed;
  const auto value = boost::json::parse(text, failed);
  const auto* object = failed ? nullptr : value.if_object();
  if (!object) return std::nullopt;
  const auto member = [&](const char* name) {
    const auto* found = object->if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
  };
  return Session{member("server"), member("organization"), member("user"), member("ca"),
                 Secret(member("cookie"))};
}

boost::json::value expect_done(const Answer& answer, const std::string& server) {
  if (answer.status == 401)
    throw Failure(ExitCode::unreachable,
                  "the sign-in has ended; sign in again: latchkey login --server " + server);
  if (answer.status >= 300 && answer.status < 400)
    throw Failure(ExitCode::unreachable,
                  "the server answered with a redirect: is " + server + " its own URL?");
  if (answer.status >= 500) throw Failure(ExitCode::unreachable, answer.message());
  if (answer.status >= 400) throw Failure(ExitCode::refused, answer.message());
  return answer.json();
}

SignedIn::SignedIn() : session_(remembered()), client_(session_.server, session_.ca) {}

std::string SignedIn::at(const std::string& path) const {
  return "/" + percent_encoded(session_.organization) + path;
}

Answer SignedIn::send(const char* method, const std::string& path, const boost::json::value& body) const {
  return client_.send(method, path, Secret("Cookie: " + std::string(session_.cookie.reveal())), body);
}

boost::json::value SignedIn::call(const char* method, const std::string& path,
                                  const boost::json::value& body) const {
  return expect_done(send(method, path, body), session_.server);
}

}  // namespace latchkey::app
