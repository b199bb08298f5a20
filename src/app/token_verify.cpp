// SPDX-License-Identifier: Apache-2.0
#include "app/token_verify.hpp"

#include "app/client.hpp"
#include "app/command.hpp"
#include "app/json_text.hpp"
#include "base/encoding.hpp"
#include "token/text.hpp"

namespace latchkey::app {
namespace {

std::string what_is_wrong(token::Malformed malformed) {
  switch (malformed) {
    case token::Malformed::layout:
      return "this is no token: it has not 84 characters in a token's layout";
    case token::Malformed::checksum:
      return "the checksum does not fit: a character is wrong";
  }
  throw Failure(ExitCode::internal, "an unknown kind of malformed token");
}

// Basic, with the token as the password: what Git and most scripts send.
Secret authorization(const Secret& secret) {
  std::string pair = ":" + std::string(secret.reveal());
  Secret line("Authorization: Basic " + base64(pair));
  wipe(pair);
  return line;
}

}  // namespace

Verification verify_token(const Secret& secret, const VerifyTarget& target) {
  const auto parsed = token::parse(secret.reveal());
  if (!parsed) return {.accepted = false, .reason = what_is_wrong(parsed.error()), .fingerprint = {}};
  if (target.server.empty() || target.organization.empty())
    throw Failure(ExitCode::usage, "say which server to ask: --server URL --organization NAME");
  const Answer answer = Client(target.server, target.ca)
                            .send("GET", "/" + percent_encoded(target.organization) + "/_apis/connectionData",
                                  authorization(secret));
  const std::string fingerprint(parsed->text());
  if (answer.status == 401 || answer.status == 403) return {false, answer.message(), fingerprint};
  if (answer.status != 200) throw Failure(ExitCode::unreachable, answer.message());
  const auto expires = answer.fields.find("x-latchkey-token-expires");
  return {true,
          text_at(answer.json(), "authenticatedUser.properties.Account.$value") +
              (expires == answer.fields.end() ? "" : ", until " + expires->second),
          fingerprint};
}

}  // namespace latchkey::app
