// Whatever bytes come as requests: a head that is cut anywhere is partial or refused as the whole is; its
// views lie in the bytes; a body ends at the same byte, with the same content, whole or in pieces; a split
// path has no segment that a file system could misread. The first byte says where the cut is.
// SPDX-License-Identifier: Apache-2.0
#include "http/head.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "base/check.hpp"
#include "http/body.hpp"
#include "http/path.hpp"

using namespace latchkey;
using Outcome = http::Scan::Outcome;

namespace {

void check_cut(std::string_view bytes, const http::Scan& whole, std::size_t cut) {
  http::Head head;
  const auto part = http::scan_head(bytes.substr(0, cut), head);
  if (part.outcome == Outcome::partial) return;
  LATCHKEY_ASSERT(part.outcome == whole.outcome && part.used == whole.used && part.status == whole.status);
}

void check_views(std::string_view bytes, const http::Head& head) {
  const auto inside = [&](std::string_view view) {
    return view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size();
  };
  for (std::size_t i = 0; i < head.field_count; ++i) {
    LATCHKEY_ASSERT(inside(head.fields[i].name) && inside(head.fields[i].value) &&
                    !head.fields[i].name.empty());
  }
  LATCHKEY_ASSERT(inside(head.target) && !(head.chunked && head.content_length));
  LATCHKEY_ASSERT(head.path.starts_with('/') || head.path == "*");
}

struct Read {
  std::string content;
  std::size_t used = 0;
  bool operator==(const Read&) const = default;
};

// Nothing: broken, or not whole.
std::optional<Read> read_body(const http::Head& head, std::string_view bytes, std::size_t feed,
                              std::size_t max) {
  http::Body body(head);
  Read read;
  while (!body.done() && read.used < bytes.size()) {
    const auto piece = body.next(bytes.substr(read.used, feed), max);
    if (!piece) return std::nullopt;
    LATCHKEY_ASSERT(piece->used > 0 && piece->data.size() <= piece->used && piece->data.size() <= max);
    read.content += piece->data;
    read.used += piece->used;
  }
  return body.done() ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = size * data[0] / 256;
  http::Head head;
  const auto whole = http::scan_head(bytes, head);
  if (whole.outcome != Outcome::partial) check_cut(bytes, whole, cut);
  LATCHKEY_ASSERT((whole.outcome == Outcome::refused) == (whole.status >= 400));
  if (whole.outcome != Outcome::whole) return 0;

  check_views(bytes, head);
  const auto rest = bytes.substr(whole.used);
  LATCHKEY_ASSERT(read_body(head, rest, SIZE_MAX, SIZE_MAX) ==
                  read_body(head, rest, 1 + data[0], 1 + data[0] / 2));
  static_cast<void>(http::split_query(head.query));
  if (const auto segments = http::split_path(head.path)) {
    for (const auto& segment : *segments) {
      LATCHKEY_ASSERT(!segment.empty() && segment != "." && segment != "..");
      LATCHKEY_ASSERT(segment.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos);
    }
  }
  return 0;
}
