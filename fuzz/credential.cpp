// Whatever header is read: a token credential is told from it by its own text alone, the Bearer form of that
// text presents the same, and no header with a comma-joined second credential presents anything. A password
// is read of nothing else, and in both halves again from what was read.
// SPDX-License-Identifier: Apache-2.0
#include "verify/credential.hpp"

#include <cstdint>
#include <string>

#include "base/check.hpp"
#include "base/encoding.hpp"

using namespace latchkey;
using verify::Credential;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(data), size);
  Credential credential;
  credential.read(header, true);
  LATCHKEY_ASSERT(credential.kind() != Credential::Kind::none);
  LATCHKEY_ASSERT(credential.kind() != Credential::Kind::password || credential.basic());
  if (const auto pair = verify::read_password(header)) {
    LATCHKEY_ASSERT(credential.kind() == Credential::Kind::password);
    LATCHKEY_ASSERT(!pair->user.empty() && !pair->user.contains(':') && !pair->password.empty());
    const auto again =
        verify::read_password("Basic " + base64(pair->user + ":" + std::string(pair->password.reveal())));
    LATCHKEY_ASSERT(again && again->user == pair->user &&
                    again->password.reveal() == pair->password.reveal());
  }
  if (credential.kind() != Credential::Kind::token) return 0;

  const std::string text(credential.text());
  Credential again;
  if (credential.basic()) {
    again.read("Basic " + base64(":" + text), true);
    LATCHKEY_ASSERT(again.kind() == Credential::Kind::token && again.text() == text);
  }
  again.read("Bearer " + text, true);
  // Blanks before it belong to the header.
  LATCHKEY_ASSERT(text.front() == ' ' || (again.kind() == Credential::Kind::token && again.text() == text));
  again.read(header + ", Bearer " + text, true);
  LATCHKEY_ASSERT(again.kind() == Credential::Kind::malformed);
  again.read(header, false);
  LATCHKEY_ASSERT(again.kind() == Credential::Kind::none);
  return 0;
}
