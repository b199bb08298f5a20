// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/check.hpp"

namespace latchkey {
namespace {

// Nothing if the text is not UTF-8.
std::optional<std::string> mapped(std::string_view text, unsigned options) {
  utf8proc_uint8_t* result = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &result,
                                 static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
}

bool is_misleading(utf8proc_int32_t c) noexcept {
  return utf8proc_category(c) == UTF8PROC_CATEGORY_CC || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::optional<std::string> normalized(std::string_view text) {
  auto result = mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  if (!result) return std::nullopt;
  const auto* rest = reinterpret_cast<const utf8proc_uint8_t*>(result->data());
  const auto* const end = rest + result->size();
  while (rest != end) {
    utf8proc_int32_t c = 0;
    rest += utf8proc_iterate(rest, end - rest, &c);
    if (is_misleading(c)) return std::nullopt;
  }
  return result;
}

std::string folded(std::string_view text) {
  auto result = mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  LATCHKEY_ASSERT(result.has_value());
  return *std::move(result);
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace latchkey
