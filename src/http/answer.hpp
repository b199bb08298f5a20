// Responses into bytes. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace latchkey::http {

// The fields that every answer begins with, up to its activity id: they change once a second, not with each
// answer.
[[nodiscard]] std::string stamp_of(Time now);

// What an answer owes to its request and connection.
struct AnswerTo {
  std::string_view stamp;  // stamp_of() now
  ActivityId activity;
  int minor = 1;           // HTTP/1.x of the request
  bool head_only = false;  // HEAD: everything but the body
  bool close = false;      // the connection ends with it
};

// Appends the whole answer.
void append_answer(std::string& out, const Response& response, const AnswerTo& to);
// Appends the head of an answer whose length nobody knows: chunked, or for HTTP/1.0 ended by the connection's
// end
// (`to.close` must say so).
void append_stream_head(std::string& out, const Response& head, const AnswerTo& to);

// An answer of the engine itself, in one sentence; the connection ends with it.
[[nodiscard]] Response plain_refusal(int status, std::string_view sentence);

// Whether an answer of that status has no body at all (RFC 9110 6.4.1).
[[nodiscard]] constexpr bool is_bodiless(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace latchkey::http
