// SPDX-License-Identifier: Apache-2.0
#include "http/answer.hpp"

#include <array>
#include <charconv>

namespace latchkey::http {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {  // what is answered most, in one piece
    out.append("HTTP/1.1 200 OK\r\n");
    return;
  }
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason_phrase(status)).append("\r\n");
}

void append_head(std::string& out, const Response& response, const AnswerTo& to) {
  append_status_line(out, response.status);
  out.append(to.stamp);
  to.activity.append_to(out);
  out.append("\r\n");
  if (!response.content_type.empty())
    out.append("Content-Type: ").append(response.content_type).append("\r\n");
  out.append(response.fields);
  if (to.close) {
    out.append("Connection: close\r\n");
  } else if (to.minor == 0) {
    out.append("Connection: keep-alive\r\n");
  }
}

}  // namespace

std::string stamp_of(Time now) { return "Date: " + http_date(now) + "\r\nActivityId: "; }

void append_answer(std::string& out, const Response& response, const AnswerTo& to) {
  append_head(out, response, to);
  if (is_bodiless(response.status)) {
    out.append("\r\n");
    return;
  }
  if (response.body.empty()) {
    out.append("Content-Length: 0\r\n\r\n");
    return;
  }
  out.append("Content-Length: ");
  append_number(out, response.body.size());
  out.append("\r\n\r\n");
  if (!to.head_only) out.append(response.body);
}

void append_stream_head(std::string& out, const Response& head, const AnswerTo& to) {
  append_head(out, head, to);
  out.append(to.minor == 1 && !is_bodiless(head.status) ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
}

Response plain_refusal(int status, std::string_view sentence) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .fields = {},
          .body = std::string(sentence) + "\n",
          .close = true};
}

}  // namespace latchkey::http
