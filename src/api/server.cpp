// The server itself: what monitors ask. Answered at once, whatever waits.
// SPDX-License-Identifier: Apache-2.0
#include "api/entry.hpp"
#include "api/envelope.hpp"

namespace latchkey::api {
namespace {

http::Action alive(const Instant&) { return text_answer(200, "alive"); }

// Of this machine, and not passed on by a proxy on it. What is wrong with the settings file is told to
// whoever could read it; others learn that something is.
bool is_local(const http::Request& request) {
  const auto passed_on = [&](std::string_view by) { return request.head.field(by).has_value(); };
  return request.peer->loopback && !passed_on("x-forwarded-for") && !passed_on("forwarded") &&
         !passed_on("via");
}

http::Action ready(const Instant& instant) {
  const EntryOptions& options = instant.options;
  const auto objection = options.services.objection();
  if (options.ready() && objection.empty()) return text_answer(200, "ready");
  if (options.ready())
    return text_answer(200, "ready, under the settings from before the last reload:\n" +
                                (is_local(instant.request) ? objection : "the server's log says why"));
  auto response = text_answer(503, "not ready");
  response.field("Retry-After", "1");
  return response;
}

constexpr Route rows[] = {
    {.method = http::Method::get, .path = "/healthz", .callers = Callers::anyone, .at_once = alive},
    {.method = http::Method::get, .path = "/readyz", .callers = Callers::anyone, .at_once = ready},
};

}  // namespace

std::span<const Route> server_routes() noexcept { return rows; }

}  // namespace latchkey::api
