// SPDX-License-Identifier: Apache-2.0
#include "api/version.hpp"

#include <charconv>

#include "api/match.hpp"
#include "base/encoding.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

struct Version {
  int major = 0, minor = 0;
  bool staged = false;
  auto operator<=>(const Version&) const = default;
};

// Reads a number of one to three digits off the front.
std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0 || number > 999 || text.front() == '-') return {};
  text.remove_prefix(static_cast<std::size_t>(next - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Version> parse_version(std::string_view text) {
  if (text.empty()) return {};
  const auto major = take_number(text);
  if (!major || !take(text, '.') || text.empty()) return {};
  const auto minor = take_number(text);
  if (!minor) return {};
  Version version{.major = *major, .minor = *minor};
  if (text.empty()) return version;
  if (!take(text, '-')) return {};
  const auto stage = std::min(text.find('.'), text.size());
  if (!same_ascii(text.substr(0, stage), "preview")) return {};
  text.remove_prefix(stage);
  version.staged = true;
  if (text.empty()) return version;
  if (!take(text, '.') || text.empty() || !take_number(text) || !text.empty()) return {};
  return version;
}

}  // namespace

std::optional<std::string> asked_version(const http::Head& head, const http::Parameters& query) {
  for (const auto& [name, value] : query)
    if (same_ascii(name, "api-version")) return value;
  std::string accept(head.field("accept").value_or(""));
  for (char& c : accept) c = ascii_lower(c);
  constexpr std::string_view name = "api-version=";
  const auto at = accept.find(name);
  if (at == std::string::npos) return {};
  const auto begin = at + name.size();
  return accept.substr(begin, std::min(accept.find_first_of(";, ", begin), accept.size()) - begin);
}

void check_version(const Route& route, http::Method method, const std::optional<std::string>& asked) {
  if (route.resource_version == 0) return;
  if (!asked) {
    if (method == http::Method::get || method == http::Method::head || method == http::Method::options)
      return;
    throw Refusal(
        RefusalCode::version_missing,
        "No api-version was supplied for the \"" + std::string(method_name(method)) +
            "\" request. The version must be supplied either as part of the Accept header (e.g. "
            "\"application/json; api-version=1.0\") or as a query parameter (e.g. \"?api-version=1.0\").");
  }
  const auto version = parse_version(*asked);
  if (!version || version->major < 1)
    throw Refusal(
        RefusalCode::version_invalid,
        "The api-version of this request can't be read. Write it as 7.1 or 7.1-preview.1; this server knows "
        "versions from " +
            std::string(oldest_version) + " to " + std::string(newest_version) + ".");
  const std::string number = std::to_string(version->major) + "." + std::to_string(version->minor);
  constexpr Version newest{.major = 7, .minor = 2, .staged = true};
  if (*version > newest)
    throw Refusal(RefusalCode::version_too_new, "The requested REST API version of " + number +
                                                    " is out of range for this server. The latest REST "
                                                    "API version this server supports is " +
                                                    std::string(newest_version) + ".");
  if (route.preview && !version->staged)
    throw Refusal(RefusalCode::preview_flag_missing,
                  "The requested version \"" + number +
                      "\" of the resource is under preview. The -preview flag must "
                      "be supplied in the api-version for such requests. For example: \"" +
                      number + "-preview\"");
}

}  // namespace latchkey::api
