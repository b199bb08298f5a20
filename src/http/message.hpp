// Requests and responses as values: what the connection engine and the handlers exchange. No socket in sight.
// A Request's views point into memory that lives as long as it does.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.hpp"

namespace latchkey::http {

enum class Method : std::uint8_t { get = 1, head, post, put, patch, delete_, options, other };

struct Field {
  std::string_view name, value;  // as sent; the value without the blanks around it
};

// Where a request came from.
struct Peer {
  std::string address;    // "192.0.2.7" or "2001:db8::7", without a port
  bool loopback = false;  // of this machine
  bool secure = false;    // over TLS
};

// What a head says beside its fields.
struct HeadLine {
  Method method{};
  std::string_view method_text, target;
  std::string_view path, query;  // of the target, undecoded; the query without its '?'
  std::string_view host;
  std::string_view authorization;
  bool has_authorization = false;  // given once; twice is refused by the scanner
  int minor = 1;                   // HTTP/1.x
  bool keep_alive = true, chunked = false, expect_continue = false;
  std::optional<std::uint64_t> content_length;
  std::size_t field_count = 0;
};

// One request's head, scanned strictly (RFC 9112; security.md, Requests).
struct Head : HeadLine {
  static constexpr std::size_t fields_max = 64;

  std::array<Field, fields_max> fields;  // of which there are field_count

  // The first field of that name (lower case), or nothing.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view lower_name) const noexcept;
  [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

struct Request {
  Head head;
  const Peer* peer = nullptr;  // never null; the connection's
  ActivityId activity;         // names this request in the answer, the log and the audit
  std::string_view body;       // whole, where the action asked for it
};

struct Response {
  int status = 200;
  std::string_view content_type;  // a literal; empty: none
  std::string fields;             // further "Name: value\r\n" lines
  std::string body;
  bool close = false;  // end the connection after it
  // What follows `body`, where an answer is too long to be held: each call makes the next piece, on the pool,
  // when the client has taken the one before; an empty one is the end. It may throw: the client then sees an
  // answer that breaks off. Of what a Work on the pool answers.
  std::function<std::string()> more = {};

  // Control characters in a value are replaced by blanks: an answer can't be split.
  Response& field(std::string_view name, std::string_view value);
};

// A body streamed both ways; the engine's other half is http/exchange.hpp, which sees Asio.
class Exchange;

// What is to be done with a request, decided when its head is there, on its reactor, before its body is read.
struct Work {  // read the whole body, then run
  std::size_t body_max = 1 << 20;
  bool on_reactor = false;  // else on the pool; true: it never waits, and is done within a millisecond or two
  std::move_only_function<Response(const Request&)> run;  // must not throw
};
struct Stream {        // hand over body and answer; runs on the reactor and must end by itself
  std::string fields;  // of the answer, whatever it will be: "Name: value\r\n" lines
  std::move_only_function<void(std::shared_ptr<Exchange>)> run;
};
struct Kept {  // an answer that the entry keeps, good until its next call: what it answers often costs no
               // memory
  const Response* response = nullptr;
};
using Action = std::variant<Response, Work, Stream, Kept>;

// The one request entry, one for each reactor and called by it alone. The views of `request` are good only
// during the call; Work and Stream get a copy that stays. Must not block and must not throw.
using Entry = std::move_only_function<Action(const Request& request)>;

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace latchkey::http
