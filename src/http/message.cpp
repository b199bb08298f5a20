// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include <algorithm>
#include <utility>

#include "http/chars.hpp"

namespace latchkey::http {
namespace {

constexpr std::pair<int, std::string_view> phrases[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

}  // namespace

std::optional<std::string_view> Head::field(std::string_view lower_name) const noexcept {
  for (std::size_t i = 0; i < field_count; ++i) {
    if (is_lower(fields[i].name, lower_name)) return fields[i].value;
  }
  return std::nullopt;
}

Response& Response::field(std::string_view name, std::string_view value) {
  fields.append(name).append(": ");
  const auto begin = fields.size();
  fields.append(value);
  if (printable_size(value) < value.size()) {
    const auto is_control = [](char c) { return printable_size({&c, 1}) == 0; };
    std::replace_if(fields.begin() + static_cast<std::ptrdiff_t>(begin), fields.end(), is_control, ' ');
  }
  fields += "\r\n";
  return *this;
}

std::string_view reason_phrase(int status) noexcept {
  for (const auto& [known, phrase] : phrases) {
    if (known == status) return phrase;
  }
  return "Status";
}

}  // namespace latchkey::http
