// The server itself: what monitors ask. Answered at once, whatever waits.
// SPDX-License-Identifier: Apache-2.0
#include "api/entry.hpp"
#include "api/envelope.hpp"

namespace latchkey::api {
namespace {

http::Action alive(const Instant&) { return text_answer(200, "alive"); }

http::Action ready(const Instant& instant) {
  const EntryOptions& options = instant.options;
  const auto objection = options.services.objection();
  if (options.ready())
    return text_answer(200, objection.empty()
                                ? "ready"
                                : "ready, under the settings from before the last reload:\n" + objection);
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
