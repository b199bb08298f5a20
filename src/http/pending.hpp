// Pending: a request that left the hot path, with its own copy of the head: it waits for its body, the pool,
// or a stream's end.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "http/body.hpp"
#include "http/head.hpp"
#include "http/message.hpp"

namespace latchkey::http {

struct Pending {
  Pending(std::string_view head_bytes, const Request& from, Action what)
      : head_text(head_bytes), request(from), action(std::move(what)), body(request.head) {
    rebase(request.head, head_bytes, head_text);
  }
  ~Pending() {  // both may hold credentials
    wipe(head_text);
    wipe(content);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  std::string head_text;
  Request request;
  Action action;        // Work or Stream
  Body body;            // the framing that is left
  std::string content;  // Work: the body so far
  Response response;    // Work: what came of it
};

}  // namespace latchkey::http
