// Plan: what the reactor found out about a request, handed to the pool, where the answer is made.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>

#include "api/passwords.hpp"
#include "api/refusals.hpp"
#include "api/route.hpp"
#include "verify/verdict.hpp"

namespace latchkey::api {

struct Plan {
  const Route* route = nullptr;
  Captures captures;
  http::Parameters query;
  authority::Actor actor;  // without a user where a session is still to be found
  Asker asker;
  std::optional<verify::Principal> principal;
  std::string account;  // the principal's
  std::shared_ptr<const PresentedPassword>
      password;                           // instead of a principal, where it is still to be checked
  Digest presented;                       // what the principal presented, of a row of `on_reactor`
  Verifier* verifier = nullptr;           // of a row of `on_reactor`
  std::optional<http::Response> settled;  // what a good caller is answered without a handler: 404, 405
};

// What every answer tells its caller of the principal: X-VSS-UserData, X-Latchkey-Token-Expires.
[[nodiscard]] std::string principal_fields(const verify::Principal& principal, std::string_view account);

// Finds session and organization, checks the version, runs the handler; whatever is thrown becomes an answer.
// Pool threads; of a row of `on_reactor` its reactor.
[[nodiscard]] http::Response perform(Api& api, Plan& plan, const http::Request& request) noexcept;

// The session's cookie: its name, and its value in a request (empty: none).
[[nodiscard]] std::string_view cookie_name(const Api& api) noexcept;
[[nodiscard]] std::string_view session_cookie(const Api& api, const http::Request& request) noexcept;

}  // namespace latchkey::api
