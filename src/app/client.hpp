// The command line's side of HTTP: one request, one answer. TLS is verified; a redirect is never followed, so
// that no credential goes where an answer points; plain HTTP goes to this machine alone. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/value.hpp>
#include <map>
#include <string>

#include "app/url.hpp"
#include "base/secret.hpp"

namespace latchkey::app {

struct Answer {
  int status = 0;
  std::map<std::string, std::string, std::less<>> fields;  // by lower-case name; the last of each
  std::string body;

  // The body as JSON; null when it is empty. Throws Failure when it is something else.
  [[nodiscard]] boost::json::value json() const;
  // What the answer says of itself: the envelope's message, or its status.
  [[nodiscard]] std::string message() const;
};

class Client {
 public:
  // `ca`: a PEM file of certificates to trust instead of the system's; empty: the system's.
  // Throws Failure{usage} for a server that is no URL, or plain HTTP to another machine.
  explicit Client(const std::string& server, std::string ca = {});

  // `path` is percent-encoded; `credential` is a whole header line ("Cookie: …"), or empty; a null body:
  // none. Throws Failure{unreachable} when there is no answer.
  [[nodiscard]] Answer send(const char* method, const std::string& path, const Secret& credential,
                            const boost::json::value& body = nullptr) const;

  [[nodiscard]] std::string server() const { return server_.text(); }

 private:
  ServerUrl server_;
  std::string ca_;
};

}  // namespace latchkey::app
