// Whatever parses as a token is of its alphabet and layout, names the fingerprint inside it, parses again,
// and does not once a character is changed.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "base/check.hpp"
#include "token/alphabet.hpp"
#include "token/text.hpp"

using namespace latchkey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto parsed = token::parse(text);
  if (!parsed) return 0;
  LATCHKEY_ASSERT(text.size() == token::text_size && token::is_base62(text));
  LATCHKEY_ASSERT(text.substr(52, 5) == "JQQJ9");
  LATCHKEY_ASSERT(parsed->text() == text.substr(60, token::Fingerprint::size));
  LATCHKEY_ASSERT(token::Signature::parse(text.substr(76, token::Signature::size)));
  LATCHKEY_ASSERT(token::parse(text) == parsed);
  text.back() = text.back() == 'A' ? 'B' : 'A';
  LATCHKEY_ASSERT(token::parse(text) == std::unexpected(token::Malformed::checksum));
  return 0;
}
