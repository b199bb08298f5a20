// SPDX-License-Identifier: Apache-2.0
#include "http/head.hpp"

#include <functional>
#include <utility>

#include "http/chars.hpp"

namespace latchkey::http {
namespace {

// Why a head is refused; no status: it isn't.
struct No {
  int status = 0;
  std::string_view sentence;
  explicit operator bool() const noexcept { return status != 0; }
};

constexpr No line_no{400, "The request line can't be read: METHOD SP TARGET SP HTTP/1.1 CR LF is expected."};
constexpr No field_no{400,
                      "A header field can't be read: \"Name: value\" CR LF is expected, without folding."};

// What is left to read of the head.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) noexcept
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::size_t used() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  [[nodiscard]] char peek() const noexcept { return *at_; }
  void skip(std::size_t n) noexcept { at_ += n; }
  std::string_view take(const CharClass& table) noexcept {
    const char* const from = at_;
    while (at_ < end_ && is(table, *at_)) ++at_;
    return {from, at_};
  }
  std::string_view take_value() noexcept {
    const char* const from = at_;
    at_ += value_size({at_, end_});
    return {from, at_};
  }
  // As much of `text` as there are bytes for.
  [[nodiscard]] bool may_begin(std::string_view text) const noexcept {
    return std::string_view(at_, std::min(left(), text.size())) == text.substr(0, left());
  }

 private:
  const char *begin_, *at_, *end_;
};

enum class Step : std::uint8_t { done = 1, partial, refused };

Method method_of(std::string_view text) noexcept {
  if (text == "GET") return Method::get;
  if (text == "POST") return Method::post;
  if (text == "HEAD") return Method::head;
  if (text == "PUT") return Method::put;
  if (text == "PATCH") return Method::patch;
  if (text == "DELETE") return Method::delete_;
  if (text == "OPTIONS") return Method::options;
  return Method::other;
}

Step line_end(Cursor& cursor) noexcept {
  if (!cursor.may_begin("\r\n")) return Step::refused;
  if (cursor.left() < 2) return Step::partial;
  cursor.skip(2);
  return Step::done;
}

Step scan_version(Cursor& cursor, Head& head, No& no) noexcept {
  constexpr std::string_view prefix = "HTTP/";
  if (!cursor.may_begin(prefix)) return Step::refused;
  if (cursor.left() < prefix.size() + 3) return Step::partial;
  cursor.skip(prefix.size());
  const auto digit = [&] {
    const char c = cursor.peek();
    cursor.skip(1);
    return c >= '0' && c <= '9' ? c - '0' : -1;
  };
  const int major = digit();
  const bool dot = cursor.peek() == '.';
  cursor.skip(1);
  head.minor = digit();
  if (major < 0 || head.minor < 0 || !dot) return Step::refused;
  if (major != 1 || head.minor > 1) {
    no = {505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    return Step::refused;
  }
  return line_end(cursor);
}

Step scan_line(Cursor& cursor, Head& head, No& no) noexcept {
  no = line_no;
  head.method_text = cursor.take(token_chars);
  if (cursor.left() == 0) return Step::partial;
  if (head.method_text.empty() || cursor.peek() != ' ') return Step::refused;
  cursor.skip(1);
  head.target = cursor.take(target_chars);
  if (cursor.left() == 0) return Step::partial;
  if (head.target.empty() || cursor.peek() != ' ') return Step::refused;
  cursor.skip(1);
  head.method = method_of(head.method_text);
  return scan_version(cursor, head, no);
}

// Whether a comma-separated list names `word`.
bool lists(std::string_view value, std::string_view word) noexcept {
  for (;;) {
    const auto comma = value.find(',');
    if (is_lower(without_blanks(value.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

// What all Connection fields together ask for.
struct Wish {
  bool close = false, keep_alive = false;
};

No read_length(Head& head, std::string_view value) noexcept {
  constexpr No no{400, "Content-Length must be one decimal number, given once."};
  if (head.content_length || value.empty() || value.size() > 18) return no;
  if (value.size() > 1 && value.front() == '0') return no;
  std::uint64_t length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return no;
    length = length * 10 + static_cast<unsigned>(c - '0');
  }
  head.content_length = length;
  return {};
}

No read_coding(Head& head, std::string_view value) noexcept {
  if (head.chunked) return {400, "Transfer-Encoding must be given once."};
  if (head.minor == 0) return {400, "HTTP/1.0 has no Transfer-Encoding; send Content-Length."};
  if (!is_lower(value, "chunked")) return {501, "The only transfer coding of this server is chunked."};
  head.chunked = true;
  return {};
}

No read_host(Head& head, std::string_view value) noexcept {
  if (head.host.data() != nullptr) return {400, "Host must be given once."};
  for (const char c : value) {
    if (!is(host_chars, c)) return {400, "Host must be a name or address, and a port."};
  }
  if (value.empty()) return {400, "Host must not be empty."};
  head.host = value;
  return {};
}

// What the engine itself must know of a field.
No read_field(Head& head, Wish& wish, std::string_view name, std::string_view value) noexcept {
  switch (name.size()) {
    case 4:
      return is_lower(name, "host") ? read_host(head, value) : No{};
    case 6:
      if (!is_lower(name, "expect")) return {};
      if (!is_lower(value, "100-continue"))
        return {417, "The only expectation of this server is 100-continue."};
      head.expect_continue = head.minor == 1;
      return {};
    case 10:
      if (!is_lower(name, "connection")) return {};
      wish.close = wish.close || lists(value, "close");
      wish.keep_alive = wish.keep_alive || lists(value, "keep-alive");
      return {};
    case 13:
      if (!is_lower(name, "authorization")) return {};
      if (head.has_authorization) return {400, "Authorization must be given once."};
      head.has_authorization = true;
      head.authorization = value;
      return {};
    case 14:
      return is_lower(name, "content-length") ? read_length(head, value) : No{};
    case 17:
      return is_lower(name, "transfer-encoding") ? read_coding(head, value) : No{};
    default:
      return {};
  }
}

Step scan_field(Cursor& cursor, Field& field) noexcept {
  field.name = cursor.take(token_chars);
  if (cursor.left() == 0) return Step::partial;
  if (field.name.empty() || cursor.peek() != ':') return Step::refused;
  cursor.skip(1);
  field.value = without_blanks(cursor.take_value());
  return cursor.left() == 0 ? Step::partial : line_end(cursor);
}

Step scan_fields(Cursor& cursor, Head& head, No& no) noexcept {
  Wish wish;
  for (;;) {
    no = field_no;
    if (cursor.left() == 0) return Step::partial;
    if (cursor.peek() == '\r') {
      head.keep_alive = !wish.close && (head.minor == 1 || wish.keep_alive);
      return line_end(cursor);
    }
    Field field;
    if (const auto step = scan_field(cursor, field); step != Step::done) return step;
    if (head.field_count == Head::fields_max) {
      no = {431, "The request has more than 64 header fields."};
      return Step::refused;
    }
    head.fields[head.field_count++] = field;
    no = read_field(head, wish, field.name, field.value);
    if (no) return Step::refused;
  }
}

// "http://host/path": what RFC 9112 3.2.2 asks servers to take. Its host must be the one of Host.
No split_absolute(Head& head) noexcept {
  constexpr No no{400, "The request target must be a path, or an http URL whose host is that of Host."};
  const auto colon = head.target.find("://");
  if (colon == std::string_view::npos) return no;
  const auto scheme = head.target.substr(0, colon);
  if (!is_lower(scheme, "http") && !is_lower(scheme, "https")) return no;
  const auto rest = head.target.substr(colon + 3);
  const auto host = rest.substr(0, rest.find_first_of("/?"));
  if (host.empty() || host != head.host) return no;
  head.path = rest.substr(host.size());
  return {};
}

No split_target(Head& head) noexcept {
  head.path = head.target;
  if (head.target == "*") {
    return head.method == Method::options ? No{} : No{400, "The target * belongs to OPTIONS."};
  }
  if (head.target.front() != '/') {
    if (const auto no = split_absolute(head)) return no;
  }
  if (const auto mark = head.path.find('?'); mark != std::string_view::npos) {
    head.query = head.path.substr(mark + 1);
    head.path = head.path.substr(0, mark);
  }
  if (head.path.empty()) head.path = "/";
  return {};
}

// What can only be said of the head as a whole.
No check_whole(Head& head) noexcept {
  if (head.method_text == "TRACE" || head.method_text == "CONNECT")
    return {501, "This method is not implemented."};
  if (head.minor == 1 && head.host.data() == nullptr) return {400, "Host is missing."};
  if (head.chunked && head.content_length)
    return {400, "Content-Length and Transfer-Encoding exclude each other."};
  return split_target(head);
}

Scan refused(const No& no) noexcept { return {Scan::Outcome::refused, 0, no.status, no.sentence}; }

}  // namespace

Scan scan_head(std::string_view bytes, Head& head) noexcept {
  static_cast<HeadLine&>(head) = {};
  const bool full = bytes.size() >= head_max;
  Cursor cursor(bytes.substr(0, head_max));
  // One empty line before a request: what old clients send after a body (RFC 9112 2.2).
  if (cursor.left() > 0 && cursor.peek() == '\r') {
    if (const auto step = line_end(cursor); step != Step::done) {
      return step == Step::partial ? Scan{Scan::Outcome::partial, 0, 0, {}} : refused(line_no);
    }
  }
  No no;
  bool in_line = true;
  auto step = scan_line(cursor, head, no);
  if (step == Step::done) {
    in_line = false;
    step = scan_fields(cursor, head, no);
  }
  if (step == Step::refused) return refused(no);
  if (step == Step::partial) {
    if (!full) return {Scan::Outcome::partial, 0, 0, {}};
    return in_line ? refused({414, "The request target is too long."})
                   : refused({431, "The header block is larger than 16 KiB."});
  }
  if (const auto whole_no = check_whole(head)) return refused(whole_no);
  return {Scan::Outcome::whole, cursor.used(), 0, {}};
}

void rebase(Head& head, std::string_view from, std::string_view to) noexcept {
  const auto move = [&](std::string_view& view) {
    constexpr std::less<const char*> before;
    if (view.data() == nullptr || before(view.data(), from.data()) ||
        before(from.data() + from.size(), view.data())) {
      return;  // nothing, or a literal
    }
    view = {to.data() + (view.data() - from.data()), view.size()};
  };
  for (auto* view :
       {&head.method_text, &head.target, &head.path, &head.query, &head.host, &head.authorization}) {
    move(*view);
  }
  for (std::size_t i = 0; i < head.field_count; ++i) {
    move(head.fields[i].name);
    move(head.fields[i].value);
  }
}

}  // namespace latchkey::http
