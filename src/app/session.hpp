// The sign-in that the command line remembers, in ${XDG_CONFIG_HOME:-~/.config}/latchkey/session.json (0600),
// and calls under it. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/value.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/client.hpp"
#include "base/secret.hpp"

namespace latchkey::app {

struct Session {
  std::string server, organization, user;
  std::string ca;  // the file of --ca, absolute; empty: the system's certificates
  Secret cookie;   // "name=value"
};

// `variable(name)`: a variable of the environment, or null. Throws Failure when neither says where.
[[nodiscard]] std::filesystem::path session_file(const std::function<const char*(const char*)>& variable);
void save_session(const std::filesystem::path& file, const Session& session);
// Nothing when there is none, or it can't be read.
[[nodiscard]] std::optional<Session> load_session(const std::filesystem::path& file);

// The API as the signed-in user sees it.
class SignedIn {
 public:
  // Throws Failure{unreachable} when nobody is signed in.
  SignedIn();

  [[nodiscard]] const Session& session() const noexcept { return session_; }
  // A path of the organization: at("/_apis/projects?api-version=7.1").
  [[nodiscard]] std::string at(const std::string& path) const;
  [[nodiscard]] Answer send(const char* method, const std::string& path,
                            const boost::json::value& body = nullptr) const;
  // As expect_done() says.
  boost::json::value call(const char* method, const std::string& path,
                          const boost::json::value& body = nullptr) const;

 private:
  Session session_;
  Client client_;
};

// The JSON of an answer, when it is a good one: else Failure, refused or unreachable, with the server's
// message.
[[nodiscard]] boost::json::value expect_done(const Answer& answer, const std::string& server);

}  // namespace latchkey::app
