// SPDX-License-Identifier: Apache-2.0
#include "api/match.hpp"

#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

struct Part {
  std::string_view name;  // without braces, brackets and star
  bool capture = false, rest = false, optional = false;
};

// Takes the first part off a template ("/a/[{b}]/{*c}").
Part take_part(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const auto end = std::min(pattern.find('/'), pattern.size());
  Part part{.name = pattern.substr(0, end)};
  pattern.remove_prefix(end);
  part.optional = part.name.starts_with('[');
  if (part.optional) part.name = part.name.substr(1, part.name.size() - 2);
  part.capture = part.name.starts_with('{');
  if (part.capture) part.name = part.name.substr(1, part.name.size() - 2);
  part.rest = part.name.starts_with('*');
  if (part.rest) part.name.remove_prefix(1);
  return part;
}

std::string joined(std::span<const std::string> segments) {
  std::string text;
  for (const auto& segment : segments) text += (text.empty() ? "" : "/") + segment;
  return text;
}

// What begins so is the server's own, or no name that an organization can have: "/_apis", "/favicon.ico".
bool may_name(std::string_view capture, std::string_view segment) {
  return capture != "organization" || !(segment.starts_with('_') || segment.contains('.'));
}

bool matches(std::string_view pattern, std::span<const std::string> segments, Captures& captures) {
  if (pattern.empty() || pattern == "/") return segments.empty();
  const Part part = take_part(pattern);
  const auto known = captures.size();
  if (!segments.empty() &&
      (part.capture ? may_name(part.name, segments.front()) : same_ascii(part.name, segments.front()))) {
    const auto taken = part.rest ? segments.size() : 1;
    if (part.capture) captures.emplace_back(part.name, joined(segments.first(taken)));
    if (matches(pattern, segments.subspan(taken), captures)) return true;
    captures.resize(known);
  }
  return part.optional && matches(pattern, segments, captures);
}

}  // namespace

std::string_view method_name(http::Method method) noexcept {
  switch (method) {
    case http::Method::get:
      return "GET";
    case http::Method::head:
      return "HEAD";
    case http::Method::post:
      return "POST";
    case http::Method::put:
      return "PUT";
    case http::Method::patch:
      return "PATCH";
    case http::Method::delete_:
      return "DELETE";
    case http::Method::options:
      return "OPTIONS";
    case http::Method::other:
      break;
  }
  return "";
}

Match find_route(std::span<const Route> rows, http::Method method, std::span<const std::string> segments,
                 std::string_view service, bool html) {
  if (method == http::Method::head) method = http::Method::get;
  Match match;
  for (const Route& row : rows) {
    if (row.callers == Callers::browser && !html) continue;
    Captures captures;
    if (!matches(row.path, segments, captures)) continue;
    if (row.method != method) {
      // OPTIONS is answered for every area, there or not: it makes no path be there.
      if (row.method == http::Method::options) continue;
      if (match.outcome == Match::Outcome::no_such_path) match.outcome = Match::Outcome::wrong_method;
      const auto name = method_name(row.method);
      if (!match.allow.contains(name)) match.allow.append(match.allow.empty() ? "" : ", ").append(name);
    } else if (!row.git_service.empty() && method == http::Method::get && row.git_service != service) {
      match.outcome = Match::Outcome::wrong_service;
    } else {
      return {.outcome = Match::Outcome::found, .route = &row, .captures = std::move(captures), .allow = {}};
    }
  }
  return match;
}

std::vector<std::string> spelled_paths(std::string_view path) {
  const auto open = path.find('[');
  if (open == std::string_view::npos) return {std::string(path)};
  const auto close = path.find(']', open);
  const std::string before(path.substr(0, open - 1)), inside(path.substr(open + 1, close - open - 1)),
      after(path.substr(close + 1));
  return {before + "/" + inside + after, before + after};
}

}  // namespace latchkey::api
