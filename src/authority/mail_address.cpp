// SPDX-License-Identifier: Apache-2.0
#include "authority/mail_address.hpp"

#include <algorithm>

namespace latchkey::authority {

bool is_mail_address(std::string_view text) noexcept {
  constexpr std::string_view others = "<>()[],;:\\\"";
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == text.npos && text.size() <= 254 && std::ranges::none_of(text, [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= ' ' || byte == 0x7F || others.contains(c);
         });
}

}  // namespace latchkey::authority
