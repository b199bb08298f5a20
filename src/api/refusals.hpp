// The one table that says what a "no" is on the wire: RefusalCode → status and type. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "api/envelope.hpp"
#include "base/refusal.hpp"
#include "http/message.hpp"

namespace latchkey::api {

struct RefusalRow {
  int status = 0;
  ErrorType type;
  bool retry = false;              // the answer bears Retry-After
  std::string_view token_error{};  // the PAT lifecycle API's own name, which it answers with HTTP 200
};
[[nodiscard]] const RefusalRow& describe(RefusalCode code) noexcept;

// How its caller must be spoken to.
struct Asker {
  bool git = false;      // text/plain, Basic alone
  bool browser = false;  // sent Sec-Fetch-*: never a Basic challenge
  std::string_view public_url;
};
// Whether a page of a browser sent it. Allocates nothing.
[[nodiscard]] bool from_browser(const http::Head& head) noexcept;
// A status with a message, in the form for its asker.
[[nodiscard]] http::Response refuse(const Asker& asker, int status, const ErrorType& type,
                                    std::string_view message, std::string_view field = {});
// 401 with the challenges for its asker.
[[nodiscard]] http::Response challenge(const Asker& asker, std::string_view message);
[[nodiscard]] http::Response refuse(const Asker& asker, const Refusal& refusal);

}  // namespace latchkey::api
